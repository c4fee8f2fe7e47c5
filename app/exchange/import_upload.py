"""An uploaded file: imported for whoever sent it, kept for a day, and what is answered about it.

Requests and jobs do the same by these functions, so both give the same answer.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.kept_answer import keep
from app.catalogue.base_table import TableSpec
from app.domain.finding import Severity
from app.domain.message import Message, Refused
from app.exchange.base_table import import_rows
from app.exchange.import_result import ImportFinding, ImportResult, PreviewRow
from app.exchange.layout import Layout, Misfit, WantedLayout
from app.exchange.uploaded_file import ImportMode
from app.models.base_table import Store
from app.models.base_table_rows import plain

# A kept file goes into one row of the database and one packet on the way to it.
LARGEST_KEPT = 8 * 1024 * 1024
# Of one person at once, whatever the tables.
MOST_KEPT = 5
KIND = "import"
# What a job is told of its file beside the content.
UPLOAD_WORDS = ("file_name", "period", "department", "mode", "mapping")


def unpacked_size(content: bytes) -> int:
    """How many bytes there are to read, without reading them: a workbook is a packed file."""
    try:
        with ZipFile(BytesIO(content)) as package:
            return sum(entry.file_size for entry in package.infolist())
    except (BadZipFile, ValueError, OSError):
        return len(content)


@dataclass(frozen=True)
class KeptUpload:
    """A file with everything that decides what importing it would do.

    ``mapping`` is JSON, empty where the columns are found by their headings.
    """

    file_name: str
    period: str
    department: str
    mode: str
    content: bytes
    mapping: str = ""


def upload_of_job(told: Mapping[str, Any], content: bytes) -> KeptUpload:
    """The file that a job was asked to import."""
    return KeptUpload(**{word: told[word] for word in UPLOAD_WORDS}, content=content)


def import_upload(
    session: Session,
    store: Store,
    table: str,
    upload: KeptUpload,
    *,
    by: Actor,
    now: datetime,
    **how: Any,
) -> ImportResult:
    """Carry the file's rows out, or show what would happen; ``how`` as ``import_rows`` has it."""
    return import_rows(
        session,
        store,
        table,
        upload.content,
        upload.file_name,
        by=by,
        now=now,
        period=upload.period,
        department=upload.department,
        mode=ImportMode(upload.mode),
        layout=_wanted_layout(upload.mapping),
        **how,
    )


def _wanted_layout(mapping: str) -> WantedLayout:
    """What the JSON says, which was checked when it came."""
    told = json.loads(mapping) if mapping else {}
    columns = told.get("columns", {})
    return WantedLayout(told.get("sheet"), told.get("heading_row"), columns)


def keep_upload(
    session: Session,
    table: str,
    upload: KeptUpload,
    result: ImportResult,
    *,
    by: Actor,
    now: datetime,
    persistently: Callable[[Callable[[], str]], str] = lambda act: act(),
) -> str | None:
    """Keep a file with errors for its sender; the address of its marked copy.

    None for one without errors, and for a very large one.
    """
    has_errors = any(finding.severity is Severity.ERROR for finding in result.findings)
    if not has_errors or len(upload.content) > LARGEST_KEPT:
        return None
    head = {"table": table, "file_name": upload.file_name, "period": upload.period}
    head |= {"department": upload.department, "mode": upload.mode, "mapping": upload.mapping}
    content = json.dumps(head).encode() + b"\n" + upload.content
    # What was imported is done, whether its file can be kept or not.
    try:
        key = persistently(lambda: keep(session, KIND, content, by=by, now=now, most=MOST_KEPT))
    except (Refused, DBAPIError):
        session.rollback()
        return None
    return f"/api/v1/data/{table}/imports/{key}/errors.xlsx"


def import_shape(
    result: ImportResult,
    spec: TableSpec,
    error_workbook: str | None,
    translate: Callable[[Message], str],
) -> dict[str, Any]:
    """The answer to an import or its trial, as JSON has it."""
    return {
        "created": result.created,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "rejected": result.rejected,
        "incomplete": result.incomplete,
        "written": result.written,
        "digest": result.digest,
        "error_workbook": error_workbook,
        "labels": _labels(spec),
        "layout": layout_shape(result.layout),
        "findings": [_finding_shape(finding, translate) for finding in result.findings],
        "rows_preview": [_row_shape(row) for row in result.preview],
        "tidied_count": result.tidied_count,
        "tidied": [
            {
                "row": cell.row,
                "column": cell.column,
                "label": cell.label,
                "before": cell.before,
                "after": cell.after,
            }
            for cell in result.tidied
        ],
    }


def misfit_shape(
    misfit: Misfit, spec: TableSpec, translate: Callable[[Message], str]
) -> dict[str, Any]:
    """What is told of a file whose columns have to be matched first."""
    return {
        "details": [translate(detail) for detail in misfit.details],
        "layout": layout_shape(misfit.layout),
        "labels": _labels(spec),
    }


def layout_shape(layout: Layout) -> dict[str, Any]:
    """The layout as JSON; sending its columns as ``mapping`` reads the file the same way."""
    return {
        "sheets": list(layout.sheets),
        "sheet": layout.sheet,
        "heading_row": layout.heading_row,
        "keys": list(layout.keys),
        "columns": [
            {
                "column": column.column,
                "heading": column.heading,
                "field": column.field,
                "how": column.how.value,
                "sample": list(column.sample),
                "open": column.is_open,
            }
            for column in layout.columns
        ],
        "skipped": [
            {"row": skipped.row, "kind": skipped.kind.value, "text": skipped.text}
            for skipped in layout.skipped
        ],
    }


def _labels(spec: TableSpec) -> dict[str, str]:
    """Field code → label, in the printed order."""
    return {field.code: field.label for field in spec.fields}


def _finding_shape(finding: ImportFinding, translate: Callable[[Message], str]) -> dict[str, Any]:
    return {
        "row": finding.row,
        "column": finding.column,
        "field": finding.field,
        "label": finding.label,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": translate(finding.message),
        "value": finding.value,
    }


def _row_shape(row: PreviewRow) -> dict[str, Any]:
    return {
        "row": row.row,
        "outcome": row.outcome,
        "values": {code: plain(value) for code, value in row.values.items()},
        "changes": {
            code: [plain(before), plain(row.values.get(code))]
            for code, before in row.before.items()
        },
    }
