"""Writing planned rows and their change log (decision 5).

Called inside the transaction of ``app.actions.base_table``; nothing here
commits.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Delete, Update, bindparam, delete, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import RowsTouched, begin_change_set
from app.actions.carried_row import settle_carried
from app.actions.row_change import RowResult
from app.actions.row_plan import Place, PlannedRow, changed_fields, held_key
from app.domain.message import Message, Reason, Refused
from app.models.audit_log import RowChange
from app.models.base_table import StoredTable
from app.models.base_table_rows import identity_of, in_batches, plain
from app.models.row_change import deleted_rows

# From so many new rows on the whole place is read rather than each key looked up.
MOST_LOOKED_UP = 2000


def write_rows(
    session: Session,
    place: Place,
    rows: Sequence[PlannedRow],
    *,
    by: Actor,
    now: datetime,
    way: str,
    reason: str | None,
) -> tuple[RowResult, ...]:
    """Write what is to be written, deletions first, and log every row."""
    _delete(session, place, [row for row in rows if row.outcome == "deleted"])
    _update(session, place, [row for row in rows if row.outcome == "changed"])
    ids = _insert(session, place, [row for row in rows if row.outcome == "created"])
    results = tuple(result_of(place, row, ids.get(row.position)) for row in rows)
    touched = [r for r in results if r.outcome in {"created", "changed", "deleted"}]
    if touched:
        table = place.stored.spec.identifier
        rows_touched = RowsTouched(table, place.period, place.department, way, len(touched))
        change_set = begin_change_set(session, rows_touched, by=by, now=now, reason=reason)
        entries = [_log_entry(place, change_set, result) for result in touched]
        # One statement for all kinds of change, whichever side is empty.
        session.execute(insert(RowChange).execution_options(render_nulls=True), entries)
        settle_carried(session, table, (place.period, place.department), touched, by=by, now=now)
    return results


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


def _log_entry(place: Place, change_set_id: int, result: RowResult) -> dict[str, object]:
    before = {code: plain(value) for code, value in result.before.items()}
    after = {code: plain(value) for code, value in result.values.items()}
    if result.outcome == "changed":
        after = {code: after[code] for code in before}
    return {
        "change_set_id": change_set_id,
        "table_identifier": place.stored.spec.identifier,
        "row_id": result.id,
        "operation": result.outcome,
        "before": None if result.outcome == "created" else before,
        "after": None if result.outcome == "deleted" else after,
    }


def _insert(session: Session, place: Place, rows: Sequence[PlannedRow]) -> dict[int, str]:
    """Insert the rows; returns position → row id.

    The ids are read back by key, which is unique within the place: not every
    database returns them from a bulk insert.
    """
    stored = place.stored
    if not rows:
        return {}
    free = _free_identities(session, place, rows)
    again = [row for row in rows if row.change.restores in free]
    new = [row for row in rows if row.change.restores not in free]
    if new:
        session.execute(insert(stored.table), [_new_row(place, row) for row in new])
    if again:
        restored = [_new_row(place, row) | free[row.change.restores or ""] for row in again]
        session.execute(insert(stored.table), restored)
    if stored.key is None:
        return {}
    ids = _ids_by_key(session, place, [row.key for row in rows])
    return {row.position: ids[row.key] for row in rows if row.key is not None}


def _ids_by_key(
    session: Session, place: Place, keys: Sequence[str | None]
) -> dict[str | None, str]:
    """Key → row id of stored rows of the place, of these keys at least.

    For many keys the place is read once and whole: PostgreSQL, which has no statistics of rows that
    are this new, would go through all of them for every batch of keys.
    """
    stored = place.stored
    if stored.key is None:
        return {}
    query = select(*stored.identity, stored.key)
    if stored.period is not None:
        query = query.where(stored.period == place.period)
    if stored.department is not None:
        query = query.where(stored.department == place.department)
    wanted = [query]
    if len(keys) <= MOST_LOOKED_UP:
        wanted = [query.where(stored.key.in_(batch)) for batch in in_batches(keys)]
    return {
        found[stored.key]: stored.row_id(found)
        for each in wanted
        for found in session.execute(each).mappings()
    }


def _free_identities(
    session: Session, place: Place, rows: Sequence[PlannedRow]
) -> dict[str, dict[str, object]]:
    """Id → primary key, of those rows to be restored that were deleted from here; each once."""
    stored = place.stored
    asked = Counter(row.change.restores for row in rows if row.change.restores is not None)
    named = {row_id: identity_of(stored, row_id) for row_id, times in asked.items() if times == 1}
    wanted = {row_id: identity for row_id, identity in named.items() if identity is not None}
    # Where fields are the key, the values themselves say which row it is.
    if not wanted or any(column in stored.columns.values() for column in stored.identity):
        return {}
    deleted = deleted_rows(session, stored.spec.identifier, place.period, place.department, wanted)
    names = [column.name for column in stored.identity]
    return {row_id: dict(zip(names, wanted[row_id], strict=True)) for row_id in deleted}


def _new_row(place: Place, row: PlannedRow) -> dict[str, object]:
    stored = place.stored
    values: dict[str, object] = dict(row.values)
    for column, value in (
        (stored.period, place.period),
        (stored.department, place.department),
        (stored.person, _person(place, row)),
        (stored.version, 1),
        (stored.key, row.key),
    ):
        if column is not None:
            values[column.name] = value
    return values


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


def result_of(place: Place, row: PlannedRow, new_id: str | None) -> RowResult:
    """What to tell about the row; ``new_id`` is the id of an inserted one."""
    stored = place.stored
    fields = changed_fields(row) if row.outcome == "changed" else []
    current = row.current
    before: dict[str, object] = {}
    values: dict[str, object] = {}
    version = None
    if current is not None:
        before = {code: current[code] for code in fields}
        if row.outcome == "deleted":
            before = stored.values_of(current)
        values = stored.values_of(current)
        version = stored.version_of(current)
    if row.outcome in {"created", "changed"}:
        values = values | row.values
        if stored.version is not None:
            version = str(current[stored.version] + 1) if current is not None else "1"
    return RowResult(
        op=row.change.op,
        outcome=row.outcome,
        id=new_id or (stored.row_id(current) if current is not None else row.change.id),
        version=version,
        values={} if row.outcome in {"rejected", "deleted"} else values,
        findings=tuple(row.findings),
        before=before,
        conflict=row.conflict,
        latest=row.latest,
    )
