"""The collection year: preparing, opening, closing, locking (第七条—第九条, 第十二条)."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_cycle_step, why_not_prepare_cycle
from app.actions.assignment import assign, plans_to_prepare, proposed_by
from app.actions.audit_log import Deed, record, tidy_reason
from app.actions.base_table import Told
from app.actions.opening import open_year
from app.actions.permission import grant_assignments, withdraw_assignments
from app.actions.person import sync_user_roles
from app.actions.provisional_year import keep_next_year, refuse_out_of_turn
from app.actions.second_person import Asked, ask_to_unlock, seconded_lock
from app.actions.unaccepted import refuse_open
from app.domain.cycle import CycleStatus, CycleVerb, cycle_step_for
from app.domain.message import Message, Reason, Refused
from app.domain.period import AcademicYear
from app.domain.request import Cause
from app.domain.submission import Status, Verb
from app.models.assignment import Assignment
from app.models.assignment_plan import year_before
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.role_rights import backed_by_year_alone
from app.models.submission import Submission

# Old workbooks may be kept as closed years; no college asks for more.
OLDEST_HISTORY = 10


@dataclass(frozen=True)
class CycleRequest:
    """What a person asks for; ``due_at`` is the new deadline of an extension.

    ``revision`` holds the packed catalogue files that an opening year keeps
    (decision 2). ``tables`` are the ids of the submissions for whose sake a
    locked year is to be unlocked, ``cause`` is whose doing that is.
    """

    verb: CycleVerb
    version: int
    reason: str | None = None
    due_at: datetime | None = None
    revision: bytes = b""
    tables: tuple[int, ...] = ()
    cause: Cause | None = None


@dataclass(frozen=True)
class _Context:
    session: Session
    store: Store
    cycle: Cycle
    request: CycleRequest
    by: Actor
    now: datetime
    told: Told = lambda _done, _total: None


def prepare_cycle(
    session: Session, year: AcademicYear, *, due_at: datetime, by: Actor, now: datetime
) -> Cycle:
    """Set up the collection year of ``year``; it begins in preparation."""
    return _prepare(session, year, due_at, by, now, lambda _cycle: None)


def prepare_assigned_cycle(
    session: Session,
    store: Store,
    year: AcademicYear,
    *,
    due_at: datetime | None,
    by: Actor,
    now: datetime,
) -> Cycle:
    """Set up a year with last year's assignments, all or nothing (第四条).

    Without a year before, the catalogue proposes them; what was assigned in a provisional year
    stays. ``now`` is on the clock of the college: its day decides which departments and
    appointments count.
    """
    _refuse_without_right(by)
    refuse_out_of_turn(session, year, AcademicYear.of(now.date()))
    due_at = _sensible(due_at, year, now)

    def fill(cycle: Cycle) -> None:
        cycles = session.scalars(select(Cycle)).all()
        plans = plans_to_prepare(session, store.catalogue, cycles, cycle, now.date())
        assign(session, store, cycle, proposed_by(plans.values()), by=by, now=now)
        before = year_before(cycles, cycle)
        if before is not None:
            lost = _pairs_of(session, before) - _pairs_of(session, cycle)
            withdraw_assignments(session, lost)
        # A department that has tables for the first time gets its roles now.
        sync_user_roles(session, now.date())

    return _prepare(session, year, due_at, by, now, fill)


def _pairs_of(session: Session, cycle: Cycle) -> set[tuple[str, str]]:
    """Department and table of every assignment of the year."""
    query = select(Assignment.department_code, Assignment.table_identifier)
    found = session.execute(query.where(Assignment.cycle_id == cycle.id))
    return {(department, table) for department, table in found}


def _refuse_without_right(by: Actor) -> None:
    refusal = why_not_prepare_cycle(by)
    if refusal is not None:
        raise Refused(refusal)


def _sensible(due_at: datetime | None, year: AcademicYear, now: datetime) -> datetime:
    """A due date in the future and not beyond two years after the year's end."""
    latest = year.last_due_day
    if due_at is None or due_at <= now or due_at.date() > latest:
        raise Refused(
            Message(
                "Name a due date that lies in the future, no later than %(latest)s.",
                {"latest": latest.isoformat()},
            ),
            Reason.INVALID,
        )
    return due_at


