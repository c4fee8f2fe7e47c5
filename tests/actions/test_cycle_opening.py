"""A year opens when every table has its department and every department its people (第五条)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.domain.cycle import CycleStatus
from app.domain.message import Reason, Refused
from app.domain.person import Function
from app.domain.submission import Status
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.person import Appointment, Person
from app.models.submission import Submission
from tests.actions.test_permission import granted
from tests.assignments import change, one
from tests.college import NOW, College
from tests.people import People

YESTERDAY = NOW.date() - timedelta(days=1)


def refused(college: College, year: int) -> tuple[str, list[str]]:
    """Why the year does not open, after nothing was changed."""
    submissions = len(college.submissions())
    with pytest.raises(Refused) as refusal:
        college.open_year(year)
    assert refusal.value.reason is Reason.INVALID
    assert len(college.submissions()) == submissions
    found = next(cycle for cycle in college.all(Cycle) if cycle.id == year)
    assert found.status is CycleStatus.PREPARING
    message = refusal.value.message.english()
    return message, [detail.english() for detail in refusal.value.details]


def leave(college: College, number: str) -> None:
    """The person's appointments ended yesterday."""
    for found in college.session.query(Appointment).join(Person).where(Person.number == number):
        found.valid_to = YESTERDAY
    college.session.commit()


def test_a_department_without_a_head_or_a_steward_is_named(
    college: College, people: People
) -> None:
    year = college.next_year()
    leave(college, people.tang_yi.number)
    leave(college, people.wu_fan.number)

    message, details = refused(college, year)

    assert message == "Departments that report lack a head or a data steward."
    assert details == [
        "组织人事处 has no appointed data steward in office",
        "机电工程系 has no accountable head of department in office",
    ]


def test_a_person_who_left_the_college_holds_no_office(college: College, people: People) -> None:
    year = college.next_year()
    person = college.session.query(Person).where(Person.number == people.tang_yi.number).one()
    person.is_active = False
    college.session.commit()

    assert len(refused(college, year)[1]) == 1


def test_who_takes_office_later_does_not_count_yet(college: College, people: People) -> None:
    year = college.next_year()
    leave(college, people.tang_yi.number)
    person = college.session.query(Person).where(Person.number == people.luo_lin.number).one()
    later = NOW.date() + timedelta(days=1)
    college.session.add(
        Appointment(
            person_id=person.id, function=Function.HEAD, department_code="C02", valid_from=later
        )
    )
    college.session.commit()

    assert len(refused(college, year)[1]) == 1


def test_a_department_that_reports_nothing_needs_nobody(college: College, people: People) -> None:
    year = college.next_year()
    leave(college, people.qian_hui.number)
    change(college, people, one("fiscal_subsidy_item", "A03"), cycle_id=year)
    college.session.execute(
        delete(Assignment).where(Assignment.cycle_id == year, Assignment.department_code == "A07")
    )
    college.session.commit()

    assert college.open_year(year).status is CycleStatus.OPEN


def test_tables_of_abolished_departments_are_named(college: College) -> None:
    year = college.next_year()
    college.session.get_one(Department, "A07").valid_to = YESTERDAY
    college.session.commit()

    message, details = refused(college, year)

    assert message == "Tables are assigned to departments that have been abolished."
    assert details
    assert all(detail.endswith(" (财务处)") for detail in details)


def test_everything_that_is_lacking_is_told_at_once(college: College, people: People) -> None:
    year = college.next_year()
    college.session.get_one(Department, "A07").valid_to = YESTERDAY
    leave(college, people.tang_yi.number)
    college.session.execute(
        delete(Assignment).where(
            Assignment.cycle_id == year, Assignment.table_identifier == "course"
        )
    )
    college.session.commit()

    message, details = refused(college, year)

    assert message == "The collection year cannot be opened yet; this is lacking:"
    assert len(details) >= 3


def test_unlocking_gives_a_department_its_rights_back(college: College, people: People) -> None:
    year = college.next_year()
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    cycle.status, cycle.locked_at, cycle.locked_by = CycleStatus.LOCKED, NOW, "04002"
    college.session.commit()
    change(college, people, one("course", "C02"), cycle_id=year)
    assert ("can_edit", "course") not in granted(college.session)["A03.steward"]

    submission = college.session.get_one(Submission, college.submission("quality_project").id)
    submission.status, submission.accepted_at = Status.LOCKED, NOW
    submission.accepted_by = people.sun_li.number
    college.session.commit()
    college.unlock("quality_project")

    assert ("can_edit", "course") in granted(college.session)["A03.steward"]
