"""Asking for what another person decides, and deciding (第四条, 第七条, 第十二条).

Whatever is granted is done in the same transaction. The submission or the year is locked first,
then the request, so that two people at once wait for each other and the second is told.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import sees_submission, why_not_collected
from app.access.request import (
    why_not_ask,
    why_not_decide,
    why_not_granted,
    why_not_read_requests,
    why_over,
)
from app.access.roles import REQUEST
from app.actions.audit_log import tidy_reason
from app.actions.batch import one_by_one
from app.actions.cycle import lock_granted, unlock_granted
from app.actions.request_register import Wanted, add_request, settle_request
from app.actions.submission import carry_out_granted
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.request import Cause, RequestKind, RequestStatus, RequestVerb
from app.domain.submission import Status, Verb, step_for
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.request import Request
from app.models.submission import Submission


@dataclass(frozen=True)
class Decision:
    """What somebody decides; ``version`` is that of the request as he saw it.

    ``until`` replaces the due date that was asked for; ``cause`` is needed where a department's
    wish becomes a request of the quality office.
    """

    verb: RequestVerb
    version: int
    reason: str | None = None
    until: datetime | None = None
    cause: Cause | None = None


@dataclass(frozen=True)
class Decided:
    """What became of one of many requests: where it stands now, or the refusal."""

    request_id: int
    status: RequestStatus | None = None
    refusal: Refused | None = None


@dataclass(frozen=True)
class _Context:
    session: Session
    store: Store
    request: Request
    submission: Submission | None
    cycle: Cycle
    decision: Decision
    by: Actor
    now: datetime


def ask(
    session: Session,
    store: Store,
    submission_id: int,
    kind: RequestKind,
    reason: str | None,
    *,
    until: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Request:
    """Ask for something about one submission. Raises Refused with nothing changed."""
    tidy = tidy_reason(reason)
    with writing(session):
        submission = _hold_submission(session, submission_id, by)
        refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
        cycle = session.get_one(Cycle, submission.cycle_id, populate_existing=True)
        refuse(why_not_ask(by, kind, submission, cycle, now))
        if tidy is None:
            raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
        wanted = Wanted(kind, tidy)
        if kind is RequestKind.EXTENSION:
            wanted = replace(wanted, until=_sensible(until, submission, cycle))
        request = add_request(session, cycle, submission, wanted, by=by, now=now)
        session.commit()
    return request


def decide(
    session: Session,
    store: Store,
    request_id: int,
    decision: Decision,
    *,
    by: Actor,
    now: datetime,
) -> Request:
    """Grant, refuse or take back a request; what is granted is done. Raises Refused."""
    decision = replace(decision, reason=tidy_reason(decision.reason))
    with writing(session):
        context = _enter(session, store, request_id, decision, by, now)
        if decision.verb is RequestVerb.ANSWER:
            refuse(
                why_not_granted(context.request, context.submission, context.cycle, now),
                Reason.CONFLICT,
            )
        department = None if context.submission is None else context.submission.department_code
        if decision.verb is RequestVerb.ANSWER and context.request.kind is RequestKind.EXTENSION:
            _grant_extension(context)
        settle_request(
            *(session, context.request, decision.verb, decision.reason, department), by=by, now=now
        )
        if decision.verb is RequestVerb.ANSWER and context.request.kind in EFFECTS:
            EFFECTS[context.request.kind](context)
        session.commit()
    return context.request


def decide_many(
    session: Session,
    store: Store,
    seen: Iterable[tuple[int, int]],
    decision: Decision,
    *,
    by: Actor,
    now: datetime,
    each: Callable[[Callable[[], Request]], Request] = lambda act: act(),
) -> list[Decided]:
    """The same decision for each pair of id and version; what one is refused for stops no other."""

    def act(number: int, version: int) -> Request:
        return decide(session, store, number, replace(decision, version=version), by=by, now=now)

    return [
        Decided(number, refusal=found)
        if isinstance(found, Refused)
        else Decided(number, found.status)
        for number, found in one_by_one(seen, act, each)
    ]


def _enter(
    session: Session,
    store: Store,
    request_id: int,
    decision: Decision,
    by: Actor,
    now: datetime,
) -> _Context:
    refuse(why_not_read_requests(by))
    found = session.get(Request, request_id)
    if found is None:
        raise _missing()
    submission = None
    if found.submission_id is None:
        session.get(Cycle, found.cycle_id, with_for_update=True, populate_existing=True)
        if not by.may("read", "cycle"):
            raise _missing()
    else:
        submission = _hold_submission(session, found.submission_id, by)
    request = session.get_one(Request, request_id, with_for_update=True, populate_existing=True)
    cycle = session.get_one(Cycle, request.cycle_id, populate_existing=True)
    if request.version != decision.version:
        raise Refused(
            Message("Somebody has decided on this request already. Reload the page."),
            Reason.CONFLICT,
        )
    is_over = why_over(request, decision.verb, now) is not None
    refusal = why_not_decide(by, request, submission, decision.verb, now)
    refuse(refusal, Reason.CONFLICT if is_over and _may(by, decision.verb) else Reason.FORBIDDEN)
    return _Context(session, store, request, submission, cycle, decision, by, now)


def _may(by: Actor, verb: RequestVerb) -> bool:
    """Whether the person has the right at all: who lacks it is told that, not where it stands."""
    return by.may(verb.value, REQUEST)


def _hold_submission(session: Session, submission_id: int, by: Actor) -> Submission:
    """The submission, locked; Refused as not found where it does not exist for the person."""
    submission = session.get(
        Submission, submission_id, with_for_update=True, populate_existing=True
    )
    if submission is None or not sees_submission(by, submission):
        raise Refused(Message("There is no such submission."), Reason.NOT_FOUND)
    return submission


def _missing() -> Refused:
    return Refused(Message("There is no such request."), Reason.NOT_FOUND)


def _sensible(until: datetime | None, submission: Submission, cycle: Cycle) -> datetime:
    """A due date after the present one, no later than two years after the year's end."""
    due_at = submission.due_by(cycle.due_at)
    latest = cycle.year.last_due_day
    if until is None or until <= due_at or until.date() > latest:
        raise Refused(
            Message(
                "Name a new due date after the present one, no later than %(latest)s.",
                {"latest": latest.isoformat()},
            ),
            Reason.INVALID,
        )
    return until