def _prepare(
    session: Session,
    year: AcademicYear,
    due_at: datetime,
    by: Actor,
    now: datetime,
    fill: Callable[[Cycle], None],
) -> Cycle:
    """Add the year and let ``fill`` complete it in the same transaction."""
    _refuse_without_right(by)
    present = AcademicYear.of(now.date()).start_year
    if not present - OLDEST_HISTORY <= year.start_year <= present + 1:
        raise Refused(
            Message("Only the past ten years, this year and the next one can be prepared."),
            Reason.INVALID,
        )
    with writing(session):
        cycle = _begun(session, year, due_at)
        deed = Deed("cycle.prepare", f"cycle:{cycle.id}", after=CycleStatus.PREPARING)
        record(session, deed, by=by, now=now)
        fill(cycle)
        cycle.is_provisional = False
        session.commit()
    return cycle


def _begun(session: Session, year: AcademicYear, due_at: datetime) -> Cycle:
    """The year in preparation: a new one, or the one in which rows have been kept so far."""
    kept = select(Cycle).where(Cycle.academic_year == year.code, Cycle.is_provisional)
    found = session.scalar(kept.with_for_update().execution_options(populate_existing=True))
    if found is not None:
        found.due_at = due_at
        found.version += 1
        return found
    cycle = Cycle(academic_year=year.code, status=CycleStatus.PREPARING, due_at=due_at, version=1)
    _add(session, cycle)
    return cycle


def _add(session: Session, cycle: Cycle) -> None:
    """Only here the database can find the year taken; what it refuses later is no such thing."""
    session.add(cycle)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(
            Message("The collection year %(year)s exists already.", {"year": cycle.academic_year}),
            Reason.CONFLICT,
        ) from error


def take_cycle_step(
    session: Session,
    store: Store,
    cycle_id: int,
    request: CycleRequest,
    *,
    by: Actor,
    now: datetime,
    told: Told = lambda _done, _total: None,
) -> Cycle:
    """Take one step of the year and record it, or raise Refused, nothing changed.

    A step that needs a second person is only asked for; the year then stays as it is. ``told`` is
    called with the progress of a long step and may raise, which takes it back.
    """
    request = replace(request, reason=tidy_reason(request.reason))
    with writing(session):
        context = replace(_enter(session, store, cycle_id, request, by, now), told=told)
        step = cycle_step_for(context.cycle.status, request.verb)
        if step is None or not step.needs_second or _is_seconded(context):
            _carry_out(context)
        session.commit()
    return context.cycle


def _is_seconded(context: _Context) -> bool:
    """Whether the step is taken now; else it has been asked for, and somebody else decides."""
    session, cycle, request = context.session, context.cycle, context.request
    by, now = context.by, context.now
    if request.verb is CycleVerb.LOCK:
        # What stands against it is told before it is asked for.
        refuse_open(session, context.store, _submissions(context))
        return seconded_lock(session, cycle, request.reason, by=by, now=now)
    said = Asked(request.reason, request.cause, request.tables)
    ask_to_unlock(session, cycle, said, by=by, now=now)
    return False


def lock_granted(
    session: Session, store: Store, cycle: Cycle, reason: str, *, by: Actor, now: datetime
) -> None:
    """Lock the year as a second person has confirmed it; the caller holds the year and commits."""
    request = CycleRequest(CycleVerb.LOCK, cycle.version, reason=reason or None)
    _carry_out(_Context(session, store, cycle, request, by, now))


def unlock_granted(
    session: Session, store: Store, cycle: Cycle, reason: str, *, by: Actor, now: datetime
) -> None:
    """Unlock the year as a leader has granted it; the caller holds the year and commits."""
    request = CycleRequest(CycleVerb.UNLOCK, cycle.version, reason=reason)
    _carry_out(_Context(session, store, cycle, request, by, now))


def _carry_out(context: _Context) -> None:
    cycle, request, before = context.cycle, context.request, context.cycle.status
    step = cycle_step_for(before, request.verb)
    if step is None:  # pragma: no cover - the policy has refused it already
        raise Refused(Message("This step does not exist."))
    if step.needs_reason and request.reason is None:
        raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
    EFFECTS[request.verb](context)
    cycle.status = step.target
    cycle.version += 1
    deed = Deed(
        tag=f"cycle.{request.verb}",
        subject=f"cycle:{cycle.id}",
        before=before,
        after=step.target,
        reason=request.reason,
        content_hash=cycle.content_hash,
    )
    record(context.session, deed, by=context.by, now=context.now)


