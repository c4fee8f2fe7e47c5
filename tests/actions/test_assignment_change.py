"""Tables are assigned as a whole, all or nothing (第四条, 第十条第三款)."""

from datetime import timedelta

import pytest

from app.actions.assignment_change import AssignmentsRefused, fill_assignments
from app.domain.assignment import AssignmentKind, TableAssignment
from app.domain.message import Reason, Refused
from app.domain.submission import Status
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.department import Department
from tests.actions.test_permission import granted
from tests.actions.test_submission_races import at_once
from tests.assignments import change, each, faults_of, holders, one
from tests.college import NOW, College
from tests.people import People

OTHERS = ["li_jing", "wang_qiang", "ma_chao", "administrator", "leader", "archivist", "reader"]


def version(college: College, cycle_id: int) -> int:
    with college.open_session() as session:
        return session.get_one(Cycle, cycle_id).version


def refused(college: College, people: People, *wanted: TableAssignment, **how) -> Refused:
    """The refusal, after nothing was changed."""
    assignments = [(a.id, a.department_code, a.kind) for a in college.all(Assignment)]
    entries, submissions = len(college.entries()), len(college.submissions())
    with pytest.raises(Refused) as refusal:
        change(college, people, *wanted, **how)
    assert [(a.id, a.department_code, a.kind) for a in college.all(Assignment)] == assignments
    assert (len(college.entries()), len(college.submissions())) == (entries, submissions)
    return refusal.value


def test_tables_of_a_year_in_preparation_are_assigned_freely(
    college: College, people: People
) -> None:
    year = college.next_year()
    wanted = [one("course", "C01"), each("staff", "C01", "C02", guidance=("A02",))]

    done = change(college, people, *wanted, cycle_id=year)

    assert len(done) == 2
    assert holders(college, "course", year) == {"C01": "responsible"}
    shared = {"A02": "guidance", "C01": "own_staff", "C02": "own_staff"}
    assert holders(college, "staff", year) == shared
    assert version(college, year) == 2


def test_a_table_can_be_left_without_a_department(college: College, people: People) -> None:
    year = college.next_year()

    change(college, people, TableAssignment("course"), cycle_id=year)

    assert holders(college, "course", year) == {}


def test_a_change_is_recorded_for_the_year_and_for_the_table(
    college: College, people: People
) -> None:
    year = college.next_year()

    change(college, people, each("course", "C01", "C02"), cycle_id=year, reason="专业下放")

    [entry] = college.entries("assignment:2026-2027:course")
    assert (entry.before, entry.after, entry.reason) == ("A03", "C01 C02", "专业下放")
    assert college.entries(f"cycle:{year}")[-1].tag == "assignment.assign"


def test_what_stays_the_same_is_no_change(college: College, people: People) -> None:
    before = college.cycle.version

    assert change(college, people, one("course", "A03")) == []
    assert college.cycle.version == before


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (one("nonsense", "A03"), "There is no such table."),
        (one("course", "Z99"), "There is no department Z99."),
        (
            TableAssignment("course", departments=("A02", "C01")),
            "Only one department can be responsible for a table.",
        ),
        (
            each("course", "C01", guidance=("C01",)),
            "汽车工程系 cannot report the table and only give guidance for it.",
        ),
        (
            TableAssignment("course", departments=("C01",), guidance=("A02",)),
            "Guidance goes with tables that several departments fill in, each for itself.",
        ),
    ],
)
def test_an_assignment_that_makes_no_sense_is_refused_at_its_table(
    college: College, people: People, wanted: TableAssignment, reason: str
) -> None:
    year = college.next_year()

    refusal = refused(college, people, one("staff", "A07"), wanted, cycle_id=year)

    assert isinstance(refusal, AssignmentsRefused)
    assert faults_of(refusal) == {wanted.table: reason}
    assert holders(college, "staff", year) == {"A02": "responsible"}


def test_a_table_named_twice_is_refused(college: College, people: People) -> None:
    year = college.next_year()

    refusal = refused(college, people, one("course", "C01"), one("course", "C02"), cycle_id=year)

    assert isinstance(refusal, AssignmentsRefused)
    assert faults_of(refusal) == {"course": "The table is named more than once."}


def test_an_abolished_department_gets_no_table(college: College, people: People) -> None:
    year = college.next_year()
    department = college.session.get_one(Department, "C02")
    department.valid_to = NOW.date() - timedelta(days=1)
    college.session.commit()

    refusal = refused(college, people, one("course", "C02"), cycle_id=year)

    assert "机电工程系 has been abolished" in refusal.details[0].english()


@pytest.mark.parametrize("name", OTHERS)
def test_only_the_quality_office_assigns_and_an_attempt_is_recorded(
    college: College, people: People, name: str
) -> None:
    before = holders(college, "course")

    with pytest.raises(Refused) as refusal:
        change(college, people, one("course", "C02"), by=getattr(people, name))

    assert refusal.value.reason is Reason.FORBIDDEN
    assert holders(college, "course") == before
    [*_, entry] = college.entries()
    assert entry.tag == "assignment.assign_refused"
    assert entry.person_number == getattr(people, name).number


