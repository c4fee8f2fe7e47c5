"""Changing rows of base tables: the one write path (decision 5, 第十条).

Grid, form, paste, import, API and mass actions all end here: scope, lock,
version, rules, write and change log in one transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.contribution import scope_of_contribution
from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.access.policies import why_locked, why_not_history, why_not_write
from app.access.scopes import EVERYTHING, write_scope
from app.actions.audit_log import tidy_reason
from app.actions.contributed_row import contributed_at
from app.actions.entering import begin_entering
from app.actions.planned_row import Place, PlannedRow
from app.actions.record_guard import refuse_closed_records, renew_unconfirmed
from app.actions.row_change import DELETE, INSERT, UPDATE, UPSERT, Change, Outcome, RowResult
from app.actions.row_columns import fields_named, operations
from app.actions.row_plan import plan_changes
from app.actions.row_reach import write_within_reach
from app.actions.row_result import results_of
from app.actions.row_write import WRITTEN, Log
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import cycle_of_period, latest_change, standing_of
from app.models.database import writing
from app.models.submission import Submission

PERMISSIONS = {
    INSERT: {"add"},
    UPDATE: {"edit"},
    UPSERT: {"add", "edit"},
    DELETE: {"delete"},
}
IMPORT = "import"
COLLECT = "collect"
FEED = "feed"
# Old workbooks, into years that nobody collects: the quality office's own right (why_not_history).
HISTORY = "history"
# So few are checked in a moment; more of them would keep others waiting.
MOST_CHECKED_INSIDE = 100
BAD = frozenset({"rejected", "conflict"})

Alongside = Callable[[Sequence[RowResult]], None]
# Called with how many steps are done, and of how many.
Told = Callable[[int, int], None]
# Of a row: it is checked, written and logged.
STEPS = 3


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
    told: Told = lambda _done, _total: None,
) -> Outcome:
    """Carry out ``changes`` on the rows of one period and department.

    All or nothing unless ``partial``; a dry run takes it back. Raises Refused (forbidden, locked)
    before anything is read or written; bad rows are results with findings. ``seen`` is the latest
    change of the place that the caller knows of: Refused (conflict) where there is a newer one.
    ``alongside`` writes what belongs to the results, ``told`` hears of rows checked, written and
    logged: in the same transaction, and what they raise takes everything back.
    """
    progress = _Progress(STEPS * len(changes), told)
    log = Log(by, now, way, tidy_reason(reason), progress.add)
    where = _where(store, table, by, period, department, changes, way)
    ahead = _plan_ahead(session, where, changes, progress)
    with _equal_keys_told(), writing(session):
        place, submission = _enter_place(session, *where)
        rows = _plan_inside(session, place, changes, ahead, seen)
        if not partial and _has_bad(rows):
            return Outcome(results_of(place, rows, {}), written=False)
        results = write_within_reach(session, place, rows, log)
        if not partial and _has_bad(rows):
            return Outcome(results, written=False)
        _follow_up(session, place, submission, rows, log)
        return _finished(session, rows, results, None if dry_run else alongside, progress)


class _Progress:
    """Counts the steps that are done and tells of them."""

    def __init__(self, total: int, told: Told) -> None:
        self._done = 0
        self._total = total
        self._told = told

    def add(self, steps: int) -> None:
        """So many more are done; what is written again without some rows counts once."""
        self._done = min(self._done + steps, self._total)
        self._told(self._done, self._total)

    def finish(self) -> None:
        """Nothing is left to do: rows that stay as they are need no more steps."""
        self.add(self._total)


def _finished(
    session: Session,
    rows: Sequence[PlannedRow],
    results: Sequence[RowResult],
    alongside: Alongside | None,
    progress: _Progress,
) -> Outcome:
    """Keep what was written and what belongs to it, unless it was a try only (None)."""
    progress.finish()
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
    return rows[0].batch.references if rows else {}


Where = tuple[Store, StoredTable, Actor, str, str, set[str]]


def _where(
    store: Store,
    table: str,
    by: Actor,
    period: str,
    department: str,
    changes: Sequence[Change],
    way: str,
) -> Where:
    """Where rows are to be changed, and the rights that it takes; Refused for odd fields."""
    stored = store.tables[table]
    return store, stored, by, period, department, _allowed_to_ask(stored, by, changes, way)


def _plan_ahead(
    session: Session, where: Where, changes: Sequence[Change], progress: _Progress
) -> tuple[int, list[PlannedRow]] | None:
    """The latest change of the place, and what the changes come to unless there is a newer one.

    Many changes are read and checked before the place is locked, so that others go on saving
    meanwhile; where somebody was faster, they are checked once more inside. None for few changes.
    """
    if len(changes) <= MOST_CHECKED_INSIDE:
        return None
    place, _ = _enter_place(session, *where, for_update=False)
    known = latest_change(session, place.stored.spec.identifier, place.period, place.department)
    rows = plan_changes(session, place, changes)
    progress.add(len(changes))
    return known, rows


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
    holds = ahead is not None and ahead[0] == present
    rows = ahead[1] if ahead is not None and holds else plan_changes(session, place, changes)
    refuse_closed_records(session, place, rows)
    return rows


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
    unknown = sorted(fields_named(changes) - known)
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
    for code in sorted(fields_named(changes) & masked):
        raise Refused(
            Message(
                "The field %(field)s is masked for your roles, so you cannot change it. Nothing"
                " was saved.",
                {"field": stored.spec.by_code[code].label},
            )
        )


def _permissions(changes: Sequence[Change], way: str) -> set[str]:
    if way in {IMPORT, COLLECT}:
        return {IMPORT}
    if way == HISTORY:
        return {HISTORY}
    needed = {permission for op in operations(changes) for permission in PERMISSIONS[op]}
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
    standing = standing_of(session, stored, period, department, for_update=for_update)
    cycle, submission = standing.cycle, standing.submission
    locked = why_locked(cycle, submission, is_assigned=standing.is_assigned)
    if locked is not None or cycle is None:
        raise Refused(locked or Message("There is no collection year."), Reason.LOCKED)
    contributed = contributed_at(session, stored, period, department, by=by)
    scope = write_scope(by, stored, *sorted(permissions))
    scope = scope_of_contribution(by, stored, scope, contributed.contribution)
    place = (store, stored, cycle, period, department, scope)
    return Place(*place, contributed=contributed), submission


def _history_place(
    session: Session, store: Store, stored: StoredTable, by: Actor, period: str, department: str
) -> Place:
    """A place of a year of history: no submission, no assignment, the quality office alone."""
    cycle = cycle_of_period(session, stored, period)
    refuse(why_not_history(by, cycle))
    if cycle is None:  # pragma: no cover - the policy has refused it already
        raise Refused(Message("There is no collection year."), Reason.LOCKED)
    return Place(store, stored, cycle, period, department, EVERYTHING, is_history=True)


def _follow_up(
    session: Session,
    place: Place,
    submission: Submission | None,
    rows: Sequence[PlannedRow],
    log: Log,
) -> None:
    if any(row.outcome in WRITTEN for row in rows):
        begin_entering(session, submission, by=log.by, now=log.now)
        renew_unconfirmed(session, place, rows, by=log.by)
