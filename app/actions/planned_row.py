"""One change on its way: what it meets and what is decided so far.

There may be hundreds of thousands, so a planned row is small: its change is made when it is asked
for, its typed values stay in the columns of its batch.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl
from sqlalchemy.engine import RowMapping

from app.access.contribution import Contributed
from app.access.scopes import RowScope
from app.actions.row_change import DELETE, INSERT, Change
from app.actions.row_columns import ChangedColumns
from app.domain.finding import Finding
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.row_change import LoggedChange
from app.rules.coercion import Tidied

# So many rows of a batch are taken from its columns at once.
ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Place:
    """Where rows are changed; in a year of history a value only has to be readable.

    ``contributed`` is what other departments have in the place, and the writer's own part.
    """

    store: Store
    stored: StoredTable
    cycle: Cycle
    period: str
    department: str
    scope: RowScope
    is_history: bool = False
    contributed: Contributed = field(default_factory=Contributed)


@dataclass
class Batch:
    """The changes of one request and what the rules made of them.

    ``typed`` has the typed values of the checked rows, merged with what is stored; ``references``
    are the keys that these rows name, with their labels. ``keys`` are those of the changes' own
    values by position, as far as they are known; ``met`` the stored rows that were looked for, by
    key, None where there is none.
    """

    changes: Sequence[Change]
    typed: pl.DataFrame = field(default_factory=pl.DataFrame)
    keys: Sequence[str | None] | None = None
    met: dict[str, RowMapping | None] = field(default_factory=dict)
    references: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _first: int = 0
    _taken: Sequence[tuple[object, ...]] = ()

    def fields_of(self, position: int) -> Collection[str]:
        """The codes of the fields that a change names."""
        if isinstance(self.changes, ChangedColumns):
            return self.changes.fields_of(position)
        return self.changes[position].values.keys()

    @cached_property
    def codes(self) -> Sequence[str]:
        """The codes of all fields, once the rows are checked."""
        return self.typed.columns

    def checked_row(self, number: int) -> tuple[object, ...]:
        """The typed values of a checked row, in the order of the fields."""
        if not self._first <= number < self._first + len(self._taken):
            self._first = number - number % ROWS_AT_ONCE
            is_small = self.typed.height <= ROWS_AT_ONCE
            part = self.typed if is_small else self.typed.slice(self._first, ROWS_AT_ONCE)
            self._taken = part.rows()
        return self._taken[number - self._first]


@dataclass(slots=True)
class PlannedRow:
    """A change by its ``position`` among those of its batch; ``checked`` is its row there.

    ``op`` and ``id`` are those of the change.
    """

    position: int
    op: str
    id: str | None
    batch: Batch
    current: RowMapping | None = None
    checked: int | None = None
    key: str | None = None
    findings: Sequence[Finding] = ()
    conflict: Mapping[str, tuple[object, object]] | None = None
    latest: LoggedChange | None = None
    outcome: str = ""
    tidied: Sequence[Tidied] = ()

    @property
    def change(self) -> Change:
        """What was asked for."""
        return self.batch.changes[self.position]

    @property
    def values(self) -> dict[str, object]:
        """The typed values by field code: all of a new row, else those that the change names."""
        if self.checked is None:
            return {}
        values = self.batch.checked_row(self.checked)
        codes = self.batch.codes
        if self.current is None:
            return dict(zip(codes, values, strict=True))
        named = self.batch.fields_of(self.position)
        return {code: value for code, value in zip(codes, values, strict=True) if code in named}

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided against it."""
        return self.outcome == ""

    @property
    def carries_values(self) -> bool:
        """Whether it still has values to be checked."""
        return self.outcome == "" and self.op != DELETE

    @property
    def names_row(self) -> bool:
        """Whether it has to find its row by id; what is new has none yet."""
        if self.op == INSERT:
            return False
        return self.op == DELETE or self.id is not None

    def find(self, finding: Finding) -> None:
        """Keep what was found in the row."""
        self.findings = (*self.findings, finding)

    def reject(self, finding: Finding) -> None:
        """Refuse the change for this reason."""
        self.find(finding)
        self.outcome = "rejected"


def planned(changes: Sequence[Change]) -> list[PlannedRow]:
    """A row per change, in their order, with nothing decided yet."""
    batch = Batch(changes)
    if isinstance(changes, ChangedColumns):
        return [
            PlannedRow(position, changes.op_of(position), changes.id_of(position), batch)
            for position in range(len(changes))
        ]
    each = enumerate(changes)
    return [PlannedRow(position, change.op, change.id, batch) for position, change in each]


def changed_fields(row: PlannedRow) -> list[str]:
    """The codes whose value differs from what is stored."""
    current = row.current
    return [c for c, value in row.values.items() if current is None or current[c] != value]


def held_key(stored: StoredTable, row: PlannedRow) -> str | None:
    """The key under which the row is stored now, None for a new one."""
    if row.current is None or stored.key is None:
        return None
    return str(row.current[stored.key])
