"""A worker: takes jobs from the queue one after the other and watches over their processes."""

import logging
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.job import begin_job, cancel_job, resume_job
from app.domain.job import JobState
from app.domain.message import Message
from app.jobs.queue import Queue, QueueUnreachableError
from app.jobs.work import Translate

LOG = logging.getLogger(__name__)
# In seconds: between two looks at a process, and for it to stop by itself when it is to.
BETWEEN_LOOKS = 0.2
GRACE = 3.0
BETWEEN_BEATS = 5.0
# The queue is looked into at least so often.
LONGEST_PAUSE = 1.0


@dataclass(frozen=True)
class Office:
    """What a worker works with.

    ``process`` is the command that carries one job out, told its key and the ``environment``.
    """

    engine: Engine
    queue: Queue
    translate: Translate
    process: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)

    def open_session(self) -> Session:
        """A session of one thread's own."""
        return Session(self.engine, expire_on_commit=False)


def attend(office: Office, key: str) -> None:
    """Carry the job out unless it is under way or over; every way it may end is noted."""
    with office.open_session() as session:
        try:
            if _is_given_up(office, session, key, JobState.QUEUED):
                return
            if not begin_job(session, key, now=_now()):
                return
        except DBAPIError as error:
            # It goes on waiting and is sent once more (``keeper``).
            LOG.warning("the job %s was not begun: %s", key, error.orig)
            return
        office.queue.beat(key)
        _watch(office, key)
        settle(office, session, key)


def settle(office: Office, session: Session, key: str) -> None:
    """Note what a process has not noted itself, because it was stopped or has vanished."""
    if not _is_given_up(office, session, key, JobState.RUNNING):
        state = resume_job(session, key, office.translate(_vanished()), now=_now())
        if state is JobState.QUEUED:
            LOG.warning("the process of the job %s has vanished; it is begun once more", key)
            office.queue.send(key)
            return
    with suppress(QueueUnreachableError):
        office.queue.forget(key)


def _is_given_up(office: Office, session: Session, key: str, state: JobState) -> bool:
    """Note that a job in this state is given up where somebody wishes so; whether it is."""
    wish = office.queue.wish_of(key)
    if wish is None:
        return False
    number, name = wish
    by = Actor(number, name, number)
    return cancel_job(session, key, by=by, now=_now(), states={state})


def _watch(office: Office, key: str) -> None:
    """Wait for the process of the job; end it where somebody wants that and it does not itself."""
    command, environment = [*office.process, key], {**os.environ, **office.environment}
    # Standard input is the line that the process hangs on, see ``end_with_parent``.
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:  # noqa: S603
        stop_at: float | None = None
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(BETWEEN_LOOKS)
            if stop_at is None and _is_to_stop(office.queue, key):
                stop_at = time.monotonic() + GRACE
            if stop_at is not None and time.monotonic() > stop_at:
                process.kill()


def _is_to_stop(queue: Queue, key: str) -> bool:
    try:
        return queue.wish_of(key) is not None
    except QueueUnreachableError:
        return False


def run_worker(office: Office, workers: int, *beside: Callable[[Office, Event], None]) -> None:
    """Take jobs until a signal says to end; ``workers`` are carried out at once.

    What is to go on ``beside`` has a thread of its own and ends with the event.
    """
    office.queue.carry_out = lambda key: attend(office, key)
    consumer = office.queue.open().create_consumer(
        workers=workers, worker_type="thread", periodic=False, max_delay=LONGEST_PAUSE
    )
    ended = Event()
    for act in (_beat, *beside):
        Thread(target=act, args=(office, ended), daemon=True).start()
    try:
        consumer.run()
    finally:
        ended.set()
        with suppress(QueueUnreachableError):
            office.queue.leave()


def _beat(office: Office, ended: Event) -> None:
    while not ended.is_set():
        try:
            office.queue.beat_as_worker()
        except QueueUnreachableError as error:
            LOG.warning("the queue cannot be reached: %s", error)
        ended.wait(BETWEEN_BEATS)


def _vanished() -> Message:
    return Message(
        "The process that did this ended twice before it was through, perhaps for want of memory."
        " Nothing was written. Split the file and try it with the parts; whoever looks after the"
        " platform finds more in its log."
    )


def _now() -> datetime:
    return datetime.now(UTC)
