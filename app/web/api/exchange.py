"""Files over the API: templates, exports, imports, the whole college's workbook."""

from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from flask import Response, send_file, stream_with_context
from flask_babel import gettext as _

from app.access.policies import why_not_read
from app.domain.message import Refused
from app.exchange.base_table import ImportMode, ImportResult, import_rows
from app.exchange.consolidation import consolidation_workbook
from app.exchange.export import ExportForm, export_csv, export_workbook
from app.exchange.template import make_template
from app.exchange.template_identity import Place as WorkbookPlace
from app.models.base_table_rows import plain
from app.reports.assignment import department_names
from app.reports.base_table import iterate_rows
from app.reports.consolidation import consolidated_tables
from app.reports.place import Place
from app.web.api.base_table import place_of
from app.web.api.base_table_rows import place_of_writing, rows_request
from app.web.api.cycle import find_cycle
from app.web.api.endpoint import CSV, XLSX, Call
from app.web.api.shapes import Json
from app.web.current import current_actor, current_session, current_store, current_time, local_time
from app.web.translation import translated

# Personal fields leave the platform masked: showing them is a right of its own.
FORM = ExportForm(unmasked=False)


def export_xlsx(call: Call, table: str) -> Response:
    """The rows in the caller's scope as a workbook, filtered like ``rows``."""
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
        FORM,
        translate=translated,
        now=local_time(),
    )
    return _download(file, f"{_file_name(place, names)}.xlsx")


def export_as_csv(call: Call, table: str) -> Response:
    """The same rows as CSV, sent while they are read."""
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
        FORM,
        translate=translated,
    )
    # The first lines are made before the answer begins: a refusal can still be one.
    first = next(chunks)
    response = Response(stream_with_context(_chained(first, chunks)), mimetype=CSV)
    response.headers["Content-Disposition"] = disposition(f"{_file_name(place, names)}.csv")
    return response


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
    upload = call.files["file"]
    result = import_rows(
        current_session(),
        current_store(),
        table,
        upload.read(),
        upload.filename or "",
        by=current_actor(),
        now=current_time(),
        period=place.period.code,
        department=department,
        mode=ImportMode(call.query.get("mode", ImportMode.UPSERT.value)),
        dry_run=call.query.get("dry_run", False),
        partial=call.query.get("partial", False),
        digest=call.body.get("digest"),
    )
    return _import_shape(result, place)


def consolidation_xlsx(_call: Call, year: str) -> Response:
    """The workbook of the whole college for a locked collection year."""
    cycle = find_cycle(year)
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
    return _download(file, f"{title}.xlsx")


def _place_of_export(call: Call, table: str) -> tuple[Place, dict[str, str]]:
    place = place_of(call, table)
    refusal = why_not_read(current_actor(), place.stored, "export")
    if refusal is not None:
        raise Refused(refusal)
    return place, department_names(current_session())


def _workbook_place(place: Place, names: dict[str, str]) -> WorkbookPlace:
    department = place.department or ""
    return WorkbookPlace(place.period, department, names.get(department, ""))


def _file_name(place: Place, names: dict[str, str]) -> str:
    parts = [place.stored.spec.title, place.period.code, names.get(place.department or "", "")]
    return " ".join(part for part in parts if part)


def _download(file: IO[bytes], name: str) -> Response:
    response = send_file(file, mimetype=XLSX)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def disposition(name: str) -> str:
    """The header that names a file in Chinese (RFC 6266, RFC 5987)."""
    clean = "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in name)
    plain_name = clean.encode("ascii", "ignore").decode().strip() or "file"
    return f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(clean, safe='')}"


def _chained(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _import_shape(result: ImportResult, place: Place) -> Json:
    spec = place.stored.spec
    return {
        "created": result.created,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "rejected": result.rejected,
        "written": result.written,
        "digest": result.digest,
        "error_workbook": None,
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
