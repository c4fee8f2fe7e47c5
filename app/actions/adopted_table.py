"""Changing rows of adopted tables (decision record 0016): the same door, another rule book.

Changes, results and the change log are those of base tables; what is different is who judges. The
database's own types, keys and checks do, each row behind a savepoint, so that every bad row is
told with its reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.adopted_table import (
    OUT_OF_REACH,
    asks_database,
    why_not_keep,
    why_not_write_adopted,
)
from app.access.masks import seen
from app.access.person import Actor
from app.actions.adopted_log import log_adopted, log_along
from app.actions.adopted_reference import results_along, rows_along, why_not_along
from app.actions.adopted_refusal import refusal_of
from app.actions.adopted_write import (
    NO_OTHERS,
    AdoptedPlace,
    delete_row,
    insert_row,
    judge_at_once,
    locked_row,
    update_row,
)
from app.actions.audit_log import tidy_reason
from app.actions.reported_place import places_of
from app.actions.row_change import DELETE, INSERT, UPDATE, Change, Outcome, RowResult
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message, Reason, Refused, refuse
from app.models.adopted_row import AdoptedRow
from app.models.adopted_table import LiveTable
from app.models.database import is_passing, writing
from app.models.database_fault import fault_of, refusal_message
from app.rules.adopted_value import UnfitError, read_value

PERMISSIONS = {INSERT: "add", UPDATE: "edit", DELETE: "delete"}


def apply_adopted_changes(
    session: Session,
    live: LiveTable,
    changes: Sequence[Change],
    *,
    by: Actor,
    now: datetime,
    way: str = "grid",
    partial: bool = False,
    dry_run: bool = False,
    reason: str | None = None,
    others: Mapping[str, LiveTable] = NO_OTHERS,
    usual: Mapping[str, str] | None = None,
) -> Outcome:
    """Carry out ``changes`` (insert, update, delete) on rows of an adopted table.

    All or nothing unless ``partial``; a dry run takes it back. A table without transactions can do
    neither: there the rows before the first bad one stay, and dry runs are refused. ``others`` are
    all adopted tables: what stands in the way of a change is told by their names. ``usual`` fills
    columns that a new row leaves empty. Raises Refused: forbidden before anything is read or
    written, locked where a row of a reported table may not change at its place or come to another;
    bad rows are results with findings.
    """
    live = _allowed(live, by, changes, dry_run=dry_run)
    reason = tidy_reason(reason)
    with writing(session), _told_by_the_database(live):
        places = places_of(session, live)
        place = AdoptedPlace(session, live, by, others, places, usual or {}, partial)
        judge_at_once(place)
        results = _results(place, changes, halts=not (partial or live.spec.transactional))
        failed = not partial and not all(result.ok for result in results)
        if failed and (live.spec.transactional or not any(each.ok for each in results)):
            return Outcome(results, written=False)
        log_adopted(session, live, results, places, by=by, now=now, way=way, reason=reason)
        log_along(session, place.along, by=by, now=now, way=way, reason=reason)
        if not dry_run:
            session.commit()
        return Outcome(results, written=not dry_run, halted=failed)


def _allowed(live: LiveTable, by: Actor, changes: Sequence[Change], *, dry_run: bool) -> LiveTable:
    """The table as the actor sees it who may do all this. Raises Refused."""
    actions = sorted({PERMISSIONS[change.op] for change in changes})
    found = seen(by, live, "list", *actions)
    for action in actions:
        refuse(why_not_write_adopted(by, found, action))
    _refuse_unknown_fields(found, changes)
    if dry_run:
        _refuse_to_try(found)
    return found


def _refuse_to_try(live: LiveTable) -> None:
    if not live.spec.transactional:
        raise Refused(
            Message(
                "The database cannot take back changes of table %(table)s, because it is kept"
                " without transactions. Nothing can be tried out there.",
                {"table": live.spec.title},
            ),
            Reason.INVALID,
        )


def _results(
    place: AdoptedPlace, changes: Sequence[Change], *, halts: bool
) -> tuple[RowResult, ...]:
    """One result for each change; with ``halts`` nothing is tried after the first bad one."""
    results: list[RowResult] = []
    for position, change in enumerate(changes):
        if halts and results and not results[-1].ok:
            message = Message("Not saved, because a row before it could not be saved.")
            results.append(_rejected(position, change, [(None, message)]).result)
        else:
            results.append(_carried_out(place, position, change))
    return tuple(results)


def _refuse_unknown_fields(live: LiveTable, changes: Sequence[Change]) -> None:
    """What is not shown is not written: an answer would tell what the mask hides."""
    known = {column.code for column in live.spec.shown if not column.masked}
    unknown = sorted({code for change in changes for code in change.values} - known)
    if unknown:
        raise Refused(
            Message(
                "Table %(table)s has no field %(fields)s. Nothing was saved.",
                {"table": live.spec.title, "fields": ", ".join(unknown)},
            ),
            Reason.INVALID,
        )


def _carried_out(place: AdoptedPlace, position: int, change: Change) -> RowResult:
    """One change behind a savepoint; whatever is against it becomes a finding of its row."""
    try:
        with place.savepoint():
            return _STEPS[change.op](place, position, change)
    except _Rejected as rejected:
        return rejected.result
    except DBAPIError as error:
        passing = _passing_cause(error)
        # What a table without transactions has kept would be written twice by another try.
        if passing is not None and place.live.spec.transactional:
            raise passing from error
        refusal = refusal_of(place, change, error)
        return _rejected(position, change, [(refusal.field, refusal.message)]).result


@contextmanager
def _told_by_the_database(live: LiveTable) -> Iterator[None]:
    """What the database refuses only at the end (deferred constraints) is told in words too."""
    try:
        yield
    except DBAPIError as error:
        if not live.spec.transactional:
            raise Refused(_unlogged(live), Reason.CONFLICT) from error
        if is_passing(error):
            raise
        raise Refused(refusal_message(live.spec, fault_of(error), error), Reason.INVALID) from error


def _passing_cause(error: DBAPIError) -> DBAPIError | None:
    """The deadlock behind an error: it takes the savepoint with it, which then fails as well."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DBAPIError) and is_passing(cause):
            return cause
        cause = cause.__context__
    return None


