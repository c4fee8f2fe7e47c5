"""That an appointment was looked at and confirmed anew for a collection year (第五条第二款)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.person import Function
from app.models.database import TABLE_OPTIONS, Base, Timestamp
from app.models.enumeration import stored


class AppointmentConfirmation(Base):
    """Somebody's function in a department, confirmed for a year.

    It names the person by number and not the appointment, which may be ended and given anew.
    """

    __tablename__ = "sd_appointment_confirmation"
    __table_args__ = (TABLE_OPTIONS,)

    cycle_id: Mapped[int] = mapped_column(
        ForeignKey("sd_cycle.id"), primary_key=True, autoincrement=False
    )
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"), primary_key=True)
    function: Mapped[Function] = mapped_column(stored(Function), primary_key=True)
    person_number: Mapped[str] = mapped_column(String(32), primary_key=True)
    confirmed_at: Mapped[datetime] = mapped_column(Timestamp())
    confirmed_by: Mapped[str] = mapped_column(String(32))
    confirmed_by_name: Mapped[str] = mapped_column(String(64))
