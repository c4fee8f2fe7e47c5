"""Article 9: departments are called together, data stewards study the notes."""

from app.reports.training import read_training
from tests.college import NOW, College
from tests.people import People


def test_a_department_that_held_no_meeting_is_shown(college: College, people: People) -> None:
    """「各部门要及时召开动员会议，做好组织宣传工作」"""
    page = read_training(college.session, people.zhou_min, college.cycle, now=NOW)

    assert page.meetings
    assert page.without_meeting == len(page.meetings)
