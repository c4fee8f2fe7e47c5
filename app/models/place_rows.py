"""Rows of a place as they are stored, column by column.

Of 200,000 rows a list of rows, and another one of their values by name, take half a gigabyte; the
columns of both, in which equal values are one, a fifth of that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, overload

from sqlalchemy.engine import RowMapping

from app.models.base_table import StoredTable

Values = Mapping[str, object]
# A column of more different values, such as names, gains nothing by looking for equal ones.
MOST_DIFFERENT = 5_000


@dataclass(frozen=True)
class PlaceRows:
    """The ids of rows and field code → the stored value of each, in one order."""

    row_ids: Sequence[str]
    columns: Mapping[str, Sequence[object]]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.row_ids)

    @property
    def values(self) -> Sequence[Values]:
        """Field code → stored value of each row, made when a row is asked for."""
        return RowValues(self.columns, len(self))


class RowValues(Sequence[Values]):
    """The values of rows that are kept as columns."""

    def __init__(self, columns: Mapping[str, Sequence[object]], height: int) -> None:
        self._columns, self._height = columns, height

    def __len__(self) -> int:
        """How many rows there are."""
        return self._height

    @overload
    def __getitem__(self, row: int) -> Values: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[Values]: ...

    def __getitem__(self, row: int | slice) -> Values | Sequence[Values]:
        """The values of one row, or those of some."""
        if isinstance(row, slice):
            return [self[position] for position in range(*row.indices(self._height))]
        return {code: column[row] for code, column in self._columns.items()}

    def __iter__(self) -> Iterator[Values]:
        """The values of row after row."""
        for values in zip(*self._columns.values(), strict=True):
            yield dict(zip(self._columns, values, strict=True))


class GatheredRows:
    """The rows of a place as they are read, some at once; none is kept as the driver has it."""

    def __init__(self, stored: StoredTable) -> None:
        self._stored = stored
        self._row_ids: list[str] = []
        self._columns: dict[str, list[object]] = {code: [] for code in stored.columns}
        self._known: dict[str, dict[object, object]] = {code: {} for code in stored.columns}

    def add(self, rows: Sequence[RowMapping]) -> None:
        """Some more rows, as ``StoredTable.selected`` reads them."""
        self._row_ids += map(self._stored.row_id, rows)
        values = [self._stored.values_of(row) for row in rows]
        for code, known in self._known.items():
            self._columns[code] += _shared([row[code] for row in values], known)

    def rows(self) -> PlaceRows:
        """All of them, in the order in which they came."""
        return PlaceRows(self._row_ids, self._columns)


def gathered(stored: StoredTable, rows: Sequence[RowMapping]) -> PlaceRows:
    """Rows that have been read already."""
    found = GatheredRows(stored)
    found.add(rows)
    return found.rows()


def _shared(values: list[Any], known: dict[Any, Any]) -> list[Any]:
    """The same values, of equal ones the one object that came first."""
    kinds = set(map(type, values)) - {type(None)}
    if len(kinds) != 1 or len(known) > MOST_DIFFERENT:
        return values
    if kinds <= {str, date}:
        return [known.setdefault(value, value) for value in values]
    if kinds == {Decimal}:
        # 1.0 and 1.00 are equal and have different texts.
        return [known.setdefault(str(value), value) for value in values]
    return values
