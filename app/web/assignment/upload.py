"""The assignments as a workbook: sent out, taken back, shown before anything is saved."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.assignment import why_not_assign, why_not_assign_in
from app.actions.assignment_change import Change
from app.domain.assignment import AssignmentKind
from app.domain.message import Message, Reason, Refused
from app.exchange.assignment import assignment_workbook
from app.exchange.assignment_file import Preview, preview_assignments
from app.models.audit_log import LONGEST_REASON
from app.reports.assignment_plan import AssignmentPage
from app.web.api.download import disposition
from app.web.api.endpoint import XLSX
from app.web.assignment.choice import Choices, decoded, encoded
from app.web.assignment.page import read_year
from app.web.assignment.save import version_sent
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.cycle.labels import year_text
from app.web.errors import STATUSES
from app.web.kept_answer import KEPT, begin_again, kept_value, show_next
from app.web.translation import translated


def download_answer(page: AssignmentPage) -> Response:
    """The workbook of a year, for everybody who may see its assignments."""
    content = assignment_workbook(
        page.cycle.academic_year,
        page.lines,
        page.departments,
        day=local_time().date(),
        translate=translated,
        now=local_time(),
    )
    response = Response(content, mimetype=XLSX)
    name = f"{_('Assignments')} {year_text(page.cycle.academic_year)}.xlsx"
    response.headers["Content-Disposition"] = disposition(name)
    return response


def upload_answer(number: int) -> ResponseReturnValue:
    """Read the file that was sent and show what it would change."""
    page = read_year(number)
    try:
        preview = _preview(page)
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return render_upload(page, refusal=refusal), STATUSES[refusal.reason]
    if preview.faults:
        return render_upload(page, preview), STATUSES[Reason.INVALID]
    kept = {
        "version": version_sent(),
        "changes": [
            [change.after.table, encoded(change.before), encoded(change.after)]
            for change in preview.changes
        ],
        "rows": dict(preview.rows),
    }
    return show_next(kind_of(number), kept, "AssignmentView.upload", number=number)


def upload_page(number: int) -> ResponseReturnValue:
    """Where a workbook is sent from, with what the last one would change."""
    page, refusal = read_year(number), why_not_assign(current_actor())
    if refusal is not None:
        raise Refused(refusal)
    if KEPT not in request.args:
        return render_upload(page)
    kept = kept_value(kind_of(number))
    if kept is None:
        return begin_again("AssignmentView.upload", number=number)
    changes = [
        Change(decoded(table, before), decoded(table, after))
        for table, before, after in kept["changes"]
    ]
    return render_upload(page, Preview(changes, [], kept["rows"]), version=kept["version"])


def kind_of(number: int) -> str:
    """The kind of what is kept for the preview of a year."""
    return f"assignments:{number}"


def _preview(page: AssignmentPage) -> Preview:
    file = request.files.get("file")
    refusal = why_not_assign_in(current_actor(), page.cycle)
    if refusal is None and (file is None or not file.filename):
        raise Refused(Message("Choose the Excel file first."), Reason.INVALID)
    return preview_assignments(
        current_session(),
        current_store(),
        page.cycle.id,
        page.cycle.academic_year,
        file.read() if file is not None else b"",
        (file.filename if file is not None else None) or "",
        version=version_sent(),
        translate=translated,
        by=current_actor(),
        now=local_time(),
    )


def render_upload(
    page: AssignmentPage,
    preview: Preview | None = None,
    refusal: Refused | None = None,
    version: int | None = None,
) -> str:
    """The page a file is sent from, with what became of the last one.

    ``version`` is that of the year as the preview was made: what changed since is noticed.
    """
    return render_template(
        "assignment/upload.html",
        page=page,
        preview=preview,
        version=page.cycle.version if version is None else version,
        refusal=refusal,
        titles={line.spec.identifier: line.spec.title for line in page.lines},
        choices=Choices(page.departments, local_time().date()),
        encoded=encoded,
        kinds=AssignmentKind,
        longest=LONGEST_REASON,
    )
