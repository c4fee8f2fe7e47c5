"""What concerns one teacher in all tables of a year, each kind of thing in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.domain.person import Function, TeacherKind
from app.domain.return_item import OPEN_ITEMS
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import in_batches
from app.models.carried_row import CarriedRow
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.joined_reading import MOST_TOGETHER, read_together
from app.models.last_year import ACCEPTED
from app.models.person import Appointment, Person
from app.models.return_item import ReturnItem
from app.models.submission import Submission
from app.models.teacher_record import TeacherRecord, in_year

# Table and department.
Key = tuple[str, str]


@dataclass(frozen=True)
class OwnPlace:
    """A table that the teacher has to say something in, at one of his departments."""

    stored: StoredTable
    submission: Submission
    department_name: str

    @property
    def key(self) -> Key:
        """Table and department, which tell his sections apart."""
        return self.submission.table_identifier, self.submission.department_code


def own_places(session: Session, store: Store, cycle: Cycle, number: str) -> list[OwnPlace]:
    """His tables of the year in the printed order: those of his kinds, once per department.

    Every kind that he was at some time of the year counts; what is not reported there does not.
    """
    kinds: dict[str, set[TeacherKind | None]] = {}
    names: dict[str, str] = {}
    query = (
        select(
            Appointment.department_code,
            Department.name,
            func.coalesce(Appointment.teacher_kind, Person.teacher_kind),
        )
        .join(Person, Person.id == Appointment.person_id)
        .join(Department, Department.code == Appointment.department_code)
        .where(
            Person.number == number, Appointment.function == Function.TEACHER, in_year(cycle.year)
        )
    )
    for department, name, kind in session.execute(query):
        kinds.setdefault(department, set()).add(kind)
        names[department] = name
    submissions = select(Submission).where(
        Submission.cycle_id == cycle.id, Submission.department_code.in_(sorted(kinds))
    )
    found = []
    for submission in session.scalars(submissions) if kinds else ():
        stored = store.tables.get(submission.table_identifier)
        if stored is None or stored.spec.person_field is None:
            continue
        wanted, own = stored.spec.teacher_kinds, kinds[submission.department_code]
        if not wanted or not own.isdisjoint(wanted):
            place = OwnPlace(stored, submission, names[submission.department_code])
            found.append(place)
    return sorted(found, key=lambda place: (place.stored.spec.sort_key, place.key[1]))


def own_rows(
    session: Session, tables: Collection[StoredTable], cycle: Cycle, number: str
) -> dict[str, list[dict[Any, Any]]]:
    """Table → the rows about him in the year, of all departments, by column."""
    chosen = list({stored.spec.identifier: stored for stored in tables}.values())
    wanted = [
        (
            list(stored.table.c),
            stored.in_place(stored.spec.period_in(cycle.year).code) & (stored.person == number),
        )
        for stored in chosen
    ]
    found = {}
    for stored, rows in zip(chosen, read_together(session, wanted), strict=True):
        columns = list(stored.table.c)
        read = [dict(zip(columns, row, strict=True)) for row in rows]
        (key, *_rest) = stored.identity
        found[stored.spec.identifier] = sorted(read, key=lambda row: row[key])
    return found


def _about(stored: StoredTable, number: str) -> ColumnElement[bool]:
    return false() if stored.person is None else stored.person == number


def own_records(session: Session, cycle_id: int, number: str) -> dict[Key, TeacherRecord]:
    """(Table, department) → his record there, of those that are stored."""
    query = select(TeacherRecord).where(
        TeacherRecord.cycle_id == cycle_id, TeacherRecord.person_number == number
    )
    return {(each.table_identifier, each.department_code): each for each in session.scalars(query)}


def carried_waiting(session: Session, number: str, places: Sequence[OwnPlace]) -> dict[Key, int]:
    """(Table, department) → how many of his rows were taken over and nobody has confirmed."""
    periods = {place.submission.period for place in places}
    query = (
        select(CarriedRow.table_identifier, CarriedRow.department_code, func.count())
        .where(
            CarriedRow.person_number == number,
            CarriedRow.period.in_(sorted(periods)),
            CarriedRow.confirmed_at.is_(None),
            CarriedRow.is_deleted.is_(False),
        )
        .group_by(CarriedRow.table_identifier, CarriedRow.department_code)
    )
    if not periods:
        return {}
    return {(table, department): count for table, department, count in session.execute(query)}


def last_year_places(session: Session, cycle: Cycle, places: Sequence[OwnPlace]) -> set[Key]:
    """Those of the places whose rows of the year before were accepted."""
    before = cycle.year.previous.code
    query = (
        select(Submission.table_identifier, Submission.department_code)
        .join(Cycle, Cycle.id == Submission.cycle_id)
        .where(
            Cycle.academic_year == before,
            Submission.department_code.in_(sorted({place.key[1] for place in places})),
            Submission.status.in_(ACCEPTED),
            Submission.nil_reason.is_(None),
        )
    )
    return {(table, code) for table, code in session.execute(query)} if places else set()


def open_items_of(
    session: Session, number: str, submissions: Collection[int]
) -> dict[int, list[ReturnItem]]:
    """Submission → the return items addressed to him that have no answer."""
    found: dict[int, list[ReturnItem]] = {}
    for batch in in_batches(sorted(submissions)):
        query = select(ReturnItem).where(
            ReturnItem.submission_id.in_(batch),
            ReturnItem.addressee_number == number,
            ReturnItem.state.in_(OPEN_ITEMS),
        )
        for item in session.scalars(query.order_by(ReturnItem.number)):
            found.setdefault(item.submission_id, []).append(item)
    return found


def past_counts(
    session: Session,
    tables: Sequence[StoredTable],
    number: str,
    cycle: Cycle,
    history: Sequence[Cycle],
) -> list[tuple[int, str, str, int]]:
    """Number of the table, period, department and his rows there, of what is settled for good.

    The latest period comes first.
    """
    selects = []
    for position, stored in enumerate(tables):
        if stored.period is None or stored.department is None:
            continue
        accepted = (
            select(Submission.id)
            .where(
                Submission.table_identifier == stored.spec.identifier,
                Submission.department_code == stored.department,
                Submission.period == stored.period,
                Submission.status.in_(ACCEPTED),
            )
            .exists()
        )
        former = [stored.spec.period_in(each.year).code for each in history]
        selects.append(
            select(literal(position), stored.period, stored.department, func.count())
            .where(
                _about(stored, number),
                stored.period != stored.spec.period_in(cycle.year).code,
                or_(accepted, stored.period.in_(former)),
            )
            .group_by(stored.period, stored.department)
        )
    found: list[tuple[int, str, str, int]] = []
    for some in in_batches(selects, MOST_TOGETHER):
        found += [(*each,) for each in session.execute(union_all(*some))]
    return sorted(found, key=lambda each: (each[1], -each[0]), reverse=True)
