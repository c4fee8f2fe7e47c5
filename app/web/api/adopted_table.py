"""Adopted tables over JSON, in the shapes of base tables, so that one grid serves both.

What a base table has and an adopted one lacks (period, department, submission) is null, unless it
is reported and the place is named.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response
from flask_babel import gettext as _

from app.access.adopted_filter import operators_of
from app.access.adopted_table import (
    WRITES,
    why_not_read_adopted,
    why_not_write_adopted,
)
from app.actions.adopted_table import apply_adopted_changes
from app.actions.row_change import INSERT, Change, RowResult
from app.catalogue.adopted_label import label_column
from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind
from app.domain.message import refuse
from app.exchange.mask import masked
from app.models.adopted_order import UNORDERED
from app.models.adopted_row import AdoptedRow
from app.models.adopted_table import LiveTable
from app.models.reported_table import usual_values
from app.reports.adopted_count import adopted_count
from app.reports.adopted_reference import (
    AdoptedReference,
    adopted_labels,
    count_adopted_referring,
    is_named_by_others,
    pick_adopted,
    references_of,
)
from app.reports.adopted_table import (
    AdoptedRequest,
    find_adopted,
    read_adopted_by_ids,
    read_adopted_rows,
)
from app.reports.reference import LARGEST_PICK
from app.reports.related_filter import RelatedColumn, related_columns
from app.web.adopted_table.reported_place import open_reported, shown_place
from app.web.api.endpoint import Call
from app.web.api.given_answer import keep_refusal
from app.web.api.row_cursor import cursor_of, cursor_text
from app.web.api.row_request import (
    change_of_row,
    filter_of,
    refused_changes,
    sort_of,
)
from app.web.api.shapes import (
    Json,
    code_shape,
    findings_shape,
    period_shape,
    reason_shape,
    state_shape,
)
from app.web.base_table.open_table import OpenTable
from app.web.current import (
    current_actor,
    current_session,
    current_store,
    current_time,
    local_time,
)

DEFAULT_LIMIT = 200
# The grid's own words for kinds of columns; the rest keep theirs.
GRID_TYPES: Mapping[ColumnKind, str] = {
    ColumnKind.CHOICE: "code",
    ColumnKind.CHOICES: "string",
}


def is_adopted(table: str) -> bool:
    """Whether the address names an adopted table."""
    return table in current_store().adopted


def read_adopted_spec(call: Call, table: str) -> Json:
    """The table's description with the caller's rights."""
    live = _found(table)
    spec, actor, store = live.spec, current_actor(), current_store()
    refuse(why_not_read_adopted(actor, live))
    references = references_of(store, live, actor)
    writes = {action: why_not_write_adopted(actor, live, action) for action in WRITES}
    reported = _reported(call, live)
    if reported is not None:
        writes = {action: reported.rights[action] for action in WRITES}
    return {
        "identifier": spec.identifier,
        "number": "",
        "name": spec.label,
        "kind": "adopted",
        "guidance": spec.help,
        **_place_shape(reported),
        "rights": {
            **{action: reason_shape(reason) for action, reason in writes.items()},
            "import": _("Tables of another system are not filled by import yet."),
            "export": reason_shape(why_not_read_adopted(actor, live, "export")),
        },
        "today": local_time().date().isoformat(),
        "referred_to": is_named_by_others(store, live),
        "label_field": _label_of(spec),
        "verdict": spec.verdict.value,
        "fields": [
            column_shape(spec, column) | _reference_shape(references.get(column.code))
            for column in spec.shown
        ],
        "related": [
            _related_shape(code, each) for code, each in related_columns(actor, live).items()
        ],
    }


def _label_of(spec: AdoptedTable) -> str | None:
    """The code of the column that people know a row by, where it is shown."""
    label = label_column(spec)
    return label.code if label in spec.shown else None


def _reported(call: Call, live: LiveTable) -> OpenTable | None:
    """The place that the query names; None where it names none, so that all rows are meant."""
    period, department = call.query.get("period"), call.query.get("department")
    return open_reported(live, period, department) if period or department else None


def _place_shape(reported: OpenTable | None) -> Json:
    if reported is None:
        return {
            "period_kind": None,
            "period": None,
            "periods": [],
            "department": None,
            "departments": [],
            "submission": None,
        }
    submission = reported.submission
    return {
        "period_kind": reported.spec.period.value,
        "period": period_shape(reported.place.period),
        "periods": [period_shape(period) for period in reported.periods],
        "department": reported.department,
        "departments": [{"code": c, "name": reported.name_of(c)} for c in reported.reporting],
        "submission": None if submission is None else state_shape(submission),
    }


def column_shape(spec: AdoptedTable, column: AdoptedColumn) -> Json:
    """One column as the grid needs it; ``fixed`` is typed in new rows only."""
    is_key = column.code in spec.key
    return {
        "code": column.code,
        "label": column.label,
        "type": GRID_TYPES.get(column.kind, column.kind.value),
        "required": column.required and column.editable,
        "key": is_key and not column.counted,
        "unit": "",
        "guidance": column.help,
        "max_length": column.max_length,
        "minimum": None if column.minimum is None else str(column.minimum),
        "maximum": None if column.maximum is None else str(column.maximum),
        "scale": column.scale,
        "references": None,
        "period": None,
        "masked": column.masked,
        "editable": column.editable and not column.counted and not column.masked,
        "fixed": is_key,
        "sortable": column.kind not in UNORDERED and not column.masked,
        "operators": [] if column.masked else list(operators_of(column)),
        **(
            {"codes": [code_shape(value, value) for value in column.values]}
            if column.kind is ColumnKind.CHOICE
            else {}
        ),
    }


def _reference_shape(reference: AdoptedReference | None) -> Json:
    if reference is None:
        return {}
    named = f"{reference.target.spec.identifier}.{reference.key.code}"
    return {"type": "reference", "references": named}


def _related_shape(code: str, related: RelatedColumn) -> Json:
    """A column of the row that another column names, to filter by."""
    shape = column_shape(related.target.spec, related.column)
    return shape | {"code": code, "label": related.label}


def list_adopted_rows(call: Call, table: str) -> Json:
    """A page of rows in the caller's scope."""
    live = _found(table)
    session, actor = current_session(), current_actor()
    wanted = replace(adopted_request(call, live), cursor=cursor_of(table, call.query))
    page = read_adopted_rows(session, live, actor, wanted)
    return {
        "rows": [
            adopted_row_shape(live.spec, row, page.offset + place)
            for place, row in enumerate(page.rows)
        ],
        "previous": cursor_text(page.previous, table, call.query),
        "next": cursor_text(page.next, table, call.query),
        "count": {"value": page.count, "exact": not page.has_more},
        "labels": adopted_labels(session, current_store(), live, actor, page.rows),
    }


