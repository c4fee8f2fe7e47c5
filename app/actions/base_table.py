"""Changing rows of base tables: the one write path (decision 5, 第十条).

Grid, form, paste, import, API and mass actions all end here: scope, lock,
version, rules, write and change log in one transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.access.policies import why_locked, why_not_history, why_not_write
from app.access.scopes import EVERYTHING, write_scope
from app.actions.audit_log import tidy_reason
from app.actions.row_change import DELETE, INSERT, UPDATE, UPSERT, Change, Outcome, RowResult
from app.actions.row_plan import Place, PlannedRow, plan_changes
from app.actions.row_reach import Log, write_within_reach
from app.actions.row_write import result_of
from app.actions.submission import begin_entering
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import cycle_of_period, is_assigned, latest_change, submission_of
from app.models.database import writing
from app.models.submission import Submission

PERMISSIONS = {
    INSERT: {"add"},
    UPDATE: {"edit"},
    UPSERT: {"add", "edit"},
    DELETE: {"delete"},
}
IMPORT = "import"
FEED = "feed"
# Old workbooks, into years that nobody collects: the quality office's own right (why_not_history).
HISTORY = "history"
LONGEST_REASON = 500
# So few are checked in a moment; more of them would keep others waiting.
MOST_CHECKED_INSIDE = 100
BAD = frozenset({"rejected", "conflict"})
WRITTEN = frozenset({"created", "changed", "deleted"})

Alongside = Callable[[Sequence[RowResult]], None]


def apply_changes(
    session: Session,
    store: Store,
    table: str,
    changes: Sequence[Change],
    *,
    by: Actor,
    now: datetime,
    period: str,
    department: str,
    way: str = "grid",
    partial: bool = False,
    dry_run: bool = False,
    reason: str | None = None,
    seen: int | None = None,
    alongside: Alongside = lambda _results: None,
) -> Outcome:
    """Carry out ``changes`` on the rows of one period and department.

    All or nothing unless ``partial``; a dry run takes it back. Raises Refused (forbidden, locked)
    before anything is read or written; bad rows are results with findings. ``seen`` is the latest
    change of the place that the caller knows of: Refused (conflict) where there is a newer one.
    ``alongside`` writes what belongs to the results in the same transaction; what it raises takes
    everything back.
    """
    stored = store.tables[table]
    log = Log(by, now, way, tidy_reason(reason, LONGEST_REASON))
    where = (store, stored, by, period, department, _allowed_to_ask(stored, by, changes, way))
    ahead = _plan_ahead(session, where, changes) if len(changes) > MOST_CHECKED_INSIDE else None
    with _equal_keys_told(), writing(session):
        place, submission = _enter_place(session, *where)
        rows = _plan_inside(session, place, changes, ahead, seen)
        if not partial and _has_bad(rows):
            return Outcome(tuple(result_of(place, row, None) for row in rows), written=False)
        results = write_within_reach(session, place, rows, log)
        if not partial and _has_bad(rows):
            return Outcome(results, written=False)
        _begin_entering(session, submission, rows, by=by, now=now)
        return _finished(session, rows, results, None if dry_run else alongside)


def _finished(
    session: Session,
    rows: Sequence[PlannedRow],
    results: tuple[RowResult, ...],
    alongside: Alongside | None,
) -> Outcome:
    """Keep what was written and what belongs to it, unless it was a try only (None)."""
    if alongside is not None:
        with _race_beside_told():
            alongside(results)
        session.commit()
    return Outcome(results, written=alongside is not None, references=_references_of(rows))


def _has_bad(rows: Sequence[PlannedRow]) -> bool:
    return any(row.outcome in BAD for row in rows)


def _allowed_to_ask(
    stored: StoredTable, by: Actor, changes: Sequence[Change], way: str
) -> set[str]:
    """The rights that the changes need; Refused for fields that are unknown or masked."""
    permissions = _permissions(changes, way)
    _refuse_unknown_fields(stored, changes)
    _refuse_masked_fields(by, stored, changes, permissions)
    return permissions


def _references_of(rows: Sequence[PlannedRow]) -> Mapping[str, Mapping[str, str]]:
    """What the rows refer to, with labels: found once for all rows of a plan."""
    return next((row.references for row in rows if row.references), {})


Where = tuple[Store, StoredTable, Actor, str, str, set[str]]


def _plan_ahead(
    session: Session, where: Where, changes: Sequence[Change]
) -> tuple[int, list[PlannedRow]]:
    """The latest change of the place, and what the changes come to unless there is a newer one.

    Many changes are read and checked before the place is locked, so that others go on saving
    meanwhile; where somebody was faster, they are checked once more inside.
    """
    place, _ = _enter_place(session, *where, for_update=False)
    known = latest_change(session, place.stored.spec.identifier, place.period, place.department)
    return known, plan_changes(session, place, changes)


def _plan_inside(
    session: Session,
    place: Place,
    changes: Sequence[Change],
    ahead: tuple[int, list[PlannedRow]] | None,
    seen: int | None,
) -> list[PlannedRow]:
    """What the changes come to now that the place is locked; the plan made ahead if it holds."""
    present = None
    if ahead is not None or seen is not None:
        table = place.stored.spec.identifier
        present = latest_change(session, table, place.period, place.department)
    _refuse_unseen(seen, present)
    if ahead is not None and ahead[0] == present:
        return ahead[1]
    return plan_changes(session, place, changes)


def _refuse_unseen(seen: int | None, present: int | None) -> None:
    """What was decided about other rows than there are now is not carried out."""
    if seen not in (None, present):
        raise Refused(
            Message(
                "Somebody changed rows of this table since the preview. Look at the preview again"
                " and confirm it."
            ),
            Reason.CONFLICT,
        )


@contextmanager
def _equal_keys_told() -> Iterator[None]:
    """The database refuses what a race let through the plan; say so in words."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(
            Message(
                "Somebody added a row with the same key just now. Nothing was saved; try again."
            ),
            Reason.CONFLICT,
        ) from error


