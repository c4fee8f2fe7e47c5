"""Changing assignments in tests as the quality office does."""

from typing import Any

from app.access.person import Actor
from app.actions.assignment_change import AssignmentsRefused, Change, change_assignments
from app.domain.assignment import AssignmentKind, TableAssignment
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from tests.college import NOW, College
from tests.people import People


def one(table: str, department: str) -> TableAssignment:
    """One department is responsible for the table."""
    return TableAssignment(table, departments=(department,))


def each(table: str, *departments: str, guidance: tuple[str, ...] = ()) -> TableAssignment:
    """Each of the departments reports the table for itself."""
    return TableAssignment(table, AssignmentKind.OWN_STAFF, departments, guidance)


def change(
    college: College, people: People, *wanted: TableAssignment, by: Actor | None = None, **how: Any
) -> list[Change]:
    """Assign tables of the open year, or of another that is named."""
    number = how.pop("cycle_id", college.founded.cycle_id)
    with college.open_session() as session:
        version = how.pop("version", session.get_one(Cycle, number).version)
    return change_assignments(
        college.session,
        college.store,
        number,
        wanted,
        version=version,
        by=by or people.zhou_min,
        now=NOW,
        **how,
    )


def faults_of(refusal: AssignmentsRefused) -> dict[str, str]:
    """Table → why it cannot be assigned, in English."""
    return {table: message.english() for table, message in refusal.faults.items()}


def holders(college: College, table: str, cycle_id: int | None = None) -> dict[str, str]:
    """Department → kind of its assignment, as stored now."""
    number = cycle_id or college.founded.cycle_id
    return {
        found.department_code: found.kind.value
        for found in college.all(Assignment)
        if (found.cycle_id, found.table_identifier) == (number, table)
    }
