"""Texts of SQLite that are not UTF-8: old programs write what they like.

The driver fails on the first of them, and a whole page with it. Its quick reading is kept for all
files that are in order; where it fails, the same question is asked again with a reading that puts
U+FFFD in the place of what cannot be read.
"""

import sqlite3
from typing import Any

UNDECODABLE = "Could not decode to UTF-8"
# What may be asked again without being done twice.
READS = ("SELECT", "WITH")


class ReadableCursor(sqlite3.Cursor):
    """A cursor that asks once more where a text cannot be decoded."""

    asked: tuple[str, Any] = ("", ())
    given = 0

    def execute(self, sql: str, parameters: Any = ()) -> "ReadableCursor":
        """Remember what is asked."""
        self.asked, self.given = (sql, parameters), 0
        super().execute(sql, parameters)
        return self

    def fetchone(self) -> Any:
        """The next row or None."""
        row = self._read(super().fetchone)
        self.given += row is not None
        return row

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Some rows."""
        many = self.arraysize if size is None else size
        rows: list[Any] = self._read(lambda: super(ReadableCursor, self).fetchmany(many))
        self.given += len(rows)
        return rows

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        rows: list[Any] = self._read(super().fetchall)
        self.given += len(rows)
        return rows

    def _read(self, fetch: Any) -> Any:
        try:
            return fetch()
        except sqlite3.OperationalError as error:
            statement = self.asked[0].lstrip()
            if UNDECODABLE not in str(error) or not statement.upper().startswith(READS):
                raise
        self.connection.text_factory = readable
        super().execute(*self.asked)
        # Within one transaction the same rows come in the same order.
        for _row in range(self.given):
            super().fetchone()
        return fetch()


class ReadableConnection(sqlite3.Connection):
    """A connection whose cursors read whatever stands in the file."""

    def cursor(self, factory: Any = None) -> Any:
        """A cursor of ours unless another is asked for."""
        return super().cursor(factory or ReadableCursor)


def readable(content: bytes) -> str:
    """The text as far as it can be read."""
    return content.decode("utf-8", "replace")
