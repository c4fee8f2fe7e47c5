"""The same fact told differently in two tables (V23), with both places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import fsum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.scopes import condition, read_scope
from app.catalogue.base_table import FieldSpec
from app.catalogue.fact import Fact, Source
from app.domain.period import AcademicYear
from app.models.base_table import Store
from app.rules.expression.operators import NOISE


@dataclass(frozen=True)
class Told:
    """What a place says: a row, or the total of a table where ``row_id`` is None.

    ``value`` is None where the reader may not see it.
    """

    table: str
    field: FieldSpec
    row_id: str | None
    department: str
    value: object


@dataclass(frozen=True)
class Conflict:
    """A fact that two places tell differently; the first is the one that is believed."""

    fact: str
    key: str
    believed: Told
    other: Told


def list_conflicts(
    session: Session, store: Store, actor: Actor, year: AcademicYear
) -> Sequence[Conflict]:
    """The conflicts of a year between rows that the actor may both read, fact by fact."""
    found: list[Conflict] = []
    for fact in store.catalogue.facts:
        # Of a catalogue cut down to some tables the others have no rows.
        sources = [source for source in fact.sources if source.table in store.tables]
        if fact.sources[0] not in sources:
            continue
        believed = _told(session, store, actor, year, fact.sources[0])
        for source in sources[1:]:
            others = _told(session, store, actor, year, source)
            found += _conflicts(store, actor, fact, (believed, others))
    return found


ByKey = Mapping[str, Sequence[Told]]


def _told(
    session: Session, store: Store, actor: Actor, year: AcademicYear, source: Source
) -> ByKey:
    """Key → what is told of it; the empty key for what is told of the whole table."""
    stored = store.tables[source.table]
    scope = read_scope(actor, stored)
    # A total of some of the rows only would differ from everything.
    if source.total and (scope.departments is not None or scope.within):
        return {}
    field = stored.spec.by_code[source.field]
    period = stored.spec.period_in(year).code
    query = select(stored.table).where(stored.in_place(period), condition(scope, stored))
    rows = session.execute(query.order_by(*stored.identity)).mappings().all()
    found: dict[str, list[Told]] = {}
    for row in rows:
        value = row[stored.columns[source.field]]
        key = str(row[stored.columns[source.key]]) if source.key else ""
        department = "" if stored.department is None else row[stored.department]
        if value is not None:
            told = Told(source.table, field, stored.row_id(row), department, value)
            found.setdefault(key, []).append(told)
    if not source.total:
        return found
    return {
        key: [Told(source.table, field, None, "", fsum(float(str(t.value)) for t in parts))]
        for key, parts in found.items()
    }


def _conflicts(
    store: Store, actor: Actor, fact: Fact, sides: tuple[ByKey, ByKey]
) -> Iterator[Conflict]:
    believed, others = sides
    for key, told in others.items():
        for first in believed.get(key, ())[:1]:
            for other in told:
                if not _agree(first.value, other.value, fact.margin):
                    both = (_shown(store, actor, each) for each in (first, other))
                    yield Conflict(fact.name, key, *both)


def _agree(one: object, other: object, margin: float | None) -> bool:
    numbers = (int, float, Decimal)
    if isinstance(one, numbers) and isinstance(other, numbers):
        first, second = float(one), float(other)
        return abs(first - second) <= (margin or max(abs(first), abs(second), 1.0) * NOISE)
    return one == other


def _shown(store: Store, actor: Actor, told: Told) -> Told:
    """The same without a value that is masked for the actor."""
    stored = store.tables[told.table]
    hidden = hidden_fields(actor, stored, told.department or None)
    if told.field.code not in hidden:
        return told
    return Told(told.table, told.field, told.row_id, told.department, None)
