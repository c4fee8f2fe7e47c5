"""A spreadsheet that somebody sent, whatever kind of file it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Cells = Sequence[Sequence[Any]]
# Row and column of a cell, from 0.
Place = tuple[int, int]


@dataclass(frozen=True)
class SheetCells:
    """All cells of the sheet ``name`` from A1 on, so that positions are those people see.

    ``lost`` are the places of cells whose value is an error or was never calculated, ``merged``
    the first and the last place of cells that were made one: only the first one has a value.
    """

    name: str
    cells: Cells
    lost: frozenset[Place] = frozenset()
    merged: Sequence[tuple[Place, Place]] = ()


class Spreadsheet(Protocol):
    """An opened file. Its sheets are read one by one, as they are asked for."""

    def names(self) -> Sequence[str]:
        """The names of the sheets people see, in their order."""

    def visible(self) -> Iterator[SheetCells]:
        """The sheets people see, in their order. Raises Refused where one cannot be read."""

    def named(self, name: str) -> Cells | None:
        """The cells of the sheet of this name, seen or not; None where there is none.

        Only templates of ours are asked for it, which are .xlsx.
        """
