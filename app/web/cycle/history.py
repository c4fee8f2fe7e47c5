"""The pages of former data: making a year, bringing old workbooks in."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.policies import why_not_prepare_cycle
from app.actions.history import add_history_year
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import AcademicYear
from app.exchange.history import HistoryImport, import_history
from app.models.assignment_plan import all_departments
from app.models.cycle import Cycle
from app.reports.history import history_lines, history_year
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    local_time,
)
from app.web.cycle.labels import year_text
from app.web.errors import STATUSES
from app.web.translation import translated

LONGEST_CODE = 64
FAULTS_SHOWN = 200


def make_history() -> ResponseReturnValue:
    """Make the year and lead to its page; a refusal is told on the list of years."""
    refuse(why_not_prepare_cycle(current_actor()))
    try:
        cycle = _add(request.form.get("year", "").strip())
    except Refused as refusal:
        if refusal.reason is Reason.FORBIDDEN:
            raise
        flash(translated(refusal.message), "danger")
        return redirect(url_for("CycleView.cycles"), 303)
    year = year_text(cycle.academic_year)
    flash(_("%(year)s is made. Bring its workbooks in, table by table.", year=year), "success")
    return redirect(url_for("CycleView.former", number=cycle.id), 303)


def _add(text: str) -> Cycle:
    try:
        year = AcademicYear.parse(text)
    except ValueError as error:
        raise Refused(
            Message("The academic year has to be written like 2026-2027."), Reason.INVALID
        ) from error
    return add_history_year(current_session(), year, by=current_actor(), now=local_time())


def history_page(number: int) -> ResponseReturnValue:
    """What the year holds, and the form for another workbook."""
    return _page(history_year(current_session(), current_actor(), number))


def import_answer(number: int) -> ResponseReturnValue:
    """Check the workbook, or bring it in; the page tells what became of it."""
    session, actor = current_session(), current_actor()
    cycle = history_year(session, actor, number)
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(Message("Choose the Excel file first."), Reason.INVALID)
        result = import_history(
            session,
            current_store(),
            cycle,
            _chosen("table") or "",
            file.read(),
            file.filename,
            by=actor,
            now=local_time(),
            department=_chosen("department"),
            leaves_out=bool(request.form.get("leaves_out")),
            dry_run=request.form.get("act") != "import",
        )
    except Refused as refusal:
        if refusal.reason in {Reason.FORBIDDEN, Reason.NOT_FOUND}:
            raise
        return _page(cycle, refusal=refusal), STATUSES[refusal.reason]
    return _page(cycle, result)


def _page(cycle: Cycle, result: HistoryImport | None = None, refusal: Refused | None = None) -> str:
    session = current_session()
    return render_template(
        "cycle/history.html",
        cycle=cycle,
        lines=history_lines(session, current_store(), cycle),
        tables=current_catalogue().tables.values(),
        departments=all_departments(session).values(),
        result=result,
        asked_to_write=request.form.get("act") == "import",
        most=FAULTS_SHOWN,
        refusal=refusal,
        chosen_table=_chosen("table"),
        chosen_department=_chosen("department"),
    )


def _chosen(name: str) -> str | None:
    return request.form.get(name, "").strip()[:LONGEST_CODE] or None
