"""What is counted for completeness (V21): filled cells, and the rows of lists with those expected.

One statement for many tables, without any scope: rows count whoever may read them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from app.catalogue.base_table import FieldSpec
from app.catalogue.expected_rows import ExpectedRows
from app.domain.period import AcademicYear
from app.domain.submission import Status
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import as_text, in_batches
from app.models.cycle import Cycle
from app.models.joined_reading import MOST_TOGETHER
from app.models.row_id import encode_row_id
from app.models.submission import Submission
from app.rules.column_type import column_types
from app.rules.completeness import Tally, told_apart

EMPTY_TEXT: ColumnElement[str] = literal_column("''")
ONE: ColumnElement[int] = literal_column("1")
NONE: ColumnElement[int] = literal_column("0")


@dataclass(frozen=True)
class Listed:
    """A row of a list of which rows in another table are expected.

    ``department`` is the one that has to have them, ``kept_by`` the one whose row it is;
    ``is_readable`` says whether it is among the rows that were asked for.
    """

    expected: ExpectedRows
    department: str
    kept_by: str
    key: str
    name: str
    row_id: str
    is_readable: bool
    is_present: bool


def tallies(
    session: Session, tables: Sequence[StoredTable], year: AcademicYear
) -> dict[tuple[str, str], Tally]:
    """Table and department → what is there; nothing for places without rows."""
    found = {}
    for some in in_batches(tables, MOST_TOGETHER):
        selects = [_counted(stored, stored.spec.period_in(year).code) for stored in some]
        for table, department, rows, required, optional in session.execute(union_all(*selects)):
            found[table, department] = Tally(rows, int(required), int(optional))
    return found


def _counted(stored: StoredTable, period: str) -> Select[Any]:
    required, optional = told_apart(stored.spec)
    department = stored.table.c.sys_department
    return (
        select(
            literal(stored.spec.identifier),
            department,
            func.count(),
            _filled(stored, required),
            _filled(stored, optional),
        )
        .where(stored.in_place(period))
        .group_by(department)
    )


def _filled(stored: StoredTable, fields: Sequence[FieldSpec]) -> ColumnElement[int]:
    columns = (stored.columns[field.code] for field in fields)
    counts = (
        func.count(func.nullif(column, EMPTY_TEXT) if isinstance(column.type, String) else column)
        for column in columns
    )
    return reduce(add, counts, NONE)


def listed_rows(
    session: Session,
    store: Store,
    cycle: Cycle,
    expected: Sequence[ExpectedRows],
    readable: Callable[[StoredTable], ColumnElement[bool]],
    departments: Collection[str] | None = None,
) -> Iterator[Listed]:
    """Every row of the lists that a department has to answer for, by department and key.

    A row whose own department does not collect the expected table belongs to the department that
    alone does; where several do it belongs to none. ``readable`` is the condition for a list.
    """
    if not expected:
        return
    chosen = [
        _listed(store, cycle, number, each, readable(store.tables[each.of]))
        for number, each in enumerate(expected)
    ]
    for number, department, *told, row_id, is_readable, is_present in session.execute(
        union_all(*chosen)
    ):
        if department is None or (departments is not None and department not in departments):
            continue
        kept_by, key, name = (text or "" for text in told)
        at = (encode_row_id([row_id]), bool(is_readable), bool(is_present))
        yield Listed(expected[number], department, kept_by, key, name, *at)


def _listed(
    store: Store, cycle: Cycle, number: int, each: ExpectedRows, readable: ColumnElement[bool]
) -> Select[Any]:
    listing, stored = store.tables[each.of], store.tables[each.table]
    kept_by: Column[str] = listing.table.c.sys_department
    having = select(stored.columns[each.field]).where(
        stored.in_place(stored.spec.period_in(cycle.year).code)
    )
    place = listing.in_place(listing.spec.period_in(cycle.year).code)
    return select(
        literal(number),
        _answering(cycle, each, listing.columns.get(each.of_department, kept_by)),
        kept_by,
        as_text(listing.columns[each.of_field]),
        as_text(listing.columns[each.shown]),
        listing.identity[0],
        case((readable, ONE), else_=NONE),
        case((listing.columns[each.of_field].in_(having), ONE), else_=NONE),
    ).where(place, _meets(store, listing, each))


def _answering(
    cycle: Cycle, each: ExpectedRows, named: ColumnElement[str]
) -> ColumnElement[str | None]:
    """The department that has to have the rows; the named one if it collects the table."""
    collecting = (
        Submission.cycle_id == cycle.id,
        Submission.table_identifier == each.table,
        Submission.status != Status.EXEMPT,
    )
    code = Submission.department_code
    alone = select(case((func.count() == 1, func.min(code)))).where(*collecting)
    return case((named.in_(select(code).where(*collecting)), named), else_=alone.scalar_subquery())


def _meets(store: Store, listing: StoredTable, each: ExpectedRows) -> ColumnElement[bool]:
    types = column_types(store.catalogue, listing.spec)
    return and_(
        true(),
        *(
            listing.columns[code] == types[code].read(text).value
            for code, text in each.where.items()
        ),
    )