def _enter(
    session: Session,
    store: Store,
    cycle_id: int,
    request: CycleRequest,
    by: Actor,
    now: datetime,
) -> _Context:
    cycle = session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
    if cycle is None or not by.may("read", "cycle"):
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    if cycle.version != request.version:
        raise Refused(
            Message("Somebody has changed this collection year already. Reload the page."),
            Reason.CONFLICT,
        )
    refusal = why_not_cycle_step(by, cycle, request.verb)
    if refusal is not None:
        raise Refused(refusal)
    return _Context(session, store, cycle, request, by, now)


def _open(context: _Context) -> None:
    """A plan is published, tables have departments, departments people: then submissions begin."""
    session, store, request = context.session, context.store, context.request
    open_year(
        *(session, store, context.cycle, request.revision), now=context.now, told=context.told
    )


def _close(context: _Context) -> None:
    context.cycle.closed_at = context.now


def _extend(context: _Context) -> None:
    """A later due date is for those who are not late yet (第七条).

    One that is granted after the due date does not make good what was missed: it only says until
    when the data are still taken.
    """
    cycle = context.cycle
    due_at = _sensible(context.request.due_at, cycle.year, context.now)
    for submission in _submissions(context):
        if submission.first_reported_at is None:
            phase_due_at = submission.phase_due_at
            submission.move_due_date(cycle.due_at, due_at, phase_due_at, context.now)
    cycle.due_at = due_at


def _lock(context: _Context) -> None:
    """Lock what was accepted and name the whole by its hash (第十二条)."""
    cycle = context.cycle
    submissions = _submissions(context)
    refuse_open(context.session, context.store, submissions)
    digest = hashlib.sha256()
    for submission in submissions:
        digest.update(
            f"{submission.table_identifier}\n{submission.department_code}\n"
            f"{_stands_for(submission)}\n".encode()
        )
        if submission.status is Status.ACCEPTED:
            _move(context, submission, Status.LOCKED, Verb.LOCK)
    cycle.content_hash = digest.hexdigest()
    cycle.locked_at, cycle.locked_by = context.now, context.by.number
    keep_next_year(context.session, context.store, cycle, by=context.by, now=context.now)
    # From here on the year backs no more than what belongs to the past.
    cycle.status = CycleStatus.LOCKED
    lost = backed_by_year_alone(context.session, cycle)
    withdraw_assignments(context.session, {(a.department_code, a.table_identifier) for a in lost})


def _unlock(context: _Context) -> None:
    for submission in _submissions(context):
        if submission.status is Status.LOCKED:
            _move(context, submission, Status.ACCEPTED, Verb.UNLOCK)
    # Departments that lost a table after this year may correct what they reported in it.
    lost = backed_by_year_alone(context.session, context.cycle)
    if lost:
        grant_assignments(context.session, context.store, lost)
    context.cycle.locked_at = context.cycle.locked_by = None


def _submissions(context: _Context) -> list[Submission]:
    query = (
        select(Submission)
        .where(Submission.cycle_id == context.cycle.id)
        .order_by(Submission.table_identifier, Submission.department_code)
        .with_for_update()
    )
    return list(context.session.scalars(query))


def _stands_for(submission: Submission) -> str:
    """The content that was accepted, else the status.

    What was once finished and then withdrawn has been reported by nobody.
    """
    accepted = submission.status is Status.ACCEPTED and submission.content_hash
    return accepted or submission.status


def _move(context: _Context, submission: Submission, target: Status, verb: Verb) -> None:
    before = submission.status
    submission.status = target
    submission.version += 1
    submission.status_since = context.now
    deed = Deed(
        tag=f"submission.{verb}",
        subject=f"submission:{submission.id}",
        department=submission.department_code,
        before=before,
        after=target,
        content_hash=submission.content_hash,
    )
    record(context.session, deed, by=context.by, now=context.now)


def _archive(context: _Context) -> None:
    """The policy refuses this until a hand-over package exists (第十六条)."""


EFFECTS: Mapping[CycleVerb, Callable[[_Context], None]] = {
    CycleVerb.OPEN: _open,
    CycleVerb.CLOSE: _close,
    CycleVerb.EXTEND: _extend,
    CycleVerb.LOCK: _lock,
    CycleVerb.UNLOCK: _unlock,
    CycleVerb.ARCHIVE: _archive,
}
