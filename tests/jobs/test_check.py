"""The rules are asked by themselves of what has changed, and of everything once a day."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.actions.finding_register import note_failed
from app.actions.rule_revision import retire_rule
from app.domain.job import JobKind, JobState
from app.jobs.keeper import CHECK_PLACE, ask_for_checks
from app.models.audit_log import ChangeSet
from app.models.finding import RegisteredFinding, TableCheck
from app.models.job import Job
from app.models.submission import Submission
from app.reports.finding_due import due_tables, failed_checks
from tests.college import NOW, College
from tests.jobs.conftest import Background, carry_out_here
from tests.judged import uncovered_course
from tests.people import People


def checked(background: Background) -> Job | None:
    """What comes of the check that the keeper asks for now; None where it asks for none."""
    before = len(background.college.all(Job))
    ask_for_checks(background.office, now=background.college.now)
    jobs = background.college.all(Job)
    if len(jobs) == before:
        return None
    assert (jobs[-1].kind, jobs[-1].place) == (JobKind.CHECK, CHECK_PLACE)
    return background.attend(jobs[-1].key, carry_out_here)


def due(college: College) -> list[str]:
    with college.open_session() as session:
        return due_tables(session, college.store, college.cycle, now=college.now)


def test_the_whole_year_is_checked_the_first_time(background: Background) -> None:
    uncovered_course(background.college)

    job = checked(background)

    assert job is not None
    assert (job.state, job.summary["tables"]) == (
        JobState.DONE,
        len(background.college.store.tables),
    )
    assert job.summary["findings"] >= 1
    assert len(background.college.all(RegisteredFinding)) == job.summary["findings"]


def test_nothing_is_asked_for_while_nothing_has_changed(background: Background) -> None:
    checked(background)

    assert checked(background) is None
    assert due(background.college) == []


def test_tables_whose_rules_read_what_has_changed_are_checked(
    background: Background, people: People
) -> None:
    checked(background)

    background.college.add("course_textbook", 1, by=people.li_jing)

    assert due(background.college) == ["course", "course_textbook"]
    job = checked(background)
    assert job is not None
    assert job.summary["tables"] == 2
    assert due(background.college) == []


def test_a_table_is_checked_again_once_a_rule_of_it_was_switched_off(
    background: Background, people: People
) -> None:
    college = background.college
    checked(background)

    with college.open_session() as session:
        catalogue, rule = college.store.catalogue, "QR.COURSE_TEXTBOOK.*.11"
        retire_rule(session, catalogue, rule, "不适用", by=people.zhou_min, now=college.now)

    assert "course_textbook" in due(college)


@pytest.mark.parametrize(("hours", "asks"), [(23, False), (25, True)])
def test_everything_is_checked_once_a_day(
    background: Background, hours: int, *, asks: bool
) -> None:
    checked(background)
    notes = [note.checked_at for note in background.college.all(TableCheck)]
    before = len(background.college.all(Job))

    ask_for_checks(background.office, now=min(notes) + timedelta(hours=hours))

    assert (len(background.college.all(Job)) > before) is asks


def test_a_table_is_checked_once_a_day_however_often_others_are(
    background: Background, people: People
) -> None:
    college = background.college
    checked(background)
    yesterday = update(TableCheck).where(TableCheck.table_identifier == "staff")
    college.session.execute(yesterday.values(checked_at=college.now - timedelta(days=1)))
    college.session.commit()
    college.add("course_textbook", 1, by=people.li_jing)

    assert due(college) == ["course", "course_textbook", "staff"]


def test_a_change_that_began_earlier_and_was_committed_later_is_seen(
    background: Background,
) -> None:
    college = background.college
    change(college, 9_000, "staff")
    checked(background)
    assert due(college) == []

    change(college, 8_000, "course_textbook")

    assert due(college) == ["course", "course_textbook"]
    assert checked(background) is not None


def test_a_table_that_is_no_longer_here_is_not_asked_for_again_and_again(
    background: Background,
) -> None:
    college = background.college
    course = update(Submission).where(Submission.table_identifier == "course")
    college.session.execute(course.values(table_identifier="gone"))
    college.session.commit()

    assert checked(background) is not None

    assert checked(background) is None


def test_a_check_that_fails_keeps_no_other_waiting_and_is_tried_later(
    background: Background,
) -> None:
    college = background.college
    uncovered_course(college)
    with college.refusing("sd_finding"):
        job = checked(background)

    failed = {each.table: each for each in failed_checks(college.session, college.cycle)}
    assert job is not None
    assert (job.state, job.summary["failed"]) == (JobState.DONE, len(failed))
    assert job.summary["tables"] == len(college.store.tables) - len(failed)
    assert failed["course"].failures == 1
    assert checked(background) is None
    with college.open_session() as session:
        retry_at = failed["course"].retry_at
        due_then = due_tables(session, college.store, college.cycle, now=retry_at)
    assert due_then == sorted(failed)


def test_a_check_that_fails_again_and_again_is_tried_later_every_time(
    background: Background,
) -> None:
    college, retry_at, waits = background.college, NOW, []

    for _time in range(12):
        note_failed(college.session, college.cycle, "course", now=retry_at)
        failed = {each.table: each for each in failed_checks(college.session, college.cycle)}
        waits.append(failed["course"].retry_at - retry_at)
    assert waits[:3] == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert waits[-1] == timedelta(days=1)


def change(college: College, number: int, table: str) -> None:
    """A set of changes that took this number."""
    college.session.add(
        ChangeSet(
            id=number,
            at=college.now,
            person_number="-",
            person_name="-",
            way="grid",
            table_identifier=table,
            period=college.period(table),
            department_code="A03",
            row_count=1,
        )
    )
    college.session.commit()
