"""Very many changes of one kind as columns, such as the rows of a file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

import polars as pl

from app.actions.row_change import UPDATE, Change
from app.catalogue.base_table import TableSpec


@dataclass(frozen=True)
class ChangedColumns(Sequence[Change]):
    """Changes that all do ``op`` to rows found by their keys, or change rows they name.

    ``cells`` has a String column of raw texts for every field that the rows name, ``numbers`` are
    the rows' numbers where people see them. ``silent`` are by field the cells that say nothing:
    there a row keeps what is stored. It is as if the change did not name the field. ``named`` are
    by position the changes of rows that are known: id and version.
    """

    op: str
    cells: pl.DataFrame
    numbers: Sequence[int]
    silent: Mapping[str, frozenset[int]] = field(default_factory=dict)
    named: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many changes there are."""
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Change]: ...
    def __getitem__(self, index: int | slice) -> Change | Sequence[Change]:
        """One change, or some of them."""
        if isinstance(index, slice):
            return [self[position] for position in range(len(self))[index]]
        position = range(len(self))[index]
        row = self.cells.row(position, named=True)
        values = {code: row[code] for code in self.fields_of(position)}
        row_id, version = self.named.get(position, (None, None))
        return Change(self.op_of(position), values, row_id, version, self.numbers[position])

    def op_of(self, position: int) -> str:
        """What a change does."""
        return UPDATE if position in self.named else self.op

    def id_of(self, position: int) -> str | None:
        """The row that a change names, None where it is found by its key."""
        return self.named[position][0] if position in self.named else None

    @cached_property
    def fields(self) -> Mapping[str, frozenset[int]]:
        """The codes of the fields that the rows name, with the positions of the silent cells."""
        return {code: self.silent.get(code, frozenset()) for code in self.cells.columns}

    def fields_of(self, position: int) -> Collection[str]:
        """The codes of the fields that a change names."""
        if not self.silent:
            return self.fields.keys()
        return [code for code, silent in self.fields.items() if position not in silent]

    def texts(self, spec: TableSpec) -> pl.DataFrame:
        """The raw texts of all fields of the table in their order, null where nothing is named."""
        return self.cells.select(
            pl.col(code) if code in self.fields else pl.lit(None, pl.String).alias(code)
            for code in spec.by_code
        )


def operations(changes: Sequence[Change]) -> set[str]:
    """What the changes do, each once."""
    if isinstance(changes, ChangedColumns):
        own = {changes.op} if len(changes) > len(changes.named) else set()
        return own | {UPDATE} if changes.named else own
    return {change.op for change in changes}


def fields_named(changes: Sequence[Change]) -> set[str]:
    """The codes of the fields that any of the changes names."""
    if not isinstance(changes, ChangedColumns):
        return {code for change in changes for code in change.values}
    silent = {code for code, rows in changes.silent.items() if len(rows) == len(changes)}
    return set(changes.cells.columns) - silent if len(changes) else set()


def row_numbers(changes: Sequence[Change], positions: Iterable[int]) -> list[int]:
    """The numbers of rows where people see them; without any they are counted from 1."""
    if isinstance(changes, ChangedColumns):
        return [changes.numbers[position] for position in positions]
    return [changes[position].number or position + 1 for position in positions]
