"""What the change log says of single rows: who changed them since they were looked at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table import StoredTable
from app.models.base_table_rows import in_batches

UPDATED = "changed"
DELETED = "deleted"
# Digits of a version that counts changes.
LONGEST_COUNT = 18


@dataclass(frozen=True)
class LoggedChange:
    """One change of one row; ``fields`` are the codes it changed, None for all of them."""

    person_name: str
    at: datetime
    fields: frozenset[str] | None


def changes_of_rows(
    session: Session, table: str, row_ids: Collection[str]
) -> dict[str, list[LoggedChange]]:
    """Row id → its changes in the log, the last one first."""
    found: dict[str, list[LoggedChange]] = {}
    for batch in in_batches(row_ids):
        query = (
            select(
                RowChange.row_id,
                RowChange.operation,
                RowChange.after,
                ChangeSet.person_name,
                ChangeSet.at,
            )
            .join(ChangeSet, ChangeSet.id == RowChange.change_set_id)
            .where(RowChange.table_identifier == table, RowChange.row_id.in_(batch))
            .order_by(RowChange.id.desc())
        )
        for row in session.execute(query):
            fields = frozenset(row.after or ()) if row.operation == UPDATED else None
            change = LoggedChange(row.person_name, row.at, fields)
            found.setdefault(row.row_id, []).append(change)
    return found


def deleted_rows(
    session: Session, table: str, period: str, department: str, row_ids: Collection[str]
) -> set[str]:
    """Those of ``row_ids`` whose last change was that they were deleted from this place."""
    deleted: set[str] = set()
    for batch in in_batches(row_ids):
        query = (
            select(RowChange.row_id, RowChange.operation)
            .join(ChangeSet, ChangeSet.id == RowChange.change_set_id)
            .where(RowChange.table_identifier == table, RowChange.row_id.in_(batch))
            .where(ChangeSet.period == period, ChangeSet.department_code == department)
            .order_by(RowChange.id)
        )
        last = {row.row_id: row.operation for row in session.execute(query)}
        deleted |= {row_id for row_id, operation in last.items() if operation == DELETED}
    return deleted


def fields_since(changes: Collection[LoggedChange], versions: int) -> frozenset[str] | None:
    """The codes changed by the last ``versions`` changes; None where the log does not tell."""
    latest = list(changes)[:versions]
    if versions < 1 or len(latest) < versions:
        return None
    fields: set[str] = set()
    for change in latest:
        if change.fields is None:
            return None
        fields |= change.fields
    return frozenset(fields)


def values_at_version(
    session: Session, stored: StoredTable, rows: Mapping[str, tuple[str, RowMapping]]
) -> dict[str, dict[str, object]]:
    """Row id → its values as they were at an earlier version, found back through the log.

    ``rows`` map ids to that version and to the row as it is now. Rows of which the log does not
    tell every change since, value by value, are left out.
    """
    behind = {
        row_id: versions_between(then, stored.version_of(now))
        for row_id, (then, now) in rows.items()
    }
    wanted = {row_id: count for row_id, count in behind.items() if count > 0}
    before = values_before(session, stored.spec.identifier, wanted)
    return {row_id: stored.values_of(rows[row_id][1]) | before[row_id] for row_id in before}


def versions_between(then: str, now: str) -> int:
    """How many changes lie between two versions; 0 where versions do not count them.

    One comes from a file, where anything may stand.
    """
    told = (then, now)
    is_counted = all(t.isascii() and t.isdigit() and len(t) <= LONGEST_COUNT for t in told)
    return int(now) - int(then) if is_counted else 0


def values_before(
    session: Session, table: str, versions: Mapping[str, int]
) -> dict[str, dict[str, object]]:
    """Row id → what the fields changed by its last so many changes held before them.

    ``versions`` maps row ids to how many changes are looked back; a row is left out where the log
    does not tell all of them.
    """
    logged: dict[str, list[tuple[str, Mapping[str, object]]]] = {}
    for batch in in_batches(versions):
        query = (
            select(RowChange.row_id, RowChange.operation, RowChange.before)
            .where(RowChange.table_identifier == table, RowChange.row_id.in_(batch))
            .order_by(RowChange.id.desc())
        )
        for row in session.execute(query):
            logged.setdefault(row.row_id, []).append((row.operation, row.before or {}))
    found: dict[str, dict[str, object]] = {}
    for row_id, count in versions.items():
        latest = logged.get(row_id, [])[:count]
        if len(latest) == count > 0 and all(operation == UPDATED for operation, _ in latest):
            found[row_id] = {}
            for _operation, before in latest:
                found[row_id] |= before
    return found
