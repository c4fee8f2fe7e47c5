"""Jobs: what was asked for, by whom, and what became of it."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.job import JobKind, JobState
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored
from app.models.snapshot import CHUNK_BYTES


class JobPart(StrEnum):
    """What is kept beside a job: the file it works on, what it found, the file it has made."""

    INPUT = "input"
    RESULT = "result"
    OUTPUT = "output"


class Job(Base):
    """One job; ``key`` is what addresses and the queue name it by.

    ``place`` is held from asking to the end where two of a kind would be in each other's way:
    an import holds its table, period and department. ``is_written`` is set in the transaction of
    the deed itself, so that a process that ends before it has told so is not taken for one that
    has done nothing. ``summary`` are the few figures that a list shows.
    """

    __tablename__ = "sd_job"
    __table_args__ = (
        CheckConstraint("(state = 'failed') = (refusal IS NOT NULL)", name="refusal_told"),
        CheckConstraint("(state IN ('queued', 'running')) = (ended_at IS NULL)", name="end_told"),
        UniqueConstraint("key"),
        UniqueConstraint("place"),
        Index(None, "username", "id"),
        Index(None, "state", "id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(String(32))
    kind: Mapped[JobKind] = mapped_column(stored(JobKind))
    state: Mapped[JobState] = mapped_column(stored(JobState), default=JobState.QUEUED)
    username: Mapped[str] = mapped_column(String(64))
    person_number: Mapped[str] = mapped_column(String(64))
    person_name: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(Timestamp())
    started_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    place: Mapped[str | None] = mapped_column(String(200), default=None)
    content_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    is_written: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    refusal: Mapped[str | None] = mapped_column(Text, default=None)


class JobChunk(Base):
    """A piece of what is kept beside a job."""

    __tablename__ = "sd_job_chunk"
    __table_args__ = (TABLE_OPTIONS,)

    job_id: Mapped[int] = mapped_column(
        ForeignKey("sd_job.id"), primary_key=True, autoincrement=False
    )
    part: Mapped[JobPart] = mapped_column(stored(JobPart), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary(2**32 - 1))


def chunks_of(job_id: int, part: JobPart, content: bytes) -> Iterator[JobChunk]:
    """The content in pieces that fit into a packet on the way to any database."""
    for position, start in enumerate(range(0, len(content), CHUNK_BYTES)):
        piece = content[start : start + CHUNK_BYTES]
        yield JobChunk(job_id=job_id, part=part, position=position, content=piece)
