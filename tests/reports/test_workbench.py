"""The workbench shows what waits for a person, and how far his year is."""

import pytest

from app.domain.submission import Status, Verb
from app.reports.workbench import Urgency, Workbench, read_workbench
from tests.college import College
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
