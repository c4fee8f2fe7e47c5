"""How the columns of a department's files were matched with fields, for the next such file."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.database import TABLE_OPTIONS, Base, Timestamp


class ColumnMapping(Base):
    """What the headings of one kind of file mean in one table.

    ``signature`` is the digest of the headings; ``columns`` maps the key of a heading (folded, with
    its count among equal ones) to a field code, null for one that is not imported. It says where a
    value goes and never who may write it.
    """

    __tablename__ = "sd_column_mapping"
    __table_args__ = (TABLE_OPTIONS,)

    table_identifier: Mapped[str] = mapped_column(String(48), primary_key=True)
    department_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"), primary_key=True)
    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    columns: Mapped[dict[str, str | None]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(Timestamp())
    changed_by: Mapped[str] = mapped_column(String(64))
