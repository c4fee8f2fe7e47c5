"""Who has which table in a year, beside last year, with what is wrong or lacking (S10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.assignment import (
    why_not_assign_in,
    why_not_open,
    why_not_read_assignments,
    why_stays,
)
from app.access.person import Actor
from app.catalogue.base_table import TableSpec, Tier
from app.catalogue.catalogue import Catalogue
from app.domain.assignment import TableAssignment
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused
from app.domain.submission import Status
from app.models.assignment_plan import (
    all_departments,
    plans_of,
    readiness_of,
    year_before,
)
from app.models.audit_log import AuditEntry
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import Submission
from app.reports.cycle import collected_cycles


@dataclass(frozen=True)
class AssignmentLine:
    """One table: how it is assigned, and how it was last year.

    ``last`` is None where there is no year before or the table was in nobody's
    hands; ``abolished`` are names of its present departments that have ended,
    ``last_abolished`` of last year's. ``statuses`` tell where the submissions
    stand, by department, and ``fixed`` why the table cannot leave its one
    department now.
    """

    spec: TableSpec
    plan: TableAssignment
    last: TableAssignment | None
    abolished: tuple[str, ...] = ()
    last_abolished: tuple[str, ...] = ()
    statuses: Mapping[str, Status] | None = None

    @property
    def is_unassigned(self) -> bool:
        """Whether nobody reports the table."""
        return not self.plan.departments

    @property
    def is_lacking(self) -> bool:
        """Whether this keeps the year from opening."""
        return self.is_unassigned and self.spec.tier is Tier.CORE

    @property
    def is_changed(self) -> bool:
        """Whether it is in other hands than last year."""
        return self.last is not None and dict(self.last.kinds) != dict(self.plan.kinds)

    @property
    def fixed(self) -> Message | None:
        """Why the one department that has the table keeps it."""
        found = list((self.statuses or {}).values())
        return why_stays(found[0]) if len(found) == 1 else None


@dataclass(frozen=True)
class AssignmentPage:
    """The assignments of one year.

    ``refusal`` says why the reader may not change them; ``lacking`` what
    stands against opening the year, None once it is open or nothing does.
    """

    cycle: Cycle
    cycles: Sequence[Cycle]
    before: Cycle | None
    lines: Sequence[AssignmentLine]
    departments: Mapping[str, Department]
    refusal: Message | None
    lacking: tuple[Message, tuple[Message, ...]] | None

    @property
    def is_preparing(self) -> bool:
        """Whether nothing is under way yet."""
        return self.cycle.status is CycleStatus.PREPARING

    def line(self, table: str) -> AssignmentLine:
        """The line of one table; Refused as not found where there is none."""
        for line in self.lines:
            if line.spec.identifier == table:
                return line
        raise Refused(Message("There is no such table."), Reason.NOT_FOUND)


def choose_year(cycles: Sequence[Cycle], wanted: str | int | None) -> Cycle | None:
    """The year of this name or id; by default the one in preparation, else the open one.

    Raises Refused (not found) for a year there is none of.
    """
    if wanted:
        for cycle in cycles:
            if wanted in {cycle.academic_year, cycle.id}:
                return cycle
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    order = [CycleStatus.PREPARING, CycleStatus.OPEN, CycleStatus.CLOSED]
    ranked = [c for status in order for c in cycles if c.status is status]
    return next(iter([*ranked, *cycles]), None)


def read_assignments(
    session: Session,
    catalogue: Catalogue,
    actor: Actor,
    *,
    day: date,
    wanted: str | int | None = None,
) -> AssignmentPage | None:
    """Every table of the catalogue in printed order; None while there is no year at all."""
    refusal = why_not_read_assignments(actor)
    if refusal is not None:
        raise Refused(refusal)
    cycles = collected_cycles(session)
    cycle = choose_year(cycles, wanted)
    if cycle is None:
        return None
    before = year_before(cycles, cycle)
    departments = all_departments(session)
    plans = plans_of(session, cycle)
    last = plans_of(session, before) if before is not None else {}
    lacking = None
    if cycle.status is CycleStatus.PREPARING:
        lacking = why_not_open(readiness_of(session, cycle, catalogue, plans, departments, day))
    statuses = _statuses(session, cycle)
    lines = []
    for name, spec in catalogue.reported.items():
        plan, previous = plans.get(name, TableAssignment(name)), last.get(name)
        lines.append(
            AssignmentLine(
                spec,
                plan,
                previous,
                abolished=_ended(plan, departments, day),
                last_abolished=_ended(previous, departments, day),
                statuses=statuses.get(name),
            )
        )
    refusal = why_not_assign_in(actor, cycle)
    return AssignmentPage(cycle, cycles, before, lines, departments, refusal, lacking)


def history_of(session: Session, subject: str) -> Sequence[AuditEntry]:
    """What the audit log has about one subject, the latest first."""
    query = select(AuditEntry).where(AuditEntry.subject == subject)
    return session.scalars(query.order_by(AuditEntry.id.desc())).all()


def _ended(
    plan: TableAssignment | None, departments: Mapping[str, Department], day: date
) -> tuple[str, ...]:
    found = (departments[code] for code in (plan.kinds if plan else ()))
    return tuple(department.name for department in found if not department.is_active_on(day))


def _statuses(session: Session, cycle: Cycle) -> dict[str, dict[str, Status]]:
    query = select(
        Submission.table_identifier, Submission.department_code, Submission.status
    ).where(Submission.cycle_id == cycle.id)
    found: dict[str, dict[str, Status]] = {}
    for table, department, status in session.execute(query):
        found.setdefault(table, {})[department] = status
    return found
