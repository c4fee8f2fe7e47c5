"""Rows taken over from last year: each is marked until somebody has looked at it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Select,
    String,
    UniqueConstraint,
    cast,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base_table import StoredTable
from app.models.base_table_rows import in_batches
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp


class CarriedRow(Base):
    """One row that was taken over, and who has confirmed it since.

    ``content_hash`` names the snapshot it came from; ``person_number`` the teacher it is about.
    The mark of a deleted row stays, so that it is there again when the row is.
    """

    __tablename__ = "sd_carried_row"
    __table_args__ = (
        UniqueConstraint("table_identifier", "row_id"),
        Index(None, "table_identifier", "period", "department_code"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_pair"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_identifier: Mapped[str] = mapped_column(String(48))
    row_id: Mapped[str] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(16))
    department_code: Mapped[str] = mapped_column(String(16))
    person_number: Mapped[str | None] = mapped_column(String(32), default=None)
    content_hash: Mapped[str] = mapped_column(String(64))
    carried_at: Mapped[datetime] = mapped_column(Timestamp())
    carried_by: Mapped[str] = mapped_column(String(32))
    confirmed_at: Mapped[datetime | None] = mapped_column(Timestamp(), default=None)
    confirmed_by: Mapped[str | None] = mapped_column(String(32), default=None)
    is_deleted: Mapped[bool] = mapped_column(default=False)


def has_carried(session: Session, table: str, period: str, department: str) -> bool:
    """Whether any row of the place was taken over, confirmed or not."""
    query = select(CarriedRow.id).where(
        CarriedRow.table_identifier == table,
        CarriedRow.period == period,
        CarriedRow.department_code == department,
    )
    return session.scalar(query.limit(1)) is not None


def count_waiting(
    session: Session, table: str, period: str, department: str, person: str | None = None
) -> int:
    """How many rows of the place nobody has confirmed; those about one person if named."""
    query = waiting_of(table, period, department)
    if person is not None:
        query = query.where(CarriedRow.person_number == person)
    return session.scalar(query) or 0


def waiting_of(
    table: str | Mapped[str], period: str | Mapped[str], department: str | Mapped[str]
) -> Select[tuple[int]]:
    """The count of the rows of a place that nobody has confirmed, as a query or part of one."""
    return _waiting(table, period, department).with_only_columns(func.count(CarriedRow.id))


def waiting_rows(session: Session, table: str, period: str, department: str) -> list[str]:
    """The ids of the rows of the place that nobody has confirmed."""
    return list(session.scalars(_waiting(table, period, department)))


def waiting_among(session: Session, table: str, row_ids: Collection[str]) -> set[str]:
    """Those of the rows that nobody has confirmed."""
    found: set[str] = set()
    for batch in in_batches(row_ids):
        query = select(CarriedRow.row_id).where(
            CarriedRow.table_identifier == table,
            CarriedRow.row_id.in_(batch),
            CarriedRow.confirmed_at.is_(None),
        )
        found.update(session.scalars(query))
    return found


def is_waiting(stored: StoredTable) -> ColumnElement[bool]:
    """Of the rows of a table that we made: those that nobody has confirmed."""
    row_id = cast(stored.identity[0], String(200))
    return exists().where(
        CarriedRow.table_identifier == stored.spec.identifier,
        CarriedRow.row_id == row_id,
        CarriedRow.confirmed_at.is_(None),
        CarriedRow.is_deleted.is_(False),
    )


def _waiting(
    table: str | Mapped[str], period: str | Mapped[str], department: str | Mapped[str]
) -> Select[Any]:
    return select(CarriedRow.row_id).where(
        CarriedRow.table_identifier == table,
        CarriedRow.period == period,
        CarriedRow.department_code == department,
        CarriedRow.confirmed_at.is_(None),
        CarriedRow.is_deleted.is_(False),
    )
