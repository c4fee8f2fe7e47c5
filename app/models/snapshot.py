"""Immutable snapshots of what was reported, and their codec (decision 8)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO

import polars as pl
from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp

# A MySQL packet holds 16 MiB by default; a chunk stays well below.
CHUNK_BYTES = 4 * 1024 * 1024


class Snapshot(Base):
    """The rows of a submission as they were when it was finished."""

    __tablename__ = "sd_snapshot"
    __table_args__ = (UniqueConstraint("submission_id", "content_hash"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("sd_submission.id"))
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    row_count: Mapped[int]
    taken_at: Mapped[datetime] = mapped_column(Timestamp())
    taken_by: Mapped[str] = mapped_column(String(32))


class SnapshotChunk(Base):
    """A piece of a snapshot's Parquet bytes."""

    __tablename__ = "sd_snapshot_chunk"
    __table_args__ = (TABLE_OPTIONS,)

    snapshot_id: Mapped[int] = mapped_column(
        ForeignKey("sd_snapshot.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary(2**32 - 1))


def pack(frame: pl.DataFrame) -> Iterator[bytes]:
    """The frame as Parquet, in chunks of at most ``CHUNK_BYTES``."""
    buffer = BytesIO()
    frame.write_parquet(buffer)
    content = buffer.getvalue()
    for start in range(0, len(content), CHUNK_BYTES):
        yield content[start : start + CHUNK_BYTES]


def unpack(chunks: Iterable[bytes]) -> pl.DataFrame:
    """The frame from its chunks in their order."""
    return pl.read_parquet(BytesIO(b"".join(chunks)))


def find_snapshot(session: Session, submission_id: int, content_hash: str | None) -> int | None:
    """The id of the snapshot of this content of a submission."""
    query = select(Snapshot.id).where(
        Snapshot.submission_id == submission_id, Snapshot.content_hash == content_hash
    )
    return session.scalar(query)


def snapshot_before(
    session: Session, submission_id: int, content_hash: str | None, returned_hash: str | None
) -> int | None:
    """The id of what was reported before this content: what came back, else the latest other one.

    None where nothing was.
    """
    if returned_hash is not None:
        return find_snapshot(session, submission_id, returned_hash)
    query = (
        select(Snapshot.id)
        .where(Snapshot.submission_id == submission_id, Snapshot.content_hash != content_hash)
        .order_by(Snapshot.id.desc())
    )
    return session.scalar(query.limit(1))


def read_snapshot(session: Session, snapshot_id: int) -> pl.DataFrame:
    """The rows of a stored snapshot, one column per field code."""
    chunks = session.scalars(
        select(SnapshotChunk.content)
        .where(SnapshotChunk.snapshot_id == snapshot_id)
        .order_by(SnapshotChunk.position)
    )
    return unpack(chunks)
