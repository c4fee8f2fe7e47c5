"""Teachers' own records: who has to say something in a table, and where he stands (第十条第二款).

A record is stored once somebody has taken a step about it; ``read_standings`` tells of everybody.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.catalogue.base_table import TableSpec
from app.domain.period import AcademicYear, PeriodKind, period_for
from app.domain.person import Function
from app.domain.teacher_record import (
    LONGEST_BASIS,
    Declaration,
    MissingCause,
    RecordStatus,
    standing,
)
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table import StoredTable
from app.models.base_table_rows import in_batches
from app.models.cycle import Cycle
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored
from app.models.person import Appointment, Person

LONGEST_REASON = 2000
LONGEST_NAMES = 200


class TeacherRecord(Base):
    """What was done with one teacher's record in one table, department and year.

    ``reason`` says why it was sent back, or what is said of somebody missing. ``delegated_at`` is
    when it was settled without him having handed it over; ``entered_by`` names who typed his
    ``delegated_rows`` until then, ``basis`` by what. At ``objected_at`` he has denied them.
    """

    __tablename__ = "sd_teacher_record"
    __table_args__ = (
        # The name made of the columns would be too long for every database.
        UniqueConstraint(
            *("cycle_id", "table_identifier", "department_code", "person_number"),
            name="uq_sd_teacher_record_place",
        ),
        Index(None, "person_number", "cycle_id"),
        CheckConstraint("status <> 'returned' OR reason IS NOT NULL", name="returned_has_reason"),
        CheckConstraint(
            "(status = 'missing') = (missing_cause IS NOT NULL)", name="missing_has_cause"
        ),
        CheckConstraint(
            "status <> 'adopted' OR delegated_at IS NULL OR basis IS NOT NULL",
            name="delegated_has_basis",
        ),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled_pair"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    table_identifier: Mapped[str] = mapped_column(String(48))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    person_number: Mapped[str] = mapped_column(String(32))
    person_name: Mapped[str] = mapped_column(String(64))
    status: Mapped[RecordStatus] = mapped_column(stored(RecordStatus))
    version: Mapped[int] = mapped_column(default=1)
    declaration: Mapped[Declaration | None] = mapped_column(stored(Declaration), default=None)
    missing_cause: Mapped[MissingCause | None] = mapped_column(stored(MissingCause), default=None)
    reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON), default=None)
    delegated_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    delegated_rows: Mapped[int] = mapped_column(default=0)
    entered_by: Mapped[str] = mapped_column(String(LONGEST_NAMES), default="")
    basis: Mapped[str | None] = mapped_column(String(LONGEST_BASIS), default=None)
    objected_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    submitted_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    settled_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    settled_by: Mapped[str | None] = mapped_column(String(32), default=None)
    settled_by_name: Mapped[str | None] = mapped_column(String(64), default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    changed_at: Mapped[datetime] = mapped_column(Timestamp())
    changed_by: Mapped[str] = mapped_column(String(32))
    changed_by_name: Mapped[str] = mapped_column(String(64))

    @property
    def is_delegated(self) -> bool:
        """Whether somebody else answers for it."""
        return self.delegated_at is not None

    @property
    def is_objected(self) -> bool:
        """Whether the teacher has denied what was entered on his behalf."""
        return self.objected_at is not None

    def forget(self) -> None:
        """What was handed over, settled and said; what was entered on his behalf stays told."""
        self.submitted_at = self.settled_at = self.confirmed_at = None
        self.settled_by = self.settled_by_name = None
        self.declaration = self.missing_cause = self.reason = None

    def step_to(self, status: RecordStatus, number: str, name: str, now: datetime) -> None:
        """Move on; who has seen an earlier version is told that somebody was faster."""
        self.status, self.version = status, self.version + 1
        self.changed_at, self.changed_by, self.changed_by_name = now, number, name

    @property
    def waits_for_confirmation(self) -> bool:
        """Whether the teacher has not yet looked at what was entered on his behalf."""
        is_taken_up = self.status is RecordStatus.ADOPTED
        return is_taken_up and self.is_delegated and self.confirmed_at is None

    @property
    def is_his_word(self) -> bool:
        """Whether the teacher stands for the rows, so that nobody else changes them."""
        if self.status is RecordStatus.ADOPTED:
            return not self.waits_for_confirmation
        return self.status is RecordStatus.SUBMITTED


@dataclass(frozen=True)
class RecordStanding:
    """One teacher in one table: his rows and what was done so far; a record may be yet to come."""

    person_number: str
    person_name: str
    rows: int
    record: TeacherRecord | None = None

    @property
    def status(self) -> RecordStatus:
        """Where the record stands."""
        return standing(self.record.status if self.record else None, has_rows=self.rows > 0)

    @property
    def version(self) -> int:
        """How many steps were taken; 0 before the first."""
        return self.record.version if self.record else 0

    @property
    def waits_for_confirmation(self) -> bool:
        """Whether the teacher has not yet looked at what was entered on his behalf."""
        return self.record is not None and self.record.waits_for_confirmation


def records_of(
    session: Session,
    cycle_id: int,
    table: str,
    department: str,
    numbers: Collection[str] | None = None,
) -> dict[str, TeacherRecord]:
    """Number of a teacher → his record, of those that are stored; ``numbers`` names a few."""
    query = select(TeacherRecord).where(
        TeacherRecord.cycle_id == cycle_id,
        TeacherRecord.table_identifier == table,
        TeacherRecord.department_code == department,
    )
    if numbers is not None:
        query = query.where(TeacherRecord.person_number.in_(sorted(numbers)))
    found = session.scalars(query.execution_options(populate_existing=True))
    return {record.person_number: record for record in found}


def read_standings(
    session: Session, stored_table: StoredTable, cycle: Cycle, department: str
) -> list[RecordStanding]:
    """Everybody who has to be settled before the table is finished, by number.

    Teachers of its kinds appointed there at some time of the year, and whoever has rows.
    """
    spec = stored_table.spec
    names = _appointed(session, spec, cycle.year, department)
    rows = row_counts(session, stored_table, spec.period_in(cycle.year).code, department)
    names = _names(session, rows.keys() - names.keys()) | names
    records = records_of(session, cycle.id, spec.identifier, department)
    return [
        RecordStanding(number, names.get(number, number), rows.get(number, 0), records.get(number))
        for number in sorted(names.keys() | rows.keys())
    ]


def in_year(year: AcademicYear) -> ColumnElement[bool]:
    """Appointments that are valid on some day of the academic year."""
    span = period_for(PeriodKind.ACADEMIC_YEAR, year)
    return (Appointment.valid_from <= span.end) & or_(
        Appointment.valid_to.is_(None), Appointment.valid_to >= span.start
    )


def of_kinds(spec: TableSpec) -> ColumnElement[bool]:
    """Appointments of teachers who fill in the table: of its kinds, or of any where none is named.

    A teacher whose kind nobody has noted is of none.
    """
    kind = func.coalesce(Appointment.teacher_kind, Person.teacher_kind)
    is_teacher = Appointment.function == Function.TEACHER
    return is_teacher & kind.in_(spec.teacher_kinds) if spec.teacher_kinds else is_teacher


def other_fillers(
    session: Session, stored_table: StoredTable, period: str, department: str
) -> dict[str, str]:
    """Number of a teacher → the names of others who ever wrote rows about him."""
    person = _person(stored_table)
    row_id = cast(stored_table.identity[0], String(200))
    query = (
        select(person, ChangeSet.person_name)
        .join(
            RowChange,
            (RowChange.table_identifier == stored_table.spec.identifier)
            & (RowChange.row_id == row_id),
        )
        .join(ChangeSet, ChangeSet.id == RowChange.change_set_id)
        .where(stored_table.in_place(period, department), ChangeSet.person_number != person)
        .distinct()
    )
    found: dict[str, list[str]] = {}
    for number, name in session.execute(query):
        found.setdefault(number, []).append(name)
    return {number: "、".join(sorted(names))[:LONGEST_NAMES] for number, names in found.items()}


def _appointed(
    session: Session, spec: TableSpec, year: AcademicYear, department: str
) -> dict[str, str]:
    query = (
        select(Person.number, Person.name)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.department_code == department, in_year(year), of_kinds(spec))
    )
    return dict(session.execute(query).all())


def row_counts(
    session: Session, stored_table: StoredTable, period: str, department: str
) -> Mapping[str, int]:
    """Number of a teacher → how many rows of the place are about him."""
    person = _person(stored_table)
    query = (
        select(person, func.count())
        .where(stored_table.in_place(period, department), person.is_not(None))
        .group_by(person)
    )
    return dict(session.execute(query).all())


def _person(stored_table: StoredTable) -> Column[Any]:
    """The column that says whom a row is about."""
    if stored_table.person is None:  # pragma: no cover - tables of teachers have one
        raise LookupError(stored_table.spec.identifier)
    return stored_table.person


def _names(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """What people are called who have rows without being appointed; who is unknown has a number."""
    found: dict[str, str] = {}
    for batch in in_batches(sorted(numbers)):
        query = select(Person.number, Person.name).where(Person.number.in_(batch))
        found |= dict(session.execute(query).all())
    return found


def unsettled(standings: Sequence[RecordStanding]) -> list[RecordStanding]:
    """Those who are neither taken up nor recorded as missing."""
    return [each for each in standings if not each.status.is_settled]
