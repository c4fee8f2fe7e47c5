"""Exports over the API: what they would hold, and the files, of base and of adopted tables.

What leaves is chosen like the rows of the grid. Each file leaves an entry in the log before its
first byte; personal values leave masked, unless whoever takes them along sees them anyway and says
what for.
"""

from collections.abc import Mapping
from dataclasses import replace

from flask import Response
from flask_babel import lazy_gettext as _

from app.access.masks import masked_by_roles, masked_fields, why_not_unmasked
from app.access.policies import why_not_read
from app.access.scopes import read_scope
from app.actions.export import LONGEST_PURPOSE
from app.domain.message import refuse
from app.exchange.csv_export import CsvForm
from app.exchange.export_file import PLAIN, WORKBOOK, ExportChoice, Exporting, export_file
from app.exchange.export_sheet import why_not_workbook
from app.reports.export import export_size
from app.reports.place import Place
from app.web.api.adopted_export import (
    adopted_export_shape,
    export_adopted_as_csv,
    export_adopted_xlsx,
)
from app.web.api.adopted_table import is_adopted
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import rows_request
from app.web.api.download import streamed_answer
from app.web.api.endpoint import CSV, XLSX, Call, Endpoint
from app.web.api.export_request import told_selection
from app.web.api.schema import Schema, one_of, text
from app.web.api.shapes import Json, reason_shape
from app.web.current import (
    current_actor,
    current_queue,
    current_session,
    current_store,
    current_time,
)
from app.web.retry import persistently
from app.web.translation import translated

TRUTH: Schema = {"type": "boolean"}
CODE = text(64)
CHOSEN: Mapping[str, Schema] = {
    "period": CODE,
    "department": CODE,
    "whole": TRUTH,
    "q": text(200),
    "filter": text(8000),
    "sort": text(300),
}
SHOWN: Mapping[str, Schema] = {
    **CHOSEN,
    "columns": text(8000),
    "codes": TRUTH,
    "identifiers": TRUTH,
    "unmasked": TRUTH,
    "purpose": text(LONGEST_PURPOSE),
}
ENCODED: Mapping[str, Schema] = {**SHOWN, "encoding": one_of(*(form.value for form in CsvForm))}


def read_export(call: Call, table: str) -> Json:
    """How many rows an export would hold, and what whoever asks may choose."""
    if is_adopted(table):
        return adopted_export_shape(call, table)
    place = place_of_export(call, table)
    actor, stored = current_actor(), place.stored
    wanted = rows_request(call, place)
    size = export_size(current_session(), current_store(), table, actor, wanted)
    masked = masked_fields(stored) - masked_by_roles(actor, stored, "export")
    return {
        "rows": {"value": size.rows, "exact": True},
        "personal": [stored.spec.by_code[code].label for code in sorted(masked)],
        "xlsx": reason_shape(why_not_workbook(size.rows, size.longest)),
        "unmasked": reason_shape(why_not_unmasked(actor, stored, place.department)),
        "whole": read_scope(actor, stored).departments is None,
        "background": current_queue().has_worker(),
    }


def export_xlsx(call: Call, table: str) -> Response:
    """The rows in the caller's scope as a workbook, sent while they are read."""
    if is_adopted(table):
        return export_adopted_xlsx(call, table)
    return _streamed(call, table, WORKBOOK, XLSX)


def export_as_csv(call: Call, table: str) -> Response:
    """The same rows as CSV."""
    if is_adopted(table):
        return export_adopted_as_csv(call, table)
    return _streamed(call, table, PLAIN, CSV)


def _streamed(call: Call, table: str, kind: str, mimetype: str) -> Response:
    place = place_of_export(call, table)
    file = export_file(exporting_of(call, place, kind))
    return streamed_answer(file.pieces, file.name, mimetype)


def place_of_export(call: Call, table: str) -> Place:
    """The place of the query; with ``whole`` all departments that the caller reaches.

    Raises Refused for whoever may not export them.
    """
    place = place_of(call, table)
    refuse(why_not_read(current_actor(), place.stored, "export"))
    return replace(place, department=None) if call.query.get("whole") else place


def exporting_of(call: Call, place: Place, kind: str) -> Exporting:
    """What the query chooses, on behalf of the caller."""
    query = call.query
    columns = query.get("columns")
    choice = ExportChoice(
        rows_request(call, place),
        kind,
        columns=None if columns is None else tuple(code for code in columns.split(",") if code),
        codes=query.get("codes", False),
        identifiers=query.get("identifiers", False),
        unmasked=query.get("unmasked", False),
        purpose=query.get("purpose", ""),
        encoding=CsvForm(query.get("encoding", CsvForm.UTF_8.value)),
        told=told_selection(call),
    )
    return Exporting(
        current_session(),
        current_store(),
        place,
        choice,
        by=current_actor(),
        now=current_time(),
        translate=translated,
        persistently=persistently,
    )


EXPORT_ENDPOINTS = (
    Endpoint(
        "GET", "data/<table>/export", read_export, _("What an export of rows would hold"), CHOSEN
    ),
    Endpoint(
        "GET",
        "data/<table>/export.xlsx",
        export_xlsx,
        _("Rows as a workbook"),
        SHOWN,
        produces=XLSX,
    ),
    Endpoint(
        "GET",
        "data/<table>/export.csv",
        export_as_csv,
        _("Rows as CSV"),
        ENCODED,
        produces=CSV,
    ),
)
