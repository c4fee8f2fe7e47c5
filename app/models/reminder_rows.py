"""What was not reported, who is to be reminded of it, and who was reminded when."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.catalogue.base_table import FilledBy, TableSpec
from app.domain.cycle import CycleStatus
from app.domain.period import LOCAL_ZONE
from app.domain.person import Function, TeacherKind
from app.domain.reminder import Reminded
from app.domain.submission import Holder, Status
from app.domain.teacher_record import OPEN_RECORDS
from app.models.appointment_rows import holders
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.notice import Reminder
from app.models.submission import Submission
from app.models.teacher_record import TeacherRecord

FUNCTION_OF_HOLDER = {
    Holder.STEWARD: Function.DATA_STEWARD,
    Holder.HEAD: Function.HEAD,
}
# Back with the department, although it was reported once: taken back by the department itself, or
# mended and on its way again. What was returned to it has a day of its own.
TAKEN_BACK = (
    Status.NOT_STARTED,
    Status.ENTERING,
    Status.UNDER_REVIEW,
    Status.AWAITING_CONFIRMATION,
)
REPORTED = frozenset({Status.SUBMITTED, Status.UNDER_QA_REVIEW, Status.ACCEPTED, Status.LOCKED})
UNDER_WAY = (CycleStatus.OPEN, CycleStatus.CLOSED)


@dataclass(frozen=True)
class Owed:
    """A table that a department has not reported, and when it is due."""

    submission: Submission
    spec: TableSpec
    due_at: datetime

    @property
    def due_on(self) -> date:
        """The day on which it is due, on the calendar of the college."""
        return self.due_at.astimezone(LOCAL_ZONE).date()


def years_under_way(session: Session, *, for_update: bool = False) -> Sequence[Cycle]:
    """The years in which departments report; locked, so that two runs wait for each other."""
    query = (
        select(Cycle)
        .where(Cycle.status.in_(UNDER_WAY), Cycle.is_history.is_(False))
        .order_by(Cycle.academic_year)
    )
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def owed_tables(session: Session, store: Store, cycle: Cycle) -> list[Owed]:
    """The year's tables that were never reported or were taken back.

    They stand by printed number and department. Nothing is owed where the table does not apply, or
    is collected no more.
    """
    query = select(Submission).where(
        Submission.cycle_id == cycle.id,
        or_(Submission.first_reported_at.is_(None), Submission.status.in_(TAKEN_BACK)),
        Submission.status != Status.EXEMPT,
    )
    specs = store.catalogue.reported
    found = [
        Owed(each, specs[each.table_identifier], each.due_by(cycle.due_at))
        for each in session.scalars(query)
        if each.table_identifier in specs
    ]
    return sorted(found, key=lambda owed: (owed.spec.sort_key, owed.submission.department_code))


def last_reminded(session: Session, cycles: Collection[int]) -> Mapping[tuple[int, str], date]:
    """Submission and person → the last day on which he was reminded of it."""
    query = (
        select(Reminder.submission_id, Reminder.person_number, func.max(Reminder.day))
        .join(Submission, Submission.id == Reminder.submission_id)
        .where(Submission.cycle_id.in_(sorted(cycles)))
        .group_by(Reminder.submission_id, Reminder.person_number)
    )
    return {(number, person): day for number, person, day in session.execute(query)}


def reminded_on(session: Session, cycles: Collection[int], day: date) -> set[tuple[int, str]]:
    """Submission and person of everybody who was reminded on that day."""
    query = (
        select(Reminder.submission_id, Reminder.person_number)
        .join(Submission, Submission.id == Reminder.submission_id)
        .where(Submission.cycle_id.in_(sorted(cycles)), Reminder.day == day)
    )
    return {(number, person) for number, person in session.execute(query)}


def departments_through(session: Session, cycle: Cycle, now: datetime) -> set[str]:
    """The departments that owe something, each table of which was reported in time and still is.

    Nobody is through early any more once the year is due.
    """
    if now > cycle.due_at:
        return set()
    through: dict[str, bool] = {}
    query = select(Submission).where(
        Submission.cycle_id == cycle.id, Submission.status != Status.EXEMPT
    )
    for each in session.scalars(query):
        reported_at, code = each.first_reported_at, each.department_code
        in_time = reported_at is not None and reported_at <= each.due_by(cycle.due_at)
        through[code] = through.get(code, True) and in_time and each.status in REPORTED
    return {code for code, is_through in through.items() if is_through}


@dataclass(frozen=True)
class Teacher:
    """Somebody who teaches in a department, and as which kind of teacher."""

    number: str
    department: str
    kind: TeacherKind | None


@dataclass
class ToRemind:
    """Who is reminded of what on a day; people and records are read when first asked for."""

    session: Session
    store: Store
    today: date
    _held: dict[Function, Sequence[Teacher]] = field(default_factory=dict)
    _through: dict[int, Collection[tuple[str, str, str]]] = field(default_factory=dict)

    def of(self, reminded: Reminded, owed: Owed) -> Iterator[str]:
        """The numbers of those who are reminded of the table."""
        department = owed.submission.department_code
        if reminded is Reminded.LEADERS:
            yield from (each.number for each in self._holding(Function.LEADER))
        elif reminded is Reminded.HEADS:
            yield from self._there(Function.HEAD, department)
        elif reminded is Reminded.TEACHERS:
            yield from self._teachers(owed)
        else:
            function = FUNCTION_OF_HOLDER.get(owed.submission.status.holder)
            yield from self._there(function, department) if function else ()

    def stewards(self, department: str) -> Iterator[str]:
        """The data stewards of a department."""
        return self._there(Function.DATA_STEWARD, department)

    def heads(self, department: str) -> Iterator[str]:
        """The heads of a department."""
        return self._there(Function.HEAD, department)

    def _there(self, function: Function, department: str) -> Iterator[str]:
        held = self._holding(function)
        return (each.number for each in held if each.department == department)

    def _holding(self, function: Function) -> Sequence[Teacher]:
        if function not in self._held:
            self._held[function] = [
                Teacher(
                    person.number,
                    held.department_code,
                    held.teacher_kind or person.teacher_kind,
                )
                for held, person in holders(self.session, (function,), self.today)
            ]
        return self._held[function]

    def _teachers(self, owed: Owed) -> Iterator[str]:
        """Teachers who fill in the table and have not handed over what they owe of it."""
        spec, submission = owed.spec, owed.submission
        if spec.filled_by is not FilledBy.TEACHER or not submission.status.is_editable:
            return
        through = self._handed_over(submission.cycle_id)
        for each in self._holding(Function.TEACHER):
            is_meant = not spec.teacher_kinds or each.kind in spec.teacher_kinds
            is_through = (spec.identifier, submission.department_code, each.number) in through
            if each.department == submission.department_code and is_meant and not is_through:
                yield each.number

    def _handed_over(self, cycle_id: int) -> Collection[tuple[str, str, str]]:
        """Table, department and number of every record that its teacher need not look at."""
        if cycle_id not in self._through:
            query = select(
                TeacherRecord.table_identifier,
                TeacherRecord.department_code,
                TeacherRecord.person_number,
            ).where(TeacherRecord.cycle_id == cycle_id, TeacherRecord.status.not_in(OPEN_RECORDS))
            self._through[cycle_id] = {(a, b, c) for a, b, c in self.session.execute(query)}
        return self._through[cycle_id]
