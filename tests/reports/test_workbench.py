"""The workbench shows what waits for a person, and how far his year is."""

from datetime import timedelta

import pytest

from app.domain.person import Function
from app.domain.submission import Holder, Status, Verb
from app.reports.workbench import Urgency, Workbench, read_workbench
from tests.college import DUE, NOW, College
from tests.people import People
from tests.submissions import exempt_the_rest, submission_at


def bench(college: College, actor) -> Workbench:
    return read_workbench(college.session, college.store, actor, now=college.now)


@pytest.mark.parametrize(
    ("status", "name", "verb"),
    [
        (Status.NOT_STARTED, "li_jing", Verb.ENTER),
        (Status.ENTERING, "li_jing", Verb.FINISH),
        (Status.RETURNED, "li_jing", Verb.FINISH),
        (Status.UNDER_REVIEW, "li_jing", Verb.REVIEW),
        (Status.AWAITING_CONFIRMATION, "wang_qiang", Verb.CONFIRM),
        (Status.SUBMITTED, "zhou_min", Verb.RECEIVE),
        (Status.UNDER_QA_REVIEW, "zhou_min", Verb.ACCEPT),
    ],
)
def test_whose_move_it_is_finds_it_among_his_tasks(
    college: College, people: People, status: Status, name: str, verb: Verb
) -> None:
    submission_at(college, status)

    todos = {
        todo.line.submission.table_identifier: todo.verb
        for todo in bench(college, getattr(people, name)).todos
    }

    assert todos["course"] is verb


def test_what_came_back_stands_first(college: College, people: People) -> None:
    submission_at(college, Status.ENTERING, "course_textbook")
    submission_at(college, Status.RETURNED)

    found = bench(college, people.li_jing)

    assert [todo.urgency for todo in found.todos][:2] == [Urgency.RETURNED, Urgency.UNDER_WAY]
    assert [line.submission.table_identifier for line in found.returned] == ["course"]


def test_three_days_before_the_due_date_it_presses(college: College, people: People) -> None:
    submission_at(college, Status.ENTERING)
    times = {DUE - timedelta(days=4): Urgency.UNDER_WAY, DUE - timedelta(days=2): Urgency.SOON}

    for now, urgency in {**times, DUE + timedelta(days=1): Urgency.LATE}.items():
        todos = read_workbench(college.session, college.store, people.li_jing, now=now).todos
        assert todos[0].urgency is urgency


def test_what_was_reported_first_is_dealt_with_first(college: College, people: People) -> None:
    college.now = NOW + timedelta(days=1)
    submission_at(college, Status.SUBMITTED, "course")
    college.now = NOW
    submission_at(college, Status.SUBMITTED, "course_textbook")

    todos = bench(college, people.zhou_min).todos

    assert [todo.line.spec.identifier for todo in todos] == ["course_textbook", "course"]
    assert bench(college, people.zhou_min).waiting == {Verb.RECEIVE: 2}


def test_who_sent_it_back_is_told(college: College, people: People) -> None:
    submission = submission_at(college, Status.RETURNED)

    for person in (people.li_jing, people.wang_qiang, people.zhou_min):
        told = bench(college, person).sent_back
        assert told[submission.id].person == "周敏"


def test_several_functions_have_their_own_group(college: College, people: People) -> None:
    submission_at(college, Status.SUBMITTED)

    groups = bench(college, people.he_fang).groups(12)

    assert [function for function, _todos in groups] == [Function.QA_OFFICE, Function.DATA_STEWARD]


def test_what_waits_for_others_is_counted(college: College, people: People) -> None:
    submission_at(college, Status.SUBMITTED)

    found = bench(college, people.wang_qiang)

    assert list(found.todos) == []
    own = [each for each in college.submissions() if each.department_code == "A03"]
    assert found.elsewhere == {Holder.STEWARD: len(own) - 1, Holder.QA_OFFICE: 1}


def test_the_departments_furthest_behind_come_first(college: College, people: People) -> None:
    submission_at(college, Status.ACCEPTED)
    exempt_the_rest(college)
    submission = next(s for s in college.submissions() if s.department_code == "C01")
    college.step(submission, Verb.REOPEN, by=people.zhou_min, reason="漏报")

    for person in (people.zhou_min, people.leader):
        [only] = bench(college, person).behind
        assert (only.code, only.owed, only.reported, only.percent) == ("C01", 1, 0, 0)
    assert bench(college, people.li_jing).behind == ()


def test_progress_leaves_out_what_does_not_apply(college: College, people: People) -> None:
    submission_at(college, Status.ACCEPTED)
    submission_at(college, Status.SUBMITTED, "course_textbook")
    exempt_the_rest(college)

    [progress, *_] = bench(college, people.li_jing).progress

    assert (progress.total, progress.percent) == (2, 50)


def test_a_teacher_is_led_to_his_tables(college: College, people: People) -> None:
    found = bench(college, people.liu_yang)

    assert [line.spec.identifier for line in found.own_tables] == [
        "full_time_teacher",
        "full_time_publication",
    ]
    assert list(found.todos) == []


@pytest.mark.parametrize("name", ["administrator", "archivist", "reader"])
def test_who_has_nothing_to_do_sees_an_empty_workbench(
    college: College, people: People, name: str
) -> None:
    found = bench(college, getattr(people, name))

    assert (list(found.todos), list(found.returned), list(found.own_tables)) == ([], [], [])
    assert found.cycle is not None
