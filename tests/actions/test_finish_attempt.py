"""Attempts to finish a table are evidence, whether they were blocked or not."""

from contextlib import suppress

import pytest

from app.domain.message import Refused
from app.domain.submission import Verb
from app.models.submission import FinishAttempt
from tests.college import NOW, College
from tests.people import People

REQUIRED, FIELDS = 7, 11


def finish(college: College, people: People, **asked: str) -> None:
    with suppress(Refused):
        college.step(college.submission("course"), Verb.FINISH, by=people.li_jing, **asked)


def test_a_blocked_attempt_is_kept_with_what_was_found(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing, course_name=None)

    finish(college, people)

    [kept] = college.all(FinishAttempt)
    assert (kept.is_blocked, kept.row_count, kept.errors) == (True, 2, {"completeness": 2})
    assert (kept.cell_count, kept.required_count) == (2 * FIELDS, 2 * REQUIRED)
    assert kept.filled_count == 2 * REQUIRED - 2
    assert (kept.attempted_at, kept.attempted_by) == (NOW, "03002")


def test_an_attempt_that_succeeds_is_kept_too(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)

    finish(college, people)

    [kept] = college.all(FinishAttempt)
    assert (kept.is_blocked, kept.errors, kept.filled_count) == (False, {}, REQUIRED)
    assert kept.content_hash == college.submission("course").content_hash


def test_the_same_content_is_one_attempt(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing, course_name=None)

    for _ in range(3):
        finish(college, people)
    college.add("course", 2, by=people.li_jing)
    finish(college, people)

    assert [kept.row_count for kept in college.all(FinishAttempt)] == [1, 2]


def test_a_nil_return_has_no_cells(college: College, people: People) -> None:
    finish(college, people)
    assert college.all(FinishAttempt) == []

    finish(college, people, reason="本年未开课")

    [kept] = college.all(FinishAttempt)
    assert (kept.row_count, kept.cell_count, kept.required_count) == (0, 0, 0)


def test_faulty_cells_are_told_apart_by_their_dimension(college: College, people: People) -> None:
    college.add("quality_project", 1, by=people.li_jing, granted_by=None)

    with suppress(Refused):
        college.step(college.submission("quality_project"), Verb.FINISH, by=people.li_jing)

    [kept] = college.all(FinishAttempt)
    assert kept.errors == {"accuracy": 1, "completeness": 1}


def test_when_the_attempt_cannot_be_kept_nothing_is_finished(
    college: College, people: People
) -> None:
    college.add("course", 1, by=people.li_jing)
    before = college.submission("course")

    with college.refusing("sd_finish_attempt"), pytest.raises(Exception, match="full"):
        college.step(before, Verb.FINISH, by=people.li_jing)

    assert college.submission("course").version == before.version
