"""What a run of a feed came to, or would come to: counts of all rows, the first ones shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.actions.row_change import Outcome, RowResult
from app.domain.message import Message
from app.exchange.feed_difference import Difference, FeedConflict, RejectedRow, VanishedRow
from app.exchange.feed_open import OpenFeed
from app.exchange.import_result import is_incomplete
from app.models.base_table_rows import plain
from app.models.row_change import LoggedChange

# How many rows of each kind are shown; the counts tell of all.
SHOWN = 200
COUNTED = ("created", "changed", "unchanged", "deleted", "conflicts", "vanished", "rejected")

# A message about a masked cell would quote it.


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
    def reasons(self) -> list[Sequence[RejectedRow]]:
        """The refused rows that are shown, those with the same faults together, the most first."""
        together: dict[tuple[str, ...], list[RejectedRow]] = {}
        for row in self.rejected:
            faults = tuple(message.english() for message in row.messages)
            together.setdefault(faults, []).append(row)
        return sorted(together.values(), key=len, reverse=True)

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


def department_result(
    department: str,
    found: Difference,
    outcome: Outcome,
    logged: Mapping[str, Sequence[LoggedChange]],
    hidden: frozenset[str] = frozenset(),
) -> DepartmentResult:
    """What is told of one department; ``logged`` are the changes of the rows in conflict.

    Of ``hidden`` fields nothing is told.
    """
    return DepartmentResult(
        department,
        counts_of(found, outcome.results),
        tuple(_shown_rows(found, outcome.results, hidden)),
        tuple(
            ShownConflict(each, _typed_by(each, logged.get(each.row_id, [])))
            for each in found.conflicts[:SHOWN]
        ),
        tuple(found.vanished[:SHOWN]),
        tuple([*found.rejected, *_rejected(found, outcome.results, hidden)][:SHOWN]),
        written=outcome.written,
    )


def counts_of(found: Difference, results: Sequence[RowResult]) -> Counter[str]:
    """Numbers of rows, of those that are shown and those that are not."""
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
        incomplete=sum(is_incomplete(each.outcome, each.findings) for each in results),
    )


def _shown_rows(
    found: Difference, results: Sequence[RowResult], hidden: frozenset[str]
) -> list[ShownRow]:
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
        cells = tuple(
            (c, plain(result.before.get(c)), plain(after.get(c))) for c in codes if c not in hidden
        )
        rows.append(ShownRow(planned.title, result.outcome, cells))
    return rows


def _rejected(
    found: Difference, results: Sequence[RowResult], hidden: frozenset[str]
) -> list[RejectedRow]:
    rows: list[RejectedRow] = []
    for planned, result in zip(found.changes, results, strict=True):
        if not result.ok and len(rows) < SHOWN:
            messages = tuple(finding.told(hidden) for finding in result.findings)
            rows.append(RejectedRow(planned.change.number or 0, planned.title, messages))
    return rows


def _typed_by(conflict: FeedConflict, changes: Sequence[LoggedChange]) -> LoggedChange | None:
    """The last change of the cell; of a row that is gone the last one at all."""
    for change in changes:
        if change.fields is None or not conflict.field or conflict.field in change.fields:
            return change
    return None
