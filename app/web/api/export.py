"""Exports over the API: what they would hold, and the files, of base and of adopted tables.

What leaves is chosen like the rows of the grid. Each file leaves an entry in the log before its
first byte; personal values leave masked, unless whoever takes them along sees them anyway and says
what for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flask import Response
from flask_babel import lazy_gettext as _

from app.access.masks import masked_by_roles, masked_fields, why_not_unmasked
from app.access.policies import why_not_read
from app.access.scopes import read_scope
from app.actions.export import LONGEST_PURPOSE, Export, log_export, tidy_purpose
from app.domain.message import Message, Reason, refuse
from app.exchange.csv_export import CsvForm
from app.exchange.export import ExportForm, Part, export_csv, export_workbook, exported_names
from app.exchange.export_sheet import why_not_workbook
from app.exchange.template_identity import Place as WorkbookPlace
from app.reports.assignment import department_names
from app.reports.base_table import RowsRequest
from app.reports.export import ExportSize, export_size, iterate_columns
from app.reports.place import Place
from app.web.api.adopted_export import (
    adopted_export_shape,
    export_adopted_as_csv,
    export_adopted_xlsx,
)
from app.web.api.adopted_table import is_adopted
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import rows_request
from app.web.api.download import place_name, streamed_answer
from app.web.api.endpoint import CSV, XLSX, Call, Endpoint
from app.web.api.export_request import columns_of_query, export_footer, told_selection
from app.web.api.schema import Schema, one_of, text
from app.web.api.shapes import Json, reason_shape
from app.web.current import (
    current_actor,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.formats import moment_text
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


@dataclass(frozen=True)
class _Chosen:
    """What is exported: the place, the rows there, how many they are, how they are shown."""

    place: Place
    names: Mapping[str, str]
    wanted: RowsRequest
    size: ExportSize
    form: ExportForm

    @property
    def workbook_place(self) -> WorkbookPlace:
        """The place as the hidden sheet of the workbook names it."""
        department = self.place.department or ""
        return WorkbookPlace(self.place.period, department, self.names.get(department, ""))


def read_export(call: Call, table: str) -> Json:
    """How many rows an export would hold, and what whoever asks may choose."""
    if is_adopted(table):
        return adopted_export_shape(call, table)
    place = _place(call, table)
    actor, stored = current_actor(), place.stored
    size = _size(place, rows_request(call, place))
    masked = masked_fields(stored) - masked_by_roles(actor, stored, "export")
    return {
        "rows": {"value": size.rows, "exact": True},
        "personal": [stored.spec.by_code[code].label for code in sorted(masked)],
        "xlsx": reason_shape(why_not_workbook(size.rows, size.longest)),
        "unmasked": reason_shape(why_not_unmasked(actor, stored, place.department)),
        "whole": read_scope(actor, stored).departments is None,
    }


def export_xlsx(call: Call, table: str) -> Response:
    """The rows in the caller's scope as a workbook, sent while they are read."""
    if is_adopted(table):
        return export_adopted_xlsx(call, table)
    chosen = _chosen(call, table)
    refuse(why_not_workbook(chosen.size.rows, chosen.size.longest), Reason.INVALID)
    store = current_store()
    _log(call, chosen, "xlsx")
    pieces = export_workbook(
        store.catalogue,
        chosen.place.stored,
        _parts(table, chosen),
        chosen.workbook_place,
        chosen.names,
        chosen.form,
        translate=translated,
        now=local_time(),
    )
    return streamed_answer(pieces, f"{_file_name(chosen)}.xlsx", XLSX)


def export_as_csv(call: Call, table: str) -> Response:
    """The same rows as CSV."""
    if is_adopted(table):
        return export_adopted_as_csv(call, table)
    chosen = _chosen(call, table)
    store = current_store()
    _log(call, chosen, "csv")
    pieces = export_csv(
        store.catalogue,
        chosen.place.stored,
        _parts(table, chosen),
        chosen.workbook_place,
        chosen.names,
        chosen.form,
        translate=translated,
        encoding=CsvForm(call.query.get("encoding", CsvForm.UTF_8.value)),
    )
    return streamed_answer(pieces, f"{_file_name(chosen)}.csv", CSV)


def _parts(table: str, chosen: _Chosen) -> Iterator[Part]:
    return iterate_columns(
        current_session(),
        current_store(),
        table,
        current_actor(),
        chosen.wanted,
        exported_names(chosen.place.stored, chosen.form),
    )


def _place(call: Call, table: str) -> Place:
    """The place of the query; with ``whole`` all departments that the caller reaches."""
    place = place_of(call, table)
    refuse(why_not_read(current_actor(), place.stored, "export"))
    return replace(place, department=None) if call.query.get("whole") else place


def _size(place: Place, wanted: RowsRequest) -> ExportSize:
    table = place.stored.spec.identifier
    return export_size(current_session(), current_store(), table, current_actor(), wanted)


def _chosen(call: Call, table: str) -> _Chosen:
    place, actor = _place(call, table), current_actor()
    wanted = rows_request(call, place)
    unmasked = call.query.get("unmasked", False)
    if unmasked:
        refuse(why_not_unmasked(actor, place.stored, place.department))
    purpose = tidy_purpose(call.query.get("purpose", ""), is_needed=unmasked)
    size = _size(place, wanted)
    form = ExportForm(
        with_labels=not call.query.get("codes", False),
        unmasked=unmasked,
        masks=masked_by_roles(actor, place.stored, "export"),
        columns=columns_of_query(call, place.stored.spec.by_code, place.stored.spec.title),
        with_identifiers=call.query.get("identifiers", False),
        notice=_notice(purpose) if unmasked else "",
        footer=export_footer(),
        count=size.rows,
    )
    return _Chosen(place, department_names(current_session()), wanted, size, form)


def _notice(purpose: str) -> str:
    """The line above the headings of whoever takes personal values along."""
    actor = current_actor()
    return translated(
        Message(
            "Personal data, not masked. Taken along by %(name)s (%(number)s) on %(moment)s,"
            " for: %(purpose)s",
            {
                "name": actor.name,
                "number": actor.number,
                "moment": moment_text(current_time()),
                "purpose": purpose,
            },
        )
    )


def _log(call: Call, chosen: _Chosen, kind: str) -> None:
    place = chosen.place
    export = Export(
        f"table:{place.stored.spec.identifier}",
        chosen.size.rows,
        is_masked=not chosen.form.unmasked,
        department=place.department,
        purpose=call.query.get("purpose", ""),
        chosen={"kind": kind, "period": place.period.code, **told_selection(call)},
    )
    session, by, now = current_session(), current_actor(), current_time()
    persistently(lambda: log_export(session, export, by=by, now=now))


def _file_name(chosen: _Chosen) -> str:
    place = chosen.place
    return place_name(place.stored.spec.title, place.period.code, place.department, chosen.names)


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
        {**SHOWN, "encoding": one_of(*(form.value for form in CsvForm))},
        produces=CSV,
    ),
)
