"""The same fact told differently in two tables (V23), with both places."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import fsum
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, String, and_, or_, select, true
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.scopes import condition, read_scope
from app.catalogue.base_table import FieldSpec, TableSpec
from app.catalogue.fact import Fact, Source, rule_of
from app.domain.period import AcademicYear
from app.models.base_table import Store, StoredTable
from app.models.joined_reading import Read, read_together
from app.models.row_id import encode_row_id
from app.rules.coercion import coerce, raw_column
from app.rules.expression.compile import compile_condition
from app.rules.expression.operators import NOISE
from app.rules.term_figures import chosen

# Where in a row that was read the fields begin, behind its id and department.
FIRST_CODE = 2


@dataclass(frozen=True)
class Told:
    """What a place says: a row, or the total of a table where ``row_id`` is None.

    ``value`` is None where the reader may not see it; ``key_field`` holds the key of the row.
    """

    table: str
    field: FieldSpec
    row_id: str | None
    department: str
    value: object
    key_field: str = ""


@dataclass(frozen=True)
class Conflict:
    """A fact that two places tell differently; the first is the one that is believed.

    ``key`` names the person or thing it is told of, empty where it is masked or told of a table as
    a whole; ``rule`` is the rule that warns of it.
    """

    fact: str
    rule: str
    key: str
    believed: Told
    other: Told


def list_conflicts(
    session: Session, store: Store, actor: Actor, year: AcademicYear
) -> Sequence[Conflict]:
    """The conflicts of a year between rows that the actor may both read, fact by fact."""
    compared = _compared(store, actor)
    reader = _Reader(session, store, actor, year, compared)
    found: list[Conflict] = []
    for fact, believed, others in compared:
        first = reader.believed(believed)
        for other, rule in others:
            sides = (believed, first), (other, reader.others(other, first))
            found += _conflicts(reader, fact, *sides, rule)
    return found


# A fact, the source that is believed, and every other one with the rule that compares it.
Compared = tuple[Fact, Source, Sequence[tuple[Source, str]]]


def _compared(store: Store, actor: Actor) -> list[Compared]:
    """The facts of which the actor may read two sources, with these.

    Of a catalogue cut down to some tables the others have no rows.
    """
    is_open = {
        table: table in store.tables and read_scope(actor, store.tables[table]).is_open
        for table in {source.table for fact in store.catalogue.facts for source in fact.sources}
    }
    found: list[Compared] = []
    for fact in store.catalogue.facts:
        first, *others = fact.sources
        ruled = [(other, rule_of(other, position)) for position, other in enumerate(others)]
        readable = [each for each in ruled if is_open[each[0].table]]
        if is_open[first.table] and readable:
            found.append((fact, first, readable))
    return found


# A value with the row that tells it; none tells a total.
Cell = tuple[object, tuple[Any, ...] | None]


class _Reader:
    """What tables tell, as far as the actor reads them; all of them are read by one statement."""

    def __init__(
        self,
        session: Session,
        store: Store,
        actor: Actor,
        year: AcademicYear,
        compared: Sequence[Compared],
    ) -> None:
        self._store, self._actor, self._year = store, actor, year
        sources = [
            source
            for _fact, believed, others in compared
            for source in (believed, *(other for other, _rule in others))
        ]
        self._hidden: dict[tuple[str, str], frozenset[str]] = {}
        self._wheres = {
            source: compile_condition(self._spec(source), store.catalogue, source.where, {})
            for source in sources
            if source.where
        }
        codes: dict[str, set[str]] = {}
        for source in sources:
            where = self._wheres.get(source)
            of_where = () if where is None else where.fields
            codes.setdefault(source.table, set()).update({source.field, *of_where})
            codes[source.table] |= {source.key} - {""}
        self._codes = {table: sorted(some) for table, some in codes.items()}
        named = _named_by_others(compared)
        reads = [self._read(store.tables[table], named.get(table, ())) for table in self._codes]
        rows = read_together(session, reads)
        self._rows = {table: sorted(own) for table, own in zip(self._codes, rows, strict=True)}

    def believed(self, source: Source) -> Mapping[str, Cell]:
        """Key → what is believed of it; the empty key for what is told of the whole table."""
        cells = self._cells(source)
        if not source.total:
            first: dict[str, Cell] = {}
            for key, value, row in cells:
                first.setdefault(key, (value, row))
            return first
        # A total of some of the rows only would differ from everything.
        parts: dict[str, list[float]] = {}
        for key, value, _row in cells if self._reads_all(source.table) else ():
            parts.setdefault(key, []).append(float(str(value)))
        return {key: (fsum(values), None) for key, values in parts.items()}

    def others(self, source: Source, keys: Collection[str]) -> Mapping[str, Sequence[Cell]]:
        """Key → what is told of it here; of these ``keys`` alone."""
        found: dict[str, list[Cell]] = {}
        for key, value, row in self._cells(source):
            if key in keys:
                found.setdefault(key, []).append((value, row))
        return found

    def told(self, source: Source, cell: Cell) -> Told:
        """What the cell tells, with its place, without a value that is masked for the actor."""
        field = self._spec(source).by_code[source.field]
        value, row = cell
        if row is None:
            return self._shown(Told(source.table, field, None, "", value))
        row_id = encode_row_id(row[:1])
        return self._shown(Told(source.table, field, row_id, row[1], value, source.key))

    def _cells(self, source: Source) -> Iterator[tuple[str, object, tuple[Any, ...]]]:
        """Key, value and row of every row that tells something, in the order of rows."""
        codes = self._codes[source.table]
        of_value = FIRST_CODE + codes.index(source.field)
        of_key = FIRST_CODE + codes.index(source.key) if source.key else None
        for row in self._chosen(source):
            if row[of_value] is not None:
                yield "" if of_key is None else str(row[of_key]), row[of_value], row

    def _shown(self, told: Told) -> Told:
        return replace(told, value=None) if told.field.code in self._masked(told) else told

    def hides_key(self, told: Told) -> bool:
        """Whether the key by which it was found is masked for the actor."""
        return told.key_field in self._masked(told)

    def _masked(self, told: Told) -> frozenset[str]:
        place = told.table, told.department
        if place not in self._hidden:
            stored = self._store.tables[told.table]
            self._hidden[place] = hidden_fields(self._actor, stored, told.department or None)
        return self._hidden[place]

    def _reads_all(self, table: str) -> bool:
        scope = read_scope(self._actor, self._store.tables[table])
        return scope.departments is None and not scope.within

    def _spec(self, source: Source) -> TableSpec:
        return self._store.tables[source.table].spec

    def _read(self, stored: StoredTable, named: Collection[tuple[Source, Source]]) -> Read:
        """The columns that are compared; of the rows those that another table names, if given."""
        codes = self._codes[stored.spec.identifier]
        columns = [*stored.identity, stored.table.c.sys_department]
        wanted = [*columns, *(stored.columns[code] for code in codes)]
        return wanted, and_(self._inside(stored), self._is_named(stored, named))

    def _inside(self, stored: StoredTable) -> ColumnElement[bool]:
        period = stored.spec.period_in(self._year).code
        return and_(stored.in_place(period), condition(read_scope(self._actor, stored), stored))

    def _is_named(
        self, stored: StoredTable, named: Collection[tuple[Source, Source]]
    ) -> ColumnElement[bool]:
        """Of 50,000 students those whom one of 800 rows tells of: nothing else can differ."""
        parts = []
        for believed, other in named:
            own, theirs = stored.columns[believed.key], self._store.tables[other.table]
            key = theirs.columns[other.key]
            # Texts and numbers are alike here and never so to a database.
            if isinstance(own.type, String) is not isinstance(key.type, String):
                return true()
            parts.append(own.in_(select(key).where(self._inside(theirs))))
        return or_(*parts) if parts else true()

    def _chosen(self, source: Source) -> Sequence[tuple[Any, ...]]:
        """The rows of the source, in a stable order."""
        rows, where = self._rows[source.table], self._wheres.get(source)
        if where is None or not rows:
            return rows
        spec, codes = self._spec(source), self._codes[source.table]
        raw = pl.DataFrame(
            [
                raw_column(
                    spec.by_code[code], [row[FIRST_CODE + codes.index(code)] for row in rows]
                )
                for code in where.fields
            ]
        )
        frame = coerce(spec, self._store.catalogue, raw, where.fields).frame
        holds = chosen(frame, where, spec.period_in(self._year))
        return [row for row, is_chosen in zip(rows, holds, strict=True) if is_chosen]


def _named_by_others(
    compared: Sequence[Compared],
) -> Mapping[str, Collection[tuple[Source, Source]]]:
    """Table → by which pairs of sources its rows are looked for, where only some are needed.

    All rows are needed of a table that is added up, told of as a whole, or compared with another.
    """
    pairs: dict[str, dict[tuple[str, str, str], tuple[Source, Source]]] = {}
    whole: set[str] = set()
    for _fact, believed, others in compared:
        for other, _rule in others:
            whole.add(other.table)
            if believed.total or not (believed.key and other.key):
                whole.add(believed.table)
            place = (believed.key, other.table, other.key)
            pairs.setdefault(believed.table, {}).setdefault(place, (believed, other))
    return {table: of.values() for table, of in pairs.items() if table not in whole}


def _conflicts(
    reader: _Reader,
    fact: Fact,
    believed: tuple[Source, Mapping[str, Cell]],
    others: tuple[Source, Mapping[str, Sequence[Cell]]],
    rule: str,
) -> Iterator[Conflict]:
    for key, cells in others[1].items():
        first = believed[1][key]
        for cell in cells:
            # Nothing is made of the many that agree.
            if _agree(first[0], cell[0], fact.margin):
                continue
            both = reader.told(believed[0], first), reader.told(others[0], cell)
            is_hidden = any(map(reader.hides_key, both))
            yield Conflict(fact.name, rule, "" if is_hidden else key, *both)


def _agree(one: object, other: object, margin: float | None) -> bool:
    if one == other:
        return True
    numbers = (int, float, Decimal)
    if isinstance(one, numbers) and isinstance(other, numbers):
        first, second = float(one), float(other)
        return abs(first - second) <= (margin or max(abs(first), abs(second), 1.0) * NOISE)
    return False
