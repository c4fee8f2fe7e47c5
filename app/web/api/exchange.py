"""Files over the API: templates, imports, the whole college's workbook."""

from flask import Response
from flask_babel import gettext as _

from app.actions.export import Export, log_export
from app.domain.consolidation import Reading
from app.exchange.consolidation import consolidation_workbook
from app.exchange.import_upload import KeptUpload
from app.exchange.template import make_template
from app.exchange.template_identity import Place as WorkbookPlace
from app.exchange.uploaded_file import ImportMode
from app.reports.assignment import department_names
from app.reports.consolidation import consolidated_tables
from app.reports.place import Place
from app.reports.reference import listed_choices
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import place_of_writing
from app.web.api.cycle import find_cycle
from app.web.api.download import disposition, download, place_name
from app.web.api.endpoint import XLSX, Call
from app.web.api.import_job import ImportAsked, answer_import
from app.web.api.layout import checked_mapping
from app.web.api.shapes import Json
from app.web.current import (
    current_actor,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.labels import label
from app.web.retry import persistently
from app.web.translation import translated


def template_xlsx(call: Call, table: str) -> Response:
    """The empty template of the table for one period and department."""
    place = place_of(call, table)
    session, store = current_session(), current_store()
    names = department_names(session)
    content = make_template(
        store.catalogue,
        place.stored.spec,
        _workbook_place(place, names),
        translate=translated,
        now=local_time(),
        choices=listed_choices(session, store, place.stored, current_actor(), place.cycle),
    )
    response = Response(content, mimetype=XLSX)
    title = _("Template")
    response.headers["Content-Disposition"] = disposition(
        f"{_file_name(place, names)} {title}.xlsx"
    )
    return response


def import_file(call: Call, table: str) -> Json | Response:
    """Read a workbook and write its rows, or only show what would become of them.

    A large one becomes a job where a worker is there to carry it out.
    """
    place, department = place_of_writing(call, table)
    file = call.files["file"]
    mode = call.query.get("mode", ImportMode.UPSERT.value)
    upload = KeptUpload(
        file.filename or "",
        place.period.code,
        department,
        mode,
        file.read(),
        checked_mapping(call.body.get("mapping", "")),
    )
    asked = ImportAsked(
        table,
        upload,
        dry_run=call.query.get("dry_run", False),
        partial=call.query.get("partial", False),
        digest=call.body.get("digest"),
    )
    return answer_import(place.stored, asked)


def consolidation_xlsx(call: Call, year: str) -> Response:
    """The workbook of the whole college: final of a locked year, else labelled as what it is."""
    cycle = find_cycle(year, with_history=True)
    reading = Reading(call.query.get("reading", Reading.FINAL))
    place = (current_session(), current_store(), current_actor(), cycle)
    tables = consolidated_tables(*place, with_rows=True, reading=reading)
    export = Export(f"cycle:{cycle.academic_year}", None, is_masked=True, chosen={"kind": "xlsx"})
    by, now = current_actor(), current_time()
    persistently(lambda: log_export(current_session(), export, by=by, now=now))
    title = _("Consolidated data of %(year)s", year=cycle.academic_year)
    if reading is not Reading.FINAL:
        title = f"{title} {label(reading)}"
    file = consolidation_workbook(
        current_store().catalogue,
        title,
        tables,
        unmasked=False,
        translate=translated,
        now=local_time(),
    )
    return download(file, f"{title}.xlsx")


def _workbook_place(place: Place, names: dict[str, str]) -> WorkbookPlace:
    department = place.department or ""
    return WorkbookPlace(place.period, department, names.get(department, ""))


def _file_name(place: Place, names: dict[str, str]) -> str:
    return place_name(place.stored.spec.title, place.period.code, place.department, names)
