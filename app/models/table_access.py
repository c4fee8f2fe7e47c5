"""What an administrator has set about a role and one table: which rows, which fields masked."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.table_access import AccessSetting, FieldMask, RowReach
from app.models.database import TABLE_OPTIONS, Base, Timestamp
from app.models.enumeration import stored


class TableAccess(Base):
    """The rows and masks of one role on one table; where there is none, rights alone decide.

    ``rows`` None leaves the rows to the rights. ``rule`` is a filter tree, only where ``rows`` is
    by rule; ``masks`` maps field codes to what is seen instead. ``version`` grows with each change.
    """

    __tablename__ = "sd_table_access"
    __table_args__ = (TABLE_OPTIONS,)

    role_name: Mapped[str] = mapped_column(String(64), primary_key=True)
    table_identifier: Mapped[str] = mapped_column(String(48), primary_key=True)
    rows: Mapped[RowReach | None] = mapped_column("row_reach", stored(RowReach), default=None)
    rule: Mapped[Any | None] = mapped_column(JSON(none_as_null=True), nullable=True, default=None)
    masks: Mapped[dict[str, str]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Timestamp())


def setting_of(kept: TableAccess) -> AccessSetting:
    """What is kept as plain data."""
    masks = {code: FieldMask(mask) for code, mask in kept.masks.items()}
    return AccessSetting(kept.rows, kept.rule, masks)


def settings_of_roles(session: Session) -> Mapping[str, Mapping[str, AccessSetting]]:
    """Role name → table → what is set."""
    found: dict[str, dict[str, AccessSetting]] = {}
    for kept in session.scalars(select(TableAccess)):
        found.setdefault(kept.role_name, {})[kept.table_identifier] = setting_of(kept)
    return found


def tables_set(session: Session, roles: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Role name → the tables for which anything is set, of these roles."""
    query = select(TableAccess.role_name, TableAccess.table_identifier)
    found: dict[str, set[str]] = {}
    for name, table in session.execute(query.where(TableAccess.role_name.in_(roles))):
        found.setdefault(name, set()).add(table)
    return {name: frozenset(tables) for name, tables in found.items()}
