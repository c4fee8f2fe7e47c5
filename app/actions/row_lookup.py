"""Finding stored rows of a place by their keys, few or very many."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.actions.planned_row import Batch, Place
from app.models.base_table import StoredTable
from app.models.base_table_rows import in_batches
from app.models.row_id import encode_row_id

# From so many keys on the place is read once rather than each key looked up.
MOST_LOOKED_UP = 2_000


def rows_met(
    session: Session, place: Place, batch: Batch, keys: Sequence[str | None]
) -> dict[str, RowMapping]:
    """Stored rows of the place by key, each looked for once in the course of a request."""
    new = [key for key in keys if key is not None and key not in batch.met]
    if new:
        found = _rows_by_key(session, place, new)
        batch.met.update({key: found.get(key) for key in new})
    met = ((key, batch.met[key]) for key in keys if key is not None)
    return {key: row for key, row in met if row is not None}


def _rows_by_key(session: Session, place: Place, keys: Sequence[str]) -> dict[str, RowMapping]:
    """Stored rows of the place by key, whoever may change them."""
    stored = place.stored
    if stored.key is None:
        return {}
    wanted: Collection[str] = set(keys)
    if len(wanted) > MOST_LOOKED_UP:
        wanted = _held(session, place, wanted)
    query = _within(select(stored.table), place)
    queries = [query]
    if len(wanted) <= MOST_LOOKED_UP:
        queries = [query.where(stored.key.in_(batch)) for batch in in_batches(wanted)]
    found = (row for each in queries for row in session.execute(each).mappings())
    return {row[stored.key]: row for row in found if row[stored.key] in wanted}


def _held(session: Session, place: Place, keys: Collection[str]) -> set[str]:
    """Those of the keys that rows of the place have."""
    if place.stored.key is None:
        return set()
    query = _within(select(place.stored.key), place)
    return {key for (key,) in session.execute(query) if key in keys}


def ids_by_key(session: Session, place: Place, keys: Sequence[str | None]) -> dict[str | None, str]:
    """Key → row id of stored rows of the place, of these keys at least.

    For many keys the place is read once and whole: PostgreSQL, which has no statistics of rows that
    are this new, would go through all of them for every batch of keys.
    """
    stored = place.stored
    if stored.key is None:
        return {}
    query = _within(select(*stored.identity, stored.key), place)
    queries = [query]
    if len(keys) <= MOST_LOOKED_UP:
        queries = [query.where(stored.key.in_(batch)) for batch in in_batches(keys)]
    return {row[-1]: encode_row_id(row[:-1]) for each in queries for row in session.execute(each)}


def _within(query: Select[Any], place: Place) -> Select[Any]:
    """The rows of the place, whoever may change them."""
    stored: StoredTable = place.stored
    if stored.period is not None:
        query = query.where(stored.period == place.period)
    if stored.department is not None:
        query = query.where(stored.department == place.department)
    return query