def test_a_stale_page_is_told(college: College, people: People) -> None:
    year = college.next_year()
    change(college, people, one("course", "C01"), cycle_id=year)

    refusal = refused(college, people, one("course", "C02"), cycle_id=year, version=1)

    assert refusal.reason is Reason.CONFLICT


def test_two_at_once_do_not_both_assign(college: College, people: People) -> None:
    year = college.next_year()

    def give(department: str):
        def act() -> None:
            with college.open_session() as session:
                other = College(college.founded, session)
                change(other, people, one("course", department), cycle_id=year, version=1)

        return act

    assert at_once(give("C01"), give("C02")) == ["conflict", "done"]
    assert len(holders(college, "course", year)) == 1


def test_a_dry_run_writes_nothing(college: College, people: People) -> None:
    year = college.next_year()
    entries = len(college.entries())

    assert len(change(college, people, one("course", "C01"), cycle_id=year, dry_run=True)) == 1
    assert holders(college, "course", year) == {"A03": "responsible"}
    assert len(college.entries()) == entries


def test_a_year_that_is_locked_keeps_its_assignments(college: College, people: People) -> None:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    cycle.status = cycle.status.LOCKED
    college.session.commit()

    refusal = refused(college, people, one("course", "C02"))

    assert "its assignments stay as they are" in refusal.message.msgid


def test_a_change_that_cannot_be_recorded_is_not_made(college: College, people: People) -> None:
    year = college.next_year()

    with college.refusing("sd_audit_entry"), pytest.raises(Exception, match="full"):
        change(college, people, one("course", "C01"), cycle_id=year)

    assert holders(college, "course", year) == {"A03": "responsible"}
    assert ("can_edit", "course") not in granted(college.session)["C01.steward"]


def test_rights_follow_a_table_to_its_new_department(college: College, people: People) -> None:
    change(college, people, one("course", "C02"))

    rights = granted(college.session)
    assert ("can_edit", "course") in rights["C02.steward"]
    assert "course" not in {table for _, table in rights["A03.steward"]}
    assert ("can_pick", "course") in rights["data_steward"]


def test_a_department_of_earlier_years_reads_its_own_rows_only(
    college: College, people: People
) -> None:
    year = college.next_year()
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    cycle.status = cycle.status.LOCKED
    college.session.commit()

    change(college, people, one("course", "C02"), cycle_id=year)

    rights = granted(college.session)["A03.steward"]
    assert {action for action, table in rights if table == "course"} == {
        *("can_list", "can_export", "can_pick")
    }


def test_guidance_that_ends_reads_no_rows_of_others_any_more(
    college: College, people: People
) -> None:
    change(college, people, each("full_time_teacher", "C01", "C02"))

    rights = granted(college.session)["A02.steward"]
    assert "full_time_teacher" not in {table for _, table in rights}


def test_rights_still_backed_by_another_year_stay(college: College, people: People) -> None:
    year = college.next_year()

    change(college, people, one("course", "C02"), cycle_id=year)

    assert ("can_edit", "course") in granted(college.session)["A03.steward"]


def fill(college: College, people: People, year: int, **how) -> int:
    number = version(college, year)
    office = people.zhou_min
    done = fill_assignments(
        college.session, college.store, year, version=number, by=office, now=NOW, **how
    )
    return len(done)


def test_gaps_are_filled_from_last_year_and_the_rest_stays(
    college: College, people: People
) -> None:
    year = college.next_year()
    change(college, people, TableAssignment("staff"), one("course", "C01"), cycle_id=year)

    assert fill(college, people, year) == 1
    assert holders(college, "staff", year) == {"A02": "responsible"}
    assert holders(college, "course", year) == {"C01": "responsible"}


def test_last_years_assignments_replace_others_when_asked(college: College, people: People) -> None:
    year = college.next_year()
    change(college, people, TableAssignment("staff"), one("course", "C01"), cycle_id=year)

    assert fill(college, people, year, replace=True) == 2
    assert holders(college, "course", year) == {"A03": "responsible"}


def test_gaps_are_filled_from_the_catalogue(college: College, people: People) -> None:
    year = college.next_year()
    change(college, people, one("course", "C01"))
    change(college, people, TableAssignment("course"), cycle_id=year)

    assert fill(college, people, year, from_catalogue=True) == 1
    assert holders(college, "course", year) == {"A03": "responsible"}


def test_an_open_year_is_not_filled(college: College, people: People) -> None:
    with pytest.raises(Refused):
        fill(college, people, college.founded.cycle_id)


def test_a_kind_alone_changes_without_touching_the_submission(
    college: College, people: People
) -> None:
    before = college.submission("course")

    change(college, people, each("course", "A03"))

    assert holders(college, "course") == {"A03": AssignmentKind.OWN_STAFF.value}
    assert college.submission("course").id == before.id
    assert college.submission("course").status is Status.NOT_STARTED