def _insert(place: AdoptedPlace, position: int, change: Change) -> RowResult:
    empty = (None, "")
    sent = {code: value for code, value in change.values.items() if value not in empty}
    usual = {code: text for code, text in place.usual.items() if code not in sent}
    values = _typed(place, position, change, dict(change.values) | usual)
    for column in place.live.spec.columns:
        if column.required and column.editable and column.code not in values:
            message = Message("Please fill in %(label)s.", {"label": column.label})
            raise _rejected(position, change, [(column.code, message)])
    _refuse_out_of_reach(place, position, change, values)
    if place.live.spec.tells_place(values) or not place.live.spec.transactional:
        _refuse_locked(place, position, change, None, values)
    row = insert_row(place, values)
    _refuse_left_reach(place, position, change, row)
    # A default or a trigger may have sent it elsewhere.
    _refuse_locked_after(place, position, change, None, values if row is None else row.values)
    if row is None:
        # The database numbered it in a way that cannot be asked for: it is there all the same.
        return RowResult(change.op, "created", values=values)
    return RowResult(change.op, "created", row.id, row.version, row.values)


def _update(place: AdoptedPlace, position: int, change: Change) -> RowResult:
    row = _found(place, position, change)
    cut = [code for code in change.values if code in row.cut]
    if cut:
        message = Message(
            "This text of %(count)s characters is too long to be changed here.",
            {"count": row.cut[cut[0]]},
        )
        raise _rejected(position, change, [(cut[0], message)])
    values = _typed(place, position, change, _different(row, change.values))
    values = {code: value for code, value in values.items() if not _same(row.values[code], value)}
    if not values:
        return RowResult(change.op, "unchanged", row.id, row.version, row.values)
    _refuse_stale(row, change, values)
    _refuse_out_of_reach(place, position, change, dict(row.values) | values)
    _refuse_locked(place, position, change, row, dict(row.values) | values)
    after = update_row(place, row, values)
    if after is None:
        raise _rejected(position, change, [(None, _gone())])
    _refuse_left_reach(place, position, change, after)
    _refuse_locked_after(place, position, change, row, after.values)
    before = {code: row.values[code] for code in after.values if _moved(row, after, code)}
    return RowResult(change.op, "changed", after.id, after.version, after.values, before=before)


def _delete(place: AdoptedPlace, position: int, change: Change) -> RowResult:
    row = _found(place, position, change)
    _refuse_stale(row, change, {})
    _refuse_locked(place, position, change, row, None)
    along = _told_along(place, position, change, row)
    if not delete_row(place, row):
        raise _rejected(position, change, [(None, _gone())])
    place.along.extend(along)
    return RowResult(change.op, "deleted", row.id, before=row.values)


_STEPS = {INSERT: _insert, UPDATE: _update, DELETE: _delete}


def _found(place: AdoptedPlace, position: int, change: Change) -> AdoptedRow:
    row = locked_row(place, change.id or "", PERMISSIONS[change.op])
    if row is None:
        raise _rejected(position, change, [(None, _gone())])
    return row


