"""What the college collected, read for the rules that look beyond one row (第五条第二款, 第十二条).

Such a rule compares a table with other tables and with the year before, whichever department
filled them: reading is without any scope. Who may see what it says is decided where it is shown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any

import polars as pl
from sqlalchemy import Column
from sqlalchemy.orm import Session

from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Year
from app.domain.period import AcademicYear
from app.models.base_table import Store, StoredTable
from app.models.joined_reading import parts_together
from app.models.row_id import encode_row_id
from app.rules.coercion import coerce, raw_column
from app.rules.compiled_rule import CompiledRule
from app.rules.term_figures import Collected


@dataclass(frozen=True)
class CollectedRows:
    """The rows of a table in a year with all that its rules compare them with.

    ``row_ids`` and ``departments`` belong to the rows of the table, in the order in which findings
    count them.
    """

    collected: Collected
    row_ids: Sequence[str]
    departments: Sequence[str]


def read_collected(
    session: Session, store: Store, year: AcademicYear, table: str, rules: Sequence[CompiledRule]
) -> CollectedRows:
    """The rows that ``rules`` of ``table`` look at, of ``year`` and the one before it.

    Only the columns that are looked at are read. Values that do not fit their field, such as those
    of a former catalogue, count as missing: they are told by the field's own rules.
    """
    spec = store.catalogue.tables[table]
    periods = {
        Year.THIS: spec.period_in(year),
        Year.PREVIOUS: spec.period_in(year.previous),
    }
    wanted = []
    for (name, which), codes in sorted(_looked_at(table, rules).items()):
        stored = store.tables[name]
        of = year if which is Year.THIS else year.previous
        wanted.append(_Wanted.of(which, stored, stored.spec.period_in(of).code, codes))
    frames: dict[tuple[str, Year], pl.DataFrame] = {}
    row_ids: list[str] = []
    departments: list[str] = []
    gathered = [_Gathered(each) for each in wanted]
    reads = [(each.columns, each.stored.in_place(each.period)) for each in wanted]
    for number, rows in parts_together(session, reads):
        gathered[number].add(rows)
    for each in gathered:
        read = each.read(store.catalogue)
        name, which = each.wanted.stored.spec.identifier, each.wanted.which
        frames[name, which] = read.frame
        if (name, which) == (table, Year.THIS):
            row_ids, departments = read.row_ids, read.departments
    return CollectedRows(Collected(periods, frames), row_ids, departments)


@dataclass(frozen=True)
class _Wanted:
    """Some columns of a table in a period: the identity, the department if any, then ``codes``."""

    which: Year
    stored: StoredTable
    period: str
    codes: Sequence[str]

    @classmethod
    def of(cls, which: Year, stored: StoredTable, period: str, codes: Collection[str]) -> "_Wanted":
        """A table without any column that is looked at still has its number of rows."""
        every = stored.spec.by_code
        return cls(which, stored, period, [c for c in every if c in codes] or [next(iter(every))])

    @property
    def first_value(self) -> int:
        """Where in a row the first of the ``codes`` stands."""
        return len(self.stored.identity) + (self.stored.department is not None)

    @property
    def columns(self) -> Sequence[Column[Any]]:
        """Those that are read, in the order in which they come."""
        department = [] if self.stored.department is None else [self.stored.department]
        values = [self.stored.columns[code] for code in self.codes]
        return [*self.stored.identity, *department, *values]


@dataclass(frozen=True)
class _Read:
    frame: pl.DataFrame
    row_ids: list[str]
    departments: list[str]


def _looked_at(
    table: str, rules: Sequence[CompiledRule]
) -> dict[tuple[str, Year], Collection[str]]:
    """Which columns of which table and year the rules look at."""
    codes: dict[tuple[str, Year], set[str]] = {(table, Year.THIS): set()}
    for compiled in rules:
        own = codes[table, Year.THIS]
        own |= {*compiled.condition.fields, *compiled.rule.fields, *compiled.rule.once_by}
        for term in compiled.terms.values():
            own |= set(term.term.by.values())
            for source in term.term.sources:
                there = codes.setdefault((source.table, source.year), set())
                there |= {source.column} - {""}
            there = codes[term.term.table, term.term.year]
            there |= set(term.term.by)
            there |= set(term.where.fields) if term.where is not None else set()
    return dict(codes)


def _raw(wanted: _Wanted, rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """The columns of some rows as raw text."""
    spec, first = wanted.stored.spec, wanted.first_value
    return pl.DataFrame(
        [
            raw_column(spec.by_code[code], [row[place] for row in rows])
            for place, code in enumerate(wanted.codes, start=first)
        ]
    )


class _Gathered:
    """The rows of one read as they come: texts in columns, never rows as the driver has them."""

    def __init__(self, wanted: _Wanted) -> None:
        self.wanted = wanted
        self._parts = [_raw(wanted, ())]
        self._keys: list[tuple[Any, ...]] = []
        self._departments: list[str] = []

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Some more of them."""
        width = len(self.wanted.stored.identity)
        self._parts.append(_raw(self.wanted, rows))
        self._keys += [row[:width] for row in rows]
        if self.wanted.stored.department is None:
            self._departments += [""] * len(rows)
        else:
            self._departments += [intern(row[width]) for row in rows]

    def read(self, catalogue: Catalogue) -> _Read:
        """The columns, typed, with the ids and departments of their rows, in a stable order."""
        order = sorted(range(len(self._keys)), key=self._keys.__getitem__)
        raw = pl.concat(self._parts)[order]
        return _Read(
            coerce(self.wanted.stored.spec, catalogue, raw, self.wanted.codes).frame,
            [encode_row_id(self._keys[place]) for place in order],
            [self._departments[place] for place in order],
        )
