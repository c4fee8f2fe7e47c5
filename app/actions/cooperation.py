"""Asking another department for its part in a table, and what becomes of it (第十条第三款).

The submission is locked first, then the request: whoever writes rows of the table holds the
submission too, so that two people at once wait for each other and the second is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.cooperation import (
    Standing,
    sees_cooperation,
    why_not_cooperation_step,
    why_not_read_cooperation,
    why_not_request_cooperation,
    why_over,
)
from app.access.person import ANSWERING, Actor
from app.access.policies import sees_submission
from app.access.roles import COOPERATION
from app.actions.audit_log import tidy_reason
from app.actions.cooperation_event import note_event
from app.actions.permission import raise_permission_version
from app.catalogue.base_table import TableKind
from app.domain.cooperation import (
    BEST_RATING,
    LEAST_RATING,
    OPEN,
    CooperationStatus,
    CooperationStep,
    CooperationVerb,
    cooperation_step_for,
)
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import LOCAL_ZONE
from app.models.base_table import Store
from app.models.contributed_row import ContributedRow
from app.models.cooperation import LONGEST_TEXT, Cooperation, appealed_by
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.department import Department
from app.models.submission import Submission

MOST_ROWS = 100_000
# What is asked for anew has to leave time to answer.
DATED = frozenset(
    {
        CooperationVerb.SEND,
        CooperationVerb.EXTEND,
        CooperationVerb.SEND_BACK,
        CooperationVerb.ORDER,
    }
)
# These make no sense without another date.
NAMED_ANEW = frozenset({CooperationVerb.EXTEND, CooperationVerb.ORDER})


@dataclass(frozen=True)
class WantedPart:
    """What is asked of a department: in words, the fields and how many rows, by when."""

    partner: str
    wanted: str | None
    due_at: datetime | None
    fields: Sequence[str] = ()
    expected_rows: int | None = None


@dataclass(frozen=True)
class CooperationDeed:
    """What somebody does with a request; ``version`` is that of the request as he saw it.

    ``due_at`` is a new due date, where one is named; ``rating`` is given when confirming.
    """

    verb: CooperationVerb
    version: int
    reason: str | None = None
    due_at: datetime | None = None
    rating: int | None = None


def request_cooperation(
    session: Session,
    store: Store,
    submission_id: int,
    part: WantedPart,
    *,
    by: Actor,
    now: datetime,
) -> Cooperation:
    """Write down what is asked of another department; it sees nothing of it before it is sent."""
    with writing(session):
        submission = _hold_submission(session, submission_id)
        if submission is None or not sees_submission(by, submission):
            raise Refused(Message("There is no such submission."), Reason.NOT_FOUND)
        cycle = session.get_one(Cycle, submission.cycle_id, populate_existing=True)
        refuse(why_not_request_cooperation(by, store, submission, cycle))
        request = Cooperation(
            status=CooperationStatus.DRAFT,
            cycle_id=cycle.id,
            submission_id=submission.id,
            by_office=submission.department_code not in by.departments(*ANSWERING),
            asked_at=now,
            asked_by=by.number,
            asked_by_name=by.name,
            status_since=now,
            version=1,
        )
        _write_down(session, store, request, submission, cycle, part, now=now)
        session.add(request)
        session.flush()
        note_event(session, request, CooperationVerb.REQUEST, None, submission, by=by, now=now)
        session.commit()
    return request


def revise_cooperation(
    session: Session,
    store: Store,
    number: int,
    version: int,
    part: WantedPart,
    *,
    by: Actor,
    now: datetime,
) -> Cooperation:
    """Write a request anew that was not sent yet. Raises Refused with nothing changed."""
    deed = CooperationDeed(CooperationVerb.REVISE, version)
    with writing(session):
        standing = _enter(session, store, number, deed, by, now)
        request, submission = standing.request, standing.submission
        _write_down(session, store, request, submission, standing.cycle, part, now=now)
        request.version += 1
        before = request.status
        note_event(session, request, deed.verb, before, submission, by=by, now=now)
        session.commit()
    return request


def take_cooperation_step(
    session: Session,
    store: Store,
    number: int,
    deed: CooperationDeed,
    *,
    by: Actor,
    now: datetime,
) -> Cooperation:
    """Take one step with a request. Raises Refused with nothing changed.

    Compare-and-swap on the version: of two equal clicks the second is told.
    """
    deed = replace(deed, reason=tidy_reason(deed.reason, LONGEST_TEXT))
    with writing(session):
        standing = _enter(session, store, number, deed, by, now)
        request, before = standing.request, standing.request.status
        step = cooperation_step_for(before, deed.verb)
        if step is None or deed.verb is CooperationVerb.REVISE:
            raise Refused(Message("This step does not exist."), Reason.INVALID)
        _refuse_wordless(request, step, deed)
        _date_anew(standing, deed, now)
        request.rating = _rating(deed)
        if step.target in OPEN and before not in OPEN:
            _refuse_oneself(request.partner_code, standing.submission)
            _refuse_second(session, request)
        if deed.verb is CooperationVerb.SEND:
            request.sent_at = now
        if step.target is not before:
            request.status, request.status_since = step.target, now
        request.version += 1
        place = (session, request, deed.verb, before, standing.submission)
        note_event(*place, by=by, now=now, reason=deed.reason)
        # Whoever contributes has other rights from now on.
        raise_permission_version(session)
        session.commit()
    return request


def _enter(
    session: Session,
    store: Store,
    number: int,
    deed: CooperationDeed,
    by: Actor,
    now: datetime,
) -> Standing:
    """The request with its submission, both locked, if the person may take the step."""
    refuse(why_not_read_cooperation(by))
    found = session.get(Cooperation, number)
    submission = None if found is None else _hold_submission(session, found.submission_id)
    if found is None or submission is None or not sees_cooperation(by, found, submission):
        raise Refused(Message("There is no such co-operation request."), Reason.NOT_FOUND)
    request = session.get_one(Cooperation, number, with_for_update=True, populate_existing=True)
    cycle = session.get_one(Cycle, request.cycle_id, populate_existing=True)
    if request.version != deed.version:
        raise Refused(
            Message("This request has changed since the page was shown. See where it stands now."),
            Reason.CONFLICT,
        )
    rows, appellant = rows_of_request(session, request.id), session.scalar(appealed_by(request.id))
    standing = Standing(request, submission, cycle, rows, appellant)
    refusal = why_not_cooperation_step(by, store, standing, deed.verb, now)
    is_over = why_over(request, deed.verb) is not None and by.may(deed.verb.value, COOPERATION)
    refuse(refusal, Reason.CONFLICT if is_over else Reason.FORBIDDEN)
    return standing


def rows_of_request(session: Session, number: int) -> int:
    """How many rows were contributed on the request that are still there."""
    query = select(func.count(ContributedRow.id)).where(
        ContributedRow.cooperation_id == number, ContributedRow.is_deleted.is_(False)
    )
    return session.scalar(query) or 0


def _hold_submission(session: Session, number: int) -> Submission | None:
    return session.get(Submission, number, with_for_update=True, populate_existing=True)


def _refuse_wordless(request: Cooperation, step: CooperationStep, deed: CooperationDeed) -> None:
    if deed.reason is not None:
        return
    if step.needs_reason:
        raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
    if step.verb is CooperationVerb.ANSWER and not request.takes_rows:
        raise Refused(
            Message(
                "This table has a single row, which the department that reports it fills in. Say"
                " your part in the answer."
            ),
            Reason.INVALID,
        )


def _write_down(
    session: Session,
    store: Store,
    request: Cooperation,
    submission: Submission,
    cycle: Cycle,
    part: WantedPart,
    *,
    now: datetime,
) -> None:
    """What is asked of whom by when, as far as it makes sense."""
    wanted = tidy_reason(part.wanted, LONGEST_TEXT)
    if wanted is None:
        raise Refused(Message("Say what is needed; nothing was saved."), Reason.INVALID)
    partner = session.get(Department, part.partner)
    if partner is None or not partner.is_active_on(now.date()):
        raise Refused(Message("Choose the department that is asked."), Reason.INVALID)
    _refuse_oneself(partner.code, submission)
    spec = store.tables[submission.table_identifier].spec
    known = spec.by_code
    if not set(part.fields) <= known.keys():
        raise Refused(Message("Choose fields of this table only."), Reason.INVALID)
    if part.expected_rows is not None and not 0 < part.expected_rows <= MOST_ROWS:
        raise Refused(
            Message("The number of rows has to be between 1 and %(most)s.", {"most": MOST_ROWS}),
            Reason.INVALID,
        )
    request.wanted, request.partner_code = wanted, partner.code
    request.fields = [code for code in known if code in set(part.fields)] or None
    request.takes_rows = spec.kind is TableKind.LIST
    request.expected_rows = part.expected_rows if request.takes_rows else None
    request.due_at = _sensible(part.due_at, cycle, now)
    _refuse_second(session, request)


def _sensible(due_at: datetime | None, cycle: Cycle, now: datetime) -> datetime:
    """A due date to come, no later than two years after the year's end."""
    latest = cycle.year.last_due_day
    if due_at is None or due_at <= now or due_at.date() > latest:
        raise Refused(
            Message(
                "Name a due date to come, no later than %(latest)s.",
                {"latest": latest.isoformat()},
            ),
            Reason.INVALID,
        )
    return due_at


