"""Collection cycles and the catalogue revisions they use (第七条, decision 2)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.cycle import CycleStatus
from app.domain.period import AcademicYear
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored


class CatalogueRevision(Base):
    """The catalogue files as they were when a cycle opened, packed as a zip."""

    __tablename__ = "sd_catalogue_revision"
    __table_args__ = (TABLE_OPTIONS,)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary(2**24 - 1))
    stored_at: Mapped[datetime] = mapped_column(Timestamp())


class Cycle(Base):
    """One collection year. ``due_at`` is the departments' deadline.

    A year of ``is_history`` was never collected here: it holds old workbooks, is locked from the
    start, and takes no part in reporting, boards and appraisal. ``shows_unreviewed`` lets leaders
    see totals with data that nobody has accepted yet. One that ``is_provisional`` was set up when
    the year before was locked, so that rows can be kept in it; nobody has prepared it yet.
    """

    __tablename__ = "sd_cycle"
    __table_args__ = (
        CheckConstraint("(locked_at IS NULL) = (locked_by IS NULL)", name="locked_pair"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    academic_year: Mapped[str] = mapped_column(String(9), unique=True)
    status: Mapped[CycleStatus] = mapped_column(stored(CycleStatus))
    version: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime] = mapped_column(Timestamp())
    opened_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    locked_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    locked_by: Mapped[str | None] = mapped_column(String(32), default=None)
    content_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    is_history: Mapped[bool] = mapped_column(default=False)
    is_provisional: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_unreviewed: Mapped[bool] = mapped_column(default=False, server_default=false())
    catalogue_digest: Mapped[str | None] = mapped_column(
        ForeignKey("sd_catalogue_revision.digest"), default=None
    )

    @property
    def year(self) -> AcademicYear:
        """The academic year as a value."""
        return AcademicYear.parse(self.academic_year)