def count_adopted_rows(call: Call, table: str) -> Json:
    """How many rows the filter and search leave: exact, or an honest estimate."""
    live = _found(table)
    wanted = adopted_request(call, live)
    found = adopted_count(current_session(), live, current_actor(), wanted)
    return {"count": {"value": found.value, "exact": found.exact}}


def pick_adopted_reference(call: Call, table: str) -> Json:
    """Rows that a column of the table may name: keys and labels only."""
    query = call.query
    found = pick_adopted(
        current_session(),
        current_store(),
        _found(table),
        current_actor(),
        query.get("field", ""),
        query.get("q", ""),
        query.get("limit", LARGEST_PICK),
    )
    return {"items": [{"key": item.key, "label": item.label} for item in found]}


def adopted_referring_rows(call: Call, table: str) -> Json:
    """How many rows of which tables name the rows of these ids: numbers only."""
    session, live, actor = current_session(), _found(table), current_actor()
    rows = read_adopted_by_ids(session, live, actor, call.body["ids"])
    found = count_adopted_referring(session, current_store(), live, actor, rows)
    return {
        "tables": [
            {
                "identifier": each.table.identifier,
                "number": "",
                "name": each.table.label,
                "rows": each.rows,
                "effect": each.effect.value,
            }
            for each in found
        ]
    }


