"""All that the rules say of a place, from one cell to the whole college."""

from app.actions.row_change import UPDATE, Change
from app.domain.finding_state import FindingState
from app.domain.submission import Verb
from tests.college import College, on_all_databases
from tests.judged import judged, uncovered_course
from tests.people import People

NO_BOOK = "QR.COURSE.*.11"


@on_all_databases
def test_a_rule_between_two_tables_is_told_at_the_row_of_its_department(
    college: College, people: People
) -> None:
    found = uncovered_course(college)

    assert (found.finding.rule, found.finding.field, found.state) == (
        NO_BOOK,
        "course_code",
        FindingState.OPEN,
    )
    [row] = [row for row in college.rows("course") if row["course_code"] == "K00001"]
    assert found.row_id == str(row["sys_id"])
    assert not judged(college, "course", "A02").found


def test_the_mark_stays_when_the_values_change_and_the_digest_does_not(
    college: College, people: People
) -> None:
    before = uncovered_course(college)
    change = Change(UPDATE, {"course_type": "A"}, before.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written

    [after] = judged(college).found

    assert after.mark == before.mark
    assert after.values_digest != before.values_digest


def test_what_the_rule_does_not_look_at_changes_neither(college: College, people: People) -> None:
    before = uncovered_course(college)
    change = Change(UPDATE, {"course_name": "另一个名称"}, before.row_id, "1")
    assert college.change("course", change, by=people.li_jing).written

    [after] = judged(college).found

    assert (after.mark, after.values_digest) == (before.mark, before.values_digest)


def teacher_of_another_category(college: College, people: People) -> None:
    """In the list of staff, kept by another department, the teacher is no full-time teacher."""
    college.add("department", 1, by=people.wu_fan)
    college.add("staff", 1, by=people.wu_fan)
    college.add("full_time_teacher", 1, by=people.chen_gang)


def test_what_another_department_has_not_finished_is_waited_for(
    college: College, people: People
) -> None:
    teacher_of_another_category(college, people)

    waiting = judged(college, "full_time_teacher", "C01").in_state(FindingState.WAITING)

    assert ("QR.FULL_TIME_TEACHER.*.13", ("staff",)) in [
        (each.finding.rule, each.waits_for) for each in waiting
    ]


def test_it_blocks_when_the_other_department_has_finished(college: College, people: People) -> None:
    teacher_of_another_category(college, people)
    college.step(college.submission("staff", "A02"), Verb.FINISH, by=people.wu_fan)

    place = judged(college, "full_time_teacher", "C01")

    assert "QR.FULL_TIME_TEACHER.*.13" in [each.finding.rule for each in place.open_errors]
