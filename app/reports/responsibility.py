"""The sheet of one department's responsibilities (第六条): tables, persons, due dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.assignment import why_not_read_assignments
from app.access.person import Actor
from app.domain.assignment import AssignmentKind
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import LOCAL_ZONE
from app.domain.person import Function
from app.domain.submission import Status
from app.models.assignment import Assignment
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.person import Appointment, Person
from app.models.submission import Submission

RESPONSIBLE = (Function.HEAD, Function.DATA_STEWARD)


@dataclass(frozen=True)
class ResponsiblePerson:
    """Who is or was in office in the year; a deputy is appointed until a day from the beginning.

    ``is_present`` on the day of the sheet.
    """

    name: str
    number: str
    function: Function
    valid_from: date
    valid_to: date | None
    is_present: bool


@dataclass(frozen=True)
class OwedTable:
    """A table of the department; ``due_at`` is its due date.

    That of its phase or of the year, or a later one that was granted: then it ``is_extended``.
    ``status`` is None before the year opens and where the department gives guidance only. Who did
    what is told by name for as long as somebody has done it.
    """

    title: str
    sort_key: tuple[int, ...]
    kind: AssignmentKind
    period: str
    due_at: datetime | None
    is_extended: bool
    status: Status | None
    finished_by: str
    confirmed_by: str
    received_by: str


@dataclass(frozen=True)
class ResponsibilitySheet:
    """Everything on the sheet, as it is on ``day``."""

    department: Department
    cycle: Cycle
    persons: Sequence[ResponsiblePerson]
    tables: Sequence[OwedTable]
    day: date


def read_responsibility(
    session: Session, store: Store, actor: Actor, cycle: Cycle, code: str, *, day: date
) -> ResponsibilitySheet:
    """The sheet of a department; Refused where the actor reads no assignments, or there is none."""
    refuse(why_not_read_assignments(actor))
    department = session.get(Department, code)
    if department is None:
        raise Refused(Message("There is no such department."), Reason.NOT_FOUND)
    query = (
        select(Assignment, Submission)
        .outerjoin(
            Submission,
            (Submission.cycle_id == Assignment.cycle_id)
            & (Submission.table_identifier == Assignment.table_identifier)
            & (Submission.department_code == Assignment.department_code),
        )
        .where(Assignment.cycle_id == cycle.id, Assignment.department_code == code)
    )
    found = session.execute(query).all()
    names = _names(session, [submission for _assignment, submission in found])
    tables = [
        _owed(store, cycle, assignment, submission, names)
        for assignment, submission in found
        if assignment.table_identifier in store.catalogue.reported
    ]
    return ResponsibilitySheet(
        department,
        cycle,
        _persons(session, cycle, code, day),
        sorted(tables, key=lambda each: (each.kind.makes_submission is False, each.sort_key)),
        day,
    )


def _owed(
    store: Store,
    cycle: Cycle,
    assignment: Assignment,
    submission: Submission | None,
    names: dict[str, str],
) -> OwedTable:
    spec = store.catalogue.reported[assignment.table_identifier]
    owes = assignment.kind.makes_submission
    due_at = cycle.due_at if submission is None else submission.due_by(cycle.due_at)

    def name_of(number: str | None) -> str:
        return names.get(number or "", "")

    return OwedTable(
        title=spec.title,
        sort_key=spec.sort_key,
        kind=assignment.kind,
        period=spec.period_in(cycle.year).code,
        due_at=due_at if owes else None,
        is_extended=submission is not None and submission.is_put_off(cycle.due_at),
        status=None if submission is None else submission.status,
        finished_by=name_of(submission.finished_by if submission else None),
        confirmed_by=name_of(submission.confirmed_by if submission else None),
        received_by=name_of(submission.received_by if submission else None),
    )


def _persons(session: Session, cycle: Cycle, code: str, day: date) -> list[ResponsiblePerson]:
    """Heads and data stewards who held office at any time since the year opened."""
    opened = cycle.opened_at or datetime.combine(day, time(), LOCAL_ZONE)
    since = opened.astimezone(LOCAL_ZONE).date()
    query = (
        select(Appointment, Person)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.department_code == code,
            Appointment.function.in_(RESPONSIBLE),
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= since),
        )
        .order_by(Appointment.valid_from, Appointment.id)
    )
    found = [
        ResponsiblePerson(
            person.name,
            person.number,
            held.function,
            held.valid_from,
            held.valid_to,
            held.holds(day),
        )
        for held, person in session.execute(query)
    ]
    return sorted(found, key=lambda each: RESPONSIBLE.index(each.function))


def _names(session: Session, submissions: Sequence[Submission | None]) -> dict[str, str]:
    """Number → name of whoever finished, confirmed or took up one of these."""
    numbers = {
        number
        for each in submissions
        if each is not None
        for number in (each.finished_by, each.confirmed_by, each.received_by)
        if number is not None
    }
    if not numbers:
        return {}
    query = select(Person.number, Person.name).where(Person.number.in_(sorted(numbers)))
    return dict(session.execute(query).all())
