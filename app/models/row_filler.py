"""Who filled in a row or a cell, by the log of changes; of those who are still there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.person import Function
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table_rows import in_batches
from app.models.person import Appointment, Person
from app.models.row_change import UPDATED
from app.models.submission import Submission

# Who fills in tables of a department.
FILLING = (Function.DATA_STEWARD, Function.TEACHER)
Cell = tuple[str, str]


@dataclass(frozen=True)
class Filler:
    """Somebody by number and name."""

    number: str
    name: str


@dataclass(frozen=True)
class Present:
    """Who fills in a department's tables today: of those asked for, and its data stewards."""

    fillers: Mapping[str, Filler]
    stewards: tuple[Filler, ...]


def fillers_of_cells(
    session: Session, table: str, cells: Collection[Cell]
) -> dict[Cell, Filler | None]:
    """(Row id, field code) → who wrote it last; an empty code stands for any of the row."""
    row_ids = {row_id for row_id, _field in cells if row_id}
    logged: dict[str, list[tuple[Filler, frozenset[str] | None]]] = {}
    for batch in in_batches(row_ids):
        query = (
            select(
                *(RowChange.row_id, RowChange.operation, RowChange.after),
                *(ChangeSet.person_number, ChangeSet.person_name),
            )
            .join(ChangeSet, ChangeSet.id == RowChange.change_set_id)
            .where(RowChange.table_identifier == table, RowChange.row_id.in_(batch))
            .order_by(RowChange.id.desc())
        )
        for row in session.execute(query):
            fields = frozenset(row.after or ()) if row.operation == UPDATED else None
            filler = Filler(row.person_number, row.person_name)
            logged.setdefault(row.row_id, []).append((filler, fields))
    return {cell: _last(logged.get(cell[0], ()), cell[1]) for cell in cells}


def _last(changes: Collection[tuple[Filler, frozenset[str] | None]], field: str) -> Filler | None:
    for filler, fields in changes:
        if not field or fields is None or field in fields:
            return filler
    return None


def present_fillers(
    session: Session, submission: Submission, numbers: Collection[str], today: date
) -> Present:
    """Those of ``numbers`` who fill in the department's tables today, and its stewards.

    The steward who finished the submission comes first.
    """
    query = (
        select(Person.number, Person.name, Appointment.function)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.department_code == submission.department_code,
            Appointment.valid_from <= today,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today),
            Person.is_active,
            or_(
                Appointment.function == Function.DATA_STEWARD,
                Appointment.function.in_(FILLING) & Person.number.in_(sorted(numbers)),
            ),
        )
        .order_by(Appointment.valid_from, Appointment.id)
    )
    found = [(Filler(number, name), function) for number, name, function in session.execute(query)]
    stewards = [filler for filler, function in found if function is Function.DATA_STEWARD]
    stewards.sort(key=lambda filler: filler.number != submission.finished_by)
    return Present({filler.number: filler for filler, _function in found}, tuple(stewards))
