"""Submissions: one table, one department, one cycle (第十条—第十二条), and attempts at them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.submission import Status, is_late
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

_PAIRS = ("finished", "reviewed", "confirmed", "received", "accepted")


class Submission(Base):
    """Where one department stands with one table in one cycle.

    ``version`` counts steps and is compared when a step is taken;
    ``content_hash`` names the snapshot taken by ``finish`` that reviews,
    confirmations and acceptances stand for; ``returned_hash`` is the content
    that was sent back; persons are kept by number (工号). ``due_at`` is the
    due date by which lateness is measured, once that is settled: with the first
    report, when a year was extended after it had passed, or when the department was
    granted a later one. Until then it is None and ``phase_due_at`` counts, that of the
    table's phase, else the year's own due date.
    ``finding_summary`` counts what the rules found when it was finished: dimension → state →
    severity → how many. ``change_counts`` are rows added, removed and changed, and cells
    changed, since it was reported before; None the first time.
    """

    __tablename__ = "sd_submission"
    __table_args__ = (
        UniqueConstraint("cycle_id", "table_identifier", "department_code"),
        Index(None, "cycle_id", "status"),
        CheckConstraint("status <> 'returned' OR reason IS NOT NULL", name="returned_has_reason"),
        CheckConstraint(
            "status <> 'accepted' OR accepted_at IS NOT NULL", name="accepted_has_time"
        ),
        *(
            CheckConstraint(f"({name}_at IS NULL) = ({name}_by IS NULL)", name=f"{name}_pair")
            for name in _PAIRS
        ),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    table_identifier: Mapped[str] = mapped_column(String(48))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    period: Mapped[str] = mapped_column(String(16))
    status: Mapped[Status] = mapped_column(stored(Status), default=Status.NOT_STARTED)
    version: Mapped[int] = mapped_column(default=1)
    status_since: Mapped[datetime] = mapped_column(Timestamp())
    reason: Mapped[str | None] = mapped_column(String(2000), default=None)
    nil_reason: Mapped[str | None] = mapped_column(String(500), default=None)
    points: Mapped[dict[str, bool] | None] = mapped_column(JSON(none_as_null=True), default=None)
    content_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    returned_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    finding_summary: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), default=None
    )
    change_counts: Mapped[dict[str, int] | None] = mapped_column(
        JSON(none_as_null=True), default=None
    )
    receipt_number: Mapped[str | None] = mapped_column(String(40), default=None, unique=True)
    due_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    phase_due_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    first_reported_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    finished_by: Mapped[str | None] = mapped_column(String(32), default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    reviewed_by: Mapped[str | None] = mapped_column(String(32), default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    confirmed_by: Mapped[str | None] = mapped_column(String(32), default=None)
    received_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    received_by: Mapped[str | None] = mapped_column(String(32), default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    accepted_by: Mapped[str | None] = mapped_column(String(32), default=None)

    def due_by(self, due_at: datetime) -> datetime:
        """Its due date: its own, that of its phase, or ``due_at``, that of the year."""
        return self.due_at or self.common_due_by(due_at)

    def common_due_by(self, due_at: datetime) -> datetime:
        """When the table is due for all: with its phase, or at ``due_at``, with the year."""
        return self.phase_due_at or due_at

    def is_put_off(self, due_at: datetime) -> bool:
        """Whether the department was granted a later due date than all the others have."""
        return self.due_by(due_at) > self.common_due_by(due_at)

    def move_due_date(
        self, before: datetime, after: datetime, phase_due_at: datetime | None, now: datetime
    ) -> None:
        """Follow the due date of the year, from ``before`` to ``after``, and that of the phase.

        Whoever is late at ``now`` stays late by the due date that was missed. What one department
        was granted is kept for as long as it is later than what is now given to all.
        """
        is_late = self.is_late(before, now)
        if is_late:
            self.due_at = self.due_by(before)
        self.phase_due_at = phase_due_at
        if not is_late and self.due_at is not None and self.due_at < self.common_due_by(after):
            self.due_at = None

    def forget_approvals(self) -> None:
        """What was reviewed, confirmed, received and accepted stands for other data than now."""
        self.points = None
        for name in ("reviewed", "confirmed", "received", "accepted"):
            setattr(self, f"{name}_at", None)
            setattr(self, f"{name}_by", None)

    def is_late(self, due_at: datetime, now: datetime) -> bool:
        """Whether it is late by its due date where the year is due at ``due_at``."""
        return is_late(self.status, self.due_by(due_at), self.first_reported_at, now)


class FinishAttempt(Base):
    """What the rules found when somebody tried to finish a submission (第十七条).

    Blocked attempts too: the first one tells how good the data were before
    anybody helped. Once per content, so that a second click counts no more.
    ``errors`` counts faulty cells by dimension.
    """

    __tablename__ = "sd_finish_attempt"
    __table_args__ = (UniqueConstraint("submission_id", "content_hash"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("sd_submission.id"))
    attempted_at: Mapped[datetime] = mapped_column(Timestamp())
    attempted_by: Mapped[str] = mapped_column(String(32))
    is_blocked: Mapped[bool]
    content_hash: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]
    cell_count: Mapped[int]
    required_count: Mapped[int]
    filled_count: Mapped[int]
    errors: Mapped[dict[str, int]] = mapped_column(JSON)
