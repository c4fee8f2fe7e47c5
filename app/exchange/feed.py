"""Running a feed: rows of an adopted table become rows of a base table (decision record 0018).

A preview and the run itself are the same call; the run has to name the digest of its preview, so
that what is written is what was looked at. Every department is a transaction of its own, by the one
write path; where the source cannot be read nothing is written at all.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.adopted_table import reaches_all
from app.access.person import Actor
from app.actions.base_table import FEED, apply_changes
from app.actions.feed_write import FeedPlace, Learned, note_refused_run, remember_run
from app.actions.row_change import Outcome, RowResult
from app.domain.bulk import collecting_later
from app.domain.message import Message, Reason, Refused
from app.exchange.feed_difference import (
    Decisions,
    Difference,
    delete_vanished,
    difference_of,
    digest_of_values,
)
from app.exchange.feed_open import OpenFeed, Translate
from app.exchange.feed_result import (
    COUNTED,
    SHOWN,
    DepartmentResult,
    FeedResult,
    counts_of,
    department_result,
)
from app.models.base_table import Store
from app.models.base_table_rows import latest_change
from app.models.database import is_passing
from app.models.feed import FeedRun
from app.models.feed_memory import (
    Memory,
    TargetRow,
    changed_otherwise,
    last_written,
    memory_of,
    target_rows,
)
from app.models.row_change import changes_of_rows
from app.reports.feed_source import SourceRow, SourceRows, read_source

NOBODY_DECIDED: Mapping[str, Decisions] = {}
UNDECIDED = Decisions()
# Carries out one transaction, perhaps trying it again when the database was busy.
Each = Callable[[Callable[[], DepartmentResult]], DepartmentResult]


class StalePreview(Refused):
    """The source or the rows are not those of the preview; nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                "The source or the rows are not those of the preview any more. Look at the preview"
                " again and confirm it."
            ),
            Reason.CONFLICT,
        )


def _busy() -> Refused:
    return Refused(
        Message(
            "Many people are saving at this moment, so your turn did not come. Nothing was"
            " changed; wait a moment, then do it again."
        ),
        Reason.BUSY,
    )


@dataclass(frozen=True)
class _Planned:
    """One department before anything is written: what it meets and what is to be done.

    ``memory`` is as of the run ``last_run``, the rows as of the change ``latest``.
    """

    department: str
    rows: Sequence[SourceRow]
    stored: Mapping[str, TargetRow]
    memory: Mapping[str, Memory]
    latest: int
    last_run: int


@collecting_later()
def run_feed(
    session: Session,
    store: Store,
    opened: OpenFeed,
    *,
    by: Actor,
    now: datetime,
    dry_run: bool = True,
    digest: str | None = None,
    decisions: Mapping[str, Decisions] = NOBODY_DECIDED,
    is_scheduled: bool = False,
    translate: Translate = Message.english,
    each: Each = lambda act: act(),
) -> FeedResult:
    """Write what the source brings for the departments of ``opened``, or show what would be.

    ``digest`` is that of the preview, None where nobody looked at one (a schedule, an operator);
    ``decisions`` go by departments. Of several departments those that are locked are left out, and
    that is kept in the words of ``translate``. ``each`` carries out one department, perhaps trying
    again: what was written for the first ones must not be written twice.
    Raises Refused: the source cannot be read, or it or the rows are not those of the preview.
    """
    source = _read(session, store, opened, by)
    planned = [_plan(session, opened, each, source) for each in opened.departments]
    own_digest = _digest(session, opened, planned)
    if not dry_run and digest not in (None, own_digest):
        raise StalePreview
    reached = reaches_all(by, opened.live)
    run = _Run(
        session, store, opened, decisions, by, now, dry_run, is_scheduled, reached, translate, each
    )
    results = tuple(map(run.department, planned))
    return FeedResult(opened, results, source.unplaced, source.count, own_digest, reached)


def _read(session: Session, store: Store, opened: OpenFeed, by: Actor) -> SourceRows:
    known = opened.known_departments
    return read_source(session, opened.live, by, opened.content, opened.period, known)


def _plan(session: Session, opened: OpenFeed, department: str, source: SourceRows) -> _Planned:
    target, period = opened.target, opened.period.code
    latest = latest_change(session, target.spec.identifier, period, department)
    last_run = last_written(session, opened.feed_id, period, department)
    label = opened.label_field
    codes = {*opened.content.fields, *(f.code for f in target.spec.key_fields), label}
    return _Planned(
        department,
        source.by_department.get(department, []),
        target_rows(session, target, period, department, codes - opened.hidden),
        memory_of(session, opened.feed_id, period, department),
        latest,
        last_run,
    )


