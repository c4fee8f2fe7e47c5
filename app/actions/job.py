"""Asking for jobs, beginning and ending them.

A state changes only from the one before it, whoever else tries at the same moment; a job that has
done its deed is never told to have been cancelled or to have failed.
"""

import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeGuard

from sqlalchemy import delete, event, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.domain.job import FILES_KEPT, JOBS_KEPT, MOST_ATTEMPTS, UNDER_WAY, JobKind, JobState
from app.domain.message import Message, Reason, Refused
from app.models.audit_log import ChangeSet
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.job import Job, JobChunk, JobPart, chunks_of

# Of one person at once, so that others have their turn and files do not pile up.
MOST_UNDER_WAY = 10


@dataclass(frozen=True)
class Asked:
    """What is asked for; ``place`` is held until the end, see ``Job``."""

    kind: JobKind
    request: Mapping[str, Any]
    place: str | None = None
    content: bytes | None = None
    content_hash: str | None = None
    department: str | None = None


@dataclass(frozen=True)
class Made:
    """What a job has come to: figures for the list, the whole result, a file."""

    summary: Mapping[str, Any] = field(default_factory=dict)
    result: bytes | None = None
    output: bytes | None = None


def ask_for_job(session: Session, asked: Asked, *, by: Actor, now: datetime) -> str:
    """Note the job as queued; its key.

    Refused (conflict) while another one holds the place, or too many of the person's wait.
    """
    key = secrets.token_urlsafe(16)
    job = Job(
        key=key,
        kind=asked.kind,
        state=JobState.QUEUED,
        username=by.username,
        person_number=by.number,
        person_name=by.name,
        asked_at=now,
        request=dict(asked.request),
        place=asked.place,
        content_hash=asked.content_hash,
    )
    try:
        with writing(session):
            _refuse_too_many(session, by)
            session.add(job)
            session.flush()
            if asked.content is not None:
                session.add_all(chunks_of(job.id, JobPart.INPUT, asked.content))
            deed = Deed("job.ask", f"job:{job.id}", asked.department, after=asked.kind.value)
            record(session, deed, by=by, now=now)
            session.commit()
    except IntegrityError as error:
        raise Refused(
            Message(
                "The same is under way already for this table, period and department. Wait until"
                " it has ended, then look at the preview again; your jobs are listed at “Jobs”."
            ),
            Reason.CONFLICT,
        ) from error
    return key


def _refuse_too_many(session: Session, by: Actor) -> None:
    query = select(func.count()).where(Job.username == by.username, Job.state.in_(UNDER_WAY))
    if (session.scalar(query) or 0) >= MOST_UNDER_WAY:
        raise Refused(
            Message(
                "%(count)s of your jobs are waiting or being carried out already. Wait for one of"
                " them, or give one up at “Jobs”.",
                {"count": MOST_UNDER_WAY},
            ),
            Reason.CONFLICT,
        )


def begin_job(session: Session, key: str, *, now: datetime) -> bool:
    """Take a queued job up; False where it is not, or no longer, waiting."""
    with writing(session):
        job = _locked(session, key)
        if job is None or job.state is not JobState.QUEUED:
            return False
        job.state, job.started_at, job.attempts = JobState.RUNNING, now, job.attempts + 1
        session.commit()
    return True


@contextmanager
def noting_written(session: Session, key: str, attempt: int) -> Iterator[None]:
    """Whatever rows are changed inside note, in the same transaction, that the job has done it.

    So does a step of a collection year.
    Where the job was given up or begun anew meanwhile, nothing is written: Refused (conflict).
    """
    own = (Job.key == key) & (Job.state == JobState.RUNNING) & (Job.attempts == attempt)
    written = update(Job).where(own).values(is_written=True)
    written = written.execution_options(synchronize_session=False)

    def note(flushed: Session, *_context: object) -> None:
        is_deed = any(isinstance(new, ChangeSet) for new in flushed.new)
        if not is_deed and not any(isinstance(changed, Cycle) for changed in flushed.dirty):
            return
        if flushed.connection().execute(written).rowcount == 0:
            raise Refused(
                Message("This was given up meanwhile. Nothing was written."), Reason.CONFLICT
            )

    event.listen(session, "before_flush", note)
    try:
        yield
    finally:
        event.remove(session, "before_flush", note)