def adopted_row_shape(spec: AdoptedTable, row: AdoptedRow, place: int) -> Json:
    """A row; one that cannot be told apart goes by its place on the page."""
    states = {
        code: {"severity": "note", "message": _cut_note(length)} for code, length in row.cut.items()
    }
    return {
        "id": row.id or f"n{place}",
        "version": row.version,
        "department": None,
        "values": _shown(spec, row.values),
        "states": states,
    }


def change_adopted_rows(call: Call, table: str) -> Json | Response:
    """Insert, update and delete rows, all or nothing unless ``partial``."""
    live, actor = _found(table), current_actor()
    sent = call.body["changes"]
    outcome = apply_adopted_changes(
        current_session(),
        live,
        [_change(change, position) for position, change in enumerate(sent)],
        by=actor,
        now=current_time(),
        partial=call.body.get("partial", False),
        dry_run=call.body.get("dry_run", False),
        others=current_store().adopted,
        usual=usual_values(live, call.body.get("period"), call.body.get("department")),
    )
    results = [
        _result_shape(live.spec, change.get("id"), result)
        for change, result in zip(sent, outcome.results, strict=True)
    ]
    if outcome.halted:
        keep_refusal()
        done = sum(result.ok for result in outcome.results)
        told = _(
            "%(done)s of %(count)s changes were saved and stay so: this table takes nothing back."
            " The others were not saved; correct the marked one and send those again.",
            done=done,
            count=len(results),
        )
        return refused_changes(outcome, results, 422, str(told))
    if outcome.written or call.body.get("dry_run", False):
        return {"results": results, "labels": {}}
    return refused_changes(outcome, results, 422)


def adopted_request(call: Call, live: LiveTable) -> AdoptedRequest:
    """What ``rows`` and the exports ask for with the same parameters."""
    query = call.query
    return AdoptedRequest(
        search=query.get("q", ""),
        filter=filter_of(query.get("filter")),
        sort=sort_of(query.get("sort", "")),
        offset=query.get("offset", 0),
        limit=query.get("limit", DEFAULT_LIMIT),
        place=shown_place(_reported(call, live)),
    )


def _found(table: str) -> LiveTable:
    return find_adopted(current_store(), table, current_actor())


def _change(sent: Json, position: int) -> Change:
    if sent["op"] == INSERT:
        return Change(INSERT, sent.get("values") or {})
    return change_of_row(sent, position)


def _result_shape(spec: AdoptedTable, sent_id: str | None, result: RowResult) -> Json:
    conflict = None
    if result.outcome == "conflict":
        conflict = {
            code: {"mine": mine, "theirs": theirs}
            for code, (mine, theirs) in result.conflict.items()
        }
    return {
        "op": result.op,
        "id": result.id or sent_id,
        "version": result.version,
        "ok": result.ok,
        "outcome": result.outcome,
        "values": _shown(spec, result.values),
        "findings": findings_shape(result.findings, frozenset()),
        "conflict": conflict,
        "changed": None,
    }


def _shown(spec: AdoptedTable, values: Mapping[str, object]) -> dict[str, Any]:
    """The values that pages show, masked ones with their ends only."""
    return {
        column.code: masked(values[column.code]) if column.masked else values[column.code]
        for column in spec.shown
        if column.code in values
    }


def _cut_note(length: int) -> str:
    message = _(
        "This text has %(count)s characters; only its beginning is shown, and it cannot be changed"
        " here.",
        count=length,
    )
    return str(message)
