"""Co-operation requests as people read them: of a year, of a table, in full (第十条第三款)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.access.cooperation import (
    Standing,
    awaited_of,
    cooperations_seen,
    holds_step,
    why_not_cooperation_step,
    why_not_read_cooperation,
)
from app.access.person import ANSWERING, Actor
from app.access.policies import WORKING
from app.access.roles import COOPERATION
from app.domain.cooperation import (
    AWAITING_ANSWER,
    CooperationHolder,
    CooperationStatus,
    CooperationVerb,
    cooperation_steps_from,
)
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.models.base_table import Store
from app.models.contributed_row import ContributedRow
from app.models.cooperation import Cooperation, CooperationEvent
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import Submission

MOST_LISTED = 200
_LEAD, _PARTNER = aliased(Department), aliased(Department)


class Side(StrEnum):
    """Which requests are wanted: with one's own move, asked by one's side, asked of it, or all."""

    AWAITED = "awaited"
    ASKED = "asked"
    PARTNER = "partner"
    ALL = "all"


@dataclass(frozen=True)
class CooperationLine:
    """One request; ``title`` is the table's, ``lead`` and ``partner`` are names of departments.

    ``awaits`` says that it is the reader's move; ``shows_rating`` that he is told the rating, which
    the department that was rated is not.
    """

    request: Cooperation
    submission: Submission
    title: str
    lead: str
    partner: str
    is_overdue: bool
    awaits: bool
    shows_rating: bool

    @property
    def status(self) -> CooperationStatus:
        """Where the request stands."""
        return self.request.status


@dataclass(frozen=True)
class CooperationFilter:
    """Which requests of a year are wanted, from which place on."""

    side: Side = Side.ALL
    status: CooperationStatus | None = None
    is_overdue: bool = False
    offset: int = 0
    limit: int = MOST_LISTED


@dataclass(frozen=True)
class CooperationMove:
    """A step away from the present status, whose it is, and why it may not be taken, if so.

    ``is_own`` says that it is the reader's side that takes it.
    """

    verb: CooperationVerb
    holder: CooperationHolder
    needs_reason: bool
    is_own: bool
    refusal: Message | None


@dataclass(frozen=True)
class CooperationPage:
    """One request in full: what can be done next by whom, what was done, how many rows there are.

    ``fields`` are what the wanted fields are called.
    """

    line: CooperationLine
    cycle: Cycle
    moves: Sequence[CooperationMove]
    events: Sequence[CooperationEvent]
    rows: int
    fields: Sequence[str]

    @property
    def permitted(self) -> list[CooperationVerb]:
        """The steps that the server would take from the reader now."""
        return [move.verb for move in self.moves if move.refusal is None]

    @property
    def refused(self) -> list[CooperationMove]:
        """Those of the reader's own side that are not possible now, with the reasons."""
        return [move for move in self.moves if move.is_own and move.refusal is not None]


EVERY = CooperationFilter()


def list_cooperations(
    session: Session,
    store: Store,
    actor: Actor,
    cycle: Cycle,
    wanted: CooperationFilter = EVERY,
    *,
    now: datetime,
) -> list[CooperationLine]:
    """The year's requests that exist for the actor: overdue ones first, then his moves, by date."""
    refuse(why_not_read_cooperation(actor))
    awaits, overdue = awaited_of(actor), _overdue(now)
    query = _query(actor).where(Cooperation.cycle_id == cycle.id, _on_side(actor, wanted.side))
    if wanted.status is not None:
        query = query.where(Cooperation.status == wanted.status)
    if wanted.is_overdue:
        query = query.where(overdue)
    query = query.order_by(
        case((overdue, 0), (awaits, 1), else_=2), Cooperation.due_at, Cooperation.id.desc()
    )
    query = query.offset(wanted.offset).limit(min(wanted.limit, MOST_LISTED))
    return _lines(session, store, actor, query, now)


def count_cooperations(
    session: Session, actor: Actor, cycle: Cycle, wanted: CooperationFilter, *, now: datetime
) -> Mapping[Side, int]:
    """How many there are on every side, with the status and mark that are wanted."""
    refuse(why_not_read_cooperation(actor))
    sides = [func.sum(case((_on_side(actor, side), 1), else_=0)) for side in Side]
    query = _query(actor).where(Cooperation.cycle_id == cycle.id)
    if wanted.status is not None:
        query = query.where(Cooperation.status == wanted.status)
    if wanted.is_overdue:
        query = query.where(_overdue(now))
    found = session.execute(query.with_only_columns(*sides)).one()
    return {side: int(count or 0) for side, count in zip(Side, found, strict=True)}


def count_awaited_cooperations(session: Session, actor: Actor) -> int:
    """How many requests of years under way wait for the actor's move.

    Nothing is asked of who has none.
    """
    takes_part = actor.holds(Function.QA_OFFICE) or bool(actor.departments(*ANSWERING))
    if not takes_part or not actor.may("read", COOPERATION):
        return 0
    query = _query(actor).join(Cycle, Cycle.id == Cooperation.cycle_id)
    query = query.where(awaited_of(actor), Cycle.status.in_(sorted(WORKING)))
    return session.scalar(query.with_only_columns(func.count(Cooperation.id))) or 0


