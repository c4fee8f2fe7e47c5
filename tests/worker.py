"""A real worker beside the demo college, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.cli.command import Platform
from app.cli.job import surroundings_of
from app.domain.job import JobState
from app.domain.period import LOCAL_ZONE
from app.jobs.queue import Queue
from app.models.finding import TableCheck
from app.models.job import Job
from app.models.reminder_setting import RUN_ON
from app.models.setting import Setting
from app.models.submission import Submission
from tests.architecture.source import ROOT
from tests.demo import DemoCollege

WORKER = (sys.executable, "-m", "app.bootstrap", "jobs", "run", "--with-parent")
# In seconds; machines that run tests are busy.
DEADLINE = 180


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until the condition holds; after a while the test fails and says what for."""
    ends = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > ends:
            pytest.fail(f"waited in vain for {what}")
        Event().wait(0.05)


def leave_unchecked(session: Session) -> None:
    """Let no check of any table be due for a day, and nobody be reminded until tomorrow."""
    today = datetime.now(UTC).astimezone(LOCAL_ZONE).date()
    session.merge(Setting(name=RUN_ON, value=today.isoformat()))
    session.execute(delete(TableCheck))
    reported = select(Submission.cycle_id, Submission.table_identifier).distinct()
    later = datetime.now(UTC) + timedelta(days=1)
    session.add_all(
        TableCheck(cycle_id=cycle, table_identifier=table, failures=1, retry_at=later)
        for cycle, table in session.execute(reported)
    )
    session.commit()


class Worker:
    """The worker's process and what is known of its jobs."""

    def __init__(self, demo: DemoCollege) -> None:
        self.demo = demo
        self.queue: Queue = demo.application.extensions["queue"]
        with demo.session() as session:
            # Jobs of the test come first: all is as if checks had failed a moment ago.
            leave_unchecked(session)
        environment = surroundings_of(Platform(demo.application)).environment()
        self.process = subprocess.Popen(
            WORKER, stdin=subprocess.PIPE, env={**os.environ, **environment}, cwd=ROOT
        )
        until(self.queue.has_worker, "a worker")

    def job(self, key: str) -> Job:
        """The job as it is stored now."""
        with self.demo.session() as session:
            return session.query(Job).filter_by(key=key).one()

    def await_state(self, key: str, state: JobState) -> Job:
        """The job as soon as it stands so."""
        until(lambda: self.job(key).state is state, f"a job that is {state.value}")
        return self.job(key)

    def process_of_job(self) -> int:
        """The number of the process that carries a job out, as soon as there is one."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        threads = children.parents[1]
        found: list[int] = []

        def look() -> bool:
            found.extend(
                int(number)
                for thread in threads.iterdir()
                for number in (thread / "children").read_text().split()
            )
            return bool(found)

        until(look, "the process of a job")
        return found[0]

    def pause(self) -> None:
        """Take no further job, so that what is asked for meanwhile waits its turn for certain."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Work on after a pause."""
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the worker as a machine that fails does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def worker(demo: DemoCollege) -> Iterator[Worker]:
    """A worker on the demo college's database; what it writes is put back with the rest."""
    running = Worker(demo)
    yield running
    running.go_on()
    running.process.terminate()
    running.process.wait(DEADLINE)
    assert running.process.stdin is not None
    running.process.stdin.close()
    running.queue.huey.flush()
    demo.touched |= {name for name in demo.tables if name.startswith("sd_") or name == "bt_course"}
    demo.rewritten |= demo.touched
