"""Co-operation requests and what became of them step by step (第十条第三款)."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.cooperation import (
    OPEN,
    CooperationStatus,
    CooperationVerb,
    is_overdue,
)
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored
from app.models.submission import Submission

LONGEST_TEXT = 2000


class Cooperation(Base):
    """What is asked of a department for a table that another one reports.

    The department that leads is that of the submission, which may move to another one.
    ``partner_code`` is the department that was asked, ``by_office`` says that the quality office
    asked. ``fields`` are codes of the table, ``expected_rows`` how many rows are looked for. To a
    table of a single row nobody adds rows (``takes_rows``): the part is told in the answer.
    """

    __tablename__ = "sd_cooperation"
    __table_args__ = (
        Index(None, "cycle_id", "status"),
        Index(None, "submission_id", "status"),
        Index(None, "partner_code", "status"),
        CheckConstraint("expected_rows IS NULL OR expected_rows > 0", name="expects_rows"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating_range"),
        CheckConstraint(
            "status IN ('draft', 'withdrawn') OR sent_at IS NOT NULL", name="sent_has_time"
        ),
        CheckConstraint("rating IS NULL OR status = 'confirmed'", name="rated_when_confirmed"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    status: Mapped[CooperationStatus] = mapped_column(
        stored(CooperationStatus), default=CooperationStatus.DRAFT
    )
    version: Mapped[int] = mapped_column(default=1)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("sd_submission.id"))
    partner_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    wanted: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    fields: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True), default=None)
    expected_rows: Mapped[int | None] = mapped_column(default=None)
    due_at: Mapped[datetime] = mapped_column(Timestamp())
    takes_rows: Mapped[bool] = mapped_column(default=True)
    by_office: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(Timestamp())
    asked_by: Mapped[str] = mapped_column(String(32))
    asked_by_name: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    status_since: Mapped[datetime] = mapped_column(Timestamp())
    rating: Mapped[int | None] = mapped_column(default=None)

    def is_overdue(self, now: datetime) -> bool:
        """Whether an answer is owed and the due date has passed."""
        return is_overdue(self.status, self.due_at, now)


class CooperationEvent(Base):
    """One step of a request, as the page and the appraisal read it; never changed.

    ``due_at`` is by when an answer was owed from then on.
    """

    __tablename__ = "sd_cooperation_event"
    __table_args__ = (
        UniqueConstraint("cooperation_id", "version"),
        CheckConstraint(
            "verb NOT IN ('refuse', 'send_back', 'appeal', 'order', 'release')"
            " OR reason IS NOT NULL",
            name="step_has_reason",
        ),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("sd_cooperation.id"))
    version: Mapped[int] = mapped_column()
    verb: Mapped[CooperationVerb] = mapped_column(stored(CooperationVerb))
    after: Mapped[CooperationStatus] = mapped_column(stored(CooperationStatus))
    at: Mapped[datetime] = mapped_column(Timestamp())
    person_number: Mapped[str] = mapped_column(String(32))
    person_name: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column(Timestamp())
    reason: Mapped[str | None] = mapped_column(String(LONGEST_TEXT), default=None)
    rating: Mapped[int | None] = mapped_column(default=None)


def appealed_by(number: int) -> Select[str]:
    """The number of whoever brought the request before the quality office last, as a query."""
    return (
        select(CooperationEvent.person_number)
        .where(
            CooperationEvent.cooperation_id == number,
            CooperationEvent.verb == CooperationVerb.APPEAL,
        )
        .order_by(CooperationEvent.version.desc())
        .limit(1)
    )


def open_cooperation_of(submission: int | Mapped[int]) -> Select[int]:
    """The count of a submission's requests that are not settled, as a query or part of one."""
    return (
        select(func.count(Cooperation.id))
        .where(Cooperation.submission_id == submission, Cooperation.status.in_(sorted(OPEN)))
        .correlate(Submission)
    )
