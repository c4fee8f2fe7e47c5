"""Which keys that rows of several tables name exist, with their labels: one statement for all."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, String, cast, literal, select, union_all
from sqlalchemy.orm import Session

from app.catalogue.base_table import Reference
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import MOST_JOINED, in_batches, label_column
from app.models.cycle import Cycle

Values = Mapping[str, object]
# Reference field → key → what people call it.
Existing = Mapping[str, Mapping[str, str]]


def references_together(
    session: Session,
    store: Store,
    cycle: Cycle,
    read: Sequence[tuple[StoredTable, Sequence[Values]]],
) -> list[Existing]:
    """For each table with some of its rows what ``existing_references`` says of them.

    Tables that name rows of the same other table share one select.
    """
    wanted: dict[Reference, set[object]] = {}
    for stored, rows in read:
        for field in stored.spec.references:
            if field.reference is not None:
                keys = {row[field.code] for row in rows if row[field.code] is not None}
                wanted.setdefault(field.reference, set()).update(keys)
    found = _found(session, store, cycle, {each: keys for each, keys in wanted.items() if keys})
    return [
        {
            field.code: found.get(field.reference, {})
            for field in stored.spec.references
            if field.reference is not None and rows
        }
        for stored, rows in read
    ]


def _found(
    session: Session, store: Store, cycle: Cycle, wanted: Mapping[Reference, set[object]]
) -> dict[Reference, dict[str, str]]:
    """Target → key → label of those keys that exist in the cycle."""
    targets = list(wanted)
    selects = [
        _select(store, cycle, number, target, batch)
        for number, target in enumerate(targets)
        for batch in in_batches(sorted(wanted[target], key=str))
    ]
    found: dict[Reference, dict[str, str]] = {target: {} for target in targets}
    for some in in_batches(selects, MOST_JOINED):
        for number, key, text in session.execute(union_all(*some) if len(some) > 1 else some[0]):
            found[targets[number]].setdefault(str(key), str(text or ""))
    return found


def _select(
    store: Store, cycle: Cycle, number: int, reference: Reference, keys: Sequence[object]
) -> Select[Any]:
    target = store.tables[reference.table]
    column = target.columns[reference.field]
    key = column if isinstance(column.type, String) else cast(column, String(200))
    query = select(literal(number), key, label_column(store, target)).where(column.in_(keys))
    if target.period is not None:
        query = query.where(target.period == target.spec.period_in(cycle.year).code)
    return query
