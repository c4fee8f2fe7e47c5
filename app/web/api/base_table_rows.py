"""Rows of base tables over JSON: reading pages of them and changing them."""

from dataclasses import replace

from flask import Response

from app.access.masks import hidden_fields
from app.actions.base_table import apply_changes
from app.actions.row_change import INSERT, Change
from app.domain.message import Message, Reason, Refused
from app.models.base_table import StoredTable
from app.models.carried_row import waiting_among
from app.reports.base_table import RowsRequest, read_rows
from app.reports.place import Place, find_place, why_ambiguous
from app.reports.reference import told_labels
from app.web.api.adopted_table import (
    change_adopted_rows,
    count_adopted_rows,
    is_adopted,
    list_adopted_rows,
)
from app.web.api.attached import attached_marks
from app.web.api.base_table import place_of
from app.web.api.endpoint import Call
from app.web.api.row_cursor import cursor_of, cursor_text
from app.web.api.row_request import (
    change_of_row,
    filter_of,
    refused_changes,
    sort_of,
)
from app.web.api.shapes import Json, result_shape, row_shape
from app.web.cooperation.contributed_row import contributed_shapes
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.feed.provenance import fed_texts
from app.web.teacher_record.closed_row import closed_rows
from app.web.translation import translated

DEFAULT_LIMIT = 200
GONE = "ROW"


def list_rows(call: Call, table: str) -> Json:
    """A page of rows in the caller's scope."""
    if is_adopted(table):
        return list_adopted_rows(call, table)
    actor = current_actor()
    place = place_of(call, table)
    page = read_rows(
        current_session(), current_store(), table, actor, rows_request(call, place, paged_in=table)
    )
    fed, attached = fed_texts(table, page.rows), attached_marks(place.stored, page.rows)
    waiting = waiting_among(current_session(), table, [row.id for row in page.rows])
    contributed = contributed_shapes(place, page.rows)
    closed = closed_rows(place, page.rows)
    return {
        "rows": [
            row_shape(actor, place.stored, row)
            | ({"fed": fed[row.id]} if row.id in fed else {})
            | ({"attached": attached[row.id]} if row.id in attached else {})
            | ({"carried": True} if row.id in waiting else {})
            | ({"contributed": contributed[row.id]} if row.id in contributed else {})
            | ({"closed": translated(closed[row.id])} if row.id in closed else {})
            for row in page.rows
        ],
        "previous": cursor_text(page.previous, table, call.query),
        "next": cursor_text(page.next, table, call.query),
        "count": {"value": page.count, "exact": page.count_exact},
        "labels": page.labels,
    }


def count_rows(call: Call, table: str) -> Json:
    """How many rows the filter and search leave, as far as they are counted."""
    if is_adopted(table):
        return count_adopted_rows(call, table)
    place = place_of(call, table)
    wanted = replace(rows_request(call, place), limit=1)
    page = read_rows(current_session(), current_store(), table, current_actor(), wanted)
    return {"count": {"value": page.count, "exact": page.count_exact}}


def change_rows(call: Call, table: str) -> Json | Response:
    """Insert, update and delete rows of one period and department, all or nothing.

    A dry run answers what would become of them, bad rows and all.
    """
    if is_adopted(table):
        return change_adopted_rows(call, table)
    session, store, actor = current_session(), current_store(), current_actor()
    place, department = place_of_writing(call, table)
    sent, dry_run = call.body["changes"], call.body.get("dry_run", False)
    outcome = apply_changes(
        session,
        store,
        table,
        [_change(place.stored, change, position) for position, change in enumerate(sent)],
        by=actor,
        now=current_time(),
        period=place.period.code,
        department=department,
        way="grid",
        partial=call.body.get("partial", False),
        dry_run=dry_run,
    )
    results = [
        result_shape(actor, place.stored, department, change.get("id"), result)
        for change, result in zip(sent, outcome.results, strict=True)
    ]
    if outcome.written or dry_run:
        hidden = hidden_fields(actor, place.stored, department)
        labels = told_labels(session, store, place.stored, actor, hidden, outcome.references)
        return {"results": results, "labels": labels}
    gone = any(f.rule == GONE for result in outcome.results for f in result.findings)
    return refused_changes(outcome, results, 404 if gone else 422)


def rows_request(call: Call, place: Place, *, paged_in: str | None = None) -> RowsRequest:
    """What ``rows`` and the exports ask for with the same parameters.

    A page of a table (``paged_in``) begins where the query says.
    """
    query = call.query
    return RowsRequest(
        period=place.period.code,
        department=place.department,
        search=query.get("q", ""),
        filter=filter_of(query.get("filter")),
        sort=sort_of(query.get("sort", "")),
        offset=query.get("offset", 0) if paged_in else 0,
        cursor=cursor_of(paged_in, query) if paged_in else None,
        limit=query.get("limit", DEFAULT_LIMIT),
        cycle=place.cycle,
    )


def place_of_writing(call: Call, table: str) -> tuple[Place, str]:
    """The place that the body names, with its department: rows are written in one only.

    What the body leaves out must not be open to doubt.
    """
    session, actor = current_session(), current_actor()
    period, department = call.body.get("period"), call.body.get("department")
    place = find_place(session, current_store(), actor, table, period=period, department=department)
    doubt = why_ambiguous(session, actor, table, place, period=period, department=department)
    if doubt is not None:
        raise Refused(doubt, Reason.INVALID)
    if place.department is None:
        raise Refused(
            Message("Choose a department first; rows are changed in one only."), Reason.INVALID
        )
    return place, place.department


def _change(stored: StoredTable, sent: Json, position: int) -> Change:
    """A change as the write path takes it; the id of a new row is the sender's own affair."""
    operation, values = sent["op"], sent.get("values") or {}
    unknown = [code for code in values if code not in stored.spec.by_code]
    if unknown:
        raise Refused(
            Message(
                "Table %(table)s has no field %(field)s. Nothing was saved.",
                {"table": stored.spec.title, "field": ", ".join(unknown)[:200]},
            ),
            Reason.INVALID,
        )
    if operation == INSERT:
        return Change(operation, values, restores=sent.get("restores"))
    return change_of_row(sent, position)
