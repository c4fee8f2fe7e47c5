"""What a feed remembers of the rows it has given values to, and the rows it meets in a table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.feed import Remembered, RunResult
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table import StoredTable
from app.models.base_table_rows import in_batches, plain
from app.models.feed import FeedRow, FeedRun
from app.models.row_id import encode_row_id

# What is kept for a row as a whole, not for one of its cells.
WHOLE_ROW = ""


@dataclass(frozen=True)
class Memory:
    """What was given to the row of a key, and which values of the source people declined."""

    id: int | None = None
    row_id: str = ""
    given: Mapping[str, list[Any]] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)

    def given_to(self, code: str) -> Remembered | None:
        """The value the cell got the last time, if it got one."""
        return Remembered(self.given[code][0]) if code in self.given else None

    def kept_from(self, code: str) -> Remembered | None:
        """The value of the source that was declined for the cell, if one was."""
        return Remembered(self.kept[code]) if code in self.kept else None


NOTHING = Memory()


@dataclass(frozen=True)
class TargetRow:
    """A stored row as a feed meets it: values as JSON keeps them."""

    row_id: str
    version: str
    values: Mapping[str, object]


def memory_of(session: Session, feed_id: int, period: str, department: str) -> dict[str, Memory]:
    """Key of the row → what the feed remembers of it."""
    query = select(FeedRow.row_key, FeedRow.id, FeedRow.row_id, FeedRow.given, FeedRow.kept).where(
        FeedRow.feed_id == feed_id,
        FeedRow.period == period,
        FeedRow.department_code == department,
    )
    return {key: Memory(*rest) for key, *rest in session.execute(query)}


def last_written(session: Session, feed_id: int, period: str, department: str) -> int:
    """The id of the last run that wrote the place, 0 before the first; the memory is as of it."""
    query = select(func.max(FeedRun.id)).where(
        FeedRun.feed_id == feed_id,
        FeedRun.period == period,
        FeedRun.department_code == department,
        FeedRun.result == RunResult.DONE,
    )
    return session.scalar(query) or 0


def target_rows(
    session: Session, stored: StoredTable, period: str, department: str, codes: Collection[str]
) -> dict[str, TargetRow]:
    """Key → row of the place, with the fields ``codes`` only: whole tables are read here."""
    wanted = [code for code in stored.columns if code in codes]
    parts = [*stored.identity, stored.version, stored.key, *(stored.columns[c] for c in wanted)]
    query = select(*(part for part in parts if part is not None)).where(
        *((stored.period == period,) if stored.period is not None else ()),
        *((stored.department == department,) if stored.department is not None else ()),
    )
    size = len(stored.identity)
    found: dict[str, TargetRow] = {}
    for row in session.execute(query):
        values = dict(zip(wanted, map(plain, row[size + 2 :]), strict=True))
        row_id = encode_row_id(list(row[:size]))
        found[row[size + 1]] = TargetRow(row_id, str(row[size]), values)
    return found


def changed_otherwise(session: Session, table: str, row_ids: Collection[str], way: str) -> set[str]:
    """Those of the rows that were ever added or changed in another way."""
    found: set[str] = set()
    for batch in in_batches(row_ids):
        query = (
            select(RowChange.row_id)
            .join(ChangeSet, ChangeSet.id == RowChange.change_set_id)
            .where(RowChange.table_identifier == table, RowChange.row_id.in_(batch))
            .where(ChangeSet.way != way)
            .distinct()
        )
        found |= set(session.scalars(query))
    return found
