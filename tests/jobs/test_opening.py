"""A large year is opened in the background: all of it once, or nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from app.actions import assignment
from app.actions.cycle import CycleRequest, take_cycle_step
from app.actions.job import Asked, ask_for_job, noting_written
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.job import JobKind, JobState
from app.jobs.keeper import find_lost
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.job import Job
from app.models.submission import Submission
from tests.jobs.conftest import Background, begin, carry_out_here
from tests.people import People

LATER = timedelta(hours=1)


def asked(background: Background, year: int, people: People) -> str:
    """The quality office asks for the year to be opened; the key of the job."""
    college = background.college
    version = next(each.version for each in college.all(Cycle) if each.id == year)
    told = {"cycle": year, "version": version, "year": "2026-2027"}
    wanted = Asked(JobKind.OPENING, told, place=f"opening:{year}", content=b"PK")
    return ask_for_job(college.session, wanted, by=people.zhou_min, now=college.now)


def begun(background: Background, year: int) -> int:
    """How many submissions the year has."""
    return len([each for each in background.college.all(Submission) if each.cycle_id == year])


def status(background: Background, year: int) -> CycleStatus:
    return next(each.status for each in background.college.all(Cycle) if each.id == year)


def test_the_year_is_opened_with_all_its_submissions(
    background: Background, people: People
) -> None:
    year = background.college.next_year()

    job = background.attend(asked(background, year, people), carry_out_here)

    assert (job.state, job.refusal, job.is_written) == (JobState.DONE, None, True)
    assert status(background, year) is CycleStatus.OPEN
    assert begun(background, year) == job.summary["submissions"] > 0


def test_giving_up_on_the_way_leaves_nothing(background: Background, people: People) -> None:
    year = background.college.next_year()
    key = asked(background, year, people)
    background.queue.wish(key, "04002", "周敏")

    job = background.attend(key, carry_out_here)

    assert (job.state, job.is_written) == (JobState.CANCELLED, False)
    assert (status(background, year), begun(background, year)) == (CycleStatus.PREPARING, 0)


def test_a_second_job_opens_nothing_again(background: Background, people: People) -> None:
    year = background.college.next_year()
    keys = []
    for _ in range(2):
        keys.append(asked(background, year, people))
        session = background.college.session
        session.execute(update(Job).values(place=None))
        session.commit()
    first, second = [background.attend(key, carry_out_here) for key in keys]

    assert (first.state, second.state) == (JobState.DONE, JobState.FAILED)
    assert begun(background, year) == first.summary["submissions"]


def test_what_is_lacking_is_told_and_nothing_is_opened(
    background: Background, people: People
) -> None:
    year = background.college.next_year()
    key = asked(background, year, people)
    session = background.college.session
    session.execute(update(Department).values(valid_to=date(2026, 1, 1)))
    session.commit()
    job = background.attend(key, carry_out_here)

    assert (job.state, begun(background, year)) == (JobState.FAILED, 0)
    assert "abolished" in (job.refusal or "")


def test_one_whose_process_vanished_after_the_deed_is_done(
    background: Background, people: People
) -> None:
    year = background.college.next_year()
    key = asked(background, year, people)
    begin(background, key, ago=LATER)
    with background.office.open_session() as session, noting_written(session, key, 1):
        request = CycleRequest(CycleVerb.OPEN, background.job(key).request["version"])
        store, by = background.college.store, people.zhou_min
        take_cycle_step(session, store, year, request, by=by, now=background.college.now)

    find_lost(background.office, now=datetime.now(UTC))

    assert (background.job(key).state, status(background, year)) == (
        JobState.DONE,
        CycleStatus.OPEN,
    )


def test_progress_is_told_part_by_part(
    background: Background, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = background.college.next_year()
    monkeypatch.setattr(assignment, "AT_ONCE", 5)
    key, told = asked(background, year, people), []
    background.queue.tell = lambda _key, progress: told.append(progress)  # type: ignore[method-assign]

    background.attend(key, carry_out_here)

    assert told[0].done == 0
    assert told[-1].done == told[-1].total > 5
