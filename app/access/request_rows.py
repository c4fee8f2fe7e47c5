"""Which requests exist and wait for a person, as conditions of a select.

The select joins the submission, where there is one. They say the same as the policies of
``app.access.request``, so that lists are counted, ordered and cut into pages by the database.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, case, false, literal, or_, true
from sqlalchemy.sql.functions import coalesce

from app.access.person import Actor
from app.access.policies import WORKING, overlooks_college
from app.access.request import OF_DEPARTMENTS, decided_kinds
from app.access.roles import REQUEST, SUBMISSION
from app.domain.cycle import CycleStatus
from app.domain.person import Function
from app.domain.request import OF_YEAR, REQUEST_STEPS, RequestKind, RequestStatus, RequestVerb
from app.models.cycle import Cycle
from app.models.request import Request
from app.models.submission import Submission


def existing_for(actor: Actor) -> ColumnElement[bool]:
    """The requests that exist for the actor: of submissions that he sees, and of whole years."""
    overlooks = overlooks_college(actor)
    of_year = Request.submission_id.is_(None) if overlooks else false()
    if not actor.may("read", SUBMISSION):
        return of_year
    if overlooks:
        return true()
    departments = actor.departments(Function.DATA_STEWARD, Function.HEAD)
    return Submission.department_code.in_(sorted(departments))


def status_at_moment(now: datetime) -> ColumnElement[str]:
    """Where a request stands at that moment, as ``Request.status_at`` says it."""
    expiring = or_(
        *(
            and_(Request.kind == step.kind, Request.status == step.source)
            for step in REQUEST_STEPS
            if step.verb is RequestVerb.EXPIRE
        )
    )
    stored = [(Request.status == each, literal(each.value, String(16))) for each in RequestStatus]
    over = (
        and_(expiring, Request.expires_at < now),
        literal(RequestStatus.EXPIRED.value, String(16)),
    )
    return case(over, *stored)


def waiting_for(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The requests that the actor decides on now, as ``may_decide`` says it."""
    if not actor.may(RequestVerb.ANSWER.value, REQUEST):
        return false()
    own = actor.departments(Function.DATA_STEWARD, Function.HEAD, Function.TEACHER)
    return and_(
        status_at_moment(now) == RequestStatus.ASKED.value,
        Request.kind.in_(decided_kinds(actor)),
        Request.asked_by != actor.number,
        or_(
            Request.kind.not_in(OF_DEPARTMENTS),
            coalesce(Submission.department_code, "").not_in(sorted(own)),
        ),
    )


def of_year_under_way() -> ColumnElement[bool]:
    """The requests that can be granted as the year stands that they are of; it is joined."""
    return or_(
        and_(Request.kind.not_in(sorted(OF_YEAR)), Cycle.status.in_(sorted(WORKING))),
        and_(Request.kind == RequestKind.UNLOCKING, Cycle.status == CycleStatus.LOCKED),
        and_(Request.kind == RequestKind.LOCKING, Cycle.status == CycleStatus.CLOSED),
    )
