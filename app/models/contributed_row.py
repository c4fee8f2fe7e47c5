"""Rows that another department has contributed to a table, each with who answers for it (第十条).

The mark of a deleted row stays, so that it is there again when the row is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    and_,
    cast,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.cooperation import ANSWERED_FOR, CONTRIBUTING, CooperationStatus
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table import StoredTable
from app.models.base_table_rows import in_batches
from app.models.cooperation import Cooperation
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.department import Department


class ContributedRow(Base):
    """One row of a place that ``contributor_code`` has contributed on a co-operation request."""

    __tablename__ = "sd_contributed_row"
    __table_args__ = (
        UniqueConstraint("table_identifier", "row_id"),
        Index(None, "table_identifier", "period", "department_code"),
        Index(None, "cooperation_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_identifier: Mapped[str] = mapped_column(String(48))
    row_id: Mapped[str] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(16))
    department_code: Mapped[str] = mapped_column(String(16))
    contributor_code: Mapped[str] = mapped_column(ForeignKey("sd_department.code"))
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("sd_cooperation.id"))
    added_at: Mapped[datetime] = mapped_column(Timestamp())
    added_by: Mapped[str] = mapped_column(String(32))
    is_deleted: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class Mark:
    """Whose row it is, and by which request; ``status`` is where that request stands."""

    contributor: str
    name: str
    cooperation_id: int
    status: CooperationStatus
    is_deleted: bool

    @property
    def is_answered_for(self) -> bool:
        """Whether the department that has contributed the row answers for it."""
        return self.status in ANSWERED_FOR

    @property
    def is_open(self) -> bool:
        """Whether that department may change the row: its request is not settled."""
        return self.status in CONTRIBUTING


def marks_of_place(
    session: Session, table: str, period: str, department: str
) -> Mapping[str, Mark]:
    """Row id → its mark, of all rows that were ever contributed to the place."""
    query = _marked().where(
        ContributedRow.table_identifier == table,
        ContributedRow.period == period,
        ContributedRow.department_code == department,
    )
    return _marks(session, query)


def marks_among(session: Session, table: str, row_ids: Collection[str]) -> Mapping[str, Mark]:
    """Row id → its mark, of those of the rows that were contributed."""
    found: dict[str, Mark] = {}
    for batch in in_batches(row_ids):
        query = _marked().where(
            ContributedRow.table_identifier == table, ContributedRow.row_id.in_(batch)
        )
        found |= _marks(session, query)
    return found


def is_contributed(stored: StoredTable, contributors: Collection[str]) -> ColumnElement[bool]:
    """Of the rows of a table that we made: those that the departments have contributed."""
    row_id = cast(stored.identity[0], String(200))
    return exists().where(
        ContributedRow.table_identifier == stored.spec.identifier,
        ContributedRow.row_id == row_id,
        ContributedRow.contributor_code.in_(sorted(contributors)),
        ContributedRow.is_deleted.is_(False),
    )


def holds_contributed_only(contributors: Collection[str]) -> ColumnElement[bool]:
    """Of sets of changes: those that are about rows of these contributors and no others."""
    theirs = exists().where(
        ContributedRow.table_identifier == RowChange.table_identifier,
        ContributedRow.row_id == RowChange.row_id,
        ContributedRow.contributor_code.in_(sorted(contributors)),
    )
    of_set = RowChange.change_set_id == ChangeSet.id
    return and_(exists().where(of_set), ~exists().where(of_set, ~theirs))


_Marked = Select[ContributedRow, str, CooperationStatus]


def _marked() -> _Marked:
    return (
        select(ContributedRow, Department.name, Cooperation.status)
        .join(Cooperation, Cooperation.id == ContributedRow.cooperation_id)
        .join(Department, Department.code == ContributedRow.contributor_code)
    )


def _marks(session: Session, query: _Marked) -> dict[str, Mark]:
    return {
        row.row_id: Mark(
            row.contributor_code,
            name,
            row.cooperation_id,
            status,
            is_deleted=row.is_deleted,
        )
        for row, name, status in session.execute(query.execution_options(populate_existing=True))
    }
