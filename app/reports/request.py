"""What was asked for, as people read it: of a year, of one submission, and what waits for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import overlooks_college, sees_submission
from app.access.request import (
    ASK_RIGHTS,
    OF_DEPARTMENTS,
    WAITS,
    decides_at_all,
    may_decide,
    why_not_ask,
    why_not_decide,
    why_not_read_requests,
)
from app.access.roles import REQUEST
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.domain.request import RequestKind, RequestStatus, RequestVerb
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.request import Request
from app.models.submission import Submission

VERBS = (RequestVerb.ANSWER, RequestVerb.REFUSE, RequestVerb.CANCEL)
# A queue longer than this is shown by its first ones.
MOST_LISTED = 300
_Found = tuple[Request, Submission | None, Department | None]


@dataclass(frozen=True)
class RequestLine:
    """One request; ``title`` is the table's, empty for a whole year.

    ``status`` is where it stands at the moment of reading, ``permitted`` what the reader may do.
    ``tables`` name what is to be corrected in a locked year.
    """

    request: Request
    status: RequestStatus
    title: str
    department: str
    permitted: tuple[RequestVerb, ...]
    waits: bool
    tables: Sequence[str] = ()

    @property
    def kind(self) -> RequestKind:
        """What is asked for."""
        return self.request.kind


@dataclass(frozen=True)
class RequestsOfSubmission:
    """What was asked for about a submission, the latest first, and what the reader may ask for.

    ``askable`` tells why something that is otherwise his to ask for cannot be asked for now.
    """

    lines: Sequence[RequestLine] = ()
    askable: Mapping[RequestKind, Message | None] = field(default_factory=dict)

    @property
    def pending_reopening(self) -> RequestLine | None:
        """The open request to open the table again."""
        for line in self.lines:
            if line.kind is RequestKind.REOPENING and line.status is RequestStatus.ASKED:
                return line
        return None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show and nothing to ask for."""
        return not self.lines and not self.askable


def list_requests(
    session: Session, store: Store, actor: Actor, cycle: Cycle, *, now: datetime
) -> list[RequestLine]:
    """The year's requests that exist for the actor: what waits for him first, then the latest."""
    refuse(why_not_read_requests(actor))
    query = _query().where(Request.cycle_id == cycle.id).order_by(Request.id.desc())
    lines = _lines(session, store, actor, query.limit(MOST_LISTED), now)
    return sorted(lines, key=lambda line: (not line.waits, _hurry(line)))


def _hurry(line: RequestLine) -> float:
    """What runs out first is decided first; what is over stays in its order, the latest first."""
    if line.status is not RequestStatus.ASKED:
        return -line.request.id + 1e18
    expires_at = line.request.expires_at
    return expires_at.timestamp() if expires_at is not None else 1e12


def requests_of(
    session: Session,
    store: Store,
    actor: Actor,
    submission: Submission,
    cycle: Cycle,
    *,
    now: datetime,
) -> RequestsOfSubmission:
    """What was asked for about one submission that the actor sees."""
    if why_not_read_requests(actor) is not None:
        return RequestsOfSubmission()
    query = _query().where(Request.submission_id == submission.id).order_by(Request.id.desc())
    lines = _lines(session, store, actor, query.limit(MOST_LISTED), now)
    of_department = actor.departments(Function.DATA_STEWARD, Function.HEAD)
    waiting = {line.kind for line in lines if line.status is RequestStatus.ASKED}
    askable = {
        kind: WAITS if kind in waiting else why_not_ask(actor, kind, submission, cycle, now)
        for kind in OF_DEPARTMENTS
        if actor.may(ASK_RIGHTS[kind], REQUEST) and submission.department_code in of_department
    }
    return RequestsOfSubmission(lines, askable)


def read_request(
    session: Session, store: Store, actor: Actor, number: int, *, now: datetime
) -> RequestLine:
    """One request; Refused as not found where it does not exist for the actor."""
    refuse(why_not_read_requests(actor))
    found = _lines(session, store, actor, _query().where(Request.id == number), now)
    if not found:
        raise Refused(Message("There is no such request."), Reason.NOT_FOUND)
    return found[0]


def count_waiting_requests(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many requests of all years wait for the actor; nothing is asked of who decides none."""
    if not decides_at_all(actor):
        return 0
    query = _query().where(Request.status == RequestStatus.ASKED)
    found = [
        may_decide(actor, request, submission, now)
        for request, submission, _department in session.execute(query)
        if _exists_for(actor, submission)
    ]
    return sum(found)


def _query() -> Select[Request, Submission, Department]:
    return (
        select(Request, Submission, Department)
        .outerjoin(Submission, Submission.id == Request.submission_id)
        .outerjoin(Department, Department.code == Submission.department_code)
    )


def _exists_for(actor: Actor, submission: Submission | None) -> bool:
    if submission is None:
        return overlooks_college(actor)
    return sees_submission(actor, submission)


def _lines(
    session: Session,
    store: Store,
    actor: Actor,
    query: Select[Request, Submission, Department],
    now: datetime,
) -> list[RequestLine]:
    found: list[_Found] = [
        (request, submission, department)
        for request, submission, department in session.execute(query)
        if _exists_for(actor, submission)
    ]
    named = _tables_named(session, store, [request for request, *_rest in found])
    return [
        RequestLine(
            request=request,
            status=request.status_at(now),
            title="" if submission is None else _title(store, submission.table_identifier),
            department="" if department is None else department.name,
            permitted=tuple(
                verb
                for verb in VERBS
                if why_not_decide(actor, request, submission, verb, now) is None
            ),
            waits=may_decide(actor, request, submission, now),
            tables=[named[each] for each in request.tables or () if each in named],
        )
        for request, submission, department in found
    ]


def _tables_named(session: Session, store: Store, requests: Sequence[Request]) -> Mapping[int, str]:
    """Submission id → table and department, of what is to be corrected in locked years."""
    wanted = sorted({number for request in requests for number in request.tables or ()})
    if not wanted:
        return {}
    query = (
        select(Submission.id, Submission.table_identifier, Department.name)
        .join(Department, Department.code == Submission.department_code)
        .where(Submission.id.in_(wanted))
    )
    return {
        number: f"{_title(store, table)}（{department}）"
        for number, table, department in session.execute(query)
    }


def _title(store: Store, table: str) -> str:
    spec = store.catalogue.reported.get(table)
    return table if spec is None else spec.title
