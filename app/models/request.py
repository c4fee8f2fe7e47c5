"""What was asked for and decided (第四条, 第七条, 第十二条)."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.request import Cause, RequestKind, RequestStatus, status_at
from app.domain.return_item import WantedItem, due_of_return
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_REASON = 2000


class Request(Base):
    """One request: who asked for what and why, who decided and why.

    ``submission_id`` is None where the whole year is to be locked or unlocked; ``tables`` are then
    the ids of the submissions to be corrected. ``until`` is the due date asked for or, once
    granted, the new one. An open request or a granted extension is over after ``expires_at``, by
    the clock alone.
    ``items`` say what is wrong with a table to be opened again, ``items_due_on`` by when it is to
    be put right. ``follows_id`` is the department's wish from which the request came.
    """

    __tablename__ = "sd_request"
    __table_args__ = (
        Index(None, "cycle_id", "status"),
        Index(None, "submission_id", "kind"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_pair"),
        CheckConstraint("(status = 'asked') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint(
            "status <> 'refused' OR decision_reason IS NOT NULL", name="refused_has_reason"
        ),
        CheckConstraint("kind <> 'extension' OR until IS NOT NULL", name="extension_has_date"),
        CheckConstraint(
            "(kind IN ('unlocking', 'locking')) = (submission_id IS NULL)",
            name="year_has_no_submission",
        ),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[RequestKind] = mapped_column(stored(RequestKind))
    status: Mapped[RequestStatus] = mapped_column(
        stored(RequestStatus), default=RequestStatus.ASKED
    )
    version: Mapped[int] = mapped_column(default=1)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("sd_submission.id"), default=None)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    cause: Mapped[Cause | None] = mapped_column(stored(Cause), default=None)
    until: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    tables: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True), default=None)
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    asked_at: Mapped[datetime] = mapped_column(Timestamp())
    asked_by: Mapped[str] = mapped_column(String(32))
    asked_by_name: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    decided_by: Mapped[str | None] = mapped_column(String(32), default=None)
    decided_by_name: Mapped[str | None] = mapped_column(String(64), default=None)
    decision_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON), default=None)
    items: Mapped[list[dict[str, str]] | None] = mapped_column(
        JSON(none_as_null=True), default=None
    )
    items_due_on: Mapped[date | None] = mapped_column(default=None)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("sd_request.id"), default=None)

    @property
    def wanted_items(self) -> tuple[WantedItem, ...]:
        """What was said to be wrong with the table to be opened again."""
        return tuple(WantedItem(**item) for item in self.items or ())

    def mended_by(self, now: datetime) -> date | None:
        """By which day they have to be put right; None for the usual time, as when it has passed.

        Nobody agreed before, so that the day may have gone by meanwhile.
        """
        due_on = self.items_due_on
        return due_on if due_on is not None and due_of_return(now, due_on) >= now else None

    def status_at(self, now: datetime) -> RequestStatus:
        """Where the request stands at that moment."""
        return status_at(self.kind, self.status, self.expires_at, now)

    def is_open_at(self, now: datetime) -> bool:
        """Whether somebody still has to decide."""
        return self.status_at(now) is RequestStatus.ASKED
