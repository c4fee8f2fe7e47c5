"""What a new year's assignments begin with, and adding them (第四条, 第十条第三款)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_prepare_cycle
from app.actions.audit_log import Deed, record
from app.actions.base_table import Told
from app.actions.permission import grant_assignments
from app.catalogue.base_table import Tier
from app.catalogue.catalogue import Catalogue
from app.domain.assignment import AssignmentKind, TableAssignment, table_assignment
from app.domain.cycle import CycleStatus
from app.domain.message import Refused
from app.domain.work_plan import LAST_PHASE
from app.models.assignment import Assignment
from app.models.assignment_plan import all_departments, plans_of, year_before
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import Submission
from app.models.work_plan import phases_of

# So many submissions go to the database together.
AT_ONCE = 100


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

    A table that several departments own is reported by each for itself. So is
    one that departments fill for their own staff; its owner then gives
    guidance and reads.
    """
    kinds: dict[str, dict[str, AssignmentKind]] = {}
    shared = {table for d in catalogue.departments for table in d.fills_for_own_staff}
    for department in catalogue.departments:
        for table in department.owns:
            kind = AssignmentKind.GUIDANCE if table in shared else AssignmentKind.RESPONSIBLE
            kinds.setdefault(table, {})[department.code] = kind
        for table in department.fills_for_own_staff:
            kinds.setdefault(table, {})[department.code] = AssignmentKind.OWN_STAFF
    return proposed_by(
        table_assignment(table, kinds[table])
        for table, spec in catalogue.reported.items()
        if table in kinds and spec.tier in tiers
    )


def proposed_by(plans: Iterable[TableAssignment]) -> list[Proposed]:
    """The assignments of whole tables, one by one."""
    return [
        Proposed(plan.table, department, kind)
        for plan in plans
        for department, kind in plan.kinds.items()
    ]


def proposed_plans(
    session: Session, catalogue: Catalogue, day: date, tiers: frozenset[Tier]
) -> dict[str, TableAssignment]:
    """Table → what the catalogue proposes, without departments abolished by ``day``."""
    kinds: dict[str, dict[str, AssignmentKind]] = {}
    for item in proposal(catalogue, tiers):
        kinds.setdefault(item.table, {})[item.department] = item.kind
    plans = {table: table_assignment(table, owed) for table, owed in kinds.items()}
    return without_abolished(plans, all_departments(session), day)


def last_plans(
    session: Session, catalogue: Catalogue, cycles: Sequence[Cycle], cycle: Cycle, day: date
) -> dict[str, TableAssignment]:
    """Table → what it was in the year before, as far as the departments still exist.

    A table whose departments are all abolished is left out, not given to
    anybody else: somebody has to decide. Only core tables that nobody had,
    because they are new, are proposed from the catalogue; so is everything
    where there is no year before.
    """
    before = year_before(cycles, cycle)
    last = {} if before is None else plans_of(session, before)
    kept = {table: plan for table, plan in last.items() if table in catalogue.reported}
    proposed = proposed_plans(session, catalogue, day, frozenset({Tier.CORE}))
    new = {table: plan for table, plan in proposed.items() if table not in last}
    return without_abolished(kept, all_departments(session), day) | new


def plans_to_prepare(
    session: Session, catalogue: Catalogue, cycles: Sequence[Cycle], cycle: Cycle, day: date
) -> dict[str, TableAssignment]:
    """Table → what preparing the year adds to it: ``last_plans``, all of them in a new year.

    A provisional year began with them: what somebody has moved or removed there since stays so, and
    only tables are added that it does not hold and that were not assigned in the year before.
    """
    found = last_plans(session, catalogue, cycles, cycle, day)
    if not cycle.is_provisional:
        return found
    before = year_before(cycles, cycle)
    decided = {**plans_of(session, cycle), **({} if before is None else plans_of(session, before))}
    return {table: plan for table, plan in found.items() if table not in decided}


def without_abolished(
    plans: Mapping[str, TableAssignment], departments: Mapping[str, Department], day: date
) -> dict[str, TableAssignment]:
    """The plans without departments that are abolished by ``day`` or unknown.

    What is left of a table that several filled in stays so, even for one.
    """

    def active(codes: Iterable[str]) -> tuple[str, ...]:
        known = (code for code in codes if code in departments)
        return tuple(code for code in known if departments[code].is_active_on(day))

    found = {}
    for table, plan in plans.items():
        rest = replace(plan, departments=active(plan.departments), guidance=active(plan.guidance))
        if rest.departments:
            found[table] = rest
    return found


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
    told: Told = lambda _done, _total: None,
) -> None:
    """A submission, not started, for every assignment that has to report.

    It is due with its phase; those of the last phase with the year. ``told`` hears how many of the
    assignments are through.
    """
    phases = phases_of(session, cycle)
    told(0, len(assignments))
    for done, assignment in enumerate(assignments):
        if done and done % AT_ONCE == 0:
            session.flush()
            told(done, len(assignments))
        spec = store.catalogue.reported.get(assignment.table_identifier)
        # A table of another system may be reported no more since it was assigned.
        if spec is None or not assignment.kind.makes_submission:
            continue
        own = phases.get(spec.phase)
        submission = Submission(
            cycle_id=cycle.id,
            table_identifier=spec.identifier,
            department_code=assignment.department_code,
            period=spec.period_in(cycle.year).code,
            status_since=now,
            phase_due_at=None if own is None or spec.phase is LAST_PHASE else own.due_at,
        )
        session.add(submission)
    session.flush()
    # The last word of all: from here on nobody gives it up any more.
    told(len(assignments), len(assignments))
