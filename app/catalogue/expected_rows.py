"""Which rows are expected: one at least for every row of a list (V21)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ExpectedRows:
    """Table ``table`` has a row at least for every row of ``of`` that meets ``where``.

    ``field`` of the expected rows has the value of ``of_field``; ``shown`` is the field of the
    list that people read, such as a name. ``where`` names values that a row of the list has.
    ``of_department`` is the field of the list that names the department whose row it has to be;
    without one it is the department that keeps the row of the list.
    """

    table: str
    field: str
    of: str
    of_field: str
    shown: str
    where: Mapping[str, str]
    of_department: str = ""

    @property
    def places(self) -> Iterator[str]:
        """Every field it names, as ``table.field``."""
        yield f"{self.table}.{self.field}"
        department = (self.of_department,) if self.of_department else ()
        named = (self.of_field, self.shown, *department, *self.where)
        yield from (f"{self.of}.{code}" for code in named)


def read_expected_rows(item: Mapping[str, Any]) -> ExpectedRows:
    """A record from ``{table, field, of, of_field, shown, where, of_department}``."""
    return ExpectedRows(**{"where": {}, **item})
