"""Comments (批注): what people say to one another about a cell, a row or a whole table."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base_table_rows import in_batches
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


def count_open_threads(
    session: Session, table: str, row_ids: Collection[str]
) -> dict[str, dict[str, int]]:
    """Row id → field code (empty for the row itself) → threads that nobody has resolved."""
    found: dict[str, dict[str, int]] = {}
    for batch in in_batches(row_ids):
        query = (
            select(Comment.row_id, Comment.field_code, func.count())
            .where(
                Comment.table_identifier == table,
                Comment.row_id.in_(batch),
                Comment.thread_id.is_(None),
                Comment.resolved_at.is_(None),
                Comment.deleted_at.is_(None),
            )
            .group_by(Comment.row_id, Comment.field_code)
        )
        for row_id, field_code, count in session.execute(query):
            found.setdefault(row_id, {})[field_code] = count
    return found
