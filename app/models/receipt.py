"""Receipts over many confirmed tables, and the scans of the signed sheets (第五条第三款)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.supporting_material import LONGEST_NAME


class Receipt(Base):
    """One sheet of one department: what its head has confirmed, named by one hash.

    ``content_hash`` is ``receipt_hash`` over its tables. It never changes: what is confirmed anew
    gets a new sheet.
    """

    __tablename__ = "sd_receipt"
    __table_args__ = (
        Index(None, "cycle_id", "department_code"),
        CheckConstraint("table_count > 0", name="has_tables"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    content_hash: Mapped[str] = mapped_column(String(64))
    table_count: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(Timestamp())
    issued_by: Mapped[str] = mapped_column(String(32))
    issued_by_name: Mapped[str] = mapped_column(String(64))


class ReceiptTable(Base):
    """A table of a receipt as it was confirmed; ``receipt_number`` is that of the submission."""

    __tablename__ = "sd_receipt_table"
    __table_args__ = (TABLE_OPTIONS,)

    receipt_id: Mapped[int] = mapped_column(
        ForeignKey("sd_receipt.id"), primary_key=True, autoincrement=False
    )
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("sd_submission.id"), primary_key=True, autoincrement=False, index=True
    )
    content_hash: Mapped[str] = mapped_column(String(64))
    receipt_number: Mapped[str] = mapped_column(String(40))
    row_count: Mapped[int]
    confirmed_at: Mapped[datetime] = mapped_column(Timestamp())


class ReceiptScan(Base):
    """A photograph or PDF of the signed sheet; ``receipt_hash`` is what was signed."""

    __tablename__ = "sd_receipt_scan"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("sd_receipt.id"), index=True)
    receipt_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    file_hash: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Timestamp())
    added_by: Mapped[str] = mapped_column(String(32))
    added_by_name: Mapped[str] = mapped_column(String(64))


class ReceiptScanChunk(Base):
    """A piece of a scan."""

    __tablename__ = "sd_receipt_scan_chunk"
    __table_args__ = (TABLE_OPTIONS,)

    scan_id: Mapped[int] = mapped_column(
        ForeignKey("sd_receipt_scan.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary(2**32 - 1))


def read_scan(session: Session, scan_id: int) -> bytes:
    """The content of a scan."""
    query = (
        select(ReceiptScanChunk.content)
        .where(ReceiptScanChunk.scan_id == scan_id)
        .order_by(ReceiptScanChunk.position)
    )
    return b"".join(session.scalars(query))
