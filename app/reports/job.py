"""What is read of jobs: one's own, their parts, how many go before."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.access.job import is_asker, oversees_jobs
from app.access.person import Actor
from app.domain.job import UNDER_WAY, JobKind, JobState
from app.domain.message import Message, Reason, Refused
from app.models.job import Job, JobChunk, JobPart

MOST_LISTED = 50
# As long as a job runs its import is not yet to be warned of.
SAME_FILE_WITHIN = timedelta(days=1)


def find_job(session: Session, key: str, actor: Actor) -> Job:
    """One's own job; for others, and where there is none, Refused (not found)."""
    found = _find(session, key)
    if found is None or not is_asker(actor, found.username, found.person_number):
        raise _is_missing()
    return found


def find_seen_job(session: Session, key: str, actor: Actor) -> Job:
    """One's own job, or any for whoever oversees them. Raises Refused (not found)."""
    found = _find(session, key)
    if found is None or not (
        is_asker(actor, found.username, found.person_number) or oversees_jobs(actor)
    ):
        raise _is_missing()
    return found


def own_jobs(session: Session, actor: Actor) -> Sequence[Job]:
    """The person's newest jobs, the latest first."""
    query = select(Job).where(_own(actor)).order_by(Job.id.desc()).limit(MOST_LISTED)
    return session.scalars(query).all()


def others_jobs(session: Session, actor: Actor) -> Sequence[Job]:
    """The newest jobs of everybody else, for whoever oversees them."""
    if not oversees_jobs(actor):
        return ()
    query = select(Job).where(~_own(actor)).order_by(Job.id.desc()).limit(MOST_LISTED)
    return session.scalars(query).all()


def job_at(session: Session, place: str) -> Job | None:
    """The job that holds a place just now, whoever asked for it."""
    return session.scalar(select(Job).where(Job.place == place, Job.state.in_(UNDER_WAY)))


def opening_of(session: Session, cycle_id: int) -> Job | None:
    """The latest job that opens the year; None where none is kept."""
    query = select(Job).where(Job.kind == JobKind.OPENING).order_by(Job.id.desc())
    return next((job for job in session.scalars(query) if job.request["cycle"] == cycle_id), None)


def latest_verification(session: Session) -> Job | None:
    """The latest job that verifies the audit log, whoever asked; None where none is kept."""
    query = select(Job).where(Job.kind == JobKind.VERIFICATION)
    return session.scalar(query.order_by(Job.id.desc()).limit(1))


def count_ahead(session: Session, job: Job) -> int:
    """How many jobs have been waiting longer."""
    query = select(func.count()).where(Job.state == JobState.QUEUED, Job.id < job.id)
    return session.scalar(query) or 0


def count_ended(session: Session, actor: Actor, since: datetime) -> int:
    """How many of the person's jobs have come to an end since then."""
    query = select(func.count()).where(
        _own(actor), Job.ended_at > since, Job.state != JobState.CANCELLED
    )
    return session.scalar(query) or 0


def has_jobs(session: Session, actor: Actor) -> bool:
    """Whether anything of the person's is, or was lately, carried out in the background."""
    return session.scalar(select(Job.id).where(_own(actor)).limit(1)) is not None


def read_part(session: Session, job: Job, part: JobPart) -> bytes | None:
    """What is kept beside the job; None where it is not, or no longer, kept."""
    query = (
        select(JobChunk.content)
        .where(JobChunk.job_id == job.id, JobChunk.part == part)
        .order_by(JobChunk.position)
    )
    pieces = session.scalars(query).all()
    return b"".join(pieces) if pieces else None


def read_result(session: Session, job: Job) -> Any:
    """What the job found, as JSON; its summary where no more is kept."""
    content = read_part(session, job, JobPart.RESULT)
    return dict(job.summary) if content is None else json.loads(content)


def find_import_of(
    session: Session, content_hash: str, place: str, actor: Actor, now: datetime
) -> Job | None:
    """The person's own import of this very file into this place within the last day."""
    query = (
        select(Job)
        .where(
            _own(actor),
            Job.kind == JobKind.IMPORT,
            Job.content_hash == content_hash,
            Job.is_written,
            Job.ended_at > now - SAME_FILE_WITHIN,
        )
        .order_by(Job.id.desc())
    )
    return next((job for job in session.scalars(query) if job.request["place"] == place), None)


def _find(session: Session, key: str) -> Job | None:
    query = select(Job).where(Job.key == key)
    return session.scalar(query.execution_options(populate_existing=True))


def _own(actor: Actor) -> Any:
    return and_(Job.username == actor.username, Job.person_number == actor.number)


def _is_missing() -> Refused:
    return Refused(
        Message(
            "There is no such job, or it is not kept any more. Your jobs are listed at “Jobs”."
        ),
        Reason.NOT_FOUND,
    )
