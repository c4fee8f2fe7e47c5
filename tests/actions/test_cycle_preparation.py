"""A year is set up with last year's assignments, or those the catalogue proposes (第四条)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from app.actions.assignment import proposal
from app.actions.cycle import prepare_assigned_cycle
from app.catalogue.base_table import Tier
from app.domain.assignment import AssignmentKind, TableAssignment
from app.domain.cycle import CycleStatus
from app.domain.message import Reason, Refused
from app.domain.period import AcademicYear
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.department import Department
from tests.assignments import change
from tests.college import DUE, NOW, YEAR, College
from tests.people import People

NEXT_DUE = DUE.replace(year=2027)


def prepare(college: College, people: People, **asked) -> Cycle:
    return prepare_assigned_cycle(
        college.session,
        college.store,
        asked.get("year", YEAR.next),
        due_at=asked.get("due_at", NEXT_DUE),
        by=asked.get("by", people.zhou_min),
        now=NOW,
    )


def owed(college: College, cycle_id: int) -> set[tuple[str, str, str]]:
    """Table, department and kind of every assignment of the year."""
    return {
        (found.table_identifier, found.department_code, found.kind.value)
        for found in college.all(Assignment)
        if found.cycle_id == cycle_id
    }


def end(college: College, *codes: str) -> None:
    """Departments whose last day was yesterday."""
    for code in codes:
        department = college.session.get_one(Department, code)
        department.valid_to = NOW.date() - timedelta(days=1)
    college.session.commit()


def test_a_year_begins_in_preparation_with_last_years_assignments(
    college: College, people: People
) -> None:
    cycle = prepare(college, people)

    tags = [entry.tag for entry in college.entries(f"cycle:{cycle.id}")]
    assert (cycle.status, cycle.due_at) == (CycleStatus.PREPARING, NEXT_DUE)
    assert owed(college, cycle.id) == owed(college, college.founded.cycle_id)
    assert tags == ["cycle.prepare", "assignment.assign"]


def test_what_was_changed_last_year_is_taken_over(college: College, people: People) -> None:
    change(college, people, TableAssignment("course", departments=("C02",)))

    cycle = prepare(college, people)

    assert {item for item in owed(college, cycle.id) if item[0] == "course"} == {
        ("course", "C02", "responsible")
    }


def test_a_department_abolished_since_is_not_taken_over(college: College, people: People) -> None:
    end(college, "A03", "C02")

    cycle = prepare(college, people)

    assert not {code for _, code, _ in owed(college, cycle.id)} & {"A03", "C02"}
    shared = {item for item in owed(college, cycle.id) if item[0] == "full_time_teacher"}
    assert shared == {
        ("full_time_teacher", "A02", "guidance"),
        ("full_time_teacher", "C01", "own_staff"),
    }


def test_a_core_table_nobody_had_is_proposed_from_the_catalogue(
    college: College, people: People
) -> None:
    college.session.execute(
        delete(Assignment).where(Assignment.table_identifier.in_(("staff", "quality_project")))
    )
    college.session.commit()

    cycle = prepare(college, people)

    assert ("staff", "A02", "responsible") in owed(college, cycle.id)
    assert "quality_project" not in {table for table, _, _ in owed(college, cycle.id)}


def test_the_first_year_begins_with_what_the_catalogue_proposes(
    college: College, people: People
) -> None:
    earlier = AcademicYear(YEAR.start_year - 1)

    cycle = prepare(college, people, year=earlier, due_at=DUE)

    assert owed(college, cycle.id) == {
        (item.table, item.department, item.kind.value) for item in proposal(college.store.catalogue)
    }


@pytest.mark.parametrize("due_at", [None, NOW, NOW - timedelta(days=1)])
def test_a_year_is_due_in_the_future(college: College, people: People, due_at) -> None:
    with pytest.raises(Refused) as refusal:
        prepare(college, people, due_at=due_at)

    assert refusal.value.reason is Reason.INVALID
    assert len(college.all(Cycle)) == 1


@pytest.mark.parametrize("name", ["li_jing", "administrator"])
def test_only_the_quality_office_sets_up_a_year(
    college: College, people: People, name: str
) -> None:
    with pytest.raises(Refused):
        prepare(college, people, by=getattr(people, name))

    assert len(college.all(Cycle)) == 1


@pytest.mark.parametrize("table", ["sd_audit_entry", "sd_assignment"])
def test_a_year_that_cannot_be_completed_is_not_set_up(
    college: College, people: People, table: str
) -> None:
    assignments = len(college.all(Assignment))

    # Nobody is told that the year exists: the database's own words go into the log.
    with college.refusing(table), pytest.raises(DBAPIError):
        prepare(college, people)

    assert len(college.all(Cycle)) == 1
    assert len(college.all(Assignment)) == assignments


def test_tables_filled_for_own_staff_are_guided_by_their_owner(college: College) -> None:
    kinds = {
        (item.department, item.kind)
        for item in proposal(college.store.catalogue)
        if item.table == "full_time_teacher"
    }

    assert kinds == {
        ("A02", AssignmentKind.GUIDANCE),
        ("C01", AssignmentKind.OWN_STAFF),
        ("C02", AssignmentKind.OWN_STAFF),
    }


def test_extension_tables_are_proposed_by_choice_only(college: College) -> None:
    core = {item.table for item in proposal(college.store.catalogue)}
    whole = {item.table for item in proposal(college.store.catalogue, frozenset(Tier))}

    assert whole - core == {
        name for name, spec in college.store.catalogue.tables.items() if spec.tier != "core"
    }
    assert "quality_project" in whole - core


@pytest.mark.parametrize("first", [2012, 2029])
def test_a_year_far_from_the_present_is_refused(
    college: College, people: People, first: int
) -> None:
    with pytest.raises(Refused) as refusal:
        prepare(college, people, year=AcademicYear(first), due_at=NEXT_DUE)

    assert refusal.value.reason is Reason.INVALID
    assert len(college.all(Cycle)) == 1


def test_the_year_after_the_present_one_waits_for_that(college: College, people: People) -> None:
    with pytest.raises(Refused, match="Prepare 2026-2027 first"):
        prepare(college, people, year=YEAR.next.next, due_at=NEXT_DUE.replace(year=2028))

    prepare(college, people)
    prepare(college, people, year=YEAR.next.next, due_at=NEXT_DUE.replace(year=2028))
    assert len(college.all(Cycle)) == 3