def finish_job(session: Session, key: str, attempt: int, made: Made, *, now: datetime) -> None:
    """Note that a running job is done, with what this attempt has come to."""
    with writing(session):
        job = _locked(session, key)
        if not _is_running(job, attempt):
            return
        _end(job, JobState.DONE, now)
        job.summary = dict(made.summary)
        for part, content in ((JobPart.RESULT, made.result), (JobPart.OUTPUT, made.output)):
            if content is not None:
                session.add_all(chunks_of(job.id, part, content))
        session.commit()


def fail_job(session: Session, key: str, attempt: int, refusal: str, *, now: datetime) -> None:
    """Note in words why this attempt came to nothing; one that has written is done all the same."""
    with writing(session):
        job = _locked(session, key)
        if not _is_running(job, attempt):
            return
        if _is_done_after_all(job, now):
            session.commit()
            return
        _end(job, JobState.FAILED, now)
        job.refusal = refusal
        session.commit()


def cancel_job(
    session: Session,
    key: str,
    *,
    by: Actor,
    now: datetime,
    states: Collection[JobState] = UNDER_WAY,
) -> bool:
    """Note that a job was given up at the wish of ``by``; False where it was too late.

    Only one in one of ``states``; with the process of a running one it has to be over.
    """
    with writing(session):
        job = _locked(session, key)
        if job is None or job.state not in states:
            return False
        if not _is_done_after_all(job, now):
            _end(job, JobState.CANCELLED, now)
            record(session, Deed("job.cancel", f"job:{job.id}"), by=by, now=now)
        session.commit()
        return job.state is JobState.CANCELLED


def resume_job(session: Session, key: str, refusal: str, *, now: datetime) -> JobState | None:
    """What becomes of a running job whose process has vanished.

    It waits once more; the second time it has failed, with ``refusal`` in words. The transaction
    of the process is over, one way or the other, when the row can be locked here.
    """
    with writing(session):
        job = _locked(session, key)
        if job is None or job.state is not JobState.RUNNING:
            return None
        if not _is_done_after_all(job, now):
            if job.attempts < MOST_ATTEMPTS:
                job.state, job.started_at = JobState.QUEUED, None
            else:
                _end(job, JobState.FAILED, now)
                job.refusal = refusal
        session.commit()
        return job.state


def forget_jobs(session: Session, *, now: datetime) -> None:
    """Delete files after a day and jobs after a week, also those that nobody ever took up."""
    with writing(session):
        old = select(Job.id).where(Job.asked_at < now - JOBS_KEPT, Job.state != JobState.RUNNING)
        ended = select(Job.id).where(Job.ended_at < now - FILES_KEPT)
        ids, without_files = session.scalars(old).all(), session.scalars(ended).all()
        session.execute(delete(JobChunk).where(JobChunk.job_id.in_([*ids, *without_files])))
        session.execute(delete(Job).where(Job.id.in_(ids)))
        session.commit()


def _locked(session: Session, key: str) -> Job | None:
    query = select(Job).where(Job.key == key)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _is_running(job: Job | None, attempt: int) -> TypeGuard[Job]:
    """Whether it is still this attempt: a process given up for lost may come back late."""
    return job is not None and job.state is JobState.RUNNING and job.attempts == attempt


def _end(job: Job, state: JobState, now: datetime) -> None:
    job.state, job.ended_at, job.place = state, now, None


def _is_done_after_all(job: Job, now: datetime) -> bool:
    """End a job as done that had changed the rows before it could tell what came of it."""
    if job.is_written:
        _end(job, JobState.DONE, now)
        job.summary = {"written": True, "is_lost": True}
    return job.is_written
