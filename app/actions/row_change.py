"""Changes of rows and what became of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

from app.domain.finding import Finding, Severity
from app.models.row_change import LoggedChange
from app.rules.coercion import Tidied

INSERT = "insert"
UPDATE = "update"
UPSERT = "upsert"
DELETE = "delete"
OPERATIONS = frozenset({INSERT, UPDATE, UPSERT, DELETE})


@dataclass(frozen=True)
class Change:
    """One row to be changed.

    ``values`` maps field codes to raw values as typed or read (text, numbers,
    dates, None for empty); fields that are absent keep what is stored.
    ``update`` and ``upsert`` without ``id`` find their row by its key and then
    need no ``version``. ``number`` is the row's number where people see it, as
    in a workbook; without it rows are counted from 1. ``restores`` is the id of
    a deleted row that an insertion brings back, so that it takes its old place
    and history again; an id that is not free is not given.
    """

    op: str
    values: Mapping[str, object] = field(default_factory=dict)
    id: str | None = None
    version: str | None = None
    number: int | None = None
    restores: str | None = None


@dataclass(frozen=True)
class RowResult:
    """What became of one change.

    ``outcome`` is created, changed, unchanged, deleted, rejected or conflict;
    ``values`` are the stored values afterwards; ``before`` those that differed;
    ``conflict`` maps a field to (mine, theirs) and ``latest`` is the change it
    collides with, if the log knows it; a finding's ``row`` is the position of
    the change. ``tidied`` are the cells whose text was changed in substance.
    """

    op: str
    outcome: str
    id: str | None = None
    version: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    before: Mapping[str, object] = field(default_factory=dict)
    conflict: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    latest: LoggedChange | None = None
    tidied: tuple[Tidied, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the change was or, in a dry run, would be carried out."""
        return self.outcome not in {"rejected", "conflict"}

    @property
    def obstacle(self) -> Finding | None:
        """What stands against the row: the last finding that it cannot be stored with.

        What may be mended later, such as a missing value, is told only where there is no other.
        """
        against = [
            finding
            for finding in self.findings
            if finding.severity is Severity.ERROR and not finding.storable
        ]
        return next(reversed(against or self.findings), None)


class Results(Sequence[RowResult]):
    """The results of very many changes, each made when it is asked for.

    ``outcomes`` has what became of each change, ``findings`` by position what was found in a row,
    ``tidied`` what was tidied there.
    """

    def __init__(
        self,
        outcomes: Sequence[str],
        findings: Mapping[int, Sequence[Finding]],
        make: Callable[[int], RowResult],
        tidied: Mapping[int, Sequence[Tidied]],
    ) -> None:
        self.outcomes = outcomes
        self.findings = findings
        self.tidied = tidied
        self._make = make

    def __len__(self) -> int:
        """How many changes there were."""
        return len(self.outcomes)

    def __iter__(self) -> Iterator[RowResult]:
        """The results in the order of the changes."""
        return map(self._make, range(len(self.outcomes)))

    @overload
    def __getitem__(self, index: int) -> RowResult: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[RowResult]: ...
    def __getitem__(self, index: int | slice) -> RowResult | Sequence[RowResult]:
        """One result, or some of them."""
        positions = range(len(self.outcomes))[index]
        if isinstance(positions, int):
            return self._make(positions)
        return tuple(map(self._make, positions))


@dataclass(frozen=True)
class Outcome:
    """The results in the order of the changes.

    ``written`` is False after a dry run and when one bad row of an
    all-or-nothing request kept everything from being written. ``halted``: the table takes nothing
    back, so what came before the first bad row stays written. ``references``
    maps reference fields to the keys that were named and the labels of their
    rows.
    """

    results: Sequence[RowResult]
    written: bool
    references: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    halted: bool = False
