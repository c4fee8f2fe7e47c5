"""Writing planned rows and their change log (decision 5).

Called inside the transaction of ``app.actions.base_table``; nothing here
commits.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from polars import selectors as cs
from sqlalchemy import Delete, Table, Update, bindparam, delete, insert, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import RowsTouched, begin_change_set
from app.actions.carried_row import settle_carried
from app.actions.contributed_row import keep_contributed
from app.actions.planned_row import ROWS_AT_ONCE, Place, PlannedRow, held_key
from app.actions.row_change import RowResult
from app.actions.row_columns import ChangedColumns
from app.actions.row_insert import insert_columns
from app.actions.row_lookup import ids_by_key
from app.actions.row_result import result_of, results_of
from app.domain.message import Message, Reason, Refused
from app.models.audit_log import RowChange
from app.models.base_table import StoredTable
from app.models.base_table_rows import identity_of, in_batches, plain
from app.models.carried_row import has_carried
from app.models.row_change import deleted_rows
from app.rules.coercion import FEW_ROWS

Plain = dict[str, object]
WRITTEN = frozenset({"created", "changed", "deleted"})
_LOG: Table = RowChange.metadata.tables[RowChange.__tablename__]


@dataclass(frozen=True)
class Log:
    """What the change log is told of a request; ``told`` is called with every so many rows."""

    by: Actor
    now: datetime
    way: str
    reason: str | None
    told: Callable[[int], None] = lambda _rows: None


def write_rows(
    session: Session, place: Place, rows: Sequence[PlannedRow], log: Log
) -> Sequence[RowResult]:
    """Write what is to be written, deletions first, and log every row."""
    _delete(session, place, [row for row in rows if row.outcome == "deleted"])
    _update(session, place, [row for row in rows if row.outcome == "changed"])
    ids = _insert(session, place, [row for row in rows if row.outcome == "created"], log)
    touched = [row for row in rows if row.outcome in WRITTEN]
    if touched:
        _log(session, place, touched, ids, log)
        _settle(session, place, touched, ids, log)
        keep_contributed(session, place, touched, ids, by=log.by, now=log.now)
    return results_of(place, rows, ids)


def _settle(
    session: Session, place: Place, rows: Sequence[PlannedRow], ids: Mapping[int, str], log: Log
) -> None:
    """Rows taken over from last year have been looked at by whoever changed them."""
    table, stored = place.stored.spec.identifier, place.stored
    if not has_carried(session, table, place.period, place.department):
        return
    written: dict[str, list[str]] = {}
    for row in rows:
        known = ids.get(row.position) if row.current is None else stored.row_id(row.current)
        if known is not None:
            written.setdefault(row.outcome, []).append(known)
    settle_carried(session, table, written, by=log.by, now=log.now)


def _log(
    session: Session, place: Place, rows: Sequence[PlannedRow], ids: Mapping[int, str], log: Log
) -> None:
    """Add a set of changes with an entry for each of these rows."""
    table = place.stored.spec.identifier
    count = RowsTouched(table, place.period, place.department, log.way, len(rows))
    change_set = begin_change_set(session, count, by=log.by, now=log.now, reason=log.reason)
    for some in in_batches(rows, ROWS_AT_ONCE):
        new = _plain_values([row for row in some if row.current is None])
        entries = [_log_entry(place, row, ids, new) for row in some]
        row_ids, before, after = zip(*entries, strict=True)
        columns: dict[str, Sequence[object]] = {
            "change_set_id": [change_set] * len(some),
            "table_identifier": [table] * len(some),
            "row_id": row_ids,
            "operation": [row.outcome for row in some],
            "before": before,
            "after": after,
        }
        insert_columns(session.connection(), _LOG, columns)
        log.told(len(some))


def _plain_values(rows: Sequence[PlannedRow]) -> dict[int, Plain]:
    """Position → the typed values of checked rows as the log keeps them."""
    if len(rows) <= FEW_ROWS:
        return {
            row.position: {code: plain(value) for code, value in row.values.items()} for row in rows
        }
    typed = rows[0].batch.typed[[row.checked for row in rows]]
    texts = typed.with_columns(cs.decimal().cast(pl.String), cs.date().cast(pl.String))
    values = (dict(zip(texts.columns, line, strict=True)) for line in texts.rows())
    return {row.position: value for row, value in zip(rows, values, strict=True)}


def log_moved(
    session: Session,
    stored: StoredTable,
    rows: Sequence[RowMapping],
    period: str,
    departments: tuple[str, str],
    *,
    by: Actor,
    now: datetime,
    reason: str | None,
) -> None:
    """Log that the rows have gone from the first department to the second.

    The set of changes stands with the first, where the rows were until now.
    """
    source, target = departments
    touched = RowsTouched(stored.spec.identifier, period, source, "reassign", len(rows))
    change_set = begin_change_set(session, touched, by=by, now=now, reason=reason)
    moved = {
        "change_set_id": change_set,
        "table_identifier": stored.spec.identifier,
        "operation": "moved",
        "before": {"department": source},
        "after": {"department": target},
    }
    session.execute(insert(RowChange), [{**moved, "row_id": stored.row_id(row)} for row in rows])


def _log_entry(
    place: Place, row: PlannedRow, ids: Mapping[int, str], new: Mapping[int, Plain]
) -> tuple[str | None, Plain | None, Plain | None]:
    """The id of a written row and its values before and after, as the log keeps them."""
    if row.current is None:
        return ids.get(row.position), None, new[row.position]
    result = result_of(place, row, None)
    before = {code: plain(value) for code, value in result.before.items()}
    if row.outcome == "deleted":
        return result.id, before, None
    return result.id, before, {code: plain(result.values[code]) for code in before}


def _insert(session: Session, place: Place, rows: Sequence[PlannedRow], log: Log) -> dict[int, str]:
    """Insert the rows; returns position → row id.

    The ids are read back by key, which is unique within the place: not every
    database returns them from a bulk insert.
    """
    stored = place.stored
    if not rows:
        return {}
    free = _free_identities(session, place, rows)
    new = [row for row in rows if not free or row.change.restores not in free]
    for some in in_batches(new, ROWS_AT_ONCE):
        insert_columns(session.connection(), stored.table, _new_columns(place, some))
        log.told(len(some))
    if free:
        again = [row for row in rows if row.change.restores in free]
        columns = _new_columns(place, again)
        for column in stored.identity:
            columns[column.name] = [free[row.change.restores or ""][column.name] for row in again]
        insert_columns(session.connection(), stored.table, columns)
    ids = ids_by_key(session, place, [row.key for row in rows])
    return {row.position: ids[row.key] for row in rows if row.key in ids}


def _free_identities(
    session: Session, place: Place, rows: Sequence[PlannedRow]
) -> dict[str, dict[str, object]]:
    """Id → primary key, of those rows to be restored that were deleted from here; each once."""
    stored = place.stored
    if isinstance(rows[0].batch.changes, ChangedColumns):
        return {}
    asked = Counter(row.change.restores for row in rows if row.change.restores is not None)
    named = {row_id: identity_of(stored, row_id) for row_id, times in asked.items() if times == 1}
    wanted = {row_id: identity for row_id, identity in named.items() if identity is not None}
    # Where fields are the key, the values themselves say which row it is.
    if not wanted or any(column in stored.columns.values() for column in stored.identity):
        return {}
    deleted = deleted_rows(session, stored.spec.identifier, place.period, place.department, wanted)
    names = [column.name for column in stored.identity]
    return {row_id: dict(zip(names, wanted[row_id], strict=True)) for row_id in deleted}


def _new_columns(place: Place, rows: Sequence[PlannedRow]) -> dict[str, Sequence[object]]:
    """What is stored of new rows: column name → a value for each."""
    stored, count = place.stored, len(rows)
    columns = {stored.columns[code].name: values for code, values in _typed_columns(rows).items()}
    field = stored.spec.person_field
    people = columns[stored.columns[field.code].name] if field is not None else [None] * count
    for column, values in (
        (stored.period, [place.period] * count),
        (stored.department, [place.department] * count),
        (stored.person, people),
        (stored.version, [1] * count),
        (stored.key, [row.key for row in rows]),
    ):
        if column is not None:
            columns[column.name] = values
    return columns


def _typed_columns(rows: Sequence[PlannedRow]) -> dict[str, Sequence[object]]:
    """The typed values of new rows: field code → a value for each."""
    batch = rows[0].batch
    if len(rows) <= FEW_ROWS:
        values = [row.values for row in rows]
        return {code: [each[code] for each in values] for code in batch.codes}
    typed = batch.typed[[row.checked for row in rows]]
    return {code: typed[code].to_list() for code in batch.codes}


def _person(place: Place, row: PlannedRow) -> object:
    field = place.stored.spec.person_field
    if field is None:
        return None
    if field.code in row.values or row.current is None:
        return row.values.get(field.code)
    return row.current[field.code]


def _key_after(stored: StoredTable, row: PlannedRow, current: RowMapping) -> object:
    """The new key where a key field was typed, else the stored one.

    An untouched key stays even if today's rules would no longer take it.
    """
    touched = any(field.code in row.values for field in stored.spec.key_fields)
    return row.key if touched or stored.key is None else current[stored.key]


def _update(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    """Update whole rows where identity and version are still as they were read."""
    stored = place.stored
    if not rows:
        return
    _free_keys(session, stored, rows)
    parameters = []
    for row in rows:
        current = row.current
        if current is None:
            continue
        values = stored.values_of(current) | row.values
        entry = {code: values[code] for code in stored.columns}
        entry |= _as_read(stored, current)
        if stored.version is not None:
            entry[stored.version.name] = current[stored.version] + 1
        if stored.key is not None:
            entry[stored.key.name] = _key_after(stored, row, current)
        if stored.person is not None:
            entry[stored.person.name] = _person(place, row)
        parameters.append(entry)
    _run_all(session, stored, update(stored.table), parameters)


def _free_keys(session: Session, stored: StoredTable, rows: Sequence[PlannedRow]) -> None:
    """Take away keys that other rows of the request get, so that rows can swap them."""
    if stored.key is None:
        return
    moving = [row for row in rows if held_key(stored, row) != row.key]
    wanted = {row.key for row in moving}
    parameters = [
        {**_as_read(stored, row.current), stored.key.name: f"~{stored.row_id(row.current)}"}
        for row in moving
        if row.current is not None and held_key(stored, row) in wanted
    ]
    if parameters:
        _run_all(session, stored, update(stored.table), parameters)


def _delete(session: Session, place: Place, rows: Sequence[PlannedRow]) -> None:
    stored = place.stored
    if not rows:
        return
    parameters = [_as_read(stored, row.current) for row in rows if row.current is not None]
    _run_all(session, stored, delete(stored.table), parameters)


def _as_read(stored: StoredTable, current: RowMapping) -> dict[str, object]:
    """Parameters that name a row in exactly the version that was read."""
    parts = [*stored.identity, *([stored.version] if stored.version is not None else [])]
    return {f"is_{column.name}": current[column] for column in parts}


def _run_all(
    session: Session,
    stored: StoredTable,
    statement: Update | Delete,
    parameters: list[dict[str, object]],
) -> None:
    """Run the statement for every row that is still as it was read, or refuse."""
    parts = [*stored.identity, *([stored.version] if stored.version is not None else [])]
    matching = statement.where(*(c == bindparam(f"is_{c.name}") for c in parts))
    _all_or_conflict(session.connection().execute(matching, parameters).rowcount, len(parameters))


def _all_or_conflict(matched: int, expected: int) -> None:
    """The rows were read in this transaction; fewer matches mean a race."""
    if matched != expected:
        raise Refused(
            Message("Somebody else changed these rows just now. Nothing was saved; reload them."),
            Reason.CONFLICT,
        )
