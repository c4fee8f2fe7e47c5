"""The workbench (S2): where everybody arrives after signing in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.person import Actor
from app.access.policies import why_not_prepare_cycle
from app.access.roles import BOARD, CONSOLIDATION, CYCLE, SUBMISSION
from app.domain.job import JOBS_KEPT
from app.domain.submission import Status
from app.domain.work_plan import Phase, PhaseDates
from app.jobs.queue import QueueUnreachableError
from app.models.cycle import Cycle
from app.models.work_plan import phases_of
from app.reports.cooperation import count_awaited_cooperations
from app.reports.job import count_ended, has_jobs
from app.reports.notice import NoticeLine, latest_unread
from app.reports.request import count_waiting_requests
from app.reports.submission import SubmissionLine
from app.reports.waiting_work import count_unanswered, items_back
from app.reports.workbench import FORWARD, Todo, Workbench, read_workbench
from app.web.current import (
    current_actor,
    current_queue,
    current_session,
    current_sign_in,
    current_store,
    current_time,
)
from app.web.fab.page_view import PageView, expose
from app.web.formats import local, part_of_day
from app.web.labels import label
from app.web.submission.addresses import grid_path
from app.web.submission.labels import TODO_BUTTONS

# More to-dos than these are behind a link.
SHOWN_TODOS = 12
SHOWN_RETURNS = 5
SHOWN_TABLES = 8
SHOWN_NOTICES = 5
# Work on the rows themselves; everything else happens on the page of the submission.
ENTRY = frozenset({Status.NOT_STARTED, Status.ENTERING})


class HomeView(PageView):
    """The start page."""

    route_base = ""
    default_view = "home"

    @expose("/")
    def home(self) -> ResponseReturnValue:
        """Greet the person and show what can be done next."""
        actor, now = current_actor(), current_time()
        session, store = current_session(), current_store()
        workbench = read_workbench(session, store, actor, now=now)
        shown = [todo.line for todo in workbench.todos[:SHOWN_TODOS]]
        acts = has_steps(actor)
        phases = phases_of(session, workbench.cycle) if workbench.cycle else {}
        return render_template(
            "home.html",
            actor=actor,
            now=now,
            phases=phases,
            phase_text=phase_text(phases, local(now)),
            local_now=local(now),
            part_of_day=part_of_day(now),
            workbench=workbench,
            groups=workbench.groups(SHOWN_TODOS),
            shown=len(shown),
            own_tables=workbench.own_tables[:SHOWN_TABLES],
            returned=_returned(workbench, shown) if acts else [],
            time_text=time_text,
            todo_path=todo_path,
            buttons=TODO_BUTTONS,
            shows_todos=bool(workbench.todos) or acts,
            reads_board=actor.may("read", BOARD),
            reads_submissions=actor.may("read", SUBMISSION),
            reads_cycles=actor.may("read", CYCLE),
            reads_consolidation=actor.may("read", CONSOLIDATION),
            waiting_cooperations=count_awaited_cooperations(session, actor),
            unread=unread_lines(actor),
            items_back=items_back(session, store, actor),
            unanswered=count_unanswered(session, actor),
            waiting_requests=count_waiting_requests(session, actor, now=now),
            ended_jobs=count_unseen(actor),
            has_jobs=has_jobs(session, actor),
            may_prepare=why_not_prepare_cycle(actor) is None,
        )


def _returned(workbench: Workbench, shown: Sequence[SubmissionLine]) -> list[SubmissionLine]:
    """What came back and stands in no to-do, which shows its reason there."""
    return [line for line in workbench.returned if line not in shown][:SHOWN_RETURNS]


def count_unseen(actor: Actor) -> int:
    """How many of the person's jobs have ended since he last looked at them."""
    try:
        seen_until = current_queue().seen_until(actor.username)
    except QueueUnreachableError:
        return 0
    since = max(datetime.fromtimestamp(seen_until, UTC), current_time() - JOBS_KEPT)
    return count_ended(current_session(), actor, since)


def unread_lines(actor: Actor) -> list[NoticeLine]:
    """The latest notices not read; asked for only where the session says that there are any."""
    if not current_sign_in().unread_notices:
        return []
    return latest_unread(current_session(), current_store(), actor, SHOWN_NOTICES)


def phase_text(phases: Mapping[Phase, PhaseDates], now: datetime) -> str:
    """The phase under way with the days it has left, else when the next one begins."""
    for number, each in enumerate(phases.values(), start=1):
        told = {"number": number, "phase": label(each.phase)}
        if each.is_current(now):
            days = (each.due_at.date() - now.date()).days
            text = _("Phase %(number)s: %(phase)s, %(days)s days left", days=days, **told)
            return str(text)
        if each.begins_on > now.date():
            day = each.begins_on.isoformat()
            return str(_("Next is phase %(number)s: %(phase)s, from %(day)s", day=day, **told))
    return ""


def has_steps(actor: Actor) -> bool:
    """Whether submissions ever wait for the person."""
    reads = actor.may("read", SUBMISSION)
    return reads and any(actor.may(verb.value, SUBMISSION) for verb in FORWARD.values())


def time_text(line: SubmissionLine, cycle: Cycle, now: datetime) -> str:
    """How much time is left, how much too much has passed, or how long somebody has waited."""
    today = local(now).date()
    if line.submission.first_reported_at is not None:
        days = (today - local(line.submission.status_since).date()).days
        return str(_("here for %(days)s days", days=days) if days else _("here since today"))
    left = (local(line.submission.due_by(cycle.due_at)).date() - today).days
    if not line.is_late:
        return str(_("%(days)s days left", days=left) if left else _("due today"))
    return str(_("%(days)s days overdue", days=-left) if left else _("overdue today"))


def todo_path(todo: Todo) -> str:
    """Where the button of a to-do leads."""
    submission = todo.line.submission
    if submission.status in ENTRY:
        return grid_path(submission)
    return f"/submissions/{submission.id}"
