"""Spot checks of reported tables and what was found row by row."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.spot_check import LONGEST_SEED, CheckResult
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_NOTE = 500


class SpotCheck(Base):
    """Rows drawn from a submission's content, named by its hash, with a seed.

    ``row_total`` is how many rows they were drawn from; ``version`` counts the times results were
    entered and is compared when further ones are.
    """

    __tablename__ = "sd_spot_check"
    __table_args__ = (Index(None, "submission_id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("sd_submission.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(LONGEST_SEED))
    row_total: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    drawn_at: Mapped[datetime] = mapped_column(Timestamp())
    drawn_by: Mapped[str] = mapped_column(String(32))
    drawn_by_name: Mapped[str] = mapped_column(String(64))


class SpotCheckRow(Base):
    """A row that was drawn: its position in the snapshot, and what was found of it."""

    __tablename__ = "sd_spot_check_row"
    __table_args__ = (TABLE_OPTIONS,)

    spot_check_id: Mapped[int] = mapped_column(
        ForeignKey("sd_spot_check.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    result: Mapped[CheckResult | None] = mapped_column(stored(CheckResult), default=None)
    note: Mapped[str | None] = mapped_column(String(LONGEST_NOTE), default=None)
    checked_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    checked_by: Mapped[str | None] = mapped_column(String(32), default=None)
