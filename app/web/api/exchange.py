"""Files over the API: templates, exports, imports, the whole college's workbook."""

from flask import Response
from flask_babel import gettext as _

from app.access.masks import masked_by_roles
from app.access.policies import why_not_read
from app.domain.finding import Severity
from app.domain.message import Refused
from app.exchange.base_table import ImportMode, ImportResult
from app.exchange.consolidation import consolidation_workbook
from app.exchange.export import ExportForm, export_csv, export_workbook
from app.exchange.template import make_template
from app.exchange.template_identity import Place as WorkbookPlace
from app.models.base_table_rows import plain
from app.reports.assignment import department_names
from app.reports.base_table import iterate_rows
from app.reports.consolidation import consolidated_tables
from app.reports.place import Place
from app.web.api.adopted_export import export_adopted_as_csv, export_adopted_xlsx
from app.web.api.adopted_table import is_adopted
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import place_of_writing, rows_request
from app.web.api.cycle import find_cycle
from app.web.api.download import csv_answer, disposition, download
from app.web.api.endpoint import XLSX, Call
from app.web.api.error_workbook import KeptUpload, import_upload, keep_upload
from app.web.api.shapes import Json
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.translation import translated


def export_xlsx(call: Call, table: str) -> Response:
    """The rows in the caller's scope as a workbook, filtered like ``rows``."""
    if is_adopted(table):
        return export_adopted_xlsx(call, table)
    place, names = _place_of_export(call, table)
    rows = iterate_rows(
        current_session(), current_store(), table, current_actor(), rows_request(call, place)
    )
    file = export_workbook(
        current_store().catalogue,
        place.stored,
        rows,
        _workbook_place(place, names),
        names,
        _form(place),
        translate=translated,
        now=local_time(),
    )
    return download(file, f"{_file_name(place, names)}.xlsx")


def export_as_csv(call: Call, table: str) -> Response:
    """The same rows as CSV, sent while they are read."""
    if is_adopted(table):
        return export_adopted_as_csv(call, table)
    place, names = _place_of_export(call, table)
    rows = iterate_rows(
        current_session(), current_store(), table, current_actor(), rows_request(call, place)
    )
    chunks = export_csv(
        current_store().catalogue,
        place.stored,
        rows,
        _workbook_place(place, names),
        names,
        _form(place),
        translate=translated,
    )
    return csv_answer(chunks, f"{_file_name(place, names)}.csv")


def template_xlsx(call: Call, table: str) -> Response:
    """The empty template of the table for one period and department."""
    place = place_of(call, table)
    names = department_names(current_session())
    content = make_template(
        current_store().catalogue,
        place.stored.spec,
        _workbook_place(place, names),
        translate=translated,
        now=local_time(),
    )
    response = Response(content, mimetype=XLSX)
    title = _("Template")
    response.headers["Content-Disposition"] = disposition(
        f"{_file_name(place, names)} {title}.xlsx"
    )
    return response


def import_file(call: Call, table: str) -> Json:
    """Read a workbook and write its rows, or only show what would become of them."""
    place, department = place_of_writing(call, table)
    file = call.files["file"]
    mode = call.query.get("mode", ImportMode.UPSERT.value)
    upload = KeptUpload(
        file.filename or "", place.period.code, department, mode, content=file.read()
    )
    result = import_upload(
        table,
        upload,
        dry_run=call.query.get("dry_run", False),
        partial=call.query.get("partial", False),
        digest=call.body.get("digest"),
    )
    has_errors = any(finding.severity is Severity.ERROR for finding in result.findings)
    marked = keep_upload(table, upload) if has_errors else None
    return _import_shape(result, place, marked)


def consolidation_xlsx(_call: Call, year: str) -> Response:
    """The workbook of the whole college for a locked collection year."""
    cycle = find_cycle(year, with_history=True)
    tables = consolidated_tables(
        current_session(), current_store(), current_actor(), cycle, with_rows=True
    )
    title = _("Consolidated data of %(year)s", year=cycle.academic_year)
    file = consolidation_workbook(
        current_store().catalogue,
        title,
        tables,
        unmasked=False,
        translate=translated,
        now=local_time(),
    )
    return download(file, f"{title}.xlsx")


def _place_of_export(call: Call, table: str) -> tuple[Place, dict[str, str]]:
    place = place_of(call, table)
    refusal = why_not_read(current_actor(), place.stored, "export")
    if refusal is not None:
        raise Refused(refusal)
    return place, department_names(current_session())


def _form(place: Place) -> ExportForm:
    """Personal fields leave the platform masked, besides what is masked for the caller's roles."""
    return ExportForm(masks=masked_by_roles(current_actor(), place.stored, "export"))


def _workbook_place(place: Place, names: dict[str, str]) -> WorkbookPlace:
    department = place.department or ""
    return WorkbookPlace(place.period, department, names.get(department, ""))


def _file_name(place: Place, names: dict[str, str]) -> str:
    parts = [place.stored.spec.title, place.period.code, names.get(place.department or "", "")]
    return " ".join(part for part in parts if part)


def _import_shape(result: ImportResult, place: Place, error_workbook: str | None) -> Json:
    spec = place.stored.spec
    return {
        "created": result.created,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "rejected": result.rejected,
        "incomplete": result.incomplete,
        "written": result.written,
        "digest": result.digest,
        "error_workbook": error_workbook,
        "labels": {field.code: field.label for field in spec.fields},
        "findings": [
            {
                "row": finding.row,
                "column": finding.column,
                "field": finding.field,
                "label": finding.label,
                "rule": finding.rule,
                "severity": finding.severity.value,
                "message": translated(finding.message),
                "value": finding.value,
            }
            for finding in result.findings
        ],
        "rows_preview": [
            {
                "row": row.row,
                "outcome": row.outcome,
                "values": {code: plain(value) for code, value in row.values.items()},
                "changes": {
                    code: [plain(before), plain(row.values.get(code))]
                    for code, before in row.before.items()
                },
            }
            for row in result.preview
        ],
    }
