"""Feeds: what they take from where, what they have given, how they ran, when they run again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.feed import Rhythm, RunResult
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_NAME = 60


class Feed(Base):
    """Rows of an adopted table become rows of a base table.

    ``content`` is the definition (``app.catalogue.feed``); ``version`` grows with every change.
    """

    __tablename__ = "sd_feed"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), unique=True)
    source_identifier: Mapped[str] = mapped_column(String(48))
    target_identifier: Mapped[str] = mapped_column(String(48), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Timestamp())
    changed_by: Mapped[str] = mapped_column(String(64))


class FeedRow(Base):
    """What a feed has given to one row: where each cell's value comes from.

    ``given`` maps field codes to the value as JSON keeps it and the moment it was given or first
    confirmed; ``kept`` maps them to values of the source that people declined, the empty code
    standing for the row as a whole.
    """

    __tablename__ = "sd_feed_row"
    __table_args__ = (
        UniqueConstraint("feed_id", "period", "department_code", "row_key"),
        Index("ix_sd_feed_row_row", "row_id", "feed_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("sd_feed.id"))
    period: Mapped[str] = mapped_column(String(16))
    department_code: Mapped[str] = mapped_column(String(16))
    row_key: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[str] = mapped_column(String(200))
    given: Mapped[dict[str, list[Any]]] = mapped_column(JSON)
    kept: Mapped[dict[str, Any]] = mapped_column(JSON)


class FeedRun(Base):
    """One run of a feed for one department, or one that was refused; ``refusal`` says why."""

    __tablename__ = "sd_feed_run"
    __table_args__ = (
        CheckConstraint("(result = 'refused') = (refusal IS NOT NULL)", name="refusal_told"),
        Index(None, "feed_id", "id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("sd_feed.id"))
    at: Mapped[datetime] = mapped_column(Timestamp())
    person_number: Mapped[str] = mapped_column(String(64))
    person_name: Mapped[str] = mapped_column(String(64))
    is_scheduled: Mapped[bool]
    result: Mapped[RunResult] = mapped_column(stored(RunResult))
    period: Mapped[str | None] = mapped_column(String(16), default=None)
    department_code: Mapped[str | None] = mapped_column(String(16), default=None)
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    deleted: Mapped[int] = mapped_column(default=0)
    conflicts: Mapped[int] = mapped_column(default=0)
    vanished: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str | None] = mapped_column(Text, default=None)


class FeedSchedule(Base):
    """When somebody lets a feed run for himself; it runs with his rights, asked anew each time.

    ``feed_version`` is the definition he has seen: a changed one does not run unseen.
    """

    __tablename__ = "sd_feed_schedule"
    __table_args__ = (UniqueConstraint("feed_id", "username"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("sd_feed.id"))
    feed_version: Mapped[int]
    username: Mapped[str] = mapped_column(String(64))
    person_number: Mapped[str] = mapped_column(String(64))
    person_name: Mapped[str] = mapped_column(String(64))
    department_code: Mapped[str | None] = mapped_column(
        ForeignKey("sd_department.code"), default=None
    )
    rhythm: Mapped[Rhythm] = mapped_column(stored(Rhythm))
    hour: Mapped[int]
    weekday: Mapped[int]
    since: Mapped[datetime] = mapped_column(Timestamp())
