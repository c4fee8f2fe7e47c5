"""What waits for a person beside the steps of tables, who never signed in, and how tables stand."""

from datetime import timedelta

from sqlalchemy import update

from app.access.person import Actor
from app.actions.finding_register import check_table
from app.actions.question import QuestionStepRequest, ask, take_question_step
from app.domain.person import Function
from app.domain.question import QuestionVerb
from app.domain.return_item import WantedItem
from app.domain.submission import Status, Verb
from app.models.account import Account
from app.models.submission import Submission
from app.reports.board import BoardLine
from app.reports.sleeper import sleepers
from app.reports.waiting_work import count_unanswered, items_back
from tests.college import DUE, NOW, College
from tests.judged import uncovered_course
from tests.people import People
from tests.reports.test_board import board_of, line_of
from tests.submissions import submission_at


def line(college: College, actor: Actor, table: str, days: int = 0) -> BoardLine:
    return line_of(board_of(college, actor, DUE - timedelta(days=days)), table)


def test_questions_wait_for_the_quality_office_until_they_are_answered(
    college: College, people: People
) -> None:
    place = (college.session, college.store.catalogue, "course", "")
    number = ask(*place, "口径?", by=people.li_jing, now=NOW).id
    waiting = [count_unanswered(college.session, p) for p in (people.zhou_min, people.li_jing)]

    request = QuestionStepRequest(QuestionVerb.ANSWER, 1, "按学年")
    take_question_step(college.session, number, request, by=people.zhou_min, now=NOW)

    assert waiting == [1, 0]
    assert count_unanswered(college.session, people.zhou_min) == 0


def test_what_came_back_to_a_teacher_is_told_with_its_day(college: College, people: People) -> None:
    number = people.liu_yang.number
    [row] = college.add("full_time_teacher", 1, by=people.liu_yang, staff_no=number)
    own = Submission.table_identifier == "full_time_teacher"
    college.session.execute(update(Submission).where(own).values(status=Status.UNDER_REVIEW))
    college.session.commit()
    submission = college.submission("full_time_teacher", "C01")
    items = (WantedItem("职称不对", row),)
    college.step(submission, Verb.SEND_BACK, by=people.chen_gang, items=items)

    [back] = items_back(college.session, college.store, people.liu_yang)

    assert (back.spec.identifier, back.department, back.count) == ("full_time_teacher", "C01", 1)
    assert not back.is_late(NOW)
    assert back.is_late(NOW + timedelta(days=30))
    assert items_back(college.session, college.store, people.ma_chao) == []
    assert items_back(college.session, college.store, people.chen_gang) == ()


def test_who_owes_something_and_never_signed_in_is_told(college: College, people: People) -> None:
    college.session.add(Account(username="li_jing", last_sign_in_at=NOW))
    college.session.flush()

    found = sleepers(college.session, board_of(college, people.zhou_min).lines, NOW.date())

    assert {each.name for each in found["A03"]} == {"王强"}
    teachers = {each.name for each in found["C01"] if each.function is Function.TEACHER}
    assert teachers == {"刘洋"}


def test_where_everything_is_reported_nobody_sleeps(college: College, people: People) -> None:
    college.session.execute(update(Submission).values(first_reported_at=NOW))

    assert sleepers(college.session, board_of(college, people.zhou_min).lines, NOW.date()) == {}


def test_the_board_knows_how_full_a_table_was_when_it_was_finished(
    college: College, people: People
) -> None:
    submission_at(college, Status.UNDER_REVIEW, rows=2)

    assert line(college, people.zhou_min, "course").quality.filled == 100
    assert line(college, people.zhou_min, "course_textbook").quality.filled is None


def test_the_board_counts_open_findings_for_whoever_may_read_them(
    college: College, people: People
) -> None:
    uncovered_course(college)
    check_table(college.session, college.store, college.cycle, "course", now=NOW)

    assert line(college, people.zhou_min, "course").quality.warnings == 1
    assert line(college, people.li_jing, "course").quality.warnings == 1
    assert line(college, people.leader, "course").quality.warnings == 0


def test_what_is_soon_due_or_came_back_needs_attention(college: College, people: People) -> None:
    assert not line(college, people.zhou_min, "course", days=10).needs_attention
    assert line(college, people.zhou_min, "course", days=2).needs_attention
    submission_at(college, Status.RETURNED)

    assert line(college, people.zhou_min, "course", days=10).needs_attention
