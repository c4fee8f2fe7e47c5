"""Files that belong to a record of the platform's own: a plan, a training, a meeting.

They lie in the database in pieces, like supporting materials, which belong to rows of base tables.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored
from app.models.supporting_material import LONGEST_NAME


class FileOwner(StrEnum):
    """What kind of record a file belongs to."""

    WORK_PLAN = "work_plan"
    TRAINING_SESSION = "training_session"
    MOBILISATION_MEETING = "mobilisation_meeting"


class AttachedFile(Base):
    """One file; ``kind`` was told from the content, ``content_hash`` is its SHA-256."""

    __tablename__ = "sd_attached_file"
    __table_args__ = (Index(None, "owner", "owner_id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    owner: Mapped[FileOwner] = mapped_column(stored(FileOwner))
    owner_id: Mapped[int] = mapped_column(BigKey)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Timestamp())
    added_by: Mapped[str] = mapped_column(String(32))
    added_by_name: Mapped[str] = mapped_column(String(64))


class AttachedFileChunk(Base):
    """A piece of a file's content."""

    __tablename__ = "sd_attached_file_chunk"
    __table_args__ = (TABLE_OPTIONS,)

    file_id: Mapped[int] = mapped_column(
        ForeignKey("sd_attached_file.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary(2**32 - 1))


def files_of(
    session: Session, owner: FileOwner, numbers: Collection[int]
) -> dict[int, Sequence[AttachedFile]]:
    """Id of the record → its files, the first one first; one statement for all of them."""
    if not numbers:
        return {}
    query = (
        select(AttachedFile)
        .where(AttachedFile.owner == owner, AttachedFile.owner_id.in_(sorted(numbers)))
        .order_by(AttachedFile.id)
    )
    found: dict[int, list[AttachedFile]] = {}
    for file in session.scalars(query):
        found.setdefault(file.owner_id, []).append(file)
    return dict(found)


def file_content(session: Session, file_id: int) -> bytes:
    """The content of a file."""
    query = (
        select(AttachedFileChunk.content)
        .where(AttachedFileChunk.file_id == file_id)
        .order_by(AttachedFileChunk.position)
    )
    return b"".join(session.scalars(query))
