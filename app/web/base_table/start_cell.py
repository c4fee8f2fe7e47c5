"""The cell that an address leads to: ``?row=…&field=…``."""

from dataclasses import dataclass

from flask import request

from app.reports.base_table import RowsRequest
from app.reports.row_place import place_of_row
from app.web.base_table.open_table import OpenTable
from app.web.current import current_actor, current_session, current_store

LONGEST_ROW_ID = 200
LONGEST_FIELD = 64


@dataclass(frozen=True)
class StartCell:
    """Where to begin: ``position`` counts from 0, empty for a row that is there no more."""

    position: int | str
    field: str


def start_cell(opened: OpenTable) -> StartCell | None:
    """The cell of this request; None where the address names none."""
    row_id = request.args.get("row", "")[:LONGEST_ROW_ID]
    if not row_id:
        return None
    place = opened.place
    wanted = RowsRequest(place.period.code, opened.department, cycle=place.cycle)
    table = opened.spec.identifier
    found = place_of_row(current_session(), current_store(), table, current_actor(), wanted, row_id)
    position = "" if found is None else found
    return StartCell(position, request.args.get("field", "")[:LONGEST_FIELD])
