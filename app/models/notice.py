"""Notices to people, reminders that were given, and what was sent outside (第七条)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.delivery import Channel, DeliveryState
from app.domain.notice import LONGEST_KEY, NoticeKind
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_FAULT = 300


class Notice(Base):
    """One notice to one person.

    ``msgid`` and ``facts`` make the text; tables, departments and years stand in the facts by their
    codes and are called by their present names. ``key`` says what is told: nobody is told the same
    twice. ``subject`` is the thing that the deed was done to: what was told of it earlier counts as
    read once the thing is moved on. ``by_name`` is who did it, for whoever reads it here; it is
    never sent outside.
    """

    __tablename__ = "sd_notice"
    __table_args__ = (
        UniqueConstraint("key", "recipient_number"),
        Index(None, "recipient_number", "read_at"),
        Index(None, "subject", "read_at"),
        Index(None, "made_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    recipient_number: Mapped[str] = mapped_column(String(32))
    kind: Mapped[NoticeKind] = mapped_column(stored(NoticeKind))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    subject: Mapped[str | None] = mapped_column(String(120), default=None)
    msgid: Mapped[str] = mapped_column(String(400))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    path: Mapped[str] = mapped_column(String(300))
    by_name: Mapped[str | None] = mapped_column(String(64), default=None)
    made_at: Mapped[datetime] = mapped_column(Timestamp())
    read_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)


class Reminder(Base):
    """That a person was reminded of a submission on a day of the college, and by which rule.

    ``sent_by`` is None where the platform did it by itself. The database keeps the promise that
    nobody is reminded of the same twice a day.
    """

    __tablename__ = "sd_reminder"
    __table_args__ = (
        UniqueConstraint("submission_id", "person_number", "day"),
        CheckConstraint("(sent_by IS NULL) = (sent_by_name IS NULL)", name="sent_pair"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("sd_submission.id"))
    person_number: Mapped[str] = mapped_column(String(32))
    day: Mapped[date]
    rule: Mapped[str] = mapped_column(String(32))
    notice_id: Mapped[int] = mapped_column(ForeignKey("sd_notice.id"), index=True)
    sent_at: Mapped[datetime] = mapped_column(Timestamp())
    sent_by: Mapped[str | None] = mapped_column(String(32), default=None)
    sent_by_name: Mapped[str | None] = mapped_column(String(64), default=None)


class Delivery(Base):
    """A notice on its way through a channel outside, tried until it arrived or was given up.

    ``fault`` is the last answer that was no success. ``taken`` are the marks of the addresses that
    have it while others of the same channel have not: they do not get it twice.
    """

    __tablename__ = "sd_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index(None, "state", "next_at"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        CheckConstraint("attempts >= 0", name="attempts"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("sd_notice.id"))
    channel: Mapped[Channel] = mapped_column(stored(Channel))
    state: Mapped[DeliveryState] = mapped_column(stored(DeliveryState))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Timestamp())
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    fault: Mapped[str | None] = mapped_column(String(LONGEST_FAULT), default=None)
    taken: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True), default=None)


def tables_named(facts: dict[str, Any]) -> Sequence[str]:
    """The identifiers of all tables that the facts of a notice name."""
    named = [facts["table"]] if "table" in facts else []
    return [*named, *facts.get("tables", ())]
