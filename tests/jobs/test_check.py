"""The rules are asked by themselves of what has changed, and of everything once a day."""

from datetime import timedelta

import pytest

from app.actions.rule_revision import retire_rule
from app.domain.job import JobKind, JobState
from app.jobs.keeper import CHECK_PLACE, ask_for_checks
from app.models.finding import RegisteredFinding, TableCheck
from app.models.job import Job
from app.reports.finding_due import due_tables
from tests.college import College
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
        return due_tables(session, college.store, college.cycle, whole=False)


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
    looked_at = [note.looked_at for note in college.all(TableCheck) if note.looked_at]
    later = max(looked_at) + timedelta(minutes=1)

    with college.open_session() as session:
        catalogue, rule = college.store.catalogue, "QR.COURSE_TEXTBOOK.*.11"
        retire_rule(session, catalogue, rule, "不适用", by=people.zhou_min, now=later)

    assert "course_textbook" in due(college)


@pytest.mark.parametrize(("hours", "asks"), [(23, False), (25, True)])
def test_everything_is_checked_once_a_day(
    background: Background, hours: int, *, asks: bool
) -> None:
    checked(background)
    notes = [note.looked_at for note in background.college.all(TableCheck)]
    before = len(background.college.all(Job))

    ask_for_checks(background.office, now=min(notes) + timedelta(hours=hours))

    assert (len(background.college.all(Job)) > before) is asks
