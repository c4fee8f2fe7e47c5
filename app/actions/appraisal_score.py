"""What the quality office enters into an appraisal by hand (第十七条)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.appraisal import enter_appraisal, stored_results, stored_scores
from app.actions.audit_log import Deed, record, tidy_reason
from app.catalogue.appraisal import ItemSpec, Scheme, read_scheme
from app.domain.appraisal import ItemMode
from app.domain.message import Message, Reason, Refused
from app.domain.scoring import CENT
from app.models.appraisal import Appraisal, AppraisalResult, AppraisalScore
from app.models.database import writing

LONGEST_COMMENT = 500


@dataclass(frozen=True)
class Entry:
    """A score for one item of one department, as the person saw the cell (``version``).

    ``points`` None takes an entered score back; ``is_waived`` says that the
    item does not apply to the department.
    """

    department: str
    item: str
    version: int
    points: Decimal | None
    is_waived: bool = False
    comment: str | None = None


@dataclass(frozen=True)
class Adjustment:
    """A bonus and a veto for one department, with the reason for either."""

    department: str
    version: int
    bonus: Decimal
    is_vetoed: bool
    comment: str | None


def enter_scores(
    session: Session, appraisal_id: int, entries: Sequence[Entry], *, by: Actor, now: datetime
) -> int:
    """Store the scores that differ from what is stored, all or none; returns how many."""
    with writing(session):
        appraisal = enter_appraisal(session, appraisal_id, by=by)
        scheme = read_scheme(appraisal.scheme_content)
        names = {
            code: one.department_name for code, one in stored_results(session, appraisal).items()
        }
        scores = stored_scores(session, appraisal)
        wanted = [
            (cell, entry)
            for entry in map(_tidy, entries)
            if _differs(cell := _cell(scores, entry), entry)
        ]
        _refuse_faults(scheme, names, wanted)
        for cell, entry in wanted:
            _enter(session, appraisal, cell, entry, by=by, now=now)
        if wanted:
            appraisal.version += 1
        session.commit()
    return len(wanted)


def adjust(
    session: Session, appraisal_id: int, adjustment: Adjustment, *, by: Actor, now: datetime
) -> AppraisalResult:
    """Give a department a bonus or a veto, or take it back; either needs its reason."""
    comment = tidy_reason(adjustment.comment, LONGEST_COMMENT)
    with writing(session):
        appraisal = enter_appraisal(session, appraisal_id, by=by)
        scheme = read_scheme(appraisal.scheme_content)
        result = stored_results(session, appraisal).get(adjustment.department)
        if result is None:
            raise Refused(Message("This department is not appraised."), Reason.NOT_FOUND)
        if result.version != adjustment.version:
            raise Refused(_conflict(), Reason.CONFLICT)
        _refuse_adjustment(scheme, adjustment, comment)
        before = _told(result)
        result.bonus, result.is_vetoed = adjustment.bonus, adjustment.is_vetoed
        result.comment = comment
        result.changed_at, result.changed_by = now, by.number
        result.version += 1
        appraisal.version += 1
        deed = Deed(
            tag="appraisal.appraise",
            subject=f"appraisal:{appraisal.id}:{result.department_code}",
            department=result.department_code,
            before=before,
            after=_told(result),
            reason=comment,
        )
        record(session, deed, by=by, now=now)
        session.commit()
    return result


def _tidy(entry: Entry) -> Entry:
    return Entry(
        department=entry.department,
        item=entry.item,
        version=entry.version,
        points=None if entry.is_waived else entry.points,
        is_waived=entry.is_waived,
        comment=tidy_reason(entry.comment, LONGEST_COMMENT),
    )


def _cell(scores: Mapping[tuple[str, str], AppraisalScore], entry: Entry) -> AppraisalScore:
    cell = scores.get((entry.department, entry.item))
    if cell is None:
        raise Refused(Message("There is no such item or department here."), Reason.NOT_FOUND)
    return cell


def _differs(cell: AppraisalScore, entry: Entry) -> bool:
    stored = (cell.manual_score, cell.is_waived, cell.comment)
    return stored != (entry.points, entry.is_waived, entry.comment)


def _refuse_faults(
    scheme: Scheme, names: Mapping[str, str], wanted: Sequence[tuple[AppraisalScore, Entry]]
) -> None:
    """Tell every fault at once, each with its place; a stale cell comes first."""
    stale = [(e, _conflict()) for cell, e in wanted if cell.version != e.version]
    faults = stale or [
        (entry, fault)
        for cell, entry in wanted
        if (fault := _fault(scheme.items[entry.item], cell, entry)) is not None
    ]
    if not faults:
        return
    details = tuple(
        Message(
            "%(department)s, %(item)s: %(fault)s",
            {
                "department": names[entry.department],
                "item": scheme.items[entry.item].name,
                "fault": fault,
            },
        )
        for entry, fault in faults
    )
    raise Refused(
        Message("%(count)s entries cannot be stored; nothing was changed.", {"count": len(faults)}),
        Reason.CONFLICT if stale else Reason.INVALID,
        details,
    )


def _conflict() -> Message:
    return Message("Somebody has changed this meanwhile. Look at it and enter it again.")


def _fault(item: ItemSpec, cell: AppraisalScore, entry: Entry) -> Message | None:
    if cell.is_counted and item.mode is not ItemMode.MIXED:
        return Message("This item is counted by the platform and cannot be entered.")
    points = entry.points
    if points is None:
        needs_comment = entry.is_waived
    else:
        if not _fits(points, item.weight):
            return Message(
                "The score has to be between 0 and %(weight)s, with two decimals at most.",
                {"weight": item.weight},
            )
        needs_comment = points != item.weight or cell.is_counted
    if needs_comment and entry.comment is None:
        return Message("Say why in the comment.")
    return None


def _fits(points: Decimal, most: Decimal) -> bool:
    """Whether points lie between nothing and ``most`` and have two decimals at most."""
    return points.is_finite() and 0 <= points <= most and points == points.quantize(CENT)


def _refuse_adjustment(scheme: Scheme, adjustment: Adjustment, comment: str | None) -> None:
    bonus = adjustment.bonus
    if not _fits(bonus, scheme.bonus_maximum):
        raise Refused(
            Message(
                "The bonus has to be between 0 and %(maximum)s, with two decimals at most.",
                {"maximum": scheme.bonus_maximum},
            ),
            Reason.INVALID,
        )
    if (bonus or adjustment.is_vetoed) and comment is None:
        raise Refused(Message("Say the reason for the bonus or the veto."), Reason.INVALID)


def _enter(
    session: Session,
    appraisal: Appraisal,
    cell: AppraisalScore,
    entry: Entry,
    *,
    by: Actor,
    now: datetime,
) -> None:
    before = _value(cell)
    cell.manual_score = None if entry.points is None else entry.points.quantize(CENT)
    cell.is_waived, cell.comment = entry.is_waived, entry.comment
    cell.entered_at, cell.entered_by = now, by.number
    cell.version += 1
    deed = Deed(
        tag="appraisal.appraise",
        subject=f"appraisal:{appraisal.id}:{cell.department_code}:{cell.item}",
        department=cell.department_code,
        before=before,
        after=_value(cell),
        reason=entry.comment,
    )
    record(session, deed, by=by, now=now)


def _value(cell: AppraisalScore) -> str:
    return (
        "waived" if cell.is_waived else "" if cell.manual_score is None else str(cell.manual_score)
    )


def _told(result: AppraisalResult) -> str:
    return f"bonus {result.bonus}{', veto' if result.is_vetoed else ''}"
