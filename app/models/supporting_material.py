"""Supporting materials (佐证材料): photographs and documents that belong to a row or to one cell.

The content lies in the database in pieces, like a snapshot's. What a finished submission was
handed over with stays as long as the submission names it, whoever removes it from the row.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base_table_rows import in_batches
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.snapshot import CHUNK_BYTES

LONGEST_NAME = 120


class SupportingMaterial(Base):
    """One file; ``field_code`` is empty where it belongs to the whole row.

    ``kind`` was told from the content, ``content_hash`` is its SHA-256; ``thumbnail`` is a small
    JPEG, None for documents. One that was removed is kept where a submission names it.
    """

    __tablename__ = "sd_supporting_material"
    __table_args__ = (
        Index(None, "table_identifier", "row_id"),
        Index(None, "table_identifier", "period", "department_code"),
        CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name="removed_pair"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_identifier: Mapped[str] = mapped_column(String(48))
    period: Mapped[str] = mapped_column(String(16))
    department_code: Mapped[str] = mapped_column(String(16))
    row_id: Mapped[str] = mapped_column(String(200))
    field_code: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    thumbnail: Mapped[bytes | None] = mapped_column(
        LargeBinary(2**24 - 1), default=None, deferred=True
    )
    added_at: Mapped[datetime] = mapped_column(Timestamp())
    added_by: Mapped[str] = mapped_column(String(32))
    added_by_name: Mapped[str] = mapped_column(String(64))
    removed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    removed_by: Mapped[str | None] = mapped_column(String(32), default=None)


class SupportingMaterialChunk(Base):
    """A piece of a material's content."""

    __tablename__ = "sd_supporting_material_chunk"
    __table_args__ = (TABLE_OPTIONS,)

    material_id: Mapped[int] = mapped_column(
        ForeignKey("sd_supporting_material.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary(2**32 - 1))


class SnapshotMaterial(Base):
    """A material that a submission was finished with.

    ``submission_version`` is the version in which it was finished: the same rows may be handed
    over again with other materials. ``row_key`` names the row as the snapshot does.
    """

    __tablename__ = "sd_snapshot_material"
    __table_args__ = (TABLE_OPTIONS,)

    snapshot_id: Mapped[int] = mapped_column(
        ForeignKey("sd_snapshot.id"), primary_key=True, autoincrement=False
    )
    submission_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    material_id: Mapped[int] = mapped_column(
        ForeignKey("sd_supporting_material.id"), primary_key=True, autoincrement=False, index=True
    )
    row_key: Mapped[str] = mapped_column(String(64))


def pieces(content: bytes) -> Iterator[bytes]:
    """The content in chunks of at most ``CHUNK_BYTES``."""
    for start in range(0, len(content), CHUNK_BYTES):
        yield content[start : start + CHUNK_BYTES]


def read_content(session: Session, material_id: int) -> bytes:
    """The content of a material."""
    query = (
        select(SupportingMaterialChunk.content)
        .where(SupportingMaterialChunk.material_id == material_id)
        .order_by(SupportingMaterialChunk.position)
    )
    return b"".join(session.scalars(query))


def count_materials(
    session: Session, table: str, row_ids: Collection[str]
) -> dict[str, dict[str, int]]:
    """Row id → field code (empty for the row itself) → how many materials there are."""
    found: dict[str, dict[str, int]] = {}
    for batch in in_batches(row_ids):
        for row_id, field_code, count in session.execute(present_materials(table, batch)):
            found.setdefault(row_id, {})[field_code] = count
    return found


def present_materials(table: str, row_ids: Collection[str]) -> Select[str, str, int]:
    """Row id, field code (empty for the row itself), and how many materials there are."""
    return (
        select(SupportingMaterial.row_id, SupportingMaterial.field_code, func.count())
        .where(
            SupportingMaterial.table_identifier == table,
            SupportingMaterial.row_id.in_(row_ids),
            SupportingMaterial.removed_at.is_(None),
        )
        .group_by(SupportingMaterial.row_id, SupportingMaterial.field_code)
    )
