"""Changing many rows alike, finding texts in all rows, finding keys by what people call them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from app.access.masks import hidden_fields, hidden_in_row
from app.actions.bulk_edit import BulkEdit, FieldEdit, apply_bulk_edit
from app.actions.row_change import RowResult
from app.domain.message import Message, Reason, Refused
from app.exchange.mask import masked
from app.models.base_table import StoredTable
from app.models.base_table_rows import plain
from app.reports.cycle import all_cycles
from app.reports.find_text import MOST_ROWS, find_text, read_chosen, searched_text
from app.reports.last_year import waiting_at
from app.reports.place import find_cycle_of, find_table
from app.reports.reference import keys_of_labels, reference_of, told_labels
from app.rules.find_text import TextSearch
from app.web.api.adopted_table import is_adopted
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import place_of_writing, rows_request
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import Malformed, Schema, listed, one_of, optional, record, text
from app.web.api.shapes import Json, result_shape
from app.web.current import current_actor, current_session, current_store, current_time

CODE = text(64)
ROW_ID = text(3000)
TRUTH: Schema = {"type": "boolean"}
MOST_FIELDS = 200
MOST_TEXTS = 2000
LONGEST_TEXT = 2000
# So many rows of each outcome are shown before anything is written.
MOST_SHOWN = 50
SET, CLEAR, REPLACE = "set", "clear", "replace"
HOW: dict[str, Schema] = {"match_case": TRUTH, "match_width": TRUTH, "whole": TRUTH}
SELECTION: dict[str, Schema] = {
    "period": optional(CODE),
    "department": optional(CODE),
    "q": text(200),
    "filter": text(8000),
    "sort": text(300),
}
EDIT = record(
    ("field", "do"),
    field=CODE,
    do=one_of(SET, CLEAR, REPLACE),
    value=optional(text(LONGEST_TEXT)),
    find=text(LONGEST_TEXT),
    **HOW,
)
BULK_EDIT = record(
    ("edits",),
    **SELECTION,
    ids=listed(ROW_ID, MOST_ROWS),
    edits=listed(EDIT, MOST_FIELDS),
    dry_run=TRUTH,
    seen=optional({"type": "integer"}),
)
FIND = record(("text", "fields"), **SELECTION, text=text(200), fields=listed(CODE, 200), **HOW)
KEYS = record(
    ("field", "texts"),
    period=optional(CODE),
    field=CODE,
    texts=listed(text(LONGEST_TEXT), MOST_TEXTS),
)


def bulk_edit_rows(call: Call, table: str) -> Json:
    """Change fields of all rows that are shown, or of those named; or only say what would come."""
    _refuse_adopted(table)
    session, store, actor = current_session(), current_store(), current_actor()
    place, department = place_of_writing(call, table)
    wanted = rows_request(Call(call.body), place)
    edits = [_edit(place.stored, sent) for sent in call.body["edits"]]
    ids = set(call.body["ids"]) if "ids" in call.body else None
    rows = read_chosen(session, store, table, actor, wanted, ids)
    by_code = place.stored.spec.by_code
    done = apply_bulk_edit(
        session,
        store,
        table,
        rows,
        edits,
        lambda code, value: searched_text(store.catalogue, by_code[code], value),
        by=actor,
        now=current_time(),
        period=place.period.code,
        department=department,
        dry_run=call.body.get("dry_run", False),
        seen=call.body.get("seen"),
    )
    hidden = hidden_fields(actor, place.stored, department)
    references = done.outcome.references
    labels = told_labels(session, store, place.stored, actor, hidden, references)
    # Rows that were taken over from last year are confirmed by being changed.
    told = {"labels": labels, "waiting": waiting_at(session, actor, place)}
    return _done_shape(done, place.stored, department, len(rows)) | told


def find_in_rows(call: Call, table: str) -> Json:
    """Where a text stands in the rows that are shown, by their position in the list."""
    _refuse_adopted(table)
    session, store, actor = current_session(), current_store(), current_actor()
    place = place_of(Call(call.body), table)
    wanted = rows_request(Call(call.body), place)
    search = _search(call.body, call.body["text"])
    found = find_text(session, store, table, actor, wanted, search, set(call.body["fields"]))
    rows = [{"position": r.position, "id": r.id, "fields": list(r.fields)} for r in found.rows]
    return {"rows": rows, "cells": found.cells}


def keys_of_texts(call: Call, table: str) -> Json:
    """The keys of rows that a reference field may name, by what people call those rows."""
    if is_adopted(table):
        return {"keys": {}}
    session, store = current_session(), current_store()
    stored = find_table(store, table)
    cycle = find_cycle_of(all_cycles(session), stored, call.body.get("period"))
    reference = reference_of(stored, call.body["field"])
    texts = call.body["texts"]
    return {"keys": keys_of_labels(session, store, current_actor(), reference, cycle, texts)}


def _refuse_adopted(table: str) -> None:
    if is_adopted(table):
        raise Refused(
            Message(
                "This works in the base tables of the college only. In a table of another system,"
                " change the rows in the grid or paste them."
            ),
            Reason.INVALID,
        )


def _search(sent: Mapping[str, Any], wanted: str) -> TextSearch:
    return TextSearch(wanted, **{key: sent.get(key, False) for key in HOW})


def _edit(stored: StoredTable, sent: Json) -> FieldEdit:
    if sent["field"] not in stored.spec.by_code:
        raise Malformed(str(_("%(key)s is not known here.", key=sent["field"][:80])))
    if sent["do"] == REPLACE:
        if not sent.get("find"):
            raise Malformed(str(_("%(key)s is missing.", key="edits.find")))
        return FieldEdit(sent["field"], sent.get("value"), _search(sent, sent["find"]))
    return FieldEdit(sent["field"], sent.get("value") if sent["do"] == SET else None)


def _done_shape(done: BulkEdit, stored: StoredTable, department: str, chosen: int) -> Json:
    """Counts, and of what is written every row; of a trial a few of each outcome."""
    results, written = done.outcome.results, done.outcome.written
    counts = Counter(result.outcome for result in results)
    counts["unchanged"] += chosen - len(results)
    rows, shown = [], Counter[str]()
    for result in results:
        shown[result.outcome] += 1
        if result.outcome != "unchanged" and (written or shown[result.outcome] <= MOST_SHOWN):
            rows.append(_row_shape(stored, department, result))
    return {
        "chosen": chosen,
        "counts": dict(counts),
        "cells": sum(len(result.before) for result in results),
        "rows": rows,
        "seen": done.seen,
        "written": written,
    }


def _row_shape(stored: StoredTable, department: str, result: RowResult) -> Json:
    """A row with its former values where they change, masked as everywhere."""
    actor = current_actor()
    shape = result_shape(actor, stored, department, result.id, result)
    hidden = hidden_in_row(actor, stored, department, dict(result.values) | dict(result.before))
    before = {
        code: masked(value) if code in hidden else plain(value)
        for code, value in result.before.items()
    }
    return shape | {"before": before}


BULK_EDIT_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "POST",
        "data/<table>/bulk_edit",
        bulk_edit_rows,
        _("Change the same fields of many rows"),
        body=BULK_EDIT,
    ),
    Endpoint(
        "POST",
        "data/<table>/find",
        find_in_rows,
        _("Where a text stands in the rows"),
        body=FIND,
    ),
    Endpoint(
        "POST",
        "data/<table>/keys",
        keys_of_texts,
        _("Keys of rows by what people call them"),
        body=KEYS,
    ),
)