def _digest(session: Session, opened: OpenFeed, planned: Sequence[_Planned]) -> str:
    """SHA-256, in hex, over everything that decides what is written."""
    last_run = session.scalar(select(func.max(FeedRun.id)).where(FeedRun.feed_id == opened.feed_id))
    parts: list[Mapping[str, object]] = [
        {"feed": opened.feed_id, "version": opened.version, "run": last_run},
        {"period": opened.period.code},
    ]
    for each in planned:
        rows = digest_of_values([row.values for row in each.rows])
        parts.append({"department": each.department, "latest": each.latest, "rows": rows})
    return digest_of_values(parts)


@dataclass(frozen=True)
class _Run:
    """Everything that is the same for all departments of a run."""

    session: Session
    store: Store
    opened: OpenFeed
    decisions: Mapping[str, Decisions]
    by: Actor
    now: datetime
    dry_run: bool
    is_scheduled: bool
    reached: bool
    translate: Translate
    each: Each

    def department(self, planned: _Planned) -> DepartmentResult:
        """Write one department, or show it; one that is locked does not keep the others."""
        try:
            return self._persistently(lambda: self._carried_out(planned))
        except Refused as refusal:
            if len(self.opened.departments) == 1 and not self.dry_run:
                raise
            self._note(planned.department, refusal)
            return DepartmentResult(planned.department, {}, refusal=refusal.message)

    def _persistently(self, act: Callable[[], DepartmentResult]) -> DepartmentResult:
        """What ``act`` comes to; Refused (busy) where others were in its way to the end."""
        try:
            return self.each(act)
        except DBAPIError as error:
            self.session.rollback()
            if not is_passing(error):
                raise
            raise _busy() from error

    def _carried_out(self, planned: _Planned) -> DepartmentResult:
        found = self._difference(planned)
        shown, table = found.conflicts[:SHOWN], self.opened.target.spec.identifier
        # Nothing is read after the department is written: it would fail when all is done.
        logged = changes_of_rows(self.session, table, {each.row_id for each in shown})
        outcome = self._apply(planned, found)
        return department_result(planned.department, found, outcome, logged, self.opened.hidden)

    def _difference(self, planned: _Planned) -> Difference:
        spec, catalogue = self.opened.target.spec, self.store.catalogue
        decided = self.decisions.get(planned.department, UNDECIDED)
        found = difference_of(
            spec, catalogue, planned.rows, planned.stored, planned.memory, decided
        )
        if not self.reached:
            found.vanished = []
        ids = {each.row.row_id for each in found.vanished}
        touched = changed_otherwise(self.session, spec.identifier, ids, FEED)
        found.vanished = [
            replace(each, is_touched=each.row.row_id in touched) for each in found.vanished
        ]
        delete_vanished(found, decided.deleting)
        return found

    def _place(self, department: str) -> FeedPlace:
        return FeedPlace(
            self.opened.feed_id, self.opened.period.code, department, self.is_scheduled
        )

    def _note(self, department: str, refusal: Refused) -> None:
        """Keep that the department was left out, unless this is only a preview."""
        if self.dry_run:
            return
        text, place = self.translate(refusal.message), self._place(department)
        left_out = DepartmentResult(department, {}, refusal=refusal.message)

        def note() -> DepartmentResult:
            note_refused_run(self.session, place, text, by=self.by, now=self.now)
            return left_out

        # Others are written already, even where the database is too busy to keep what is told.
        with suppress(Refused):
            self._persistently(note)

    def _refuse_stale_memory(self, planned: _Planned) -> None:
        """Nobody's run is remembered over another's: asked while the place is locked.

        Runs that only confirm or decline change no row, so the rows cannot tell of them.
        """
        feed_id, period = self.opened.feed_id, self.opened.period.code
        last_run = last_written(self.session, feed_id, period, planned.department)
        if last_run != planned.last_run:
            raise StalePreview

    def _apply(self, planned: _Planned, found: Difference) -> Outcome:
        place = self._place(planned.department)
        learned = Learned(
            planned.memory,
            {key: row.row_id for key, row in planned.stored.items()},
            [(each.key, each.given) for each in found.changes],
            found.confirmed,
            found.kept,
            found.released,
        )

        def remember(results: Sequence[RowResult]) -> None:
            self._refuse_stale_memory(planned)
            counts = counts_of(found, results)
            told = {name: counts[name] for name in COUNTED}
            remember_run(self.session, place, learned, results, told, by=self.by, now=self.now)

        return apply_changes(
            self.session,
            self.store,
            self.opened.target.spec.identifier,
            [each.change for each in found.changes],
            by=self.by,
            now=self.now,
            period=self.opened.period.code,
            department=planned.department,
            way=FEED,
            partial=True,
            dry_run=self.dry_run,
            reason=self.opened.name,
            seen=None if self.dry_run else planned.latest,
            alongside=remember,
        )
