"""Comments (批注): what people say to one another about a cell, a row or a whole table."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp

LONGEST_COMMENT = 1000


class Comment(Base):
    """One comment; ``thread_id`` names the one it answers, None for the first of a thread.

    ``row_id`` is empty for the table of a department and period, ``field_code`` for a whole row.
    ``resolved_at`` is set on the first of a thread; the text of a deleted one stays in the audit
    log alone.
    """

    __tablename__ = "sd_comment"
    __table_args__ = (
        Index(None, "table_identifier", "row_id"),
        Index(None, "table_identifier", "period", "department_code"),
        CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_pair"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_identifier: Mapped[str] = mapped_column(String(48))
    period: Mapped[str] = mapped_column(String(16))
    department_code: Mapped[str] = mapped_column(String(16))
    row_id: Mapped[str] = mapped_column(String(200), default="")
    field_code: Mapped[str] = mapped_column(String(64), default="")
    thread_id: Mapped[int | None] = mapped_column(
        ForeignKey("sd_comment.id"), default=None, index=True
    )
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Timestamp())
    person_number: Mapped[str] = mapped_column(String(32))
    person_name: Mapped[str] = mapped_column(String(64))
    resolved_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    resolved_by: Mapped[str | None] = mapped_column(String(64), default=None)
    deleted_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)


def open_threads(table: str, row_ids: Collection[str]) -> Select[str, str, int]:
    """Row id, field code (empty for the row itself), and how many threads nobody has resolved."""
    return (
        select(Comment.row_id, Comment.field_code, func.count())
        .where(
            Comment.table_identifier == table,
            Comment.row_id.in_(row_ids),
            Comment.thread_id.is_(None),
            Comment.resolved_at.is_(None),
            Comment.deleted_at.is_(None),
        )
        .group_by(Comment.row_id, Comment.field_code)
    )
