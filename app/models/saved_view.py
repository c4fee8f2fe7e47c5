"""Views of tables that people keep: filter, order, search and columns under a name."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.saved_view import Audience
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored

LONGEST_NAME = 60


class SavedView(Base):
    """A view of a base table or an adopted one.

    ``content`` holds ``filter``, ``sort``, ``q``, ``columns`` and ``frozen`` as the grid has them;
    it says what is shown and never what may be seen. ``version`` grows with every change.
    """

    __tablename__ = "sd_saved_view"
    __table_args__ = (
        UniqueConstraint("table_identifier", "owner_number", "name"),
        CheckConstraint(
            "(audience = 'department') = (department_code IS NOT NULL)", name="department_named"
        ),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_identifier: Mapped[str] = mapped_column(String(48))
    owner_number: Mapped[str] = mapped_column(String(64))
    owner_name: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    audience: Mapped[Audience] = mapped_column(stored(Audience))
    department_code: Mapped[str | None] = mapped_column(
        ForeignKey("sd_department.code"), default=None
    )
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Timestamp())


class DefaultView(Base):
    """The view with which somebody's grid of a table opens; his own or one shared with him."""

    __tablename__ = "sd_default_view"
    __table_args__ = (TABLE_OPTIONS,)

    table_identifier: Mapped[str] = mapped_column(String(48), primary_key=True)
    person_number: Mapped[str] = mapped_column(String(64), primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("sd_saved_view.id"), index=True)


class RoleView(Base):
    """The view with which a grid opens for whoever has a role and has chosen none himself.

    ``role_name`` is empty for everybody; ``department_code`` is that of a view that is shared with
    one department, empty for one that is shared with all.
    """

    __tablename__ = "sd_role_view"
    __table_args__ = (TABLE_OPTIONS,)

    table_identifier: Mapped[str] = mapped_column(String(48), primary_key=True)
    role_name: Mapped[str] = mapped_column(String(64), primary_key=True)
    department_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("sd_saved_view.id"), index=True)
