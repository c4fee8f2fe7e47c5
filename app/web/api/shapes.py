"""How things look in JSON: periods, fields, rows, findings, steps."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.access.row_filter import operators_of
from app.actions.row_change import RowResult
from app.catalogue.base_table import FieldSpec
from app.catalogue.catalogue import Catalogue
from app.domain.finding import Finding, Severity
from app.domain.message import Message
from app.domain.period import Period, PeriodKind
from app.exchange.mask import masked
from app.models.base_table import StoredTable
from app.models.base_table_rows import plain
from app.models.row_change import LoggedChange
from app.models.submission import Submission
from app.reports.base_table import Row
from app.reports.referring import Referring
from app.reports.related_filter import RelatedField
from app.rules.pinyin import spellings
from app.web.formats import local
from app.web.labels import label
from app.web.translation import translated

Json = dict[str, Any]


def reason_shape(message: Message | None) -> str | None:
    """A reason in words; None stays None."""
    return None if message is None else translated(message)


def period_shape(period: Period) -> Json:
    """A period with its title and days."""
    return {
        "code": period.code,
        "title": period_title(period),
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
    }


def period_title(period: Period) -> str:
    """What people call a period."""
    if period.kind is PeriodKind.ACADEMIC_YEAR:
        return str(_("Academic year %(code)s", code=period.code))
    if period.kind is PeriodKind.CALENDAR_YEAR:
        return str(_("Calendar year %(code)s", code=period.code))
    return str(_("As of %(day)s", day=period.start.isoformat()))


def state_shape(submission: Submission) -> Json:
    """Where a submission stands; id and version go back with the next step."""
    return {
        "id": str(submission.id),
        "version": str(submission.version),
        "status": submission.status.value,
        "status_label": label(submission.status),
    }


def field_shape(
    catalogue: Catalogue, field: FieldSpec, *, hidden: bool, closed: bool = False
) -> Json:
    """One field as the grid needs it; ``hidden`` says that its values are masked.

    A ``closed`` one is written in no row either.
    """
    stored = catalogue.stored_as(field)
    shape: Json = {
        "code": field.code,
        "label": field.label,
        "type": field.type.value,
        "required": field.required or field.key,
        "key": field.key,
        "unit": field.unit,
        "guidance": field.guidance,
        "max_length": stored.max_length,
        "minimum": plain(stored.minimum),
        "maximum": plain(stored.maximum),
        "scale": stored.scale,
        "references": None,
        "period": None if field.period is None else field.period.value,
        "masked": hidden,
        "sortable": not hidden,
        "operators": [] if hidden else list(operators_of(field)),
    }
    if closed:
        shape["editable"] = False
    if field.material is not None:
        shape["material"] = field.material.value
    if field.reference is not None:
        shape["references"] = f"{field.reference.table}.{field.reference.field}"
    codes = catalogue.code_list_of(field)
    if codes is not None:
        shape["code_list"] = codes.title
        shape["codes"] = [code_shape(item.code, item.label) for item in codes.items]
    return shape


def related_shape(catalogue: Catalogue, code: str, related: RelatedField) -> Json:
    """A field of the row that another field names, to filter by; nothing is picked for it."""
    shape = field_shape(catalogue, related.column, hidden=False)
    shape |= {"code": code, "label": related.label}
    return shape | ({"type": "string"} if related.column.reference is not None else {})


def code_shape(code: str, label: str) -> Json:
    """A value to choose; ``search`` are the initials by which it may be looked for as well."""
    search = spellings(label)
    return {"code": code, "label": label} | ({"search": search} if search else {})


def row_shape(actor: Actor, stored: StoredTable, row: Row) -> Json:
    """A stored row with the state of its cells, masked where the actor sees no more."""
    hidden = hidden_in_row(actor, stored, row.department, row.values)
    return {
        "id": row.id,
        "version": row.version,
        "department": row.department,
        "values": _values(row.values, hidden),
        "states": _states(row.findings, hidden),
    }


def result_shape(
    actor: Actor, stored: StoredTable, department: str, sent_id: str | None, result: RowResult
) -> Json:
    """What became of a change; a row that was not created keeps the id it was sent with."""
    hidden = hidden_in_row(actor, stored, department, result.values)
    conflict = None
    if result.outcome == "conflict":
        conflict = {
            code: {"mine": plain(mine), "theirs": _shown(code, theirs, hidden)}
            for code, (mine, theirs) in result.conflict.items()
        }
    return {
        "op": result.op,
        "id": result.id if result.id is not None else sent_id,
        "version": result.version,
        "ok": result.ok,
        "outcome": result.outcome,
        "values": _values(result.values, hidden),
        "findings": findings_shape(result.findings, hidden),
        "tidied": {
            each.field: {"before": each.before, "after": each.after}
            for each in result.tidied
            if each.field not in hidden
        },
        "conflict": conflict,
        "changed": None if result.latest is None else change_shape(result.latest),
    }


def change_shape(change: LoggedChange) -> Json:
    """Who changed a row and when."""
    return {"by": change.person_name, "at": local(change.at).isoformat(timespec="seconds")}


def referring_shape(referring: Referring) -> Json:
    """A table with the number of its rows that name others."""
    spec = referring.table
    return {
        "identifier": spec.identifier,
        "number": spec.number,
        "name": spec.name,
        "rows": referring.rows,
        "effect": "mark",
    }


def findings_shape(findings: Iterable[Finding], hidden: frozenset[str]) -> list[Json]:
    """Findings with their texts; one about a masked cell does not quote it."""
    return [
        {
            "field": finding.field,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "message": _message(finding, hidden),
        }
        for finding in findings
    ]


def _values(values: Mapping[str, object], hidden: frozenset[str]) -> Json:
    """Values by field code; decimals and dates are left to ``app.web.json_format``."""
    if not hidden:
        return dict(values)
    return {code: masked(value) if code in hidden else value for code, value in values.items()}


def _shown(code: str, value: object, hidden: frozenset[str]) -> object:
    return masked(value) if code in hidden else plain(value)


def _states(findings: Iterable[Finding], hidden: frozenset[str]) -> Json:
    """What is wrong with each cell, the gravest first; one about the row marks no cell.

    A cell with several findings lists them all as ``messages``.
    """
    cells: dict[str, list[Json]] = {}
    for finding in sorted(findings, key=lambda found: found.severity is not Severity.ERROR):
        if finding.field is not None:
            said = {"severity": finding.severity.value, "message": _message(finding, hidden)}
            cells.setdefault(finding.field, []).append(said)
    return {
        code: said[0] | ({"messages": said} if len(said) > 1 else {})
        for code, said in cells.items()
    }


def _message(finding: Finding, hidden: frozenset[str]) -> str:
    return translated(finding.told(hidden))
