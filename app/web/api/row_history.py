"""The history of one row over JSON: who changed which value when."""

from flask_babel import lazy_gettext as _

from app.catalogue.base_table import TableSpec
from app.reports.row_history import MOST_CHANGES, HistoryEntry, read_history
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import text
from app.web.api.shapes import Json
from app.web.base_table.cell_text import shown_text
from app.web.base_table.change_set import OPERATIONS, WAYS
from app.web.current import current_actor, current_catalogue, current_session, current_store
from app.web.formats import local


def row_history(call: Call, table: str, row: str) -> Json:
    """What became of a row in the caller's scope, the newest first; ``field`` asks for one only."""
    store = current_store()
    field = call.query.get("field")
    entries = read_history(current_session(), store, table, current_actor(), row, field)
    spec = store.tables[table].spec
    return {
        "entries": [_entry_shape(spec, entry) for entry in entries],
        "complete": len(entries) < MOST_CHANGES,
    }


def _entry_shape(spec: TableSpec, entry: HistoryEntry) -> Json:
    return {
        "by": entry.person_name,
        "at": local(entry.at).isoformat(timespec="seconds"),
        "way": str(WAYS.get(entry.way, entry.way)),
        "operation": entry.operation,
        "operation_label": str(OPERATIONS.get(entry.operation, entry.operation)),
        "reason": entry.reason,
        "cells": [
            _cell_shape(spec, code, before, after, is_hidden=code in entry.hidden)
            for code, before, after in entry.cells
        ],
    }


def _cell_shape(
    spec: TableSpec, code: str, before: object, after: object, *, is_hidden: bool
) -> Json:
    """Both sides as people read them; what may be put back only where nothing is masked."""
    field, catalogue = spec.by_code[code], current_catalogue()
    before_text, after_text = (
        "" if side is None else shown_text(catalogue, field, side, hidden=is_hidden)
        for side in (before, after)
    )
    shape = {"field": code, "label": field.label, "before": before_text, "after": after_text}
    return shape | {"hidden": is_hidden} | ({} if is_hidden else {"value": before})


ROW_HISTORY_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        "data/<table>/rows/<row>/history",
        row_history,
        _("Who changed a row when, and what stood there before"),
        {"field": text(64)},
    ),
)
