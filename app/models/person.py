"""People and their appointments (第五条, decision 12)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.person import Function, TeacherKind
from app.models.database import TABLE_OPTIONS, Base, BigKey
from app.models.enumeration import stored


class Person(Base):
    """A member of staff or an external teacher, known by 工号 (``number``).

    ``username`` links to the login; teachers may exist before they have one.
    """

    __tablename__ = "sd_person"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    username: Mapped[str | None] = mapped_column(String(64), unique=True)
    department_code: Mapped[str | None] = mapped_column(ForeignKey("sd_department.code"))
    teacher_kind: Mapped[TeacherKind | None] = mapped_column(stored(TeacherKind))
    is_active: Mapped[bool] = mapped_column(default=True)
    # Raised with every change of the person, the login or an appointment.
    version: Mapped[int] = mapped_column(default=1)
    appointments: Mapped[list["Appointment"]] = relationship(
        back_populates="person", order_by="Appointment.id"
    )


class Appointment(Base):
    """A function held in a department from one day to another, both included.

    ``teacher_kind`` is the kind of teacher that somebody is in this department; None means the
    person's own. One who is of two kinds has two appointments. A deputy is somebody whose
    appointment has a last day from the beginning.
    """

    __tablename__ = "sd_appointment"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="days_in_order"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("sd_person.id"), index=True)
    function: Mapped[Function] = mapped_column(stored(Function))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(default=None)
    teacher_kind: Mapped[TeacherKind | None] = mapped_column(stored(TeacherKind), default=None)
    person: Mapped[Person] = relationship(back_populates="appointments")

    def has_ended(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.valid_to is not None and self.valid_to < today

    def holds(self, today: date) -> bool:
        """Whether it counts on that day."""
        return self.valid_from <= today and not self.has_ended(today)
