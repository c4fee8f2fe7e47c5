"""The assignments of a year as a whole, table by table.

Shared by the actions that change them, the step that opens a year and the
pages that show both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.catalogue.base_table import TableSpec, Tier
from app.catalogue.catalogue import Catalogue
from app.domain.assignment import AssignmentKind, TableAssignment, table_assignment
from app.domain.person import Function
from app.domain.work_plan import Phase
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.person import Appointment, Person
from app.models.work_plan import has_published_plan, phases_over

# Who has to be in office before a department is asked for data (第五条).
NEEDED = (Function.DATA_STEWARD, Function.HEAD)


@dataclass(frozen=True)
class Readiness:
    """What a year lacks before it can open; everything is in printed order.

    ``abolished`` are tables with departments that do not exist any more;
    ``lacking`` are departments that report but have nobody in a function;
    ``lacks_plan`` tells that no work plan was published (第八条);
    ``over`` are phases due on a day that has passed: whoever fills them in would be late at once.
    """

    unassigned: tuple[TableSpec, ...] = ()
    abolished: tuple[tuple[TableSpec, Department], ...] = ()
    lacking: tuple[tuple[Department, Function], ...] = ()
    lacks_plan: bool = False
    over: tuple[Phase, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nothing is lacking."""
        lacks = self.unassigned or self.abolished or self.lacking or self.over
        return not (self.lacks_plan or lacks)


def plans_of(session: Session, cycle: Cycle) -> dict[str, TableAssignment]:
    """Table → its assignment in the year; unassigned tables are not in it."""
    kinds: dict[str, dict[str, AssignmentKind]] = {}
    query = select(Assignment).where(Assignment.cycle_id == cycle.id)
    for assignment in session.scalars(query):
        owed = kinds.setdefault(assignment.table_identifier, {})
        owed[assignment.department_code] = assignment.kind
    return {table: table_assignment(table, owed) for table, owed in kinds.items()}


def year_before(cycles: Sequence[Cycle], cycle: Cycle) -> Cycle | None:
    """The latest of ``cycles`` before ``cycle``; years of history were assigned to nobody."""
    earlier = [
        other
        for other in cycles
        if other.academic_year < cycle.academic_year and not other.is_history
    ]
    return max(earlier, key=lambda other: other.academic_year, default=None)


def all_departments(session: Session) -> dict[str, Department]:
    """Code → department, abolished ones too, by code."""
    found = session.scalars(select(Department).order_by(Department.code))
    return {department.code: department for department in found}


def readiness_of(
    session: Session,
    cycle: Cycle,
    catalogue: Catalogue,
    plans: Mapping[str, TableAssignment],
    departments: Mapping[str, Department],
    day: date,
) -> Readiness:
    """What is lacking on ``day`` for the year with these assignments to open."""
    reporting = {code for plan in plans.values() for code in plan.departments}
    held = functions_held(session, day)
    return Readiness(
        unassigned=unassigned_in(catalogue, plans),
        abolished=tuple(
            (spec, departments[code])
            for spec in catalogue.reported.values()
            if spec.identifier in plans
            for code in plans[spec.identifier].departments
            if not departments[code].is_active_on(day)
        ),
        lacking=tuple(
            (departments[code], function)
            for code in sorted(reporting)
            if departments[code].is_active_on(day)
            for function in NEEDED
            if (code, function) not in held
        ),
        lacks_plan=not has_published_plan(session, cycle),
        over=phases_over(session, cycle, day),
    )


def unassigned_in(
    catalogue: Catalogue, plans: Mapping[str, TableAssignment]
) -> tuple[TableSpec, ...]:
    """The core tables that no department reports."""
    return tuple(
        spec
        for name, spec in catalogue.reported.items()
        if spec.tier is Tier.CORE and not (name in plans and plans[name].departments)
    )


def functions_held(session: Session, day: date) -> set[tuple[str, Function]]:
    """Department and function of everybody who is in office on ``day``."""
    query = (
        select(Appointment.department_code, Appointment.function)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Person.is_active,
            Appointment.valid_from <= day,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= day),
        )
        .distinct()
    )
    return {(code, function) for code, function in session.execute(query)}
