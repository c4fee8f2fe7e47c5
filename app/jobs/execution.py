"""Carrying one job out, in a process of its own: what it takes is given back when it ends."""

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.job import Made, cancel_job, fail_job, finish_job, noting_written
from app.domain.job import JobState, Progress
from app.domain.message import Message, Refused
from app.domain.period import LOCAL_ZONE
from app.jobs.kind import BY_KIND
from app.jobs.queue import Queue, QueueUnreachableError
from app.jobs.work import Translate, Work
from app.models.base_table import Store
from app.models.database import is_passing
from app.models.job import Job, JobPart
from app.models.permission import user
from app.models.rule_revision import follow_rules, rule_version
from app.reports.job import read_part
from app.reports.person import load_actor

LOG = logging.getLogger(__name__)
# In seconds.
BETWEEN_BEATS = 2.0
BETWEEN_TELLINGS = 0.3
# Others may be in the way of a transaction; it is then carried out from its beginning.
ATTEMPTS = 4
FIRST_PAUSE = 0.2
GONE = 70


class CancelledError(Exception):
    """Somebody wants the job to stop, and nothing has been written yet."""


class Teller:
    """Tells the queue how far a job has got, and the job that it is to stop."""

    def __init__(self, queue: Queue, key: str) -> None:
        self._queue = queue
        self._key = key
        self._told_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Raises CancelledError where somebody wants that; never for the last row of all."""
        is_last = 0 < total <= done
        if not is_last and time.monotonic() - self._told_at < BETWEEN_TELLINGS and done:
            return
        self._told_at = time.monotonic()
        try:
            self._queue.tell(self._key, Progress(done, total))
            wish = self._queue.wish_of(self._key)
        except QueueUnreachableError:
            return
        if wish is not None and not is_last:
            raise CancelledError


def carry_out(session: Session, store: Store, queue: Queue, key: str, translate: Translate) -> None:
    """Carry the running job out and note what came of it; faults go to the log besides."""
    job = session.scalars(select(Job).where(Job.key == key)).one()
    if job.state is not JobState.RUNNING:
        return
    attempt = job.attempts
    follow_rules(session, store.catalogue, rule_version(session))
    try:
        made = _made(session, store, queue, job, translate)
    except CancelledError:
        session.rollback()
        number, name = queue.wish_of(key) or (job.person_number, job.person_name)
        cancel_job(session, key, by=Actor(number, name, job.username), now=_now())
    except Refused as refusal:
        session.rollback()
        lines = (refusal.message, *refusal.details)
        fail_job(session, key, attempt, "\n".join(translate(line) for line in lines), now=_now())
    except Exception:
        LOG.exception("the job %s failed", key)
        session.rollback()
        fail_job(session, key, attempt, translate(_fault()), now=_now())
    else:
        finish_job(session, key, attempt, made, now=_now())


def _made(session: Session, store: Store, queue: Queue, job: Job, translate: Translate) -> Made:
    kind = BY_KIND[job.kind]
    by = Actor(job.person_number, job.person_name, job.username)
    if not kind.is_of_platform:
        by = asker_of(session, job)
    content = read_part(session, job, JobPart.INPUT) if kind.keeps_file else None
    work = Work(
        session=session,
        store=store,
        request=job.request,
        content=content,
        by=by,
        now=_now(),
        told=Teller(queue, job.key),
        translate=translate,
    )
    with noting_written(session, job.key, job.attempts):
        return _persistently(session, lambda: kind.carry_out(work))


def asker_of(session: Session, job: Job) -> Actor:
    """Whoever asked, with the rights he has now. Raises Refused where the account is closed."""
    user_id = session.scalar(select(user.c.id).where(user.c.username == job.username))
    today = _now().astimezone(LOCAL_ZONE).date()
    actor = None if user_id is None else load_actor(session, user_id, today)
    if actor is None or actor.number != job.person_number:
        raise Refused(
            Message(
                "The account of %(person)s, who asked for this, is no longer active. Nothing was"
                " written.",
                {"person": job.person_name},
            )
        )
    return actor


def _persistently(session: Session, act: Callable[[], Made]) -> Made:
    """The result of ``act``, tried again while other transactions are in its way."""
    for attempt in range(1, ATTEMPTS):
        try:
            return act()
        except DBAPIError as error:
            session.rollback()
            if not is_passing(error):
                raise
            LOG.warning("attempt %s: %s", attempt, error.orig)
        time.sleep(FIRST_PAUSE * 2**attempt)
    return act()


def beat_until_the_end(queue: Queue, key: str) -> None:
    """Give signs of life beside the work, as long as this process lives."""

    def beat() -> None:
        while True:
            try:
                queue.beat(key)
            except QueueUnreachableError:
                LOG.warning("the queue cannot be reached")
            time.sleep(BETWEEN_BEATS)

    Thread(target=beat, daemon=True).start()


def end_with_parent(lifeline: int) -> None:
    """End this process when whoever started it is gone, and with it the pipe at ``lifeline``.

    However a worker ends, nobody goes on working for it unseen: a transaction that is not
    committed is taken back by the database.
    """

    def watch() -> None:
        # Not the buffered reader: it would be locked when this process ends by itself.
        os.read(lifeline, 1)
        os._exit(GONE)

    Thread(target=watch, daemon=True).start()


def _fault() -> Message:
    return Message(
        "The job met a fault of the platform or its database; what it had not finished was taken"
        " back. Try it once more; if it comes again, whoever looks after the platform finds the"
        " fault in its log."
    )


def _now() -> datetime:
    return datetime.now(UTC)
