"""Files over the API: templates, imports, the whole college's workbook."""

from dataclasses import replace

from flask import Response
from flask_babel import gettext as _

from app.actions.export import Export, log_export
from app.domain.finding import Severity
from app.exchange.consolidation import consolidation_workbook
from app.exchange.import_result import ImportResult
from app.exchange.layout import Misfit
from app.exchange.template import make_template
from app.exchange.template_identity import Place as WorkbookPlace
from app.exchange.uploaded_file import ImportMode
from app.models.base_table_rows import plain
from app.reports.assignment import department_names
from app.reports.consolidation import consolidated_tables
from app.reports.place import Place
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import place_of_writing
from app.web.api.cycle import find_cycle
from app.web.api.download import disposition, download, place_name
from app.web.api.endpoint import XLSX, Call
from app.web.api.error_workbook import KeptUpload, import_upload, keep_upload
from app.web.api.layout import layout_shape, misfit_answer
from app.web.api.shapes import Json
from app.web.current import (
    current_actor,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.retry import persistently
from app.web.translation import translated


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


def import_file(call: Call, table: str) -> Json | Response:
    """Read a workbook and write its rows, or only show what would become of them."""
    place, department = place_of_writing(call, table)
    file = call.files["file"]
    mode = call.query.get("mode", ImportMode.UPSERT.value)
    upload = KeptUpload(
        file.filename or "", place.period.code, department, mode, content=file.read()
    )
    upload = replace(upload, mapping=call.body.get("mapping", ""))
    try:
        result = import_upload(
            table,
            upload,
            dry_run=call.query.get("dry_run", False),
            partial=call.query.get("partial", False),
            digest=call.body.get("digest"),
        )
    except Misfit as misfit:
        return misfit_answer(misfit, _labels(place))
    has_errors = any(finding.severity is Severity.ERROR for finding in result.findings)
    marked = keep_upload(table, upload) if has_errors else None
    return _import_shape(result, place, marked)


def consolidation_xlsx(_call: Call, year: str) -> Response:
    """The workbook of the whole college for a locked collection year."""
    cycle = find_cycle(year)
    tables = consolidated_tables(
        current_session(), current_store(), current_actor(), cycle, with_rows=True
    )
    export = Export(f"cycle:{cycle.academic_year}", None, is_masked=True, chosen={"kind": "xlsx"})
    by, now = current_actor(), current_time()
    persistently(lambda: log_export(current_session(), export, by=by, now=now))
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


def _workbook_place(place: Place, names: dict[str, str]) -> WorkbookPlace:
    department = place.department or ""
    return WorkbookPlace(place.period, department, names.get(department, ""))


def _file_name(place: Place, names: dict[str, str]) -> str:
    return place_name(place.stored.spec.title, place.period.code, place.department, names)


def _labels(place: Place) -> dict[str, str]:
    """Field code → label, in the printed order."""
    return {field.code: field.label for field in place.stored.spec.fields}


def _import_shape(result: ImportResult, place: Place, error_workbook: str | None) -> Json:
    return {
        "created": result.created,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "rejected": result.rejected,
        "incomplete": result.incomplete,
        "written": result.written,
        "digest": result.digest,
        "error_workbook": error_workbook,
        "labels": _labels(place),
        "layout": layout_shape(result.layout),
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
