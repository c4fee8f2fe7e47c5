"""The audit log (留痕, 第六条): steps people took and rows they changed.

Entries carry names and numbers as text and no foreign key to people, so that
the log never blocks a change and stays readable after everyone has left.
"""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.audit_log import LoggedDeed
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp

# What people write as a reason, in whatever form, and the reason of a step that joins the reasons
# for its points.
LONGEST_REASON = 500
LONGEST_JOINED_REASON = 2000


class AuditEntry(Base):
    """One thing that was done: ``tag`` is ``object.verb``, e.g. submission.accept.

    ``fingerprint`` is that of all it says and of ``previous``, the fingerprint of the latest entry
    when it was written; both are None where it is older than the chain.
    """

    __tablename__ = "sd_audit_entry"
    __table_args__ = (
        Index(None, "subject", "id"),
        Index(None, "at"),
        Index(None, "department_code", "id"),
        Index(None, "person_number", "id"),
        Index(None, "fingerprint"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Timestamp())
    person_number: Mapped[str] = mapped_column(String(32))
    person_name: Mapped[str] = mapped_column(String(64))
    tag: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(120))
    department_code: Mapped[str | None] = mapped_column(String(16), default=None)
    before: Mapped[str | None] = mapped_column(String(200), default=None)
    after: Mapped[str | None] = mapped_column(String(200), default=None)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    content_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    previous: Mapped[str | None] = mapped_column(String(64), default=None)
    fingerprint: Mapped[str | None] = mapped_column(String(64), default=None)

    @property
    def deed(self) -> LoggedDeed:
        """What the entry says."""
        return LoggedDeed(**{each.name: getattr(self, each.name) for each in fields(LoggedDeed)})


class ChangeSet(Base):
    """Rows changed together: who, when, in which way (grid, import, …) and why.

    ``takes_back_id`` is the earlier set whose rows are by this as they were before it.
    """

    __tablename__ = "sd_change_set"
    __table_args__ = (
        Index(None, "table_identifier", "period", "department_code"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Timestamp())
    person_number: Mapped[str] = mapped_column(String(32))
    person_name: Mapped[str] = mapped_column(String(64))
    way: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON), default=None)
    table_identifier: Mapped[str] = mapped_column(String(48))
    period: Mapped[str] = mapped_column(String(16))
    department_code: Mapped[str] = mapped_column(String(16))
    row_count: Mapped[int]
    takes_back_id: Mapped[int | None] = mapped_column(BigKey, default=None, index=True)


class RowChange(Base):
    """One row of a change set: values before and after, only those that differ."""

    __tablename__ = "sd_row_change"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    change_set_id: Mapped[int] = mapped_column(ForeignKey("sd_change_set.id"), index=True)
    table_identifier: Mapped[str] = mapped_column(String(48))
    row_id: Mapped[str] = mapped_column(String(200))
    operation: Mapped[str] = mapped_column(String(8))
    before: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True), default=None)
    after: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True), default=None)


Index("ix_sd_row_change_row", RowChange.table_identifier, RowChange.row_id)
