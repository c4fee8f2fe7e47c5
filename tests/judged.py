"""Findings of the small college that tests explain, waive and look at."""

from app.actions.explanation import FindingPlace
from app.models.judged_place import JudgedPlace, PlaceFinding, judge_place
from tests.college import College


def uncovered_course(college: College, number: int = 1) -> PlaceFinding:
    """A course for which no book is named, beside one that has its book: a warning about it.

    The rule compares two tables, QR.COURSE.*.11.
    """
    steward = college.founded.people.li_jing
    college.add("course_textbook", 9, by=steward, course_code="K00009")
    college.add("course", 9, number, by=steward)
    return judged(college).found[0]


def judged(college: College, table: str = "course", department: str = "A03") -> JudgedPlace:
    """Everything the rules say of a place now."""
    with college.open_session() as session:
        return judge_place(session, college.store, table, college.cycle, department)


def place(college: College, table: str = "course", department: str = "A03") -> FindingPlace:
    """A table of a department in the open year."""
    return FindingPlace(table, college.period(table), department)
