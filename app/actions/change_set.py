"""Taking back what was changed together: an import, a paste, a feed, days later.

A set is taken back by changes of the opposite kind on the one write path, so that rights, locks
and rules hold and the change log tells it. What somebody changed since is left as it is and told.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.change_set import seen_change_sets
from app.access.person import Actor
from app.access.policies import why_not_write
from app.access.scopes import read_scope
from app.actions.base_table import apply_changes
from app.actions.row_change import DELETE, INSERT, UPDATE, Change, Outcome, RowResult
from app.domain.message import Message, Reason, Refused, refuse
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import in_batches, latest_change, plain, present_rows

WAY = "undo"
CREATED, CHANGED, DELETED = "created", "changed", "deleted"
# What somebody has to be allowed to do to take back what was done.
ACTIONS = {CREATED: "delete", CHANGED: "edit", DELETED: "add"}
CHANGED_SINCE = Message("Somebody changed this row since.")
TAKEN_BACK = frozenset({CREATED, CHANGED, DELETED})


@dataclass(frozen=True)
class LeftRow:
    """A row that stays as it is, and why.

    ``values`` are what is known of it, to name it by; ``field`` is the code of the field that the
    reason speaks of, if it speaks of one.
    """

    values: Mapping[str, object]
    reason: Message
    field: str | None = None


@dataclass(frozen=True)
class TakenBack:
    """What became of the rows of a set: how many were taken back, which were left.

    ``seen`` is the latest change of the place: the confirmation of a trial repeats it.
    """

    counts: Mapping[str, int]
    left: Sequence[LeftRow]
    seen: int
    written: bool

    @property
    def count(self) -> int:
        """How many rows are as they were before."""
        return sum(self.counts.values())


def undo_change_set(
    session: Session,
    store: Store,
    table: str,
    number: int,
    *,
    by: Actor,
    now: datetime,
    dry_run: bool = False,
    seen: int | None = None,
    reason: str | None = None,
) -> TakenBack:
    """Take the set back as far as nobody changed its rows since; a dry run tells how far that is.

    Raises Refused: no such set (not found), rows not the actor's to change, a locked place, or
    newer changes than ``seen``.
    """
    stored = store.tables[table]
    change_set = _found(session, stored, number, by)
    latest = latest_change(session, table, change_set.period, change_set.department_code)
    work = _opposites(session, stored, number)
    for action in sorted(work.actions):
        refuse(why_not_write(by, stored, action, change_set.department_code))
    outcome = apply_changes(
        session,
        store,
        table,
        [change for change, _ in work.changes],
        by=by,
        now=now,
        period=change_set.period,
        department=change_set.department_code,
        way=WAY,
        partial=True,
        dry_run=dry_run,
        reason=reason,
        seen=latest if seen is None else seen,
        alongside=lambda _results: _link(session, change_set, latest),
    )
    return _taken_back(work, outcome, latest)


def _link(session: Session, former: ChangeSet, latest: int) -> None:
    """Note which set was taken back; a newer one than ``latest`` is that of this undo.

    Nobody else changes the place in the meantime.
    """
    place = (former.table_identifier, former.period, former.department_code)
    own = latest_change(session, *place)
    if own != latest:
        session.get_one(ChangeSet, own).takes_back_id = former.id


def _taken_back(work: "_Opposites", outcome: Outcome, latest: int) -> TakenBack:
    counts: Counter[str] = Counter()
    left = list(work.left)
    for (_, values), result in zip(work.changes, outcome.results, strict=True):
        if result.outcome in TAKEN_BACK:
            counts[result.outcome] += 1
        elif not result.ok:
            left.append(_left(result, values))
    return TakenBack(counts, left, latest, outcome.written)


def _found(session: Session, stored: StoredTable, number: int, by: Actor) -> ChangeSet:
    """The set, if it is one of this table and the actor sees the rows of its department."""
    found = session.get(ChangeSet, number)
    is_of_table = found is not None and found.table_identifier == stored.spec.identifier
    if found is None or not is_of_table:
        raise no_such_set()
    scope = read_scope(by, stored)
    if not scope.covers_department(found.department_code):
        own = ChangeSet.id == number, seen_change_sets(scope)
        if session.scalar(select(ChangeSet.id).where(*own)) is None:
            raise no_such_set()
    return found


def no_such_set() -> Refused:
    """The refusal of a set that does not exist for whoever asks."""
    return Refused(Message("There is no such set of changes in your scope."), Reason.NOT_FOUND)


def _left(result: RowResult, values: Mapping[str, object]) -> LeftRow:
    finding = result.obstacle
    if finding is None:
        return LeftRow(values, CHANGED_SINCE)
    return LeftRow(values, finding.message, finding.field)


@dataclass(frozen=True)
class _Opposites:
    """The changes that take a set back, each with what its row is named by, and rows without."""

    changes: Sequence[tuple[Change, Mapping[str, object]]]
    left: Sequence[LeftRow]
    actions: frozenset[str]


def _opposites(session: Session, stored: StoredTable, number: int) -> _Opposites:
    query = select(RowChange).where(RowChange.change_set_id == number).order_by(RowChange.id)
    logged = session.scalars(query).all()
    later = _changed_later(session, stored, logged)
    present = present_rows(session, stored, [row.row_id for row in logged])
    changes: list[tuple[Change, Mapping[str, object]]] = []
    left: list[LeftRow] = []
    for row in logged:
        current = present.get(row.row_id)
        stands = {} if current is None else stored.values_of(current)
        values = {**(row.before or {}), **(row.after or {}), **stands}
        found = _opposite(stored, row, current, later.get(row.row_id))
        if isinstance(found, Change):
            changes.append((found, values))
        else:
            left.append(LeftRow(values, found))
    actions = frozenset(ACTIONS[row.operation] for row in logged if row.operation in ACTIONS)
    return _Opposites(changes, left, actions)


def _opposite(
    stored: StoredTable,
    row: RowChange,
    current: RowMapping | None,
    later: Collection[str] | None,
) -> Change | Message:
    """The change that takes the row back; ``later`` are the fields changed since, None if none."""
    before, after = row.before or {}, row.after or {}
    if row.operation == DELETED:
        if later is not None:
            return Message("This row has been restored since.")
        return Change(INSERT, _known(stored, before), restores=row.row_id)
    if current is None:
        return Message("This row has been deleted since.")
    version = stored.version_of(current)
    if row.operation == CREATED and later is None:
        return Change(DELETE, id=row.row_id, version=version)
    is_untouched = after.keys().isdisjoint(later or ())
    if row.operation == CHANGED and is_untouched and _holds(stored, current, after):
        return Change(UPDATE, _known(stored, before), row.row_id, version)
    return CHANGED_SINCE


def _holds(stored: StoredTable, current: RowMapping, after: Mapping[str, object]) -> bool:
    """Whether the row still has what the set gave it, whatever else was changed."""
    values = stored.values_of(current)
    return all(code in values and plain(values[code]) == value for code, value in after.items())


def _known(stored: StoredTable, values: Mapping[str, object]) -> dict[str, object]:
    """Without fields that the table does not have any more."""
    return {code: value for code, value in values.items() if code in stored.columns}


def _changed_later(
    session: Session, stored: StoredTable, logged: Sequence[RowChange]
) -> dict[str, set[str]]:
    """Row → the fields that later entries of the log changed, of rows that have such entries."""
    found: dict[str, set[str]] = {}
    newest = {row.row_id: row.id for row in logged}
    for batch in in_batches(newest):
        query = select(RowChange.row_id, RowChange.id, RowChange.before, RowChange.after).where(
            RowChange.table_identifier == stored.spec.identifier,
            RowChange.row_id.in_(batch),
            RowChange.id > min(newest[row_id] for row_id in batch),
        )
        for entry in session.execute(query):
            if entry.id > newest[entry.row_id]:
                fields = {*(entry.before or {}), *(entry.after or {})}
                found.setdefault(entry.row_id, set()).update(fields)
    return found