def _grant_extension(context: _Context) -> None:
    """The due date of one department and table, as the quality office sets it."""
    request, submission = context.request, context.submission
    if submission is None:  # pragma: no cover - the database refuses such a request
        raise _missing()
    until = _sensible(context.decision.until or request.until, submission, context.cycle)
    request.until = submission.due_at = until


def _grant_exemption(context: _Context) -> None:
    _take(context, Verb.EXEMPT)


def _grant_reopening(context: _Context) -> None:
    _take(context, Verb.REOPEN)


def _grant_wish(context: _Context) -> None:
    """What takes one person is done; else the wish becomes a request for a second one."""
    request, submission = context.request, context.submission
    if submission is None:  # pragma: no cover - the database refuses such a request
        raise _missing()
    step = step_for(submission.status, Verb.REOPEN)
    if step is None or not step.needs_second:
        _take(context, Verb.REOPEN)
        return
    cause = context.decision.cause or Cause.DEPARTMENT
    wanted = Wanted(RequestKind.REOPENING, request.reason, cause=cause, follows_id=request.id)
    place = (context.session, context.cycle, submission)
    add_request(*place, wanted, by=context.by, now=context.now)


def _take(context: _Context, verb: Verb) -> None:
    if context.submission is None:  # pragma: no cover - the database refuses such a request
        raise _missing()
    carry_out_granted(
        *(context.session, context.store, context.submission, verb, context.request),
        by=context.by,
        now=context.now,
    )


def _grant_unlocking(context: _Context) -> None:
    """Unlock the year and open the tables that were named, and none else."""
    session, store, request = context.session, context.store, context.request
    by, now = context.by, context.now
    unlock_granted(session, store, context.cycle, request.reason, by=by, now=now)
    for number in sorted(request.tables or ()):
        submission = session.get(Submission, number)
        if submission is not None and submission.status is Status.ACCEPTED:
            carry_out_granted(*(session, store, submission, Verb.REOPEN, request), by=by, now=now)


def _grant_locking(context: _Context) -> None:
    """Lock the year, if all of it is still accepted or exempt."""
    session, store, request = context.session, context.store, context.request
    by, now = context.by, context.now
    lock_granted(session, store, context.cycle, request.reason, by=by, now=now)


EFFECTS: dict[RequestKind, Callable[[_Context], None]] = {
    RequestKind.EXEMPTION: _grant_exemption,
    RequestKind.REOPENING_WISH: _grant_wish,
    RequestKind.REOPENING: _grant_reopening,
    RequestKind.UNLOCKING: _grant_unlocking,
    RequestKind.LOCKING: _grant_locking,
}
