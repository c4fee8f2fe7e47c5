"""An office with a queue of its own, whose processes end by themselves or not at all."""

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.access.person import Actor
from app.actions.job import Asked, ask_for_job, begin_job
from app.domain.job import JobKind
from app.domain.message import Message
from app.jobs.execution import carry_out
from app.jobs.queue import Queue
from app.jobs.worker import Office, attend
from app.models.base_table import Store
from app.models.job import Job
from tests.college import College
from tests.exchange.books import book_of

# Processes that stand for the real one: killed at once, waiting for ever.
KILLED = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
HANGING = (sys.executable, "-c", "import sys; sys.stdin.read()")
HEADINGS = ["课程代码", "课程名称"]
FILE = book_of([HEADINGS, ["ZZ01", "插花艺术"]])


@dataclass
class Background:
    """The college with its office; jobs are carried out here, in the test's own process."""

    college: College
    office: Office

    @property
    def queue(self) -> Queue:
        """The queue of the office."""
        return self.office.queue

    def ask(self, by: Actor, *, kind: JobKind = JobKind.IMPORT, **asked: Any) -> str:
        """A trial of an import of one course, unless told otherwise; its key."""
        told = {"table": "course", "period": self.college.period("course"), "department": "A03"}
        told |= {"mode": "upsert", "mapping": "", "dry_run": True, "partial": False, "digest": None}
        told |= {"file_name": "课程.xlsx", "place": "course", **asked.pop("request", {})}
        content = asked.pop("content", FILE)
        wanted = Asked(kind, told, content=content, **asked)
        return ask_for_job(self.college.session, wanted, by=by, now=datetime.now(UTC))

    def ask_to_write(self, by: Actor, **asked: Any) -> str:
        """The import that a trial has shown."""
        self.attend(tried := self.ask(by, **asked), carry_out_here)
        digest = self.job(tried).summary["digest"]
        return self.ask(by, request={"dry_run": False, "digest": digest}, **asked)

    def attend(self, key: str, process: Any = None) -> Job:
        """Let the office attend to a job by a stand-in for its process; the job as it is then."""
        if process is carry_out_here:
            carry_out_here(self, key)
        else:
            attend(replace(self.office, process=process), key)
        return self.job(key)

    def job(self, key: str) -> Job:
        """The job as it is stored now."""
        return next(job for job in self.college.all(Job) if job.key == key)


def carry_out_here(background: Background, key: str) -> None:
    """What the process does, without a process."""
    carry_out_by(background.office, background.college.store, key)


def carry_out_by(office: Office, store: Store, key: str) -> None:
    """Take the job up and carry it out."""
    with office.open_session() as session:
        assert begin_job(session, key, now=datetime.now(UTC))
        carry_out(session, store, office.queue, key, office.translate)


def begin(background: Background, key: str, *, ago: timedelta = timedelta()) -> None:
    """Take the job up as a worker does whose process vanishes without a word."""
    with background.office.open_session() as session:
        assert begin_job(session, key, now=datetime.now(UTC) - ago)


@pytest.fixture
def background(college: College, tmp_path: Path) -> Background:
    """The office of the college."""
    queue = Queue(tmp_path)
    return Background(college, Office(college.founded.engine, queue, Message.english, KILLED))
