"""``/preparation/``: the work plan of a year, its phases, and what it lacks (第七条—第九条)."""

from collections.abc import Callable

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.work_plan import why_not_read_preparation
from app.actions.appointment_confirmation import confirm_appointments
from app.actions.work_plan import PlanDraft, save_plan, set_phases
from app.domain.message import Refused, refuse
from app.domain.work_plan import LAST_PHASE, LONGEST_PLAN, Phase
from app.models.cycle import Cycle
from app.reports.appointment_confirmation import offices_of
from app.reports.assignment_plan import choose_year
from app.reports.cycle import collected_cycles
from app.reports.preparation import read_plan_file, read_preparation
from app.web.addresses import NUMBER
from app.web.attached_file import file_answer, sent_file
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    local_time,
)
from app.web.cycle.rehearsal import may_rehearse
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number
from app.web.posted import answer_posted
from app.web.preparation.form import read_held, read_phases


class PreparationView(PageView):
    """The page of a year and the forms on it."""

    route_base = "/preparation"
    default_view = "preparation"

    @expose("/")
    def preparation(self) -> ResponseReturnValue:
        """The year in preparation, or the one that was asked for."""
        return _page(request.args.get("cycle"))

    @expose(f"/{NUMBER}/plan", methods=["POST"])
    def plan(self, number: int) -> ResponseReturnValue:
        """Keep the draft of the plan, or publish it."""
        return _answer(number, lambda: _save_plan(number))

    @expose(f"/{NUMBER}/phases", methods=["POST"])
    def phases(self, number: int) -> ResponseReturnValue:
        """Set the days of the three phases."""
        return _answer(number, lambda: _set_phases(number))

    @expose(f"/{NUMBER}/appointments", methods=["POST"])
    def appointments(self, number: int) -> ResponseReturnValue:
        """Confirm for the year that those chosen stay in office."""
        return _answer(number, lambda: _confirm(number))

    @expose(f"/files/{NUMBER}")
    def file(self, number: int) -> ResponseReturnValue:
        """The file of a plan, to be saved."""
        return file_answer(read_plan_file(current_session(), current_actor(), number))


def _answer(number: int, act: Callable[[], str]) -> ResponseReturnValue:
    """Do it and lead back; a refusal shows the page with everything that was typed."""
    refuse(why_not_read_preparation(current_actor()))
    cycle = choose_year(collected_cycles(current_session()), number)
    year = cycle.academic_year if cycle else None
    address = url_for("PreparationView.preparation", cycle=year)
    return answer_posted(act, lambda refusal: _page(number, refusal), address)


def _save_plan(number: int) -> str:
    publishes = request.form.get("act") == "publish"
    draft = PlanDraft(
        request.form.get("text", "").replace("\r\n", "\n"),
        whole_number(request.form.get("version", "")),
        whole_number(request.form.get("published", "")),
        sent_file(),
        publishes,
    )
    plan = save_plan(current_session(), number, draft, by=current_actor(), now=local_time())
    if publishes:
        return str(_("Version %(number)s of the work plan is published.", number=plan.number))
    return str(_("The draft is kept. Nobody else sees it before it is published."))


def _set_phases(number: int) -> str:
    cycle = choose_year(collected_cycles(current_session()), number)
    if cycle is None:
        abort(404)
    days = read_phases(request.form, cycle.year)
    version = whole_number(request.form.get("version", ""))
    by, now = current_actor(), local_time()
    session, store = current_session(), current_store()
    set_phases(session, store, number, days, version=version, by=by, now=now)
    if not days:
        return str(_("The phases are taken away; everything is due with the year."))
    return str(_("The phases are set; every table is due with its phase."))


def _confirm(number: int) -> str:
    chosen = read_held(request.form.getlist("held"))
    session, by, now = current_session(), current_actor(), local_time()
    count = confirm_appointments(session, number, chosen, by=by, now=now)
    return str(_("%(count)s appointments are confirmed for the year.", count=count))


def _page(wanted: str | int | None, refusal: Refused | None = None) -> str:
    session, actor = current_session(), current_actor()
    refuse(why_not_read_preparation(actor))
    cycles = collected_cycles(session)
    cycle = choose_year(cycles, wanted)
    offices = [] if cycle is None else offices_of(session, actor, cycle, local_time().date())
    return render_template(
        "preparation/page.html",
        cycle=cycle,
        cycles=cycles,
        page=None if cycle is None else _prepared(cycle),
        offices=offices,
        may_confirm=any(
            each.may_confirm for office in offices for own in office.held.values() for each in own
        ),
        typed=request.form,
        refusal=refusal,
        phase_words=list(Phase),
        last_phase=LAST_PHASE,
        longest_plan=LONGEST_PLAN,
        may_rehearse=may_rehearse,
        now=local_time(),
    )


def _prepared(cycle: Cycle) -> object:
    return read_preparation(
        current_session(), current_catalogue(), current_actor(), cycle, now=local_time()
    )
