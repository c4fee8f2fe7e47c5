"""How jobs end, whatever becomes of their process: done, failed, given up, or begun once more."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import update

from app.actions.job import (
    MOST_UNDER_WAY,
    Made,
    begin_job,
    cancel_job,
    fail_job,
    finish_job,
    noting_written,
)
from app.domain.job import JobKind, JobState
from app.domain.message import Reason, Refused
from app.jobs.keeper import FEED_PLACE, ask_for_feeds, find_lost, forget_old, send_again
from app.jobs.queue import QueueUnreachableError
from app.models.audit_log import ChangeSet
from app.models.job import Job, JobChunk, JobPart
from app.reports.job import read_part
from tests.jobs.conftest import HANGING, KILLED, Background, begin, carry_out_here
from tests.people import People

LATER = timedelta(minutes=10)


def test_a_job_whose_process_is_killed_is_begun_once_more_and_then_fails_in_words(
    background: Background, people: People
) -> None:
    key = background.ask(people.li_jing)

    first = background.attend(key, KILLED)
    assert (first.state, first.attempts) == (JobState.QUEUED, 1)
    assert background.queue.waiting() == {key}
    second = background.attend(key, KILLED)

    assert (second.state, second.attempts) == (JobState.FAILED, 2)
    assert "ended twice" in (second.refusal or "")


def test_a_job_begun_once_more_is_done(background: Background, people: People) -> None:
    key = background.ask_to_write(people.li_jing)
    background.attend(key, KILLED)

    job = background.attend(key, carry_out_here)

    assert (job.state, job.is_written) == (JobState.DONE, True)
    assert len(background.college.rows("course")) == 1


def test_rows_that_were_written_before_the_process_was_killed_are_not_written_again(
    background: Background, people: People
) -> None:
    key = background.ask_to_write(people.li_jing)
    with background.office.open_session() as session:
        session.execute(update(Job).where(Job.key == key).values(is_written=True))
        session.commit()

    job = background.attend(key, KILLED)

    assert (job.state, job.summary) == (JobState.DONE, {"written": True, "is_lost": True})


def test_a_waiting_job_that_is_given_up_is_never_begun(
    background: Background, people: People
) -> None:
    key = background.ask_to_write(people.li_jing)
    background.queue.wish(key, "03002", "李静")

    job = background.attend(key, KILLED)

    assert (job.state, job.attempts) == (JobState.CANCELLED, 0)
    assert [entry.tag for entry in background.college.entries(f"job:{job.id}")][-1] == "job.cancel"


def test_a_running_job_that_is_given_up_ends_with_its_process(
    background: Background, people: People
) -> None:
    key = background.ask(people.li_jing)
    attending = Thread(target=background.attend, args=(key, HANGING))
    attending.start()

    background.queue.wish(key, "03002", "李静")
    attending.join(60)

    assert not attending.is_alive()
    assert background.job(key).state is JobState.CANCELLED


def test_giving_up_before_anything_is_written_takes_everything_back(
    background: Background, people: People
) -> None:
    key = background.ask_to_write(people.li_jing)
    tell = background.queue.tell

    def wish_meanwhile(told: str, progress: object) -> None:
        tell(told, progress)  # type: ignore[arg-type]
        background.queue.wish(key, "03002", "李静")

    background.queue.tell = wish_meanwhile  # type: ignore[method-assign,assignment]
    job = background.attend(key, carry_out_here)

    assert (job.state, job.is_written) == (JobState.CANCELLED, False)
    assert background.college.rows("course") == []


def test_what_was_given_up_meanwhile_writes_nothing_any_more(
    background: Background, people: People
) -> None:
    key, session = background.ask(people.li_jing), background.college.session
    begin(background, key)
    with background.office.open_session() as other:
        cancel_job(other, key, by=people.li_jing, now=background.college.now)

    with pytest.raises(Refused) as caught, noting_written(session, key, 1):
        background.college.add("course", by=people.li_jing)

    assert caught.value.reason is Reason.CONFLICT
    assert (background.college.rows("course"), background.college.all(ChangeSet)) == ([], [])


def test_a_process_that_was_given_up_for_lost_ends_no_later_attempt(
    background: Background, people: People
) -> None:
    key, session = background.ask(people.li_jing), background.college.session
    begin(background, key, ago=LATER)
    find_lost(background.office, now=datetime.now(UTC))
    begin(background, key)

    fail_job(session, key, 1, "too late", now=datetime.now(UTC))
    finish_job(session, key, 1, Made(), now=datetime.now(UTC))

    assert (background.job(key).state, background.job(key).attempts) == (JobState.RUNNING, 2)


def test_a_job_is_begun_once_however_often_it_is_sent(
    background: Background, people: People
) -> None:
    key, session = background.ask(people.li_jing), background.college.session

    begun = [begin_job(session, key, now=background.college.now) for _ in range(3)]

    assert begun == [True, False, False]


def test_one_import_at_a_time_writes_into_a_place(background: Background, people: People) -> None:
    key = background.ask(people.li_jing, place="import:course")

    with pytest.raises(Refused) as caught:
        background.ask(people.li_jing, place="import:course")
    background.attend(key, carry_out_here)
    later = background.ask(people.li_jing, place="import:course")

    assert caught.value.reason is Reason.CONFLICT
    assert background.job(later).state is JobState.QUEUED


def test_nobody_fills_the_queue_alone(background: Background, people: People) -> None:
    for _ in range(MOST_UNDER_WAY):
        background.ask(people.li_jing, content=None)

    with pytest.raises(Refused) as caught:
        background.ask(people.li_jing, content=None)
    other = background.ask(people.wang_qiang, content=None)

    assert caught.value.message.parameters == {"count": MOST_UNDER_WAY}
    assert background.job(other).state is JobState.QUEUED


def test_a_job_that_gives_no_sign_of_life_is_found(background: Background, people: People) -> None:
    lost, alive = background.ask(people.li_jing), background.ask(people.li_jing)
    for key in (lost, alive):
        begin(background, key, ago=LATER)
    background.queue.beat(alive)

    find_lost(background.office, now=datetime.now(UTC) + timedelta(seconds=30))

    assert background.job(lost).state is JobState.QUEUED
    assert background.job(alive).state is JobState.RUNNING
    find_lost(background.office, now=datetime.now(UTC) + LATER)
    assert background.job(alive).state is JobState.QUEUED


def test_what_waits_is_sent_again_where_the_queue_was_lost(
    background: Background, people: People
) -> None:
    key = background.ask(people.li_jing)
    assert background.queue.waiting() == set()

    for _ in range(2):
        send_again(background.office, now=background.college.now)

    assert [list(task.args) for task in background.queue.open().pending()] == [[key]]


def test_files_go_after_a_day_and_jobs_after_a_week(background: Background, people: People) -> None:
    key = background.ask(people.li_jing)
    job = background.attend(key, carry_out_here)
    ended, session = job.ended_at, background.college.session
    assert ended is not None

    forget_old(background.office, now=ended + timedelta(hours=23))
    assert read_part(session, job, JobPart.INPUT) is not None
    forget_old(background.office, now=ended + timedelta(hours=25))
    assert (background.college.all(JobChunk), len(background.college.all(Job))) == ([], 1)
    forget_old(background.office, now=ended + timedelta(days=800))

    assert background.college.all(Job) == []


def test_feeds_are_asked_for_only_when_one_is_due(background: Background, people: People) -> None:
    ask_for_feeds(background.office, now=background.college.now)

    assert background.college.all(Job) == []
    assert JobKind.FEED.value == FEED_PLACE


def test_a_queue_that_is_away_is_told_in_one_way(background: Background) -> None:
    (background.office.queue._folder / "queue.db").mkdir()

    assert background.queue.has_worker() is False
    with pytest.raises(QueueUnreachableError):
        background.queue.send("key")
