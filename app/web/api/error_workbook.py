"""The file of an import, kept for a day, so that it can be had back with its errors marked."""

import json

from flask import Response
from flask_babel import gettext as _

from app.domain.message import Message, Reason, Refused
from app.exchange.error_workbook import error_workbook
from app.exchange.import_result import ImportFinding
from app.exchange.import_upload import KIND, KeptUpload, import_upload
from app.exchange.marking import CellFault
from app.reports.kept_answer import kept_content
from app.web.api.download import disposition
from app.web.api.endpoint import XLSX, Call
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.translation import translated


def error_workbook_xlsx(_call: Call, table: str, key: str) -> Response:
    """The file of an import with what is wrong with it today marked in its cells."""
    upload = _kept(table, key)
    result = import_upload(
        current_session(),
        current_store(),
        table,
        upload,
        by=current_actor(),
        now=current_time(),
    )
    faults = [_fault(finding) for finding in result.findings]
    marked = error_workbook(
        upload.content,
        upload.file_name,
        result.sheet,
        faults,
        translated,
        cell_count=result.cell_count,
    )
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
