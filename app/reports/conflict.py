"""The same fact told differently in two tables (V23), with both places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import fsum
from typing import Any

import polars as pl
from sqlalchemy import and_
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
    # Of a catalogue cut down to some tables the others have no rows.
    facts = [fact for fact in store.catalogue.facts if fact.sources[0].table in store.tables]
    sources = [each for fact in facts for each in fact.sources if each.table in store.tables]
    reader = _Reader(session, store, actor, year, sources)
    found: list[Conflict] = []
    for fact in facts:
        believed = reader.told(fact.sources[0])
        for position, source in enumerate(fact.sources[1:]):
            if source.table in store.tables:
                rule, others = rule_of(source, position), reader.told(source)
                found += _conflicts(reader, fact, (believed, others), rule)
    return found


ByKey = Mapping[str, Sequence[Told]]


class _Reader:
    """What tables tell, as far as the actor reads them; all of them are read by one statement."""

    def __init__(
        self,
        session: Session,
        store: Store,
        actor: Actor,
        year: AcademicYear,
        sources: Sequence[Source],
    ) -> None:
        self._store, self._actor, self._year = store, actor, year
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
        reads = [self._read(store.tables[table]) for table in self._codes]
        rows = read_together(session, reads)
        self._rows = {table: sorted(own) for table, own in zip(self._codes, rows, strict=True)}

    def told(self, source: Source) -> ByKey:
        """Key → what is told of it; the empty key for what is told of the whole table."""
        # A total of some of the rows only would differ from everything.
        if source.total and not self._reads_all(source.table):
            return {}
        field = self._spec(source).by_code[source.field]
        found: dict[str, list[Told]] = {}
        for row in self._chosen(source):
            values = dict(zip(self._codes[source.table], row[2:], strict=True))
            key = str(values[source.key]) if source.key else ""
            if values[source.field] is not None:
                row_id = encode_row_id(row[:1])
                told = Told(source.table, field, row_id, row[1], values[source.field], source.key)
                found.setdefault(key, []).append(told)
        if not source.total:
            return found
        return {
            key: [
                Told(source.table, field, None, "", fsum(float(str(each.value)) for each in parts))
            ]
            for key, parts in found.items()
        }

    def shown(self, told: Told) -> Told:
        """The same without a value that is masked for the actor."""
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

    def _read(self, stored: StoredTable) -> Read:
        codes = self._codes[stored.spec.identifier]
        columns = [*stored.identity, stored.table.c.sys_department]
        period = stored.spec.period_in(self._year).code
        inside = condition(read_scope(self._actor, stored), stored)
        wanted = [*columns, *(stored.columns[code] for code in codes)]
        return wanted, and_(stored.in_place(period), inside)

    def _chosen(self, source: Source) -> Sequence[tuple[Any, ...]]:
        """The rows of the source, in a stable order."""
        rows, where = self._rows[source.table], self._wheres.get(source)
        if where is None or not rows:
            return rows
        spec, codes = self._spec(source), self._codes[source.table]
        raw = pl.DataFrame(
            [
                raw_column(spec.by_code[code], [row[2 + codes.index(code)] for row in rows])
                for code in where.fields
            ]
        )
        frame = coerce(spec, self._store.catalogue, raw, where.fields).frame
        holds = chosen(frame, where, spec.period_in(self._year))
        return [row for row, is_chosen in zip(rows, holds, strict=True) if is_chosen]


def _conflicts(
    reader: _Reader, fact: Fact, sides: tuple[ByKey, ByKey], rule: str
) -> Iterator[Conflict]:
    believed, others = sides
    for key, told in others.items():
        for first in believed.get(key, ())[:1]:
            for other in told:
                if _agree(first.value, other.value, fact.margin):
                    continue
                is_hidden = reader.hides_key(first) or reader.hides_key(other)
                both = (reader.shown(first), reader.shown(other))
                yield Conflict(fact.name, rule, "" if is_hidden else key, *both)


def _agree(one: object, other: object, margin: float | None) -> bool:
    numbers = (int, float, Decimal)
    if isinstance(one, numbers) and isinstance(other, numbers):
        first, second = float(one), float(other)
        return abs(first - second) <= (margin or max(abs(first), abs(second), 1.0) * NOISE)
    return one == other