def cooperations_of(
    session: Session, store: Store, actor: Actor, submission: Submission, *, now: datetime
) -> list[CooperationLine]:
    """The requests of one table that exist for the actor, the latest first."""
    if why_not_read_cooperation(actor) is not None:
        return []
    query = _query(actor).where(Cooperation.submission_id == submission.id)
    query = query.order_by(Cooperation.id.desc()).limit(MOST_LISTED)
    return _lines(session, store, actor, query, now)


def read_cooperation(
    session: Session, store: Store, actor: Actor, number: int, *, now: datetime
) -> CooperationPage:
    """One request in full; Refused as not found where it does not exist for the actor."""
    refuse(why_not_read_cooperation(actor))
    found = _lines(session, store, actor, _query(actor).where(Cooperation.id == number), now)
    if not found:
        raise Refused(Message("There is no such co-operation request."), Reason.NOT_FOUND)
    line = found[0]
    rows = select(func.count(ContributedRow.id)).where(
        ContributedRow.cooperation_id == number, ContributedRow.is_deleted.is_(False)
    )
    query = select(Cycle, rows.scalar_subquery()).where(Cycle.id == line.request.cycle_id)
    cycle, count = session.execute(query).one()
    events = session.scalars(
        select(CooperationEvent)
        .where(CooperationEvent.cooperation_id == number)
        .order_by(CooperationEvent.version)
    ).all()
    appeals = [each.person_number for each in events if each.verb is CooperationVerb.APPEAL]
    appellant = appeals[-1] if appeals else None
    standing = Standing(line.request, line.submission, cycle, count or 0, appellant)
    spec = store.catalogue.reported.get(line.submission.table_identifier)
    known = {} if spec is None else spec.by_code
    return CooperationPage(
        line=line,
        cycle=cycle,
        moves=_moves(store, actor, standing, now),
        events=events,
        rows=standing.rows,
        fields=[known[code].label for code in line.request.fields or () if code in known],
    )


def departments_to_ask(
    session: Session, submission: Submission, now: datetime
) -> list[tuple[str, str]]:
    """Code and name of every department that may be asked for its part."""
    found = session.scalars(select(Department).order_by(Department.code))
    return [
        (each.code, each.name)
        for each in found
        if each.code != submission.department_code and each.is_active_on(now.date())
    ]


def _moves(
    store: Store, actor: Actor, standing: Standing, now: datetime
) -> tuple[CooperationMove, ...]:
    return tuple(
        CooperationMove(
            step.verb,
            step.holder,
            step.needs_reason,
            is_own=holds_step(actor, step, standing) and actor.may(step.verb.value, COOPERATION),
            refusal=why_not_cooperation_step(actor, store, standing, step.verb, now),
        )
        for step in cooperation_steps_from(standing.request.status)
    )


def _overdue(now: datetime) -> ColumnElement[bool]:
    """``Cooperation.is_overdue`` as a condition."""
    return and_(Cooperation.status.in_(sorted(AWAITING_ANSWER)), Cooperation.due_at < now)


def _on_side(actor: Actor, side: Side) -> ColumnElement[bool]:
    own = sorted(actor.departments(*ANSWERING))
    match side:
        case Side.AWAITED:
            return awaited_of(actor)
        case Side.ASKED:
            leads = Submission.department_code.in_(own)
            is_office = actor.holds(Function.QA_OFFICE)
            return or_(leads, Cooperation.by_office) if is_office else leads
        case Side.PARTNER:
            return Cooperation.partner_code.in_(own)
        case Side.ALL:
            return true()


_Query = Select[Cooperation, Submission, str, str]


def _query(actor: Actor) -> _Query:
    return (
        select(Cooperation, Submission, _LEAD.name, _PARTNER.name)
        .join(Submission, Submission.id == Cooperation.submission_id)
        .join(_LEAD, _LEAD.code == Submission.department_code)
        .join(_PARTNER, _PARTNER.code == Cooperation.partner_code)
        .where(cooperations_seen(actor))
    )


def _lines(
    session: Session, store: Store, actor: Actor, query: _Query, now: datetime
) -> list[CooperationLine]:
    own, is_office = actor.departments(*ANSWERING), actor.holds(Function.QA_OFFICE)
    awaiting = query.add_columns(awaited_of(actor).label("awaits"))
    return [
        CooperationLine(
            request=request,
            submission=submission,
            title=_title(store, submission.table_identifier),
            lead=lead,
            partner=partner,
            is_overdue=request.is_overdue(now),
            awaits=bool(awaits),
            shows_rating=is_office or submission.department_code in own,
        )
        for request, submission, lead, partner, awaits in session.execute(awaiting)
    ]


def _title(store: Store, table: str) -> str:
    spec = store.catalogue.reported.get(table)
    return table if spec is None else spec.title
