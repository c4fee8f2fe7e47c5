"""Assigning base tables to departments (第四条, 第十条第三款)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_prepare_cycle
from app.actions.audit_log import Deed, record
from app.actions.permission import grant_assignments
from app.catalogue.base_table import Tier
from app.catalogue.catalogue import Catalogue
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus
from app.domain.message import Refused
from app.models.assignment import Assignment
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import Submission


@dataclass(frozen=True)
class Proposed:
    """An assignment that is proposed or asked for."""

    table: str
    department: str
    kind: AssignmentKind


def proposal(
    catalogue: Catalogue, tiers: frozenset[Tier] = frozenset({Tier.CORE})
) -> list[Proposed]:
    """What the catalogue's departments say about who owes which table.

    Where departments fill a table for their own staff each of them owes it,
    and its owner gives guidance and reads.
    """
    active = {name for name, spec in catalogue.tables.items() if spec.tier in tiers}
    shared = {table for d in catalogue.departments for table in d.fills_for_own_staff}
    proposed = []
    for department in catalogue.departments:
        for table in department.owns:
            kind = AssignmentKind.GUIDANCE if table in shared else AssignmentKind.RESPONSIBLE
            proposed.append(Proposed(table, department.code, kind))
        for table in department.fills_for_own_staff:
            proposed.append(Proposed(table, department.code, AssignmentKind.OWN_STAFF))
    return [item for item in proposed if item.table in active]


def assign(
    session: Session,
    store: Store,
    cycle: Cycle,
    wanted: Sequence[Proposed],
    *,
    by: Actor,
    now: datetime,
) -> list[Assignment]:
    """Add assignments that do not exist yet, with the rights that follow.

    In a year that is open already each also gets its submission. The caller
    commits.
    """
    refusal = why_not_prepare_cycle(by)
    if refusal is not None:
        raise Refused(refusal)
    existing = {
        (assignment.table_identifier, assignment.department_code)
        for assignment in session.scalars(select(Assignment).where(Assignment.cycle_id == cycle.id))
    }
    added = [
        Assignment(
            cycle_id=cycle.id,
            table_identifier=item.table,
            department_code=item.department,
            kind=item.kind,
        )
        for item in wanted
        if (item.table, item.department) not in existing
    ]
    session.add_all(added)
    session.flush()
    grant_assignments(session, store, added)
    if cycle.status is not CycleStatus.PREPARING:
        add_submissions(session, store, cycle, added, now=now)
    deed = Deed("assignment.assign", f"cycle:{cycle.id}", after=str(len(added)))
    record(session, deed, by=by, now=now)
    return added


def add_submissions(
    session: Session,
    store: Store,
    cycle: Cycle,
    assignments: Sequence[Assignment],
    *,
    now: datetime,
) -> None:
    """A submission, not started, for every assignment that has to report."""
    for assignment in assignments:
        if not assignment.kind.makes_submission:
            continue
        spec = store.catalogue.tables[assignment.table_identifier]
        submission = Submission(
            cycle_id=cycle.id,
            table_identifier=spec.identifier,
            department_code=assignment.department_code,
            period=spec.period_in(cycle.year).code,
            status_since=now,
        )
        session.add(submission)
    session.flush()
