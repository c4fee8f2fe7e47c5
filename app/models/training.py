"""Training sessions, attendance and mobilisation meetings of a year (第八条, 第九条)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.training import Attendance, SessionStatus
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_TITLE = 100
LONGEST_PLACE = 100
LONGEST_NAMES = 500
LONGEST_CONTENT = 4000


class TrainingSession(Base):
    """A training of the data stewards; its materials are ``AttachedFile``."""

    __tablename__ = "sd_training_session"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"), index=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    begins_at: Mapped[datetime] = mapped_column(Timestamp())
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE))
    host: Mapped[str] = mapped_column(String(LONGEST_PLACE))
    content: Mapped[str] = mapped_column(String(LONGEST_CONTENT), default="")
    status: Mapped[SessionStatus] = mapped_column(stored(SessionStatus))
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Timestamp())
    changed_by_name: Mapped[str] = mapped_column(String(64))


class TrainingAttendance(Base):
    """How somebody attended a session; whoever must attend and has no record is expected."""

    __tablename__ = "sd_training_attendance"
    __table_args__ = (
        CheckConstraint("signed_at IS NULL OR attendance = 'present'", name="signed_is_present"),
        TABLE_OPTIONS,
    )

    session_id: Mapped[int] = mapped_column(
        ForeignKey("sd_training_session.id"), primary_key=True, autoincrement=False
    )
    person_number: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_name: Mapped[str] = mapped_column(String(64))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    attendance: Mapped[Attendance] = mapped_column(stored(Attendance))
    signed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    recorded_at: Mapped[datetime] = mapped_column(Timestamp())
    recorded_by_name: Mapped[str] = mapped_column(String(64))


class TrainingWaiver(Base):
    """The decision that a year needs no training, with its reason."""

    __tablename__ = "sd_training_waiver"
    __table_args__ = (TABLE_OPTIONS,)

    cycle_id: Mapped[int] = mapped_column(
        ForeignKey("sd_cycle.id"), primary_key=True, autoincrement=False
    )
    reason: Mapped[str] = mapped_column(String(LONGEST_NAMES))
    decided_at: Mapped[datetime] = mapped_column(Timestamp())
    decided_by: Mapped[str] = mapped_column(String(32))
    decided_by_name: Mapped[str] = mapped_column(String(64))


class MobilisationMeeting(Base):
    """A department's meeting before the collection; photographs are ``AttachedFile``."""

    __tablename__ = "sd_mobilisation_meeting"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"), index=True)
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="")
    host: Mapped[str] = mapped_column(String(LONGEST_PLACE))
    attendees: Mapped[str] = mapped_column(String(LONGEST_NAMES))
    minutes: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Timestamp())
    recorded_by: Mapped[str] = mapped_column(String(32))
    recorded_by_name: Mapped[str] = mapped_column(String(64))
