"""Data released to functional departments, and who took them along (第十二条)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.release import ReleaseStatus, status_at
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_PURPOSE = 200


class Release(Base):
    """One table of a year for one department, for a purpose, until a day.

    It is over after ``expires_at``, by the clock alone.
    """

    __tablename__ = "sd_release"
    __table_args__ = (
        Index(None, "cycle_id", "department_code"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_pair"),
        CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_time"
        ),
        CheckConstraint(
            "status <> 'withdrawn' OR withdraw_reason IS NOT NULL", name="withdrawn_has_reason"
        ),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    table_identifier: Mapped[str] = mapped_column(String(48))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    purpose: Mapped[str] = mapped_column(String(LONGEST_PURPOSE))
    status: Mapped[ReleaseStatus] = mapped_column(
        stored(ReleaseStatus), default=ReleaseStatus.RELEASED
    )
    version: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime] = mapped_column(Timestamp())
    released_at: Mapped[datetime] = mapped_column(Timestamp())
    released_by: Mapped[str] = mapped_column(String(32))
    released_by_name: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    withdrawn_by: Mapped[str | None] = mapped_column(String(32), default=None)
    withdrawn_by_name: Mapped[str | None] = mapped_column(String(64), default=None)
    withdraw_reason: Mapped[str | None] = mapped_column(String(500), default=None)

    def status_at(self, now: datetime) -> ReleaseStatus:
        """Where the release stands at that moment."""
        return status_at(self.status, self.expires_at, now)


class ReleaseDownload(Base):
    """One time that somebody took the released rows along, and how many there were."""

    __tablename__ = "sd_release_download"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("sd_release.id"), index=True)
    at: Mapped[datetime] = mapped_column(Timestamp())
    person_number: Mapped[str] = mapped_column(String(32))
    person_name: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]
