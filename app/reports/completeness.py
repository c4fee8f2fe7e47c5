"""How complete the tables of a cycle are, and who is missing on them (V21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.policies import why_not_read_board
from app.access.scopes import read_scope
from app.catalogue.expected_rows import ExpectedRows
from app.domain.message import refuse
from app.domain.period import AcademicYear
from app.domain.submission import Status
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.rules.completeness import Completeness, completeness_of
from app.rules.reading import text_of


@dataclass(frozen=True)
class Missing:
    """A row of a list without the rows that are expected of it; ``name`` is empty if masked."""

    key: str
    name: str


@dataclass(frozen=True)
class ExpectedShare:
    """How many of a list have rows: ``present`` of ``listed``, and who is missing."""

    expected: ExpectedRows
    listed: int
    missing: Sequence[Missing]

    @property
    def present(self) -> int:
        """How many have a row at least."""
        return self.listed - len(self.missing)


@dataclass(frozen=True)
class PlaceCompleteness:
    """A table of a department: its cells and rows, and what was expected of them."""

    table: str
    department: str
    is_nil: bool
    completeness: Completeness
    expected: Sequence[ExpectedShare]


@dataclass(frozen=True)
class CycleCompleteness:
    """All places of a cycle that the reader may see, and all of them together."""

    places: Sequence[PlaceCompleteness]

    @property
    def total(self) -> Completeness:
        """Exempt tables are no part of it, nil returns are complete."""
        return reduce(add, (place.completeness for place in self.places), Completeness())


def read_completeness(
    session: Session, store: Store, actor: Actor, cycle: Cycle, department: str | None = None
) -> CycleCompleteness:
    """The completeness of a cycle, or of one department in it. Raises Refused."""
    refuse(why_not_read_board(actor))
    query = select(Submission).where(
        Submission.cycle_id == cycle.id, Submission.status != Status.EXEMPT
    )
    if department is not None:
        query = query.where(Submission.department_code == department)
    order = query.order_by(Submission.table_identifier, Submission.department_code)
    return CycleCompleteness(
        [
            place_completeness(session, store, actor, submission, cycle)
            for submission in session.scalars(order)
            if submission.table_identifier in store.tables and _may_read(actor, store, submission)
        ]
    )


def place_completeness(
    session: Session, store: Store, actor: Actor, submission: Submission, cycle: Cycle
) -> PlaceCompleteness:
    """One table of one department. Rows count whoever may read them, names are masked."""
    year = AcademicYear.parse(cycle.academic_year)
    stored, department = store.tables[submission.table_identifier], submission.department_code
    rows = _rows(session, stored, year, department)
    expected = [
        _share(session, store, actor, each, year, department)
        for each in store.catalogue.expected_rows
        if each.table == stored.spec.identifier and each.of in store.tables
    ]
    is_nil = submission.nil_reason is not None
    missing = max((len(share.missing) for share in expected), default=0)
    found = completeness_of(stored.spec, rows, missing=missing, is_nil=is_nil)
    return PlaceCompleteness(stored.spec.identifier, department, is_nil, found, expected)


def _may_read(actor: Actor, store: Store, submission: Submission) -> bool:
    scope = read_scope(actor, store.tables[submission.table_identifier])
    return scope.covers_department(submission.department_code)


def _rows(
    session: Session, stored: StoredTable, year: AcademicYear, department: str | None
) -> list[dict[str, object]]:
    period = stored.spec.period_in(year).code
    query = select(stored.table).where(stored.in_place(period, department))
    return [stored.values_of(row) for row in session.execute(query).mappings()]


def _share(
    session: Session,
    store: Store,
    actor: Actor,
    expected: ExpectedRows,
    year: AcademicYear,
    department: str,
) -> ExpectedShare:
    """Who of the department's list has rows; a list that others keep counts for the college.

    Rows that another department entered for them count as well: a teacher may teach elsewhere.
    """
    listing, stored = store.tables[expected.of], store.tables[expected.table]
    listed = [row for row in _rows(session, listing, year, department) if _meets(row, expected)]
    having = {row[expected.field] for row in _rows(session, stored, year, None)}
    hidden = hidden_fields(actor, listing, department)
    missing = [
        Missing(
            text_of(row[expected.of_field]) or "",
            "" if expected.shown in hidden else text_of(row[expected.shown]) or "",
        )
        for row in listed
        if row[expected.of_field] not in having
    ]
    return ExpectedShare(expected, len(listed), missing)


def _meets(row: dict[str, object], expected: ExpectedRows) -> bool:
    return all(text_of(row[code]) == value for code, value in expected.where.items())
