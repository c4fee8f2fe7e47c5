"""Counting the SQL statements that a piece of work needs."""

from collections.abc import Iterator
from contextlib import contextmanager
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
