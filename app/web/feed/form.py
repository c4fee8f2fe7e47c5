"""The form that defines a feed: a line for every field of the target, read and shown again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access.feed import hidden_columns, why_not_define
from app.access.row_filter import TAKES_NOTHING
from app.actions.feed import FeedDraft
from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable
from app.catalogue.base_table import FieldSpec
from app.catalogue.feed import LONGEST_TEXT, NEVER_READ
from app.domain.message import Message, Reason, Refused, refuse
from app.models.feed import LONGEST_NAME, Feed
from app.reports.assignment import department_names
from app.reports.feed import why_not_redefine
from app.web.current import current_actor, current_catalogue, current_session, current_store
from app.web.formats import whole_number

# Chosen instead of a column: the value beside it.
FIXED = "="
# Before a column's code, so that none is ever taken for the sign above.
COLUMN = "c:"
MOST_CONDITIONS = 6
SPARE_CONDITIONS = 2
SEVERAL = ","
OFFERED = ("=", "!=", "<", "<=", ">", ">=", "in", "contains", "starts_with", "empty", "not_empty")


@dataclass(frozen=True)
class Origin:
    """What is chosen for a field or the department: ``choice`` as the select has it, texts."""

    choice: str = ""
    value: str = ""
    pairs: str = ""


@dataclass(frozen=True)
class Condition:
    """One line of the filter as it is typed."""

    column: str = ""
    operator: str = ""
    value: str = ""


@dataclass(frozen=True)
class FeedForm:
    """A definition as it is typed; ``kept_filter`` is a stored one that has no such lines."""

    source: AdoptedTable
    target: str
    name: str = ""
    version: int = 0
    number: int | None = None
    fields: Mapping[str, Origin] = field(default_factory=dict)
    department: Origin = Origin()
    period_column: str = ""
    period_pattern: str = ""
    conditions: tuple[Condition, ...] = ()
    kept_filter: object = None

    def draft(self) -> FeedDraft:
        """What is to be kept, as JSON."""
        chosen = {code: _origin(o, "translate") for code, o in self.fields.items() if o.choice}
        period = None
        if self.period_column:
            pattern = self.period_pattern.strip()
            period = {"column": self.period_column, "pattern": pattern}
        content = {
            "fields": chosen,
            "department": _origin(self.department, "codes") if self.department.choice else {},
            "period": period,
            "filter": self.kept_filter or self._filter(),
        }
        if not self.department.choice:
            raise Refused(
                Message("Say whose the rows are: by a column, or always one department."),
                Reason.INVALID,
            )
        return FeedDraft(self.name, self.source.identifier, self.target, content)

    def _filter(self) -> object:
        parts = [_comparison(each) for each in self.conditions if each.column and each.operator]
        return {"and": parts} if parts else None


def definable_sources() -> list[AdoptedTable]:
    """The adopted tables from which the person may let something be taken."""
    actor = current_actor()
    lives = current_store().adopted.values()
    found = [live.spec for live in lives if why_not_define(actor, live) is None]
    return sorted(found, key=lambda spec: (spec.group, spec.label))


def blank_form(source: str, target: str) -> FeedForm:
    """The form of a new feed; columns of the same name are proposed. Raises Refused."""
    spec = _source(source)
    if target not in current_store().tables:
        raise _no_such_tables()
    hidden = _hidden(source)
    by_name: dict[str, AdoptedColumn] = {}
    for column in spec.columns:
        if column.kind not in NEVER_READ and column.code not in hidden:
            by_name.setdefault(column.label, column)
            by_name.setdefault(column.code.lower(), column)
    fields = {
        each.code: Origin(COLUMN + found.code)
        for each in current_catalogue().tables[target].fields
        if (found := by_name.get(each.label) or by_name.get(each.code))
    }
    return FeedForm(spec, target, name=spec.label[:LONGEST_NAME], fields=fields)


def stored_form(feed: Feed) -> FeedForm:
    """The form of a feed as it is kept. Raises Refused where the person does not see all of it."""
    spec, content = _source_of(feed), feed.content
    conditions, kept = _conditions(content.get("filter"))
    period = content.get("period") or {}
    return FeedForm(
        spec,
        feed.target_identifier,
        feed.name,
        feed.version,
        feed.id,
        {code: _shown(each, "translate") for code, each in content["fields"].items()},
        _shown(content["department"], "codes"),
        period.get("column", ""),
        period.get("pattern", ""),
        conditions,
        kept,
    )


def read_form(
    sent: MultiDict[str, str], source: str, target: str, feed: Feed | None = None
) -> FeedForm:
    """The form as it was sent, for a new feed or this one.

    Raises Refused for tables that are none and for a feed of which the person does not see all.
    A stored filter that the form cannot show stays where no conditions were given.
    """
    spec = _source(source) if feed is None else _source_of(feed)
    if target not in current_store().tables:
        raise _no_such_tables()
    lines = zip(
        *(sent.getlist(f"filter-{part}") for part in ("column", "operator", "value")), strict=False
    )
    conditions = tuple(Condition(*line) for line in lines if line[0])[:MOST_CONDITIONS]
    return FeedForm(
        spec,
        target,
        sent.get("name", ""),
        whole_number(sent.get("version", "")),
        None if feed is None else feed.id,
        {each.code: _sent(sent, each.code) for each in current_catalogue().tables[target].fields},
        _sent(sent, "-department"),
        sent.get("period-column", ""),
        sent.get("period-pattern", ""),
        conditions,
        None if feed is None or conditions else _conditions(feed.content.get("filter"))[1],
    )


def render_form(form: FeedForm, refusal: Refused | None = None) -> str:
    """The page of the form."""
    spec = current_catalogue().tables[form.target]
    hidden = _hidden(form.source.identifier)
    usable = [c for c in form.source.columns if c.kind not in NEVER_READ and c.code not in hidden]
    spare = max(0, min(SPARE_CONDITIONS, MOST_CONDITIONS - len(form.conditions)))
    return render_template(
        "feed/form.html",
        form=form,
        number=form.number,
        refusal=refusal,
        spec=spec,
        columns=usable,
        departments=department_names(current_session()),
        conditions=[*form.conditions, *(Condition() for _each in range(spare))],
        operators=_operators(),
        codes_of=_codes_of,
        origin_of=lambda code: form.fields.get(code, Origin()),
        fixed=FIXED,
        before=COLUMN,
        longest=LONGEST_TEXT,
        longest_name=LONGEST_NAME,
    )


def _codes_of(each: FieldSpec) -> Sequence[Any]:
    codes = current_catalogue().code_list_of(each)
    return () if codes is None else codes.items


def _operators() -> list[tuple[str, str]]:
    words = {
        "=": _("equals"),
        "!=": _("does not equal"),
        "<": _("is less than"),
        "<=": _("is at most"),
        ">": _("is greater than"),
        ">=": _("is at least"),
        "in": _("is one of (with commas)"),
        "contains": _("contains"),
        "starts_with": _("begins with"),
        "empty": _("is empty"),
        "not_empty": _("is filled"),
    }
    return [(code, words[code]) for code in OFFERED]


def _source(identifier: str) -> AdoptedTable:
    live = current_store().adopted.get(identifier)
    if live is None:
        raise _no_such_tables()
    refuse(why_not_define(current_actor(), live))
    return live.spec


def _source_of(feed: Feed) -> AdoptedTable:
    spec = _source(feed.source_identifier)
    live = current_store().adopted[feed.source_identifier]
    refuse(why_not_redefine(current_actor(), feed, live))
    return spec


def _no_such_tables() -> Refused:
    return Refused(
        Message("Choose an adopted table as the source and a base table as the target."),
        Reason.INVALID,
    )


def _hidden(identifier: str) -> frozenset[str]:
    return hidden_columns(current_actor(), current_store().adopted[identifier])


def _sent(sent: MultiDict[str, str], code: str) -> Origin:
    return Origin(*(sent.get(f"{part}-{code}", "") for part in ("choice", "value", "pairs")))


def _shown(kept: Mapping[str, Any], pairs: str) -> Origin:
    lines = "\n".join(f"{old}={new}" for old, new in kept.get(pairs, {}).items())
    if kept.get("column") is None:
        return Origin(FIXED, kept.get("value") or "")
    return Origin(COLUMN + kept["column"], "", lines)


def _origin(typed: Origin, pairs: str) -> dict[str, Any]:
    if typed.choice == FIXED:
        return {"value": typed.value.strip()}
    found: dict[str, Any] = {"column": typed.choice.removeprefix(COLUMN)}
    lines = [line for line in typed.pairs.splitlines() if line.strip()]
    if lines:
        found[pairs] = dict(_pair(line) for line in lines)
    return found


def _pair(line: str) -> tuple[str, str]:
    old, sign, new = line.replace("＝", "=").partition("=")
    if not sign or not new.strip():
        raise Refused(
            Message(
                "The line “%(line)s” cannot be read. Write what stands in the source, an equals"
                " sign and what it means here.",
                {"line": line[:60]},
            ),
            Reason.INVALID,
        )
    return old.strip(), new.strip()


def _comparison(typed: Condition) -> list[object]:
    if typed.operator in TAKES_NOTHING:
        return [typed.column, typed.operator]
    if typed.operator == "in":
        parts = typed.value.replace("，", SEVERAL).split(SEVERAL)
        return [typed.column, "in", [part.strip() for part in parts if part.strip()]]
    return [typed.column, typed.operator, typed.value.strip()]


def _conditions(kept: object) -> tuple[tuple[Condition, ...], object]:
    """A stored filter as lines, or as it is where it has no such lines."""
    if kept is None:
        return (), None
    parts = kept.get("and") if isinstance(kept, dict) else [kept]
    if not isinstance(parts, list) or len(parts) > MOST_CONDITIONS:
        return (), kept
    lines = []
    for part in parts:
        if not isinstance(part, list) or part[1] not in OFFERED:
            return (), kept
        value = part[2] if len(part) > 2 else ""
        text = f"{SEVERAL} ".join(map(str, value)) if isinstance(value, list) else str(value)
        lines.append(Condition(part[0], part[1], text))
    return tuple(lines), None
