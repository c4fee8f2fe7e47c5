"""Keeping requests: adding one, finding the open one, settling it; the callers commit."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.request import WAITS
from app.actions.audit_log import Deed, record
from app.domain.message import Message, Reason, Refused
from app.domain.request import (
    LIFETIMES,
    Cause,
    RequestKind,
    RequestStatus,
    RequestVerb,
    request_step_for,
)
from app.domain.return_item import WantedItem
from app.models.cycle import Cycle
from app.models.request import Request
from app.models.submission import Submission


@dataclass(frozen=True)
class Wanted:
    """What is asked for and why; ``until`` is the due date wanted, ``tables`` what to correct.

    ``items`` say what is wrong with a table to be opened again, ``due_on`` by when to mend it.
    """

    kind: RequestKind
    reason: str
    cause: Cause | None = None
    until: datetime | None = None
    tables: tuple[int, ...] = ()
    follows_id: int | None = None
    items: Sequence[WantedItem] = ()
    due_on: date | None = None


def find_open(
    session: Session, kind: RequestKind, cycle: Cycle, submission: Submission | None, now: datetime
) -> Request | None:
    """The request of the kind that waits for a decision, locked; the caller holds what it is of."""
    query = (
        select(Request)
        .where(
            Request.cycle_id == cycle.id,
            Request.kind == kind,
            Request.submission_id == (None if submission is None else submission.id),
            Request.status == RequestStatus.ASKED,
        )
        .order_by(Request.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(query).all()
    return next((each for each in found if each.is_open_at(now)), None)


def add_request(
    session: Session,
    cycle: Cycle,
    submission: Submission | None,
    wanted: Wanted,
    *,
    by: Actor,
    now: datetime,
) -> Request:
    """Keep what is asked for. Raises Refused where the same waits for a decision already."""
    if find_open(session, wanted.kind, cycle, submission, now) is not None:
        raise Refused(WAITS, Reason.CONFLICT)
    request = Request(
        kind=wanted.kind,
        status=RequestStatus.ASKED,
        version=1,
        cycle_id=cycle.id,
        submission_id=None if submission is None else submission.id,
        reason=wanted.reason,
        cause=wanted.cause,
        until=wanted.until,
        tables=list(wanted.tables) or None,
        expires_at=_expires_at(wanted.kind, cycle, submission, now),
        asked_at=now,
        asked_by=by.number,
        asked_by_name=by.name,
        follows_id=wanted.follows_id,
        items=[asdict(item) for item in wanted.items] or None,
        items_due_on=wanted.due_on,
    )
    session.add(request)
    session.flush()
    department = None if submission is None else submission.department_code
    _record(session, request, RequestVerb.REQUEST, None, wanted.reason, department, by, now)
    return request


def settle_request(
    session: Session,
    request: Request,
    verb: RequestVerb,
    reason: str | None,
    department: str | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Take the step with a request that has been judged; ``until`` counts as it stands then."""
    before = request.status
    step = request_step_for(request.kind, before, verb)
    if step is None:  # pragma: no cover - the policy has refused it already
        raise Refused(Message("This step does not exist."))
    if step.needs_reason and reason is None:
        raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
    request.status = step.target
    request.version += 1
    request.decided_at, request.decided_by, request.decided_by_name = now, by.number, by.name
    request.decision_reason = reason
    # A later due date is over by itself; everything else has happened.
    request.expires_at = request.until if step.target is RequestStatus.GRANTED else None
    _record(session, request, verb, before, reason, department, by, now)


def _expires_at(
    kind: RequestKind, cycle: Cycle, submission: Submission | None, now: datetime
) -> datetime | None:
    """Until when it can be decided: a later due date before the present one has passed."""
    if kind is RequestKind.EXTENSION and submission is not None:
        return submission.due_by(cycle.due_at)
    lifetime = LIFETIMES.get(kind)
    return None if lifetime is None else now + lifetime


def _record(
    session: Session,
    request: Request,
    verb: RequestVerb,
    before: RequestStatus | None,
    reason: str | None,
    department: str | None,
    by: Actor,
    now: datetime,
) -> None:
    deed = Deed(
        tag=f"request.{verb}",
        subject=f"request:{request.id}",
        department=department,
        before=before,
        after=f"{request.kind} {request.status}",
        reason=reason,
    )
    record(session, deed, by=by, now=now)
