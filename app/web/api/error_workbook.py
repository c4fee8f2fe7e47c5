"""The file of an import, kept for a day, so that it can be had back with its errors marked."""

import json
from dataclasses import dataclass

from flask import Response
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from app.actions.kept_answer import keep
from app.domain.message import Message, Reason, Refused
from app.exchange.base_table import import_rows
from app.exchange.error_workbook import error_workbook
from app.exchange.import_result import ImportFinding, ImportResult
from app.exchange.marking import CellFault
from app.exchange.uploaded_file import ImportMode
from app.reports.kept_answer import kept_content
from app.web.api.download import disposition
from app.web.api.endpoint import XLSX, Call
from app.web.api.layout import wanted_layout
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.retry import persistently
from app.web.translation import translated

# A kept file goes into one row of the database and one packet on the way to it.
LARGEST_KEPT = 8 * 1024 * 1024
# Of one person at once, whatever the tables.
MOST_KEPT = 5
KIND = "import"


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


def keep_upload(table: str, upload: KeptUpload) -> str | None:
    """Keep the file for its sender; the address of its marked copy, None for a very large one."""
    if len(upload.content) > LARGEST_KEPT:
        return None
    head = {"table": table, "file_name": upload.file_name, "period": upload.period}
    head |= {"department": upload.department, "mode": upload.mode, "mapping": upload.mapping}
    content = json.dumps(head).encode() + b"\n" + upload.content
    session, by, now = current_session(), current_actor(), current_time()
    # What was imported is done, whether its file can be kept or not.
    try:
        key = persistently(lambda: keep(session, KIND, content, by=by, now=now, most=MOST_KEPT))
    except (Refused, DBAPIError):
        session.rollback()
        return None
    return f"/api/v1/data/{table}/imports/{key}/errors.xlsx"


def import_upload(
    table: str,
    upload: KeptUpload,
    *,
    dry_run: bool = True,
    partial: bool = False,
    digest: str | None = None,
) -> ImportResult:
    """Carry the file's rows out for whoever asks now, or show what would happen."""
    return import_rows(
        current_session(),
        current_store(),
        table,
        upload.content,
        upload.file_name,
        by=current_actor(),
        now=current_time(),
        period=upload.period,
        department=upload.department,
        mode=ImportMode(upload.mode),
        dry_run=dry_run,
        partial=partial,
        digest=digest,
        layout=wanted_layout(upload.mapping),
    )


def error_workbook_xlsx(_call: Call, table: str, key: str) -> Response:
    """The file of an import with what is wrong with it today marked in its cells."""
    upload = _kept(table, key)
    result = import_upload(table, upload)
    faults = [_fault(finding) for finding in result.findings]
    marked = error_workbook(upload.content, upload.file_name, result.sheet, faults, translated)
    response = Response(marked, mimetype=XLSX)
    stem = upload.file_name.rpartition(".")[0] or upload.file_name
    ending = _("with errors marked")
    response.headers["Content-Disposition"] = disposition(f"{stem} {ending}.xlsx")
    return response


def _kept(table: str, key: str) -> KeptUpload:
    kept = kept_content(current_session(), KIND, key, current_actor())
    head, _newline, content = (kept or b"{}").partition(b"\n")
    told = json.loads(head)
    if told.pop("table", None) != table:
        raise Refused(
            Message("This file is not kept any more. Choose it once more on the import page."),
            Reason.NOT_FOUND,
        )
    return KeptUpload(**told, content=content)


def _fault(finding: ImportFinding) -> CellFault:
    return CellFault(
        row=finding.row or 1,
        column=finding.column or "",
        field=finding.label or "",
        value=finding.value or "",
        message=translated(finding.message),
    )
