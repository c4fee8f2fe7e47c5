"""A year is set up together with the assignments the catalogue proposes (第四条)."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from app.actions.assignment import proposal
from app.actions.cycle import prepare_assigned_cycle
from app.catalogue.base_table import Tier
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus
from app.domain.message import Reason, Refused
from app.domain.period import AcademicYear
from app.models.assignment import Assignment
from app.models.cycle import Cycle
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


def test_a_year_begins_in_preparation_with_its_assignments(
    college: College, people: People
) -> None:
    cycle = prepare(college, people)

    made = [a for a in college.all(Assignment) if a.cycle_id == cycle.id]
    tags = [entry.tag for entry in college.entries(f"cycle:{cycle.id}")]
    assert (cycle.status, cycle.due_at) == (CycleStatus.PREPARING, NEXT_DUE)
    assert len(made) == len(proposal(college.store.catalogue))
    assert tags == ["cycle.prepare", "assignment.assign"]


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

    with college.refusing(table), pytest.raises((Refused, DBAPIError)):
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
