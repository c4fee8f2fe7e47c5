"""How complete the tables of a cycle are, and who is missing on them (V21)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.policies import reports_to, why_not_read_board
from app.access.scopes import condition, read_scope
from app.catalogue.base_table import TableSpec
from app.catalogue.expected_rows import ExpectedRows
from app.domain.message import refuse
from app.domain.submission import Status
from app.models.base_table import Store, StoredTable
from app.models.completeness import Listed, listed_rows, tallies
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.rules.completeness import Completeness, Tally, Values, completeness_of, tally


@dataclass(frozen=True)
class Missing:
    """A row of a list without the rows that are expected of it.

    ``key`` and ``name`` are empty where they are masked for the reader; ``row_id`` is that of the
    row of the list.
    """

    key: str
    name: str
    row_id: str


@dataclass(frozen=True)
class ExpectedShare:
    """How many of a list have rows: all but ``absent`` of ``listed``.

    ``missing`` are those of the absent whose row in the list the reader may see; all of them count.
    """

    expected: ExpectedRows
    listed: int
    absent: int
    missing: Sequence[Missing]

    @property
    def present(self) -> int:
        """How many have a row at least."""
        return self.listed - self.absent

    @property
    def untold(self) -> int:
        """How many are absent of whom the reader is told nothing more."""
        return self.absent - len(self.missing)


@dataclass(frozen=True)
class PlaceCompleteness:
    """A table of a department: its cells and rows, and what was expected of them.

    ``nil_reason`` is why it was reported that there is nothing, None where rows are reported.
    """

    submission_id: int
    spec: TableSpec
    department: str
    status: Status
    nil_reason: str | None
    completeness: Completeness
    expected: Sequence[ExpectedShare]

    @property
    def absent(self) -> int:
        """How many rows are missing of those that lists let expect."""
        return self.completeness.rows.expected - self.completeness.rows.filled


@dataclass(frozen=True)
class CycleCompleteness:
    """All places of a cycle that the reader may see, and all of them together."""

    places: Sequence[PlaceCompleteness]

    @cached_property
    def total(self) -> Completeness:
        """Exempt tables are no part of it, nil returns are complete."""
        return total_of(self.places)


def total_of(places: Iterable[PlaceCompleteness]) -> Completeness:
    """The places added up."""
    return reduce(add, (place.completeness for place in places), Completeness())


def read_completeness(
    session: Session, store: Store, actor: Actor, cycle: Cycle
) -> CycleCompleteness:
    """The completeness of a cycle by printed number and department. Raises Refused."""
    refuse(why_not_read_board(actor))
    query = select(Submission).where(
        Submission.cycle_id == cycle.id, Submission.status != Status.EXEMPT
    )
    submissions = [
        each
        for each in session.scalars(query)
        if each.table_identifier in store.tables and _may_read(actor, store, each)
    ]
    tables = [store.tables[name] for name in {each.table_identifier for each in submissions}]
    counted = tallies(session, tables, cycle.year)
    departments = {each.department_code for each in submissions}
    shares = _shares(session, store, actor, cycle, tables, departments)
    places = [_place(store, each, counted, shares) for each in submissions]
    places.sort(key=lambda place: (place.spec.sort_key, place.department))
    return CycleCompleteness(places)


def place_completeness(
    session: Session,
    store: Store,
    actor: Actor,
    submission: Submission,
    cycle: Cycle,
    rows: Sequence[Values],
) -> PlaceCompleteness:
    """The completeness of the rows of one place, which the caller has read already."""
    place = submission.table_identifier, submission.department_code
    stored = store.tables[place[0]]
    shares = _shares(session, store, actor, cycle, [stored], {place[1]})
    return _place(store, submission, {place: tally(stored.spec, rows)}, shares)


Shares = Mapping[tuple[str, str], Sequence[ExpectedShare]]


def _place(
    store: Store,
    submission: Submission,
    counted: Mapping[tuple[str, str], Tally],
    shares: Shares,
) -> PlaceCompleteness:
    place = submission.table_identifier, submission.department_code
    spec, own = store.tables[place[0]].spec, shares.get(place, ())
    is_nil = submission.nil_reason is not None
    missing = max((share.absent for share in own), default=0)
    return PlaceCompleteness(
        submission.id,
        spec,
        place[1],
        submission.status,
        submission.nil_reason,
        completeness_of(spec, counted.get(place, Tally()), missing=missing, is_nil=is_nil),
        own,
    )


def _may_read(actor: Actor, store: Store, submission: Submission) -> bool:
    """Whether the place is one the actor follows on the board, and reads all rows of."""
    scope = read_scope(actor, store.tables[submission.table_identifier])
    department = submission.department_code
    return reports_to(actor, department) and scope.covers_department(department)


def _shares(
    session: Session,
    store: Store,
    actor: Actor,
    cycle: Cycle,
    tables: Iterable[StoredTable],
    departments: set[str],
) -> Shares:
    """Who of the lists has rows, by table and department.

    Rows that another department entered for them count as well: a teacher may teach elsewhere.
    """
    names = {stored.spec.identifier for stored in tables}
    expected = [
        each
        for each in store.catalogue.expected_rows
        # Of a catalogue cut down to some tables the others have no rows.
        if each.table in names and each.of in store.tables
    ]

    def readable(listing: StoredTable) -> ColumnElement[bool]:
        return condition(read_scope(actor, listing), listing)

    found: dict[tuple[str, str], dict[int, list[Listed]]] = {}
    for row in listed_rows(session, store, cycle, expected, readable, departments):
        place = found.setdefault((row.expected.table, row.department), {})
        place.setdefault(expected.index(row.expected), []).append(row)
    teller = _Teller(store, actor)
    return {
        place: [teller.share(expected[number], rows) for number, rows in sorted(lists.items())]
        for place, lists in found.items()
    }


class _Teller:
    """Tells who is missing as the reader may be told it."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor
        self._hidden: dict[tuple[str, str], frozenset[str]] = {}

    def share(self, expected: ExpectedRows, rows: Sequence[Listed]) -> ExpectedShare:
        """The rows of one list and place."""
        absent = [row for row in rows if not row.is_present]
        missing = [self._missing(expected, row) for row in absent if row.is_readable]
        missing.sort(key=lambda each: (each.key, each.row_id))
        return ExpectedShare(expected, len(rows), len(absent), missing)

    def _missing(self, expected: ExpectedRows, row: Listed) -> Missing:
        hidden = self._hidden_in(expected.of, row.kept_by)
        return Missing(
            "" if expected.of_field in hidden else row.key,
            "" if expected.shown in hidden else row.name,
            row.row_id,
        )

    def _hidden_in(self, table: str, department: str) -> frozenset[str]:
        place = table, department
        if place not in self._hidden:
            self._hidden[place] = hidden_fields(self._actor, self._store.tables[table], department)
        return self._hidden[place]
