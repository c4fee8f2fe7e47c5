"""What became of one row: who changed which of its values when, by the change log (第六条)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.access.scopes import RowScope, read_scope
from app.domain.message import Message, Reason, Refused
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table import Store, StoredTable
from app.reports.base_table import Row, read_row
from app.reports.place import find_table

MOST_CHANGES = 100
MOVED = "moved"
# What a log entry of a moved row calls the department.
DEPARTMENT = "department"


@dataclass(frozen=True)
class HistoryEntry:
    """One change of the row; ``cells`` are (field code, before, after) of what differed.

    ``hidden`` are the fields whose values are masked for whoever asks, ``way`` is how it was
    changed (grid, import, …), ``operation`` what was done: created, changed, deleted, moved.
    """

    person_name: str
    at: datetime
    way: str
    operation: str
    reason: str | None
    cells: Sequence[tuple[str, object, object]]
    hidden: frozenset[str]


@dataclass(frozen=True)
class _Standing:
    """The row as it stood at some time: enough to tell whose it was."""

    department: str | None
    values: Mapping[str, object]


def read_history(
    session: Session, store: Store, table: str, actor: Actor, row_id: str, field: str | None = None
) -> list[HistoryEntry]:
    """The changes of a row in the actor's scope, the newest first; of one field, if named.

    Going back in time it ends where the row was not in his scope: it belonged to another
    department or was about somebody else. Raises Refused: not found, forbidden, invalid.
    """
    stored = find_table(store, table)
    if field is not None and field not in stored.columns:
        raise Refused(
            Message(
                "Table %(table)s has no field %(field)s.",
                {"table": stored.spec.title, "field": field},
            ),
            Reason.INVALID,
        )
    row = read_row(session, store, table, actor, row_id).row
    query = (
        select(RowChange, ChangeSet)
        .join(ChangeSet, ChangeSet.id == RowChange.change_set_id)
        .where(RowChange.table_identifier == table, RowChange.row_id == row_id)
        .order_by(RowChange.id.desc())
        .limit(MOST_CHANGES)
    )
    logged = [(change, of) for change, of in session.execute(query)]
    entries = _entries(actor, stored, row, logged)
    if field is None:
        return entries
    return [found for entry in entries if (found := _of_field(entry, field)) is not None]


def _entries(
    actor: Actor,
    stored: StoredTable,
    row: Row,
    logged: Sequence[tuple[RowChange, ChangeSet]],
) -> list[HistoryEntry]:
    scope, standing = read_scope(actor, stored), _Standing(row.department, row.values)
    entries: list[HistoryEntry] = []
    for change, of in logged:
        after, before = standing, _before(stored, change, standing)
        if not _was_reached(scope, stored, before):
            # What stood there then is not his; that it came to be his is.
            entries.append(_entry(change, of, (), frozenset()))
            break
        hidden = _hidden(actor, stored, after) | _hidden(actor, stored, before)
        entries.append(_entry(change, of, _cells(stored, change), hidden))
        standing = before
    return entries


def _before(stored: StoredTable, change: RowChange, after: _Standing) -> _Standing:
    told = change.before or {}
    if change.operation == MOVED:
        department = told.get(DEPARTMENT)
        return replace(after, department=str(department) if department else None)
    known = {code: value for code, value in told.items() if code in stored.columns}
    return replace(after, values={**after.values, **known})


def _was_reached(scope: RowScope, stored: StoredTable, standing: _Standing) -> bool:
    """Whether the row as it stood is in scope; what a rule opens now it opened before, too."""
    if scope.departments is None or scope.rules or stored.department is None:
        return True
    if standing.department in scope.departments:
        return True
    if any(standing.department == each.place for each in scope.contributions):
        return True
    field = stored.spec.person_field
    return scope.person is not None and (
        field is None or standing.values.get(field.code) == scope.person
    )


def _hidden(actor: Actor, stored: StoredTable, standing: _Standing) -> frozenset[str]:
    return hidden_in_row(actor, stored, standing.department, standing.values)


def _cells(stored: StoredTable, change: RowChange) -> list[tuple[str, object, object]]:
    """What differed, in the order of the fields."""
    if change.operation == MOVED:
        return []
    before, after = change.before or {}, change.after or {}
    return [
        (code, before.get(code), after.get(code))
        for code in stored.spec.by_code
        if (code in before or code in after) and before.get(code) != after.get(code)
    ]


def _entry(
    change: RowChange,
    of: ChangeSet,
    cells: Sequence[tuple[str, object, object]],
    hidden: frozenset[str],
) -> HistoryEntry:
    return HistoryEntry(of.person_name, of.at, of.way, change.operation, of.reason, cells, hidden)


def _of_field(entry: HistoryEntry, field: str) -> HistoryEntry | None:
    cells = [cell for cell in entry.cells if cell[0] == field]
    return replace(entry, cells=cells) if cells else None
