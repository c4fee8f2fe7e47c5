"""Tables are assigned before a year opens and while it is under way (第四条)."""

from app.actions.assignment import Proposed, assign
from app.domain.assignment import AssignmentKind
from app.domain.submission import Status
from tests.college import NOW, College
from tests.people import People


def test_a_table_assigned_in_an_open_year_gets_its_submission(
    college: College, people: People
) -> None:
    cycle = college.session.merge(college.cycle)
    wanted = [Proposed("course", "C02", AssignmentKind.RESPONSIBLE)]

    assign(college.session, college.store, cycle, wanted, by=people.zhou_min, now=NOW)
    college.session.commit()

    submission = college.submission("course", "C02")
    assert (submission.status, submission.period) == (Status.NOT_STARTED, "2025-2026")


def test_guidance_in_an_open_year_makes_no_submission(college: College, people: People) -> None:
    before = len(college.submissions())
    cycle = college.session.merge(college.cycle)
    wanted = [Proposed("course", "C02", AssignmentKind.GUIDANCE)]

    assign(college.session, college.store, cycle, wanted, by=people.zhou_min, now=NOW)
    college.session.commit()

    assert len(college.submissions()) == before