@contextmanager
def _race_beside_told() -> Iterator[None]:
    """What goes along with the rows met another's, which is no matter of the rows' keys."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(
            Message(
                "Somebody else did the same for these rows just now. Nothing was saved; look at"
                " the preview again and confirm it."
            ),
            Reason.CONFLICT,
        ) from error


def _refuse_unknown_fields(stored: StoredTable, changes: Sequence[Change]) -> None:
    """System columns and fields of other tables are never written in silence."""
    known = stored.columns.keys()
    unknown = sorted({code for change in changes for code in change.values} - known)
    if unknown:
        raise Refused(
            Message(
                "Table %(table)s has no field %(fields)s. Nothing was saved.",
                {"table": stored.spec.title, "fields": ", ".join(unknown)},
            ),
            Reason.INVALID,
        )


def _refuse_masked_fields(
    by: Actor, stored: StoredTable, changes: Sequence[Change], permissions: set[str]
) -> None:
    """What is masked for somebody's roles he does not write either."""
    masked = masked_by_roles(by, stored, *permissions)
    used = {code for change in changes for code in change.values}
    for code in sorted(used & masked):
        raise Refused(
            Message(
                "The field %(field)s is masked for your roles, so you cannot change it. Nothing"
                " was saved.",
                {"field": stored.spec.by_code[code].label},
            )
        )


def _permissions(changes: Sequence[Change], way: str) -> set[str]:
    if way in {IMPORT, HISTORY}:
        return {way}
    needed = {permission for change in changes for permission in PERMISSIONS[change.op]}
    # A feed may find nothing to change today; that it was asked for takes the rights all the same.
    return needed | PERMISSIONS[UPSERT] if way == FEED else needed


def _enter_place(
    session: Session,
    store: Store,
    stored: StoredTable,
    by: Actor,
    period: str,
    department: str,
    permissions: set[str],
    *,
    for_update: bool = True,
) -> tuple[Place, Submission | None]:
    """Check rights and locks; with ``for_update`` the submission stays locked until the end."""
    if permissions == {HISTORY}:
        return _history_place(session, store, stored, by, period, department), None
    for permission in sorted(permissions):
        refusal = why_not_write(by, stored, permission, department)
        if refusal is not None:
            raise Refused(refusal)
    cycle = cycle_of_period(session, stored, period)
    submission = None
    assigned = False
    if cycle is not None:
        identifier = stored.spec.identifier
        submission = submission_of(session, cycle, identifier, department, for_update=for_update)
        assigned = is_assigned(session, cycle, identifier, department)
    locked = why_locked(cycle, submission, is_assigned=assigned)
    if locked is not None or cycle is None:
        raise Refused(locked or Message("There is no collection year."), Reason.LOCKED)
    scope = write_scope(by, stored, *sorted(permissions))
    return Place(store, stored, cycle, period, department, scope), submission


def _history_place(
    session: Session, store: Store, stored: StoredTable, by: Actor, period: str, department: str
) -> Place:
    """A place of a year of history: no submission, no assignment, the quality office alone."""
    cycle = cycle_of_period(session, stored, period)
    refuse(why_not_history(by, cycle))
    if cycle is None:  # pragma: no cover - the policy has refused it already
        raise Refused(Message("There is no collection year."), Reason.LOCKED)
    return Place(store, stored, cycle, period, department, EVERYTHING, is_history=True)


def _begin_entering(
    session: Session,
    submission: Submission | None,
    rows: Sequence[PlannedRow],
    *,
    by: Actor,
    now: datetime,
) -> None:
    if any(row.outcome in WRITTEN for row in rows):
        begin_entering(session, submission, by=by, now=now)
