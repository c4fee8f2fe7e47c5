"""Steps that take two people: the first asks, the second one's step is taken (第十二条, T14)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.request_register import Wanted, add_request, find_open, settle_request
from app.domain.message import Message, Reason, Refused
from app.domain.request import Cause, RequestKind, RequestVerb
from app.domain.return_item import WantedItem
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.models.request import Request
from app.models.submission import Submission


@dataclass(frozen=True)
class Asked:
    """What somebody says when he takes a step that needs a second person.

    ``tables`` are the ids of the submissions to be corrected in a locked year, ``items`` what is
    wrong with a table, ``due_on`` by when it is to be put right.
    """

    reason: str | None
    cause: Cause | None = None
    tables: tuple[int, ...] = ()
    items: tuple[WantedItem, ...] = ()
    due_on: date | None = None


def seconded(
    session: Session,
    cycle: Cycle,
    submission: Submission,
    asked: Asked,
    *,
    by: Actor,
    now: datetime,
) -> Request | None:
    """The granted request with which an accepted table is opened again.

    None where the step is now only asked for; the caller holds the submission and commits. Raises
    Refused where the first person asks again, or gives no reason.
    """
    request = find_open(session, RequestKind.REOPENING, cycle, submission, now)
    if request is None:
        if asked.reason is None:
            raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
        wanted = Wanted(
            *(RequestKind.REOPENING, asked.reason, asked.cause),
            items=asked.items,
            due_on=asked.due_on,
        )
        add_request(session, cycle, submission, wanted, by=by, now=now)
        return None
    if request.asked_by == by.number:
        raise Refused(
            Message(
                "You have asked for this yourself already; it is done as soon as a second person of"
                " the quality office or a leader agrees, within 24 hours."
            )
        )
    department = submission.department_code
    settle_request(session, request, RequestVerb.ANSWER, asked.reason, department, by=by, now=now)
    return request


def seconded_lock(
    session: Session, cycle: Cycle, reason: str | None, *, by: Actor, now: datetime
) -> bool:
    """Whether ``by`` is the second of the office with whom the year is locked.

    The first only asks; the caller holds the year and commits. Raises Refused where he asks again.
    """
    request = find_open(session, RequestKind.LOCKING, cycle, None, now)
    if request is None:
        wanted = Wanted(RequestKind.LOCKING, reason or "")
        add_request(session, cycle, None, wanted, by=by, now=now)
        return False
    if request.asked_by == by.number:
        raise Refused(
            Message(
                "You have asked for this yourself already; the year is locked as soon as a second"
                " person of the quality office confirms it, within 24 hours."
            )
        )
    settle_request(session, request, RequestVerb.ANSWER, reason, None, by=by, now=now)
    return True


def ask_to_unlock(
    session: Session, cycle: Cycle, asked: Asked, *, by: Actor, now: datetime
) -> Request:
    """Keep why a locked year is to be unlocked, and for which tables; a leader decides.

    The caller holds the year and commits. Raises Refused.
    """
    if asked.reason is None:
        raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
    query = select(Submission.id).where(
        Submission.cycle_id == cycle.id,
        Submission.status == Status.LOCKED,
        Submission.id.in_(asked.tables),
    )
    known = sorted(session.scalars(query)) if asked.tables else []
    if not known or len(known) != len(set(asked.tables)):
        raise Refused(
            Message("Name the tables that have to be corrected; the others stay as they are."),
            Reason.INVALID,
        )
    wanted = Wanted(RequestKind.UNLOCKING, asked.reason, cause=asked.cause, tables=tuple(known))
    return add_request(session, cycle, None, wanted, by=by, now=now)
