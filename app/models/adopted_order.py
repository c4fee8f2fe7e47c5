"""Orders of the rows of adopted tables, and which values of them can be compared exactly.

What is read of a cell is not always what the database sorts by: MySQL sorts choices by their
number, floats are read a little beside their value, SQLite keeps anything in any column.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement

from app.catalogue.adopted_table import AdoptedColumn, ColumnKind
from app.models.adopted_table import MYSQL, WRITTEN_OUT, AsGiven, LiveTable
from app.models.row_order import Ordered

UNORDERED = frozenset(
    {ColumnKind.BINARY, ColumnKind.OPAQUE, ColumnKind.JSON, ColumnKind.CHOICES, ColumnKind.BITS}
)
# Columns that give an order where no key does.
MOST_ORDERED = 8
AS_GIVEN = AsGiven()
DATED = frozenset({ColumnKind.DATE, ColumnKind.DATETIME})


@dataclass(frozen=True)
class KeptValues:
    """How a mark beside a row gets the row's values.

    ``added`` is read besides what is shown; ``of`` takes a row as it was read and answers None
    where one of the values would not be found again at the same place.
    """

    added: tuple[ColumnElement[Any], ...]
    of: Callable[[Mapping[str, object]], tuple[object, ...] | None]


def order_of(live: LiveTable, sort: Sequence[str]) -> list[Ordered]:
    """The columns of ``sort`` (a leading ``-`` for descending), then the key, each once.

    The key goes the way of the last column, so that an index may be read from either end; where
    no two rows are alike already, MariaDB would not read the index for it. Rows that cannot be
    told apart are ordered by what is shown, so that pages do not mix.
    """
    order: dict[str, bool] = {}
    for word in sort:
        order.setdefault(word.removeprefix("-"), word.startswith("-"))
    falling = bool(sort) and sort[-1].startswith("-") and bool(live.spec.key)
    if not _tells_apart(live, order):
        for code in live.spec.key or _every_code(live):
            order.setdefault(code, falling)
    return [_ordered(live, code, falling=falling) for code, falling in order.items()]


def values_in_order(live: LiveTable, order: Sequence[Ordered], dialect: str) -> KeptValues:
    """What a mark keeps of a row; nothing of tables without a key, nor of masked columns."""
    columns = [live.spec.by_code[each.name] for each in order]
    if not live.identity or not all(_is_exact(column, dialect) for column in columns):
        return KeptValues((), lambda _row: None)
    # SQLite may keep something else in such a column than the text that is shown of it.
    raw = {c.code for c in columns if dialect == "sqlite" and c.kind in WRITTEN_OUT}
    added = tuple(live.columns[code].label(_raw_code(code)) for code in raw)
    codes = [_raw_code(column.code) if column.code in raw else column.code for column in columns]
    unsure = [c.code for c in columns if dialect in MYSQL and c.kind in DATED]

    def values_of(row: Mapping[str, object]) -> tuple[object, ...] | None:
        # A day 0 is no date that MySQL would compare with.
        if any("-00" in str(row[code])[:10] for code in unsure):
            return None
        return tuple(row[code] for code in codes)

    return KeptValues(added, values_of)


def _ordered(live: LiveTable, code: str, *, falling: bool) -> Ordered:
    """SQLite lets keys be empty, whatever their table says."""
    column: Column[Any] = live.columns[code]
    nullable = live.spec.by_code[code].nullable or code in live.spec.key
    return Ordered(code, column, AS_GIVEN, falling, nullable)


def _tells_apart(live: LiveTable, codes: Collection[str]) -> bool:
    """Whether some of the columns are unique together and none of these is ever empty."""
    return any(
        all(code in codes and not live.spec.by_code[code].nullable for code in unique)
        for unique in live.spec.unique
    )


def _every_code(live: LiveTable) -> list[str]:
    columns = [c for c in live.spec.shown if c.kind not in UNORDERED and not c.masked]
    return [column.code for column in columns[:MOST_ORDERED]]


def _is_exact(column: AdoptedColumn, dialect: str) -> bool:
    """Whether the database finds the place of a value of the column again."""
    if column.masked or column.kind in UNORDERED:
        return False
    if column.kind is ColumnKind.FLOAT:
        return dialect == "sqlite"
    is_counted = dialect in MYSQL and column.kind is ColumnKind.CHOICE
    return not (is_counted and column.stored.lower().startswith("enum"))


def _raw_code(code: str) -> str:
    """A name that no code of a column can have: codes are words."""
    return f"{code} raw"