def _date_anew(standing: Standing, deed: CooperationDeed, now: datetime) -> None:
    """A new due date where one is named; needed where the present one has passed."""
    request = standing.request
    if deed.verb not in DATED:
        return
    is_kept = deed.due_at is None and deed.verb not in NAMED_ANEW
    due_at = _sensible(request.due_at if is_kept else deed.due_at, standing.cycle, now)
    if deed.verb is CooperationVerb.EXTEND and due_at <= request.due_at:
        raise Refused(
            Message(
                "Name a later day than the present due date, %(due_at)s.",
                {"due_at": request.due_at.astimezone(LOCAL_ZONE).date().isoformat()},
            ),
            Reason.INVALID,
        )
    request.due_at = due_at


def _rating(deed: CooperationDeed) -> int | None:
    """How good the co-operation was; it is given when confirming, and lost when sent back."""
    if deed.rating is None or deed.verb is not CooperationVerb.CONFIRM:
        return None
    if not LEAST_RATING <= deed.rating <= BEST_RATING:
        raise Refused(
            Message(
                "The rating has to be between %(least)s and %(best)s.",
                {"least": LEAST_RATING, "best": BEST_RATING},
            ),
            Reason.INVALID,
        )
    return deed.rating


def _refuse_oneself(partner: str, submission: Submission) -> None:
    """The table may have gone over to the department that was to be asked."""
    if partner == submission.department_code:
        raise Refused(
            Message("A department does not ask itself. Choose another one."), Reason.INVALID
        )


def _refuse_second(session: Session, request: Cooperation) -> None:
    """One thing at a time is asked of a department for a table; the submission is held."""
    with session.no_autoflush:
        others = select(Cooperation.id).where(
            Cooperation.submission_id == request.submission_id,
            Cooperation.partner_code == request.partner_code,
            Cooperation.status.in_(sorted(OPEN)),
        )
        found = [number for number in session.scalars(others) if number != request.id]
    if found:
        raise Refused(
            Message(
                "This department has been asked for its part in this table already, and that"
                " request is not settled yet. Settle it first."
            ),
            Reason.CONFLICT,
        )
