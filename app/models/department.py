"""Departments of the college (第四条)."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.department import DepartmentKind
from app.models.database import TABLE_OPTIONS, Base
from app.models.enumeration import stored


class Department(Base):
    """A department; ``valid_to`` is the last day of an abolished one."""

    __tablename__ = "sd_department"
    __table_args__ = (TABLE_OPTIONS,)

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[DepartmentKind] = mapped_column(stored(DepartmentKind))
    duty: Mapped[str] = mapped_column(String(500), default="")
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)

    def is_active_on(self, day: date) -> bool:
        """Whether the department exists on that day, first and last day included."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)
