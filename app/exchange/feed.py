"""Running a feed: rows of an adopted table become rows of a base table (decision record 0018).

A preview and the run itself are the same call; the run has to name the digest of its preview, so
that what is written is what was looked at. Every department is a transaction of its own, by the one
write path; where the source cannot be read nothing is written at all.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.adopted_table import reaches_all
from app.access.person import Actor
from app.actions.base_table import FEED, apply_changes
from app.actions.feed_write import FeedPlace, Learned, remember_run
from app.actions.row_change import Outcome, RowResult
from app.domain.message import Message, Reason, Refused
from app.exchange.base_table import is_incomplete
from app.exchange.feed_difference import (
    Decisions,
    Difference,
    FeedConflict,
    RejectedRow,
    VanishedRow,
    delete_vanished,
    difference_of,
    digest_of_values,
)
from app.exchange.feed_open import OpenFeed
from app.models.base_table import Store
from app.models.base_table_rows import latest_change, plain
from app.models.feed import FeedRun
from app.models.feed_memory import Memory, TargetRow, changed_otherwise, memory_of, target_rows
from app.models.row_change import LoggedChange, changes_of_rows
from app.reports.feed_source import SourceRow, SourceRows, read_source

# How many rows of each kind are shown; the counts tell of all.
SHOWN = 200
COUNTED = ("created", "changed", "unchanged", "deleted", "conflicts", "vanished", "rejected")
NOBODY_DECIDED: Mapping[str, Decisions] = {}
UNDECIDED = Decisions()


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


@dataclass(frozen=True)
class ShownRow:
    """A row that is written, with its cells: field, before (None for a new row), after."""

    title: str
    outcome: str
    cells: tuple[tuple[str, object, object], ...]


@dataclass(frozen=True)
class ShownConflict:
    """A conflict, and who typed what stands there now, as far as the log knows."""

    conflict: FeedConflict
    typed: LoggedChange | None


@dataclass(frozen=True)
class DepartmentResult:
    """What becomes of one department's rows; ``refusal`` where nothing does.

    ``counts`` are of all rows, by ``COUNTED`` and ``kept`` and ``incomplete``; the rest is cut to
    ``SHOWN``.
    """

    department: str
    counts: Mapping[str, int]
    rows: tuple[ShownRow, ...] = ()
    conflicts: tuple[ShownConflict, ...] = ()
    vanished: tuple[VanishedRow, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    refusal: Message | None = None
    written: bool = False

    @property
    def does_something(self) -> bool:
        """Whether there is anything to write or to decide."""
        return any(self.counts.get(each) for each in ("created", "changed", "conflicts"))


@dataclass(frozen=True)
class FeedResult:
    """A preview or a run; ``unplaced`` counts rows of the source by unknown department codes.

    Where the person does not reach all rows of the source, nobody can say which have vanished.
    """

    opened: OpenFeed
    departments: tuple[DepartmentResult, ...]
    unplaced: Mapping[str, int]
    read: int
    digest: str
    tells_vanished: bool

    @property
    def total(self) -> Counter[str]:
        """The counts of all departments together."""
        return sum((Counter(each.counts) for each in self.departments), Counter())

    @property
    def written(self) -> bool:
        """Whether any department was written."""
        return any(each.written for each in self.departments)


@dataclass(frozen=True)
class _Planned:
    """One department before anything is written: what it meets and what is to be done."""

    department: str
    rows: Sequence[SourceRow]
    stored: Mapping[str, TargetRow]
    memory: Mapping[str, Memory]
    latest: int


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
) -> FeedResult:
    """Write what the source brings for the departments of ``opened``, or show what would be.

    ``digest`` is that of the preview, None where nobody looked at one (a schedule, an operator);
    ``decisions`` go by departments.
    Raises Refused: the source cannot be read, or it or the rows are not those of the preview.
    """
    source = _read(session, store, opened, by)
    planned = [_plan(session, opened, each, source) for each in opened.departments]
    own_digest = _digest(session, opened, planned)
    if not dry_run and digest not in (None, own_digest):
        raise StalePreview
    reached = reaches_all(by, opened.live)
    run = _Run(session, store, opened, decisions, by, now, dry_run, is_scheduled, reached)
    results = tuple(run.department(each) for each in planned)
    return FeedResult(opened, results, source.unplaced, source.count, own_digest, reached)


def _read(session: Session, store: Store, opened: OpenFeed, by: Actor) -> SourceRows:
    known = opened.known_departments
    return read_source(session, opened.live, by, opened.content, opened.period, known)


def _plan(session: Session, opened: OpenFeed, department: str, source: SourceRows) -> _Planned:
    target, period = opened.target, opened.period.code
    latest = latest_change(session, target.spec.identifier, period, department)
    label = opened.label_field
    codes = {*opened.content.fields, *(f.code for f in target.spec.key_fields), label}
    return _Planned(
        department,
        source.by_department.get(department, []),
        target_rows(session, target, period, department, codes),
        memory_of(session, opened.feed_id, period, department),
        latest,
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

    def department(self, planned: _Planned) -> DepartmentResult:
        """Write one department, or show it; one that is locked does not keep the others."""
        found = self._difference(planned)
        try:
            outcome = self._apply(planned, found)
        except Refused as refusal:
            if len(self.opened.departments) == 1 and not self.dry_run:
                raise
            return DepartmentResult(planned.department, {}, refusal=refusal.message)
        return self._told(planned, found, outcome)

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

    def _apply(self, planned: _Planned, found: Difference) -> Outcome:
        place = FeedPlace(
            self.opened.feed_id, self.opened.period.code, planned.department, self.is_scheduled
        )
        learned = Learned(
            planned.memory,
            {key: row.row_id for key, row in planned.stored.items()},
            [(each.key, each.given) for each in found.changes],
            found.confirmed,
            found.kept,
            found.released,
        )

        def remember(results: Sequence[RowResult]) -> None:
            counts = {name: _counts(found, results)[name] for name in COUNTED}
            remember_run(self.session, place, learned, results, counts, by=self.by, now=self.now)

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
            seen=None if self.dry_run else planned.latest,
            alongside=remember,
        )

    def _told(self, planned: _Planned, found: Difference, outcome: Outcome) -> DepartmentResult:
        shown = found.conflicts[:SHOWN]
        table = self.opened.target.spec.identifier
        logged = changes_of_rows(self.session, table, {each.row_id for each in shown})
        return DepartmentResult(
            planned.department,
            _counts(found, outcome.results),
            tuple(_shown_rows(found, outcome.results)),
            tuple(
                ShownConflict(each, _typed_by(each, logged.get(each.row_id, []))) for each in shown
            ),
            tuple(found.vanished[:SHOWN]),
            tuple([*found.rejected, *_rejected(found, outcome.results)][:SHOWN]),
            written=outcome.written,
        )


def _counts(found: Difference, results: Sequence[RowResult]) -> Counter[str]:
    told = Counter(result.outcome for result in results)
    return Counter(
        created=told["created"],
        changed=told["changed"],
        deleted=told["deleted"],
        unchanged=found.unchanged + told["unchanged"],
        rejected=len(found.rejected) + told["rejected"] + told["conflict"],
        conflicts=len(found.conflicts),
        vanished=len(found.vanished) - told["deleted"],
        kept=found.kept_count,
        incomplete=sum(map(is_incomplete, results)),
    )


def _shown_rows(found: Difference, results: Sequence[RowResult]) -> list[ShownRow]:
    """The first rows of each outcome that writes something."""
    shown: Counter[str] = Counter()
    rows = []
    for planned, result in zip(found.changes, results, strict=True):
        if result.outcome not in {"created", "changed", "deleted"}:
            continue
        shown[result.outcome] += 1
        if shown[result.outcome] > SHOWN:
            continue
        codes = result.before if result.outcome == "changed" else planned.given
        after = result.values
        cells = tuple((c, plain(result.before.get(c)), plain(after.get(c))) for c in codes)
        rows.append(ShownRow(planned.title, result.outcome, cells))
    return rows


def _rejected(found: Difference, results: Sequence[RowResult]) -> list[RejectedRow]:
    rows: list[RejectedRow] = []
    for planned, result in zip(found.changes, results, strict=True):
        if not result.ok and len(rows) < SHOWN:
            messages = tuple(finding.message for finding in result.findings)
            rows.append(RejectedRow(planned.change.number or 0, planned.title, messages))
    return rows


def _typed_by(conflict: FeedConflict, changes: Sequence[LoggedChange]) -> LoggedChange | None:
    """The last change of the cell; of a row that is gone the last one at all."""
    for change in changes:
        if change.fields is None or not conflict.field or conflict.field in change.fields:
            return change
    return None
