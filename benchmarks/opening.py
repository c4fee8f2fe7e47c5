"""Opening a year with 1,500 submissions, beside the bare inserts of them."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.roles import CYCLE
from app.actions.cycle import CycleRequest, prepare_cycle, take_cycle_step
from app.catalogue.base_table import Tier
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleVerb
from app.domain.department import DepartmentKind
from app.domain.period import AcademicYear
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.person import Appointment, Person
from app.models.submission import Submission
from app.models.work_plan import WorkPlan
from benchmarks.college import NOW, College, office
from benchmarks.measure import Line, once

# Seventeen departments that all report every core table.
DEPARTMENTS = 17
CODES = tuple(f"Y{number:02}" for number in range(DEPARTMENTS))
OPENED = AcademicYear(2026)
DUE = NOW.replace(year=NOW.year + 1)
TARGET = 10
FUNCTIONS = ("head", "data_steward")


def measures(college: College, kind: str) -> Iterator[Line]:
    """Seconds of opening, at most ten of them; the ratio to the inserts alone is told beside."""
    store = college.store
    with Session(college.engine, expire_on_commit=False) as session:
        cycle = prepare_cycle(session, OPENED, due_at=DUE, by=office(), now=NOW)
        _prepare(session, college, cycle)
        by = _reading(office())
        rows = _rows(college, cycle)
        floor = once(lambda: _insert(session, rows))
        session.execute(delete(Submission).where(Submission.cycle_id == cycle.id))
        session.commit()
        request = CycleRequest(CycleVerb.OPEN, cycle.version, revision=b"PK")
        ours = once(lambda: take_cycle_step(session, store, cycle.id, request, by=by, now=NOW))
        _tidy(session, cycle)
    what = f"opening a year with {len(rows)} submissions, {kind}"
    yield Line(what, ours, None, "s", TARGET)
    yield Line(f"{what}, beside its inserts", ours, floor, "s", 8)


def _reading(actor: Actor) -> Actor:
    """The office, which also reads the years."""
    return replace(actor, permissions=actor.permissions | {("can_read", CYCLE)})


def _prepare(session: Session, college: College, cycle: Cycle) -> None:
    """Departments with their people, a plan, and tables assigned to all of them."""
    named = [{"code": code, "name": code, "kind": DepartmentKind.TEACHING} for code in CODES]
    session.execute(insert(Department), named)
    person = session.query(Person).first()
    if person is None:
        raise RuntimeError("the college has nobody")
    session.execute(
        insert(Appointment),
        [
            {
                "person_id": person.id,
                "function": function,
                "department_code": code,
                "valid_from": NOW.date(),
            }
            for code in CODES
            for function in FUNCTIONS
        ],
    )
    said = {"changed_at": NOW, "changed_by": "1", "changed_by_name": "1", "published_at": NOW}
    session.add(WorkPlan(cycle_id=cycle.id, number=1, text="1", published_by="1", **said))
    session.execute(
        insert(Assignment),
        [
            {
                "cycle_id": cycle.id,
                "table_identifier": row["table_identifier"],
                "department_code": row["department_code"],
                "kind": AssignmentKind.OWN_STAFF,
            }
            for row in _rows(college, cycle)
        ],
    )
    session.commit()


def _tidy(session: Session, cycle: Cycle) -> None:
    """Leave the college as it was for what is measured next."""
    for made in (Submission, Assignment, WorkPlan):
        session.execute(delete(made).where(made.cycle_id == cycle.id))
    session.execute(delete(Cycle).where(Cycle.id == cycle.id))
    for made_for in (Appointment.department_code, Department.code):
        session.execute(delete(made_for.class_).where(made_for.in_(CODES)))
    session.commit()


def _rows(college: College, cycle: Cycle) -> list[dict[str, object]]:
    tables = [each for each in college.store.catalogue.tables.values() if each.tier is Tier.CORE]
    return [
        {
            "cycle_id": cycle.id,
            "table_identifier": spec.identifier,
            "department_code": code,
            "period": spec.period_in(OPENED).code,
            "status_since": NOW,
        }
        for code in CODES
        for spec in tables
    ]


def _insert(session: Session, rows: list[dict[str, object]]) -> None:
    session.execute(insert(Submission), rows)
    session.commit()
