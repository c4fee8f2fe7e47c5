"""The forms in which the quality office enters scores, a bonus or a veto."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.actions.appraisal_score import Adjustment, Entry
from app.domain.message import Message, Reason, Refused
from app.models.appraisal import AppraisalScore
from app.web.formats import whole_number

NUMBER = re.compile(r"\d{1,4}(\.\d{1,6})?", re.ASCII)
LONGEST_COMMENT = 500
FULL, WAIVED = "full", "waived"


@dataclass(frozen=True)
class CellForm:
    """What was typed for one cell; ``version`` is 0 where none can be read."""

    department: str
    item: str
    points: str = ""
    is_waived: bool = False
    comment: str = ""
    version: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed at all."""
        return not (self.points or self.is_waived or self.comment)


@dataclass(frozen=True)
class ScoreForm:
    """What was typed, by the key of the cell, and what becomes of the cells left empty."""

    cells: Mapping[str, CellForm] = field(default_factory=dict)
    rest: str = ""
    rest_comment: str = ""


@dataclass(frozen=True)
class AdjustmentForm:
    """What was typed as bonus, veto and reason of a department."""

    bonus: str = ""
    is_vetoed: bool = False
    comment: str = ""
    version: int = 0


def key_of(department: str, item: str) -> str:
    """The ending of the names of a cell's fields."""
    return f"{department}-{item}"


def stored_form(cell: AppraisalScore) -> CellForm:
    """A cell as the form shows it before anybody types."""
    return CellForm(
        department=cell.department_code,
        item=cell.item,
        points="" if cell.manual_score is None else format(cell.manual_score, "f"),
        is_waived=cell.is_waived,
        comment=cell.comment or "",
        version=cell.version,
    )


def read_form(typed: Mapping[str, str], cells: Iterable[AppraisalScore]) -> ScoreForm:
    """The form as it was sent; cells that are not on the page are left out."""
    found = {}
    for cell in cells:
        key = key_of(cell.department_code, cell.item)
        if f"version-{key}" in typed:
            found[key] = CellForm(
                department=cell.department_code,
                item=cell.item,
                points=unicodedata.normalize("NFKC", typed.get(f"points-{key}", "")).strip()[:20],
                is_waived=f"waived-{key}" in typed,
                comment=typed.get(f"comment-{key}", "").strip(),
                version=whole_number(typed[f"version-{key}"]),
            )
    rest = typed.get("rest", "")
    return ScoreForm(
        found, rest if rest in {FULL, WAIVED} else "", typed.get("rest_comment", "").strip()
    )


def entries_of(form: ScoreForm, weights: Mapping[str, Decimal]) -> list[Entry]:
    """What the action is asked to store; Refused where a number cannot be read."""
    return [_entry(_with_rest(form, cell, weights[cell.item])) for cell in form.cells.values()]


def read_adjustment(typed: Mapping[str, str]) -> AdjustmentForm:
    """The form of a bonus or veto as it was sent."""
    return AdjustmentForm(
        bonus=unicodedata.normalize("NFKC", typed.get("bonus", "")).strip()[:20],
        is_vetoed="veto" in typed,
        comment=typed.get("comment", "").strip(),
        version=whole_number(typed.get("version", "")),
    )


def adjustment_of(form: AdjustmentForm, department: str) -> Adjustment:
    """What the action is asked to store; Refused where the bonus is no number."""
    return Adjustment(
        department, form.version, _number(form.bonus or "0"), form.is_vetoed, form.comment
    )


def _with_rest(form: ScoreForm, cell: CellForm, weight: Decimal) -> CellForm:
    """A cell that was left empty gets what was chosen for all of those."""
    if not cell.is_empty or not form.rest:
        return cell
    points = format(weight, "f") if form.rest == FULL else ""
    return replace(cell, points=points, is_waived=form.rest == WAIVED, comment=form.rest_comment)


def _entry(cell: CellForm) -> Entry:
    return Entry(
        department=cell.department,
        item=cell.item,
        version=cell.version,
        points=_number(cell.points) if cell.points and not cell.is_waived else None,
        is_waived=cell.is_waived,
        comment=cell.comment,
    )


def _number(text: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise Refused(
            Message("“%(text)s” is no score. Enter a number like 3.5.", {"text": text}),
            Reason.INVALID,
        )
    return Decimal(text)
