"""``/releases/``: accepted data for functional departments (第十二条)."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.release import why_not_release
from app.actions.export import Export, log_export
from app.actions.release import ReleaseDraft, note_download, release_data, withdraw_release
from app.domain.cycle import CycleStatus
from app.domain.department import DepartmentKind
from app.domain.message import Message, Reason, Refused
from app.exchange.consolidation import consolidation_workbook
from app.models.assignment_plan import all_departments
from app.models.cycle import Cycle
from app.models.release import LONGEST_PURPOSE
from app.reports.cycle import collected_cycles
from app.reports.release import list_releases, read_released
from app.web.addresses import NUMBER
from app.web.api.download import download
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.cycle.labels import year_text
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number
from app.web.labels import label
from app.web.retry import persistently
from app.web.translation import translated

USUAL_SPAN = timedelta(days=30)


class ReleaseView(PageView):
    """The list of releases with its log, the form of the office, the workbook of a release."""

    route_base = "/releases"
    default_view = "releases"

    @expose("/")
    def releases(self) -> ResponseReturnValue:
        """What was released to the reader's departments; to the office all of it, with its log."""
        return _page()

    @expose("/add", methods=["POST"])
    def add(self) -> ResponseReturnValue:
        """Release a table of a year to a department; a refused form is shown again as typed."""
        try:
            draft = _draft(request.form)
            place = (current_session(), current_store(), draft)
            release_data(*place, by=current_actor(), now=local_time())
        except Refused as refusal:
            if refusal.reason is Reason.FORBIDDEN:
                raise
            return _page(request.form, refusal), STATUSES[refusal.reason]
        flash(_("The data are released; the department finds them on its own page."), "success")
        return redirect(url_for("ReleaseView.releases"), 303)

    @expose(f"/{NUMBER}/withdraw", methods=["POST"])
    def withdraw(self, number: int) -> ResponseReturnValue:
        """Take a release back."""
        version = whole_number(request.form.get("version", ""))
        place = (current_session(), number, version, request.form.get("reason"))
        try:
            withdraw_release(*place, by=current_actor(), now=current_time())
        except Refused as refusal:
            if refusal.reason in {Reason.FORBIDDEN, Reason.NOT_FOUND}:
                raise
            return _page(None, refusal), STATUSES[refusal.reason]
        flash(
            _("The release is withdrawn; what was downloaded before stays in the log."), "success"
        )
        return redirect(url_for("ReleaseView.releases"), 303)

    @expose(f"/{NUMBER}/workbook.xlsx")
    def workbook(self, number: int) -> Response:
        """The released rows, personal fields masked; who takes them along is noted before."""
        session, by, now = current_session(), current_actor(), current_time()
        found = read_released(session, current_store(), by, number, now=now)
        table, rows = found.table, found.table.row_count
        chosen = {"kind": "xlsx", "release": number, "period": table.period.code}
        export = Export(
            f"table:{table.spec.identifier}",
            rows,
            is_masked=True,
            department=found.release.department_code,
            purpose=found.release.purpose,
            chosen=chosen,
        )
        persistently(lambda: note_download(session, number, rows, by=by, now=now))
        persistently(lambda: log_export(session, export, by=by, now=now))
        title = f"{table.spec.title} {year_text(found.cycle.academic_year)} {label(found.reading)}"
        file = consolidation_workbook(
            *(current_store().catalogue, title, [table]),
            unmasked=False,
            translate=translated,
            now=local_time(),
        )
        return download(file, f"{title}.xlsx")


def _draft(typed: Mapping[str, str]) -> ReleaseDraft:
    until = typed.get("until", "").strip()[:32]
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError as error:
        message = Message("The due date has to be a day like 2026-10-15.")
        raise Refused(message, Reason.INVALID) from error
    return ReleaseDraft(
        whole_number(typed.get("cycle", "")),
        typed.get("table", "")[:64],
        typed.get("department", "")[:16],
        typed.get("purpose", ""),
        day,
    )


def _page(typed: Mapping[str, str] | None = None, refusal: Refused | None = None) -> str:
    session, actor, now = current_session(), current_actor(), current_time()
    lines = list_releases(session, current_store(), actor, now=now)
    releases = why_not_release(actor) is None
    offices = [
        department
        for department in (all_departments(session).values() if releases else ())
        if department.kind is DepartmentKind.OFFICE and department.is_active_on(local_time().date())
    ]
    return render_template(
        "release/list.html",
        lines=lines,
        releases=releases,
        cycles=_open_cycles() if releases else (),
        tables=current_catalogue().reported.values() if releases else (),
        offices=offices,
        typed=typed or {},
        refusal=refusal,
        longest=LONGEST_PURPOSE,
        today=f"{local_time():%Y-%m-%d}",
        usual_end=f"{local_time() + USUAL_SPAN:%Y-%m-%d}",
    )


def _open_cycles() -> list[Cycle]:
    """The years of which data can be released: in those in preparation nothing is accepted."""
    found = collected_cycles(current_session())
    return [cycle for cycle in found if cycle.status is not CycleStatus.PREPARING]
