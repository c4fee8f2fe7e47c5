"""``/cycles/``: the collection years and their steps (第七条—第九条, 第十二条)."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.policies import why_not_cycle_step, why_not_prepare_cycle
from app.access.roles import ASSIGNMENT, CYCLE
from app.actions.cycle import CycleRequest, prepare_assigned_cycle, take_cycle_step
from app.catalogue.revision import pack_catalogue
from app.domain.cycle import CycleStatus, CycleStep, CycleVerb, cycle_steps_from
from app.domain.message import Message, Reason, Refused
from app.domain.period import AcademicYear
from app.models.assignment_plan import plans_of, unassigned_in
from app.models.audit_log import LONGEST_REASON
from app.models.cycle import Cycle
from app.reports.cycle import all_cycles
from app.reports.request import locking_of, open_unlockings
from app.reports.workbench import Progress, counts_by_cycle, sees_whole_college
from app.web.addresses import NUMBER
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.cycle.history import history_page, import_answer, make_history
from app.web.cycle.labels import year_text
from app.web.cycle.opening import open_in_background, opening_shown, opens_in_background
from app.web.cycle.rehearsal import may_rehearse, rehearsal_page
from app.web.cycle.step_form import CycleForm, read_form
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.labels import label

# The usual time from opening a year to its due date.
USUAL_SPAN = timedelta(days=45)
HOME = "/cycles/"


class CycleView(PageView):
    """The list of years, their steps and the preparation of the next year."""

    route_base = "/cycles"
    default_view = "cycles"

    @expose("/")
    def cycles(self) -> ResponseReturnValue:
        """Every year with where it stands and what can be done with it."""
        return _page()

    @expose(f"/{NUMBER}/<verb>", methods=["POST"])
    def step(self, number: int, verb: str) -> ResponseReturnValue:
        """Take a step of a year; a refused one shows the page again with everything typed."""
        if verb not in set(CycleVerb):
            abort(404)
        form = read_form(request.form, number, CycleVerb(verb))
        return _answer(form, lambda: _take(form))

    @expose("/history", methods=["POST"])
    def history(self) -> ResponseReturnValue:
        """Make a past year that holds former data."""
        return make_history()

    @expose(f"/{NUMBER}/history", methods=["GET", "POST"])
    def former(self, number: int) -> ResponseReturnValue:
        """The former data of a year; on POST a workbook is checked or brought in."""
        return import_answer(number) if request.method == "POST" else history_page(number)

    @expose(f"/{NUMBER}/rehearsal")
    def rehearsal(self, number: int) -> ResponseReturnValue:
        """What would go wrong in the year."""
        return rehearsal_page(number)

    @expose("/prepare", methods=["POST"])
    def prepare(self) -> ResponseReturnValue:
        """Set up the next year with last year's assignments."""
        form = read_form(request.form)
        return _answer(form, lambda: _prepare(form))


def _answer(form: CycleForm, act: Callable[[], str]) -> ResponseReturnValue:
    try:
        done = act()
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return _page(form, refusal), STATUSES[refusal.reason]
    flash(done, "success")
    return redirect(HOME)


def _take(form: CycleForm) -> str:
    if form.cycle_id is None or form.verb is None:
        abort(404)
    revision = b""
    if form.verb is CycleVerb.OPEN:
        cycle = current_session().get(Cycle, form.cycle_id)
        if cycle is not None and opens_in_background(cycle):
            return open_in_background(cycle, form.version)
        revision = pack_catalogue(current_app.config["STATEDATA_CATALOGUE"])
    asked = CycleRequest(
        form.verb, form.version, form.reason, due_at=form.due_at, revision=revision
    )
    cycle = take_cycle_step(
        current_session(),
        current_store(),
        form.cycle_id,
        asked,
        by=current_actor(),
        # The day of the college decides who is in office.
        now=local_time(),
    )
    if form.verb is CycleVerb.LOCK and cycle.status is CycleStatus.CLOSED:
        year = year_text(cycle.academic_year)
        return str(_("Locking %(year)s is asked for; a second person confirms it.", year=year))
    return str(
        _(
            "%(verb)s: done. %(year)s is now “%(status)s”.",
            verb=label(form.verb),
            year=year_text(cycle.academic_year),
            status=label(cycle.status),
        )
    )


def _prepare(form: CycleForm) -> str:
    try:
        year = AcademicYear.parse(form.year)
    except ValueError as error:
        raise Refused(
            Message("The academic year has to be written like 2026-2027."), Reason.INVALID
        ) from error
    cycle = prepare_assigned_cycle(
        current_session(),
        current_store(),
        year,
        due_at=form.due_at,
        by=current_actor(),
        now=local_time(),
    )
    told = year_text(cycle.academic_year)
    done = _("%(year)s is prepared. Open it when everything is in place.", year=told)
    missing = len(unassigned_in(current_catalogue(), plans_of(current_session(), cycle)))
    if missing:
        done += _(" %(count)s tables have no department; see the assignments.", count=missing)
    return str(done)


def _page(typed: CycleForm | None = None, refusal: Refused | None = None) -> str:
    actor, session = current_actor(), current_session()
    if not actor.may("read", CYCLE):
        raise Refused(Message("You have no right to view the collection years."))
    everything = all_cycles(session)
    cycles = [cycle for cycle in everything if not cycle.is_history]
    counts = counts_by_cycle(session) if sees_whole_college(actor) else {}
    return render_template(
        "cycle/list.html",
        years=[(cycle, *_steps_of(cycle)) for cycle in cycles],
        former=[cycle for cycle in everything if cycle.is_history],
        lockings={cycle.id: locking_of(session, cycle, now=current_time()) for cycle in cycles},
        unlockings=open_unlockings(session, now=current_time()),
        is_mine=lambda asked: asked is not None and asked.asked_by == actor.number,
        openings={cycle.id: opening_shown(cycle) for cycle in cycles},
        progress={number: Progress(None, found) for number, found in counts.items()},
        why_not_prepare=why_not_prepare_cycle(actor),
        reads_assignments=actor.may("read", ASSIGNMENT),
        may_rehearse=may_rehearse,
        has_before=bool(cycles),
        next_year=_next_year(cycles),
        following=AcademicYear.of(local_time().date()).next.code,
        history_year=everything[-1].year.previous.code if everything else "",
        usual_due=f"{local_time() + USUAL_SPAN:%Y-%m-%d}",
        today=f"{local_time():%Y-%m-%d}",
        typed=typed,
        refusal=refusal,
        longest=LONGEST_REASON,
    )


def _steps_of(cycle: Cycle) -> tuple[list[CycleStep], list[tuple[CycleStep, Message]]]:
    """The steps the server would take now, and the others with the reason against them.

    What is the work of others is left out: nobody has to read that he lacks its right.
    """
    actor = current_actor()
    possible, refused = [], []
    for step in cycle_steps_from(cycle.status):
        if not actor.may(step.verb.value, CYCLE):
            continue
        reason = why_not_cycle_step(actor, cycle, step.verb)
        if reason is None:
            possible.append(step)
        else:
            refused.append((step, reason))
    return possible, refused


def _next_year(cycles: Sequence[Cycle]) -> str:
    """The year after the latest prepared one; the present one where there is none yet.

    Empty where that one lies too far ahead to be prepared.
    """
    present = AcademicYear.of(local_time().date())
    if not cycles:
        return present.code
    year = cycles[0].year if cycles[0].is_provisional else cycles[0].year.next
    return year.code if year <= present.next else ""
