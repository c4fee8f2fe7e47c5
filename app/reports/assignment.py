"""Which tables concern a person: what he reports and what he may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_read
from app.catalogue.base_table import TableSpec
from app.domain.person import Function
from app.domain.submission import Status
from app.models.assignment import Assignment
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import Submission


@dataclass(frozen=True)
class TableLine:
    """A table in the list of tables.

    ``departments`` are pairs of code and name that report it and that the
    actor reaches; ``own`` says that one of them is the actor's own;
    ``status`` and ``due_at`` are those of the own submission, None when there is none.
    """

    spec: TableSpec
    departments: tuple[tuple[str, str], ...]
    own: bool
    status: Status | None
    submission_id: int | None
    due_at: datetime | None


def list_tables(
    session: Session, store: Store, actor: Actor, cycle: Cycle | None
) -> list[TableLine]:
    """Every table the actor may read, by printed number."""
    names = department_names(session)
    assigned = _assigned(session, cycle)
    own_departments = actor.departments(Function.DATA_STEWARD, Function.HEAD, Function.TEACHER)
    submissions = _submissions(session, cycle, own_departments)
    lines = []
    for identifier, spec in store.catalogue.reported.items():
        stored = store.reported[identifier]
        if why_not_read(actor, stored) is not None:
            continue
        codes = assigned.get(identifier, ())
        own = [code for code in codes if code in own_departments]
        places = {part.place for part in actor.contributed(identifier)}
        reached = codes
        if not actor.may("list_all", identifier):
            reached = [code for code in codes if code in own or code in places]
        submission = submissions.get(identifier)
        lines.append(
            TableLine(
                spec=spec,
                departments=tuple((code, names.get(code, code)) for code in reached),
                own=bool(own),
                status=submission.status if submission else None,
                submission_id=submission.id if submission else None,
                due_at=submission.due_by(cycle.due_at) if submission and cycle else None,
            )
        )
    return lines


def department_names(session: Session) -> dict[str, str]:
    """Department code → name."""
    rows = session.execute(select(Department.code, Department.name).order_by(Department.code))
    return {row.code: row.name for row in rows}


def departments_of_table(session: Session, cycle: Cycle | None, table: str) -> list[str]:
    """The codes of the departments that report the table in the cycle."""
    if cycle is None:
        return []
    query = (
        select(Assignment.department_code, Assignment.kind)
        .where(Assignment.cycle_id == cycle.id, Assignment.table_identifier == table)
        .order_by(Assignment.department_code)
    )
    return [code for code, kind in session.execute(query) if kind.makes_submission]


def _assigned(session: Session, cycle: Cycle | None) -> dict[str, Sequence[str]]:
    if cycle is None:
        return {}
    query = (
        select(Assignment)
        .where(Assignment.cycle_id == cycle.id)
        .order_by(Assignment.department_code)
    )
    found: dict[str, list[str]] = {}
    for assignment in session.scalars(query):
        if assignment.kind.makes_submission:
            found.setdefault(assignment.table_identifier, []).append(assignment.department_code)
    return dict(found)


def _submissions(
    session: Session, cycle: Cycle | None, departments: frozenset[str]
) -> dict[str, Submission]:
    if cycle is None or not departments:
        return {}
    query = select(Submission).where(
        Submission.cycle_id == cycle.id, Submission.department_code.in_(sorted(departments))
    )
    return {s.table_identifier: s for s in session.scalars(query)}
