"""What a worker does beside its jobs: finds lost ones, asks for due ones, forgets old ones."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.job import Asked, ask_for_job, forget_jobs
from app.domain.job import JobKind, JobState
from app.domain.message import Message, Refused
from app.exchange.channel_setting import outside_in
from app.exchange.feed_schedule import has_due
from app.exchange.notice_schedule import has_notices_due
from app.jobs.queue import QueueUnreachableError
from app.jobs.worker import Office, settle
from app.models.job import Job
from app.reports.finding_due import is_check_due

LOG = logging.getLogger(__name__)
# In seconds. A process gives signs of life every two; a machine may be very busy.
SILENT_FOR = 60.0
LOOKS_EVERY = 15.0
FEED_PLACE = "feed"
CHECK_PLACE = "check"
NOTICE_PLACE = "notice"


def find_lost(office: Office, *, now: datetime) -> None:
    """Settle jobs whose process gives no sign of life, whichever worker had begun them."""
    with office.open_session() as session:
        query = select(Job.key, Job.started_at).where(Job.state == JobState.RUNNING)
        for key, started_at in session.execute(query).all():
            beat = office.queue.last_beat(key)
            if beat is None and started_at is not None:
                beat = started_at.timestamp()
            if beat is None or now.timestamp() - beat > SILENT_FOR:
                settle(office, session, key)


def send_again(office: Office, *, now: datetime) -> None:
    """Send what waits in the database but not in the queue, which may have been lost."""
    with office.open_session() as session:
        query = select(Job.key).where(Job.state == JobState.QUEUED).order_by(Job.id)
        keys = session.scalars(query).all()
    known = office.queue.waiting() if keys else set()
    for key in keys:
        if key not in known:
            office.queue.send(key)


def ask_for_feeds(office: Office, *, now: datetime) -> None:
    """Let the feeds run whose hour has come, in a process of their own like all heavy work."""
    with office.open_session() as session:
        if has_due(session, now):
            _ask(office, session, Asked(JobKind.FEED, {}, FEED_PLACE), now)


def ask_for_checks(office: Office, *, now: datetime) -> None:
    """Let the rules be asked of tables whose rows have changed, and of all of them once a day."""
    with office.open_session() as session:
        if is_check_due(session, now=now):
            _ask(office, session, Asked(JobKind.CHECK, {}, CHECK_PLACE), now)


def ask_for_notices(office: Office, *, now: datetime) -> None:
    """Let people be reminded of what is due, and notices be sent outside."""
    with office.open_session() as session:
        if has_notices_due(session, outside_in(os.environ).senders, now=now):
            _ask(office, session, Asked(JobKind.NOTICE, {}, NOTICE_PLACE), now)


def _ask(office: Office, session: Session, asked: Asked, now: datetime) -> None:
    name = office.translate(Message("the platform itself"))
    by = Actor(number="-", name=name, username="-")
    try:
        key = ask_for_job(session, asked, by=by, now=now)
    except Refused:
        return  # The last run has not ended yet.
    office.queue.send(key)


def forget_old(office: Office, *, now: datetime) -> None:
    """Delete files after a day and jobs after a week."""
    with office.open_session() as session:
        forget_jobs(session, now=now)


@dataclass(frozen=True)
class Duty:
    """Something to be done again and again, every so many seconds."""

    act: Callable[..., None]
    every: float


DUTIES = (
    Duty(find_lost, LOOKS_EVERY),
    Duty(send_again, 2 * LOOKS_EVERY),
    Duty(ask_for_feeds, 300.0),
    Duty(ask_for_checks, 60.0),
    Duty(ask_for_notices, 60.0),
    Duty(forget_old, 3600.0),
)


def keep(office: Office, ended: Event) -> None:
    """Go round until the worker ends; what fails is tried again at the next turn."""
    done_at: dict[Duty, float] = {}
    while not ended.is_set():
        for duty in DUTIES:
            if duty not in done_at or time.monotonic() - done_at[duty] >= duty.every:
                done_at[duty] = time.monotonic()
                _do(office, duty)
        ended.wait(LOOKS_EVERY)


def _do(office: Office, duty: Duty) -> None:
    try:
        duty.act(office, now=datetime.now(UTC))
    except (DBAPIError, QueueUnreachableError) as error:
        LOG.warning("%s: %s", duty.act.__name__, error)
    except Exception:
        LOG.exception("%s failed", duty.act.__name__)
