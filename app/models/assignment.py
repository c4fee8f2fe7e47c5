"""Which department owes which base table in which cycle (第四条, 第十条第三款)."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.assignment import AssignmentKind
from app.models.database import TABLE_OPTIONS, Base, BigKey
from app.models.enumeration import stored


class Assignment(Base):
    """A table assigned to a department for one cycle (归口)."""

    __tablename__ = "sd_assignment"
    __table_args__ = (
        UniqueConstraint("cycle_id", "table_identifier", "department_code"),
        Index(None, "cycle_id", "department_code"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("sd_cycle.id"))
    table_identifier: Mapped[str] = mapped_column(String(48))
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    kind: Mapped[AssignmentKind] = mapped_column(stored(AssignmentKind))
