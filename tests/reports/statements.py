"""Counting the SQL statements that a piece of work needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from tests.college import College


@contextmanager
def statements(college: College) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(college.founded.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(college.founded.engine, "before_cursor_execute", note)


@dataclass
class RowsRead:
    """How many rows the database has handed over."""

    count: int = 0


@contextmanager
def rows_read(college: College) -> Iterator[RowsRead]:
    """The rows that the database hands over meanwhile."""
    read = RowsRead()
    engine = college.founded.engine

    def counted(_cursor: Any, row: Any) -> Any:
        read.count += 1
        return row

    def begin(_connection: Any, cursor: Any, *_rest: Any) -> None:
        # SQLite hands rows over one by one and does not know beforehand how many there are.
        if engine.dialect.name == "sqlite":
            cursor.row_factory = counted

    def end(_connection: Any, cursor: Any, *_rest: Any) -> None:
        if engine.dialect.name != "sqlite" and cursor.description is not None:
            read.count += cursor.rowcount

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    try:
        yield read
    finally:
        event.remove(engine, "before_cursor_execute", begin)
        event.remove(engine, "after_cursor_execute", end)
