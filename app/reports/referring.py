"""Which rows of other tables name the rows that are about to be deleted."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.scopes import condition, read_scope, rows_of
from app.catalogue.base_table import TableSpec
from app.domain.message import Reason, Refused
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import MOST_JOINED, identity_in, identity_of, in_batches
from app.models.cycle import Cycle


@dataclass(frozen=True)
class Referring:
    """How many rows of a table name some of the rows that were asked for."""

    table: TableSpec
    rows: int


def is_referred_to(store: Store, table: str) -> bool:
    """Whether rows of the table can be named by others at all."""
    return any(_fields_by_target(other, table) for other in store.tables.values())


def count_referring(
    session: Session,
    store: Store,
    table: str,
    actor: Actor,
    cycle: Cycle,
    row_ids: Collection[str],
) -> list[Referring]:
    """How many rows, of whichever department, would name nothing any more without these rows.

    Only numbers leave the tables, and only about rows in the actor's scope. A
    key that another row of the period keeps goes on being found. Raises
    Refused without the right to the table.
    """
    stored = store.tables[table]
    refusal = why_not_read(actor, stored)
    if refusal is not None:
        raise Refused(refusal, Reason.FORBIDDEN)
    others = [
        (other, fields)
        for other in store.tables.values()
        if (fields := _fields_by_target(other, table))
    ]
    identities = [found for row_id in row_ids if (found := identity_of(stored, row_id))]
    if not others or not identities:
        return []
    lost = {
        target: _lost_keys(session, stored, actor, cycle, identities, target)
        for target in sorted({target for _other, fields in others for target in fields})
    }
    counts: dict[str, int] = {}
    parts = [
        part
        for other, fields in others
        for part in _counts(actor, other, fields, lost, cycle, stored, identities)
    ]
    for some in in_batches(parts, MOST_JOINED):
        for row in session.execute(union_all(*some) if len(some) > 1 else some[0]):
            counts[row.table] = counts.get(row.table, 0) + row.rows
    return [Referring(other.spec, n) for other, _f in others if (n := counts.get(_name(other)))]


def _name(stored: StoredTable) -> str:
    return stored.spec.identifier


def _fields_by_target(other: StoredTable, table: str) -> dict[str, list[str]]:
    """Field of ``table`` → the fields of ``other`` that refer to it."""
    found: dict[str, list[str]] = {}
    for field in other.spec.references:
        if field.reference is not None and field.reference.table == table:
            found.setdefault(field.reference.field, []).append(field.code)
    return found


def _lost_keys(
    session: Session,
    stored: StoredTable,
    actor: Actor,
    cycle: Cycle,
    identities: Sequence[object],
    target: str,
) -> list[Any]:
    """The values of the field ``target`` that vanish with the rows."""
    column = stored.columns[target]
    period = stored.spec.period_in(cycle.year).code
    keys: set[Any] = set()
    for batch in in_batches(identities):
        query = rows_of(stored, read_scope(actor, stored), period)
        query = query.where(identity_in(stored, batch), column.is_not(None))
        keys |= set(session.scalars(query.with_only_columns(column)))
    kept: set[Any] = set()
    for some in in_batches(sorted(keys)):
        query = select(column).where(column.in_(some), not_(_any_of(stored, identities)))
        if stored.period is not None:
            query = query.where(stored.period == period)
        kept |= set(session.scalars(query))
    return sorted(keys - kept)


def _counts(
    actor: Actor,
    other: StoredTable,
    fields: dict[str, list[str]],
    lost: dict[str, list[Any]],
    cycle: Cycle,
    stored: StoredTable,
    identities: Sequence[object],
) -> Iterator[Select[str, int]]:
    """Statements that count the rows of ``other`` with a lost key; deleted ones do not count.

    Of a table that is narrowed for the actor's roles only the rows he reads count.
    """
    for target, codes in fields.items():
        for some in in_batches(lost[target]):
            query = select(literal(_name(other)).label("table"), func.count().label("rows"))
            query = query.where(or_(*(other.columns[code].in_(some) for code in codes)))
            if _name(other) in actor.access:
                query = query.where(condition(read_scope(actor, other), other))
            if other.period is not None:
                query = query.where(other.period == other.spec.period_in(cycle.year).code)
            if other is stored:
                query = query.where(not_(_any_of(stored, identities)))
            yield query


def _any_of(stored: StoredTable, identities: Sequence[object]) -> ColumnElement[bool]:
    return or_(*(identity_in(stored, batch) for batch in in_batches(identities)))
