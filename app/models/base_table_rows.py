"""Reading rows of base tables in plain ways that several rooms share."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    String,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.models.assignment import Assignment
from app.models.audit_log import ChangeSet
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.row_id import decode_row_id
from app.models.submission import Submission

# Bound parameters per statement that every database accepts.
BATCH = 500
# Selects in one UNION ALL; each of them has up to BATCH parameters.
MOST_JOINED = 20
LONGEST_LABEL = 200
Item = TypeVar("Item")


def in_batches(values: Iterable[Item], size: int = BATCH) -> Iterable[Sequence[Item]]:
    """The values in lists short enough for one IN (…)."""
    pending = list(values)
    for start in range(0, len(pending), size):
        yield pending[start : start + size]


def cycle_of_period(session: Session, stored: StoredTable, period: str) -> Cycle | None:
    """The cycle that collects ``period`` for the table, None when there is none."""
    for cycle in session.scalars(select(Cycle).order_by(Cycle.academic_year.desc())):
        if stored.spec.period_in(cycle.year).code == period:
            return cycle
    return None


def is_assigned(session: Session, cycle: Cycle, table: str, department: str) -> bool:
    """Whether the department has to report the table in the cycle."""
    kinds = session.scalars(
        select(Assignment.kind).where(
            Assignment.cycle_id == cycle.id,
            Assignment.table_identifier == table,
            Assignment.department_code == department,
        )
    )
    return any(kind.makes_submission for kind in kinds)


def submission_of(
    session: Session, cycle: Cycle, table: str, department: str, *, for_update: bool = False
) -> Submission | None:
    """The submission of table and department in the cycle, locked if asked."""
    query = select(Submission).where(
        Submission.cycle_id == cycle.id,
        Submission.table_identifier == table,
        Submission.department_code == department,
    )
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


@dataclass(frozen=True)
class Standing:
    """What the collection says of a table in a period and department; no cycle, nothing else."""

    cycle: Cycle | None
    submission: Submission | None = None
    is_assigned: bool = False


def standing_of(
    session: Session, stored: StoredTable, period: str, department: str, *, for_update: bool = False
) -> Standing:
    """Where the place stands, its submission locked if asked."""
    cycle = cycle_of_period(session, stored, period)
    return standing_in(session, cycle, stored.spec.identifier, department, for_update=for_update)


def standing_in(
    session: Session, cycle: Cycle | None, table: str, department: str, *, for_update: bool = False
) -> Standing:
    """The same where the cycle is known, of a table whose periods are told otherwise, too."""
    if cycle is None:
        return Standing(None)
    submission = submission_of(session, cycle, table, department, for_update=for_update)
    return Standing(cycle, submission, is_assigned(session, cycle, table, department))


def latest_change(session: Session, table: str, period: str, department: str) -> int:
    """A number that grows with every change of rows of the place; 0 before the first."""
    query = select(func.max(ChangeSet.id)).where(
        ChangeSet.table_identifier == table,
        ChangeSet.period == period,
        ChangeSet.department_code == department,
    )
    return session.scalar(query) or 0


def fillers_of(session: Session, submission: Submission) -> Sequence[str]:
    """Who changed rows of the submission, the last one first, each once."""
    query = (
        select(ChangeSet.person_number)
        .where(
            ChangeSet.table_identifier == submission.table_identifier,
            ChangeSet.period == submission.period,
            ChangeSet.department_code == submission.department_code,
        )
        .order_by(ChangeSet.id.desc())
    )
    return list(dict.fromkeys(session.scalars(query)))


def identity_of(stored: StoredTable, row_id: str) -> tuple[object, ...] | None:
    """The values of the primary key, None where the id cannot be one of the table."""
    try:
        identity = decode_row_id(row_id)
    except ValueError:
        return None
    if len(identity) != len(stored.identity):
        return None
    fits = all(map(_can_hold, stored.identity, identity))
    return identity if fits else None


def _can_hold(column: Column[Any], value: object) -> bool:
    """Whether the column may be compared with the value: PostgreSQL raises where others cast."""
    if isinstance(column.type, Integer):
        return isinstance(value, int) and not isinstance(value, bool)
    return not isinstance(column.type, String) or isinstance(value, str)


def identity_in(stored: StoredTable, identities: Sequence[object]) -> ColumnElement[bool]:
    """The rows with one of these primary keys."""
    if len(stored.identity) == 1:
        return stored.identity[0].in_([identity[0] for identity in identities])  # type: ignore[index]
    return tuple_(*stored.identity).in_(identities)


def present_rows(
    session: Session, stored: StoredTable, row_ids: Collection[str]
) -> dict[str, RowMapping]:
    """Row id → the row as it is stored now, without any scope; ids of none are passed over."""
    found: dict[str, RowMapping] = {}
    named = (identity_of(stored, row_id) for row_id in row_ids)
    for batch in in_batches(identity for identity in named if identity is not None):
        query = select(stored.table).where(identity_in(stored, batch))
        found |= {stored.row_id(row): row for row in session.execute(query).mappings()}
    return found


def ids_among(
    session: Session, stored: StoredTable, chosen: Select[tuple[object, ...]], ids: Collection[str]
) -> set[str]:
    """Those of the row ids that a select over the whole table finds."""
    identities = [found for row_id in ids if (found := identity_of(stored, row_id))]
    inside: set[str] = set()
    for batch in in_batches(identities):
        query = chosen.where(identity_in(stored, batch))
        inside |= {stored.row_id(row) for row in session.execute(query).mappings()}
    return inside


def known_references(
    session: Session,
    store: Store,
    table: str,
    cycle: Cycle,
    wanted: Mapping[str, Collection[object]],
) -> dict[str, dict[str, str]]:
    """Which of the ``wanted`` values exist, per reference field of ``table``, with their labels.

    References are resolved within the cycle: the target's own period counts,
    whichever department filled it. One statement asks for all fields.
    """
    parts = []
    found: dict[str, dict[str, str]] = {}
    for field in store.tables[table].spec.references:
        if field.reference is None or field.code not in wanted:
            continue
        found[field.code] = {}
        target = store.tables[field.reference.table]
        column = target.columns[field.reference.field]
        label = label_column(store, target)
        for batch in in_batches(wanted[field.code]):
            query = select(
                literal(field.code).label("field"), column.label("value"), label.label("label")
            )
            query = query.where(column.in_(batch))
            if target.period is not None:
                query = query.where(target.period == target.spec.period_in(cycle.year).code)
            parts.append(query)
    for some in in_batches(parts, MOST_JOINED):
        for row in session.execute(union_all(*some) if len(some) > 1 else some[0]):
            found[row.field].setdefault(str(row.value), str(row.label or ""))
    return found


def label_column(store: Store, target: StoredTable) -> ColumnElement[str]:
    """What people call a row of ``target``, as text whatever the column's type is."""
    return as_text(target.columns[store.catalogue.label_field(target.spec.identifier).code])


def as_text(column: Column[Any]) -> ColumnElement[str]:
    """A column of any type as a short text."""
    return column if isinstance(column.type, String) else cast(column, String(LONGEST_LABEL))


def plain(value: object) -> object:
    """A stored value as JSON keeps it: decimals as text, dates in ISO form."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return value