def _typed(
    place: AdoptedPlace, position: int, change: Change, raw: Mapping[str, object]
) -> dict[str, object]:
    """The values as the database takes them; every one that does not fit is told."""
    values: dict[str, object] = {}
    faults: list[tuple[str | None, Message]] = []
    for code, value in raw.items():
        try:
            values[code] = read_value(place.live.spec.by_code[code], value)
        except UnfitError as error:
            faults.append((code, error.message))
    if faults:
        raise _rejected(position, change, faults)
    return values


def _different(row: AdoptedRow, values: Mapping[str, object]) -> dict[str, object]:
    """What was sent back as it stands is no change, whatever today's reading of it would be."""
    return {code: value for code, value in values.items() if value != row.values[code]}


def _same(stored: object, typed: object) -> bool:
    if stored is None or typed is None:
        return stored is typed
    return stored == typed or str(stored) == str(typed)


def _moved(before: AdoptedRow, after: AdoptedRow, code: str) -> bool:
    return before.values[code] != after.values[code]


def _refuse_stale(row: AdoptedRow, change: Change, values: Mapping[str, object]) -> None:
    """Somebody, perhaps another program, changed the row since it was read."""
    if change.version in (None, row.version):
        return
    conflict = {code: (value, row.values[code]) for code, value in values.items()}
    raise _Rejected(
        RowResult(change.op, "conflict", row.id, row.version, row.values, conflict=conflict)
    )


def _refuse_out_of_reach(
    place: AdoptedPlace, position: int, change: Change, values: dict[str, object]
) -> None:
    message = why_not_keep(place.by, place.live, values)
    if message is not None:
        mapping = place.live.spec.mapping
        raise _rejected(position, change, [(mapping.department or mapping.person, message)])


def _refuse_left_reach(
    place: AdoptedPlace, position: int, change: Change, row: AdoptedRow | None
) -> None:
    """Where rows are set for a role, the database says whether the written one is among them."""
    action = PERMISSIONS[change.op]
    if not asks_database(place.by, place.live, action):
        return
    if row is None or locked_row(place, row.id, action) is None:
        raise _rejected(position, change, [(None, OUT_OF_REACH)])


def _refuse_locked(
    place: AdoptedPlace,
    position: int,
    change: Change,
    before: AdoptedRow | None,
    after: Mapping[str, object] | None,
) -> None:
    """A reported table is locked where the row was, and where it would come to (第七条, INV5)."""
    if place.reported is None:
        return
    column, reason = place.reported.why_not(None if before is None else before.values, after)
    if reason is None:
        return
    if place.partial or column is not None:
        raise _rejected(position, change, [(column, reason)])
    raise Refused(reason, Reason.LOCKED)


def _told_along(
    place: AdoptedPlace, position: int, change: Change, row: AdoptedRow
) -> list[tuple[LiveTable, RowResult]]:
    """What the database will delete or empty with the row, which is locked like the row itself."""
    found = rows_along(place, row)
    locked, beyond = why_not_along(place, found)
    if locked is not None and not place.partial:
        raise Refused(locked, Reason.LOCKED)
    message = locked or beyond
    if message is not None:
        raise _rejected(position, change, [(None, message)])
    return results_along(place, found or [])


def _refuse_locked_after(
    place: AdoptedPlace,
    position: int,
    change: Change,
    before: AdoptedRow | None,
    after: Mapping[str, object],
) -> None:
    """Asked of the written row; one that cannot be taken back is logged where it has come to."""
    if place.live.spec.transactional:
        _refuse_locked(place, position, change, before, after)


class _Rejected(Exception):  # noqa: N818 - carries a result, not a fault of ours
    """Ends the savepoint of one row."""

    def __init__(self, result: RowResult) -> None:
        super().__init__()
        self.result = result


def _rejected(
    position: int, change: Change, faults: Sequence[tuple[str | None, Message]]
) -> _Rejected:
    findings = tuple(
        Finding("ROW", position, code, Severity.ERROR, Dimension.CONFORMITY, message)
        for code, message in faults
    )
    return _Rejected(RowResult(change.op, "rejected", change.id, findings=findings))


def _unlogged(live: LiveTable) -> Message:
    return Message(
        "Changes of table %(table)s may have been saved without the change log knowing of them."
        " Reload the page to see the present rows, and tell whoever looks after the platform.",
        {"table": live.spec.title},
    )


def _gone() -> Message:
    return Message("This row does not exist (any more). Reload the page to see the present rows.")
