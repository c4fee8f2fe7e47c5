"""The end of a department: nothing of it is left hanging (第四条)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.assignment import ASSIGNABLE
from app.access.person import Actor
from app.actions.appointment import end_on
from app.actions.assignment_change import (
    AssignmentsRefused,
    apply_plans,
    begin_work,
)
from app.actions.audit_log import Deed, record, tidy_reason
from app.actions.department import changed_meanwhile, enter_department
from app.actions.person import sync_user_roles
from app.domain.assignment import AssignmentKind, TableAssignment, table_assignment
from app.domain.labels import label
from app.domain.message import Message, Reason, Refused
from app.domain.person import COLLEGE_WIDE
from app.domain.submission import Status
from app.models.assignment_plan import plans_of
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.department import Department
from app.models.person import Appointment, Person
from app.models.submission import Submission

# An end is entered near the day it happens; years away it is a slip of the hand.
FARTHEST_END = timedelta(days=366)
DONE = frozenset({Status.ACCEPTED, Status.LOCKED, Status.EXEMPT})
LISTED = 50


@dataclass(frozen=True)
class EndRequest:
    """The end of a department: its last day, who takes its tables over, and why.

    ``was`` is the last day as the person saw it, None where there was none.
    """

    last_day: date
    reason: str | None
    successor: str | None = None
    was: date | None = None


def end_department(
    session: Session, store: Store, code: str, request: EndRequest, *, by: Actor, now: datetime
) -> Department:
    """Abolish a department, all or nothing.

    Refused while it has tables to report or people in office, with a list of
    them, unless a successor takes the tables over; the appointments then end
    with the department. ``now`` is on the clock of the college.
    """
    request = replace(request, reason=tidy_reason(request.reason))
    with writing(session):
        department = enter_department(session, code, by)
        if department.valid_to != request.was:
            raise changed_meanwhile()
        _refuse_day(department, request.last_day, now.date())
        if request.reason is None:
            raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
        appointments = _appointments(session, code, request.last_day)
        if request.successor is None:
            _refuse_blocked(session, store, department, appointments)
        else:
            _refuse_college_wide(department, appointments)
            _hand_tables_over(session, store, department, request, by, now)
            for appointment, person in appointments:
                person.version += 1
                end_on(session, appointment, request.last_day)
        department.valid_to = request.last_day
        deed = Deed(
            "department.end",
            f"department:{code}",
            department=code,
            before=None if request.was is None else request.was.isoformat(),
            after=request.last_day.isoformat(),
            reason=request.reason,
        )
        record(session, deed, by=by, now=now)
        sync_user_roles(session, now.date())
        session.commit()
    return department


def _refuse_day(department: Department, last_day: date, today: date) -> None:
    begun = department.valid_from
    if abs(last_day - today) > FARTHEST_END or (begun is not None and last_day < begun):
        raise Refused(
            Message("The last day has to lie within one year from today."), Reason.INVALID
        )


def _appointments(
    session: Session, code: str, last_day: date
) -> Sequence[tuple[Appointment, Person]]:
    """Who is in office beyond the last day."""
    query = (
        select(Appointment, Person)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.department_code == code,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to > last_day),
        )
        .order_by(Person.number, Appointment.id)
    )
    return [(appointment, person) for appointment, person in session.execute(query)]


def _working_years(session: Session) -> Sequence[Cycle]:
    query = select(Cycle).where(Cycle.status.in_(ASSIGNABLE)).order_by(Cycle.academic_year)
    return session.scalars(query.with_for_update()).all()


def _refuse_blocked(
    session: Session,
    store: Store,
    department: Department,
    appointments: Sequence[tuple[Appointment, Person]],
) -> None:
    """List what stands against an end without a successor."""
    tables = store.catalogue.reported
    blocks: list[Message] = []
    for cycle in _working_years(session):
        unfinished = _unfinished(session, cycle, department.code)
        blocks += [
            Message(
                "table %(table)s in %(year)s",
                {"table": spec.title, "year": cycle.academic_year},
            )
            for name, spec in tables.items()
            if name in unfinished
        ]
    blocks += [_told(appointment, person) for appointment, person in appointments]
    if blocks:
        raise Refused(
            Message(
                "%(department)s still has %(count)s tables or appointments. Choose the department"
                " that takes its tables over, or settle them first.",
                {"department": department.name, "count": len(blocks)},
            ),
            Reason.INVALID,
            tuple(blocks[:LISTED]),
        )


def _refuse_college_wide(
    department: Department, appointments: Sequence[tuple[Appointment, Person]]
) -> None:
    """Who acts for the whole college is not dismissed along with a department.

    The quality office could else end what is not its to end, the last administrator too.
    """
    blocks = [_told(held, person) for held, person in appointments if held.function in COLLEGE_WIDE]
    if blocks:
        raise Refused(
            Message(
                "People of %(department)s act for the whole college. Have them appointed in another"
                " department first, then end their appointments here.",
                {"department": department.name},
            ),
            Reason.INVALID,
            tuple(blocks[:LISTED]),
        )


def _told(appointment: Appointment, person: Person) -> Message:
    told = {"person": person.name, "function": label(appointment.function)}
    return Message("%(person)s, %(function)s", told)


def _unfinished(session: Session, cycle: Cycle, code: str) -> dict[str, TableAssignment]:
    """The assignments in which the department still has to report or to give guidance."""
    query = select(Submission.table_identifier).where(
        Submission.cycle_id == cycle.id,
        Submission.department_code == code,
        Submission.status.in_(DONE),
    )
    done = set(session.scalars(query))
    plans = plans_of(session, cycle)
    return {t: plan for t, plan in plans.items() if code in plan.kinds and t not in done}


def _hand_tables_over(
    session: Session,
    store: Store,
    department: Department,
    request: EndRequest,
    by: Actor,
    now: datetime,
) -> None:
    """Every table that is not done goes to the successor, with the work on it (T16)."""
    if request.successor == department.code:
        raise Refused(
            Message("A department cannot take its own tables over. Choose another one."),
            Reason.INVALID,
        )
    faults: list[Message] = []
    for cycle in _working_years(session):
        plans = _unfinished(session, cycle, department.code)
        work = begin_work(session, store, cycle, by=by, now=now, reason=request.reason)
        try:
            apply_plans(
                work,
                [
                    _handed_over(plan, department.code, request.successor or "")
                    for table, plan in plans.items()
                    if table in store.catalogue.reported
                ],
            )
        except AssignmentsRefused as refusal:
            faults += refusal.details
    if faults:
        raise Refused(
            Message(
                "%(department)s cannot end yet: tables cannot be handed over. Nothing was saved.",
                {"department": department.name},
            ),
            Reason.INVALID,
            tuple(faults[:LISTED]),
        )


def _handed_over(plan: TableAssignment, code: str, successor: str) -> TableAssignment:
    """The plan with the successor in the department's place; reporting outweighs guidance."""
    kinds = dict(plan.kinds)
    kind = kinds.pop(code)
    if kinds.get(successor, AssignmentKind.GUIDANCE) is AssignmentKind.GUIDANCE:
        kinds[successor] = kind
    return table_assignment(plan.table, kinds)
