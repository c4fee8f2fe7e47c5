"""Last year beside this year over JSON: taking over, confirming, comparing."""

from flask_babel import lazy_gettext as _

from app.actions.carried_row import confirm_rows
from app.actions.carry_forward import CarriedForward, carry_forward
from app.domain.message import Message, Reason, Refused
from app.exchange.mask import masked
from app.models.base_table_rows import plain
from app.reports.base_table import RowsRequest
from app.reports.last_year import last_rows, waiting_at, waiting_chosen
from app.reports.place import Place, find_place
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import place_of_writing
from app.web.api.endpoint import Call, Endpoint
from app.web.api.row_request import filter_of
from app.web.api.schema import Schema, listed, optional, record, text
from app.web.api.shapes import Json, period_shape, reason_shape
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.translation import translated

CODE = text(64)
ROW_ID = text(3000)
MOST_ROWS = 500
# Ids of rows in an address: a page of rows has no more.
LONGEST_IDS = 8000
PLACE: dict[str, Schema] = {"period": CODE, "department": CODE}


def preview_carry_forward(call: Call, table: str) -> Json:
    """What taking over last year's rows would do; nothing is written."""
    place = place_of(call, table)
    return _carried_shape(place, _carry(place, place.department, dry_run=True))


def carry_rows_forward(call: Call, table: str) -> Json:
    """Take over last year's accepted rows that are not here yet."""
    place, department = place_of_writing(call, table)
    return _carried_shape(place, _carry(place, department, dry_run=False))


def confirm_unchanged(call: Call, table: str) -> Json:
    """Say of rows taken over that they are as last year: of some, or of all that are chosen."""
    place, department = place_of_writing(call, table)
    session, actor = current_session(), current_actor()
    ids = call.body.get("ids")
    if ids is None and (call.body.get("q") or call.body.get("filter")):
        wanted = _chosen(call, place, department)
        ids = waiting_chosen(session, current_store(), actor, table, wanted)
    confirmed = confirm_rows(
        session,
        current_store(),
        table,
        by=actor,
        now=current_time(),
        period=place.period.code,
        department=department,
        ids=ids,
    )
    return {"confirmed": confirmed, "waiting": waiting_at(session, actor, place)}


def read_previous(call: Call, table: str) -> Json:
    """What stood last year in these rows, as it was accepted."""
    session, store, actor = current_session(), current_store(), current_actor()
    asked = call.query
    place = find_place(
        session,
        store,
        actor,
        table,
        period=asked.get("period"),
        department=asked.get("department"),
    )
    ids = [each for each in asked.get("ids", "").split(",") if each][:MOST_ROWS]
    found = last_rows(session, store, actor, place, ids)
    return {
        "period": period_shape(found.period),
        "why_not": reason_shape(found.refusal),
        "rows": {
            row_id: None
            if row is None
            else {
                code: masked(value) if code in row.hidden else value
                for code, value in row.values.items()
            }
            for row_id, row in found.rows.items()
        },
    }


def _carry(place: Place, department: str | None, *, dry_run: bool) -> CarriedForward:
    if department is None:
        raise Refused(
            Message("Choose a department first; rows are changed in one only."), Reason.INVALID
        )
    return carry_forward(
        current_session(),
        current_store(),
        place.stored.spec.identifier,
        by=current_actor(),
        now=current_time(),
        period=place.period.code,
        department=department,
        dry_run=dry_run,
    )


def _chosen(call: Call, place: Place, department: str) -> RowsRequest:
    return RowsRequest(
        period=place.period.code,
        department=department,
        search=call.body.get("q") or "",
        filter=filter_of(call.body.get("filter")),
        cycle=place.cycle,
    )


def _carried_shape(place: Place, carried: CarriedForward) -> Json:
    spec = place.stored.spec
    return {
        "from": period_shape(carried.last.period),
        "to": period_shape(place.period),
        "created": carried.created,
        "incomplete": carried.incomplete,
        "present": carried.present,
        "left_out": [
            {
                "key": {key.code: plain(row.values.get(key.code)) for key in spec.key_fields},
                "field": row.field,
                "reason": translated(row.reason),
            }
            for row in carried.left
        ],
        "emptied": [{"field": code, "label": spec.by_code[code].label} for code in carried.emptied],
        "written": carried.written,
    }


LAST_YEAR_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        "data/<table>/carry_forward",
        preview_carry_forward,
        _("What taking over last year's accepted rows would do"),
        PLACE,
    ),
    Endpoint(
        "POST",
        "data/<table>/carry_forward",
        carry_rows_forward,
        _("Take over last year's accepted rows"),
        body=record(period=optional(CODE), department=optional(CODE)),
    ),
    Endpoint(
        "POST",
        "data/<table>/unchanged",
        confirm_unchanged,
        _("Say that rows taken over are as last year"),
        body=record(
            period=optional(CODE),
            department=optional(CODE),
            ids=optional(listed(ROW_ID, MOST_ROWS)),
            q=optional(text(200)),
            filter=optional(text(LONGEST_IDS)),
        ),
    ),
    Endpoint(
        "GET",
        "data/<table>/previous",
        read_previous,
        _("What stood last year in rows of this year"),
        {**PLACE, "ids": text(LONGEST_IDS)},
    ),
)
