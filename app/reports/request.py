"""What was asked for, as people read it: of a year, of one submission, and what waits for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
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
from app.access.request_rows import (
    existing_for,
    of_year_under_way,
    status_at_moment,
    waiting_for,
)
from app.access.roles import REQUEST
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.domain.request import RequestKind, RequestStatus, RequestVerb
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.request import Request
from app.models.submission import Submission

VERBS = (RequestVerb.ANSWER, RequestVerb.REFUSE, RequestVerb.CANCEL)
# Nobody is told more of them at once.
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


@dataclass(frozen=True)
class RequestFilter:
    """Which requests of a year are wanted — None for every status — from which place on."""

    status: RequestStatus | None = None
    waits: bool = False
    offset: int = 0
    limit: int = MOST_LISTED


@dataclass(frozen=True)
class RequestCounts:
    """How many requests of a year exist for the actor, are open, and wait for him, by kind."""

    all: int
    open: int
    waiting: Mapping[RequestKind, int]


EVERY = RequestFilter()


def list_requests(
    session: Session,
    store: Store,
    actor: Actor,
    cycle: Cycle,
    wanted: RequestFilter = EVERY,
    *,
    now: datetime,
) -> list[RequestLine]:
    """The year's requests that exist for the actor: what waits for him first, then the latest.

    What runs out first is decided first.
    """
    refuse(why_not_read_requests(actor))
    waits, status = waiting_for(actor, now), status_at_moment(now)
    query = _query(actor).where(Request.cycle_id == cycle.id)
    if wanted.waits:
        query = query.where(waits)
    if wanted.status is not None:
        query = query.where(status == wanted.status.value)
    is_open = status == RequestStatus.ASKED.value
    query = query.order_by(
        case((waits, 0), (is_open, 1), else_=2),
        case((and_(is_open, Request.expires_at.is_not(None)), 0), else_=1),
        case((is_open, Request.expires_at)),
        Request.id.desc(),
    )
    query = query.offset(wanted.offset).limit(min(wanted.limit, MOST_LISTED))
    return _lines(session, store, actor, query, now)


def count_requests(session: Session, actor: Actor, cycle: Cycle, *, now: datetime) -> RequestCounts:
    """How many there are in all of what ``list_requests`` lists."""
    refuse(why_not_read_requests(actor))
    is_open = status_at_moment(now) == RequestStatus.ASKED.value
    counted = (
        func.count(),
        func.sum(case((is_open, 1), else_=0)),
        func.sum(case((waiting_for(actor, now), 1), else_=0)),
    )
    query = _query(actor).where(Request.cycle_id == cycle.id).group_by(Request.kind)
    found = session.execute(query.with_only_columns(Request.kind, *counted)).all()
    return RequestCounts(
        sum(number for _kind, number, *_rest in found),
        sum(int(number) for _kind, _all, number, _waiting in found),
        {kind: int(number) for kind, _all, _open, number in found if number},
    )


def requests_of(
    session: Session,
    store: Store,
    actor: Actor,
    submission: Submission,
    cycle: Cycle,
    *,
    now: datetime,
    has_any: bool = True,
) -> RequestsOfSubmission:
    """What was asked for about one submission that the actor sees.

    Who knows that nothing was (``has_any`` false) asks the database no more.
    """
    if why_not_read_requests(actor) is not None:
        return RequestsOfSubmission()
    query = _query(actor).where(Request.submission_id == submission.id).order_by(Request.id.desc())
    lines = _lines(session, store, actor, query.limit(MOST_LISTED), now) if has_any else []
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
    found = _lines(session, store, actor, _query(actor).where(Request.id == number), now)
    if not found:
        raise Refused(Message("There is no such request."), Reason.NOT_FOUND)
    return found[0]


def count_waiting_requests(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many requests wait for the actor in years where they can still be granted.

    Nothing is asked of who decides none.
    """
    if not decides_at_all(actor):
        return 0
    query = _query(actor).join(Cycle, Cycle.id == Request.cycle_id)
    query = query.where(waiting_for(actor, now), of_year_under_way())
    return session.scalar(query.with_only_columns(func.count(Request.id))) or 0


def _query(actor: Actor) -> Select[Request, Submission, Department]:
    return (
        select(Request, Submission, Department)
        .select_from(Request)
        .outerjoin(Submission, Submission.id == Request.submission_id)
        .outerjoin(Department, Department.code == Submission.department_code)
        .where(existing_for(actor))
    )


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


def locking_of(session: Session, cycle: Cycle, *, now: datetime) -> Request | None:
    """What somebody asked for and a second person has to confirm, where the year can be locked."""
    if cycle.status is not CycleStatus.CLOSED:
        return None
    query = select(Request).where(
        Request.cycle_id == cycle.id,
        Request.kind == RequestKind.LOCKING,
        Request.status == RequestStatus.ASKED,
    )
    found = session.scalars(query.order_by(Request.id.desc())).all()
    return next((each for each in found if each.is_open_at(now)), None)


def open_unlockings(session: Session, *, now: datetime) -> dict[int, Request]:
    """Id of a year → what was asked for to unlock it and waits for a leader."""
    query = select(Request).where(
        Request.kind == RequestKind.UNLOCKING, Request.status == RequestStatus.ASKED
    )
    found = session.scalars(query.order_by(Request.id)).all()
    return {each.cycle_id: each for each in found if each.is_open_at(now)}
