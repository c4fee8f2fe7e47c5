"""Changing who has which table: before a year opens and while it is under way (第四条)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.assignment import why_not_assign, why_not_assign_in, why_not_plan, why_unknown
from app.access.person import Actor
from app.actions.assignment import add_submissions, last_plans, proposed_plans
from app.actions.audit_log import Deed, record, tidy_reason
from app.actions.permission import grant_assignments, withdraw_assignments
from app.actions.person import sync_user_roles
from app.actions.reassignment import Reassignment, carry_out, settle
from app.catalogue.base_table import Tier
from app.domain.assignment import AssignmentKind, TableAssignment, table_assignment
from app.domain.cycle import CycleStatus
from app.domain.message import Message, Reason, Refused
from app.models.assignment import Assignment
from app.models.assignment_plan import all_departments
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.database import begin_write, writing
from app.models.department import Department

LONGEST_NOTE = 200


class AssignmentsRefused(Refused):
    """Assignments that cannot be made; ``faults`` says why, table by table."""

    def __init__(self, faults: Mapping[str, Message], titles: Mapping[str, str]) -> None:
        details = (
            Message("%(table)s: %(reason)s", {"table": titles.get(table, table), "reason": reason})
            for table, reason in faults.items()
        )
        message = Message(
            "%(count)s tables cannot be assigned like this. Nothing was saved.",
            {"count": len(faults)},
        )
        super().__init__(message, Reason.INVALID, tuple(details))
        self.faults = faults


@dataclass(frozen=True)
class Change:
    """A table before and after."""

    before: TableAssignment
    after: TableAssignment

    @property
    def touched(self) -> set[str]:
        """The departments whose part in the table changes."""
        old, new = self.before.kinds, self.after.kinds
        return {code for code in {*old, *new} if old.get(code) is not new.get(code)}


@dataclass(frozen=True)
class Work:
    """What a change of assignments needs at hand, inside its transaction."""

    session: Session
    store: Store
    cycle: Cycle
    departments: Mapping[str, Department]
    stored: Mapping[str, Mapping[str, Assignment]]
    by: Actor
    now: datetime
    reason: str | None = None
    faults: dict[str, Message] = field(default_factory=dict)

    def plan(self, table: str) -> TableAssignment:
        """How the table is assigned now."""
        kinds = {code: found.kind for code, found in self.stored.get(table, {}).items()}
        return table_assignment(table, kinds)

    def refuse_faults(self) -> None:
        """Raise AssignmentsRefused where there is anything against a table."""
        if self.faults:
            tables = self.store.catalogue.reported
            raise AssignmentsRefused(self.faults, {t: s.title for t, s in tables.items()})


def change_assignments(
    session: Session,
    store: Store,
    cycle_id: int,
    wanted: Sequence[TableAssignment],
    *,
    version: int,
    by: Actor,
    now: datetime,
    reason: str | None = None,
    dry_run: bool = False,
) -> list[Change]:
    """Assign these tables as a whole, all or nothing; tables not named stay as they are.

    In a year under way submissions follow: work goes to the department that
    takes the table over (T16). A dry run does the same and takes it back.
    Raises Refused, AssignmentsRefused where single tables are at fault. ``now``
    is on the clock of the college.
    """
    reason = tidy_reason(reason)
    with writing(session):
        cycle = enter_year(session, cycle_id, version, by=by, now=now)
        work = begin_work(session, store, cycle, by=by, now=now, reason=reason)
        changes = apply_plans(work, wanted)
        if not dry_run:
            session.commit()
    return changes


def fill_assignments(
    session: Session,
    store: Store,
    cycle_id: int,
    *,
    version: int,
    by: Actor,
    now: datetime,
    from_catalogue: bool = False,
    replace: bool = False,
) -> list[Change]:
    """Take over last year's assignments, or what the catalogue proposes, in one go.

    Only tables without a department get theirs; ``replace`` sets the others
    too. Possible while the year is in preparation.
    """
    with writing(session):
        cycle = enter_year(session, cycle_id, version, by=by, now=now)
        if cycle.status is not CycleStatus.PREPARING:
            raise Refused(
                Message("The collection year is open already. Change single tables instead.")
            )
        work = begin_work(session, store, cycle, by=by, now=now)
        cycles = session.scalars(select(Cycle)).all()
        if from_catalogue:
            plans = proposed_plans(session, store.catalogue, now.date(), frozenset({Tier.CORE}))
        else:
            plans = last_plans(session, store.catalogue, cycles, cycle, now.date())
        wanted = [plan for t, plan in plans.items() if replace or not work.plan(t).departments]
        changes = apply_plans(work, wanted)
        session.commit()
    return changes


def enter_year(session: Session, cycle_id: int, version: int, *, by: Actor, now: datetime) -> Cycle:
    """The year, locked for this transaction, once its assignments may be changed.

    Whoever has no right to assign is refused, and that is recorded.
    """
    cycle = session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
    if cycle is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    if why_not_assign(by) is not None:
        _keep_attempt(session, cycle, by=by, now=now)
    refusal = why_not_assign_in(by, cycle)
    if refusal is not None:
        raise Refused(refusal)
    if cycle.version != version:
        raise Refused(
            Message(
                "Somebody has changed the assignments of this year meanwhile. Load the page again"
                " and repeat your changes."
            ),
            Reason.CONFLICT,
        )
    return cycle


def begin_work(
    session: Session,
    store: Store,
    cycle: Cycle,
    *,
    by: Actor,
    now: datetime,
    reason: str | None = None,
) -> Work:
    """Read what there is in a year whose row is locked."""
    stored: dict[str, dict[str, Assignment]] = {}
    for found in session.scalars(select(Assignment).where(Assignment.cycle_id == cycle.id)):
        stored.setdefault(found.table_identifier, {})[found.department_code] = found
    departments = all_departments(session)
    return Work(session, store, cycle, departments, stored, by, now, reason)


def apply_plans(work: Work, wanted: Iterable[TableAssignment]) -> list[Change]:
    """Write what differs, with rights, submissions and records; the caller commits."""
    changes = _changes(work, wanted)
    moves = []
    if work.cycle.status is not CycleStatus.PREPARING:
        moves = [_settled(work, change) for change in changes if change.after.table in _sound(work)]
    work.refuse_faults()
    if not changes:
        return []
    added = _write(work, changes)
    carry_out(
        work.session, work.store, work.cycle, moves, by=work.by, now=work.now, reason=work.reason
    )
    if work.cycle.status is not CycleStatus.PREPARING:
        moved = {(move.table, move.taker) for move in moves}
        new = [a for a in added if (a.table_identifier, a.department_code) not in moved]
        add_submissions(work.session, work.store, work.cycle, new, now=work.now)
    _follow_with_rights(work, changes)
    work.cycle.version += 1
    _record(work, changes)
    return changes


def _sound(work: Work) -> set[str]:
    """The tables nothing has been found against yet."""
    return set(work.store.catalogue.reported) - set(work.faults)


def _changes(work: Work, wanted: Iterable[TableAssignment]) -> list[Change]:
    """What differs from the present; faults are noted."""
    changes: dict[str, Change] = {}
    for plan in wanted:
        if plan.table not in work.store.catalogue.reported:
            work.faults[plan.table] = Message("There is no such table.")
            continue
        if plan.table in changes:
            work.faults[plan.table] = Message("The table is named more than once.")
        before = work.plan(plan.table)
        if plan == before:
            continue
        fault = why_not_plan(plan, before, work.departments, work.now.date()) or why_unknown(
            work.store.reported[plan.table], plan, work.departments
        )
        if fault is not None:
            work.faults[plan.table] = fault
        changes[plan.table] = Change(before, plan)
    return list(changes.values())


def _settled(work: Work, change: Change) -> Reassignment:
    """What becomes of the work on the table; a fault is noted."""
    names = {code: found.name for code, found in work.departments.items()}
    move = settle(work.session, work.store, work.cycle, change.before, change.after, names)
    fault = move.refusal
    if fault is None and move.needs_reason and work.reason is None:
        fault = Message(
            "Work is under way at %(department)s. Write the reason for giving it to %(taker)s.",
            {"department": names[move.source or ""], "taker": names[move.taker or ""]},
        )
    if fault is not None:
        work.faults[change.after.table] = fault
    return move


def _write(work: Work, changes: Sequence[Change]) -> list[Assignment]:
    """Delete, change and add assignments; returns those that now make a submission and did not."""
    gone = []
    begun = []
    for change in changes:
        table = change.after.table
        stored, after = work.stored.get(table, {}), change.after.kinds
        for code, kind in after.items():
            assignment = stored.get(code) or Assignment(
                cycle_id=work.cycle.id, table_identifier=table, department_code=code, kind=kind
            )
            before = change.before.kinds.get(code, AssignmentKind.GUIDANCE)
            if kind.makes_submission and not before.makes_submission:
                begun.append(assignment)
            assignment.kind = kind
            work.session.add(assignment)
        gone += [found.id for code, found in stored.items() if code not in after]
    if gone:
        work.session.execute(delete(Assignment).where(Assignment.id.in_(gone)))
    work.session.flush()
    return begun


def _follow_with_rights(work: Work, changes: Sequence[Change]) -> None:
    touched = {(code, change.after.table) for change in changes for code in change.touched}
    withdraw_assignments(work.session, touched)
    query = select(Assignment).where(Assignment.cycle_id == work.cycle.id)
    given = [
        found
        for found in work.session.scalars(query)
        if (found.department_code, found.table_identifier) in touched
    ]
    if grant_assignments(work.session, work.store, given):
        # A department that has tables for the first time gets its roles now.
        sync_user_roles(work.session, work.now.date())


def _record(work: Work, changes: Sequence[Change]) -> None:
    """One entry for the year and one for each table, which keeps its own history."""
    year = Deed(
        "assignment.assign",
        f"cycle:{work.cycle.id}",
        after=str(len(changes)),
        reason=work.reason,
    )
    record(work.session, year, by=work.by, now=work.now)
    for change in changes:
        deed = Deed(
            "assignment.assign",
            subject_of(work.cycle, change.after.table),
            before=_note(change.before),
            after=_note(change.after),
            reason=work.reason,
        )
        record(work.session, deed, by=work.by, now=work.now)


def subject_of(cycle: Cycle, table: str) -> str:
    """How the audit log names the assignment of a table in a year."""
    return f"assignment:{cycle.academic_year}:{table}"


def _note(plan: TableAssignment) -> str | None:
    return str(plan)[:LONGEST_NOTE] or None


def _keep_attempt(session: Session, cycle: Cycle, *, by: Actor, now: datetime) -> None:
    """Somebody without the right tried to assign tables (第四条): that is on record."""
    number = cycle.id
    session.rollback()
    begin_write(session)
    deed = Deed("assignment.assign_refused", f"cycle:{number}")
    record(session, deed, by=by, now=now)
    session.commit()
