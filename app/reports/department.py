"""The departments of the college with what hangs on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.assignment import ASSIGNABLE, why_not_read_assignments
from app.access.person import Actor
from app.domain.message import Refused
from app.domain.person import Function
from app.models.assignment import Assignment
from app.models.assignment_plan import NEEDED, all_departments, functions_held
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.person import Person


@dataclass(frozen=True)
class DepartmentLine:
    """A department, its people and its tables in the years under way.

    ``lacking`` are functions without anybody in office although it has tables
    to report.
    """

    department: Department
    people: int
    tables: int
    lacking: tuple[Function, ...]
    is_active: bool


def list_departments(session: Session, actor: Actor, *, day: date) -> Sequence[DepartmentLine]:
    """Every department by code, abolished ones last."""
    refusal = why_not_read_assignments(actor)
    if refusal is not None:
        raise Refused(refusal)
    people, tables = _people(session), _tables(session)
    held = functions_held(session, day)
    lines = []
    for code, department in all_departments(session).items():
        active = department.is_active_on(day)
        lacking = tuple(f for f in NEEDED if (code, f) not in held) if tables.get(code) else ()
        lines.append(
            DepartmentLine(
                department, people.get(code, 0), tables.get(code, 0), lacking, is_active=active
            )
        )
    return sorted(lines, key=lambda line: not line.is_active)


def _people(session: Session) -> Mapping[str, int]:
    query = (
        select(Person.department_code, func.count())
        .where(Person.is_active, Person.department_code.is_not(None))
        .group_by(Person.department_code)
    )
    return {code: count for code, count in session.execute(query) if code is not None}


def _tables(session: Session) -> Mapping[str, int]:
    """Different tables to report, in years that are being prepared or worked in."""
    found: dict[str, set[str]] = {}
    query = select(Assignment).join(Cycle, Cycle.id == Assignment.cycle_id)
    for assignment in session.scalars(query.where(Cycle.status.in_(ASSIGNABLE))):
        if assignment.kind.makes_submission:
            tables = found.setdefault(assignment.department_code, set())
            tables.add(assignment.table_identifier)
    return {code: len(tables) for code, tables in found.items()}
