"""Taking over what a department reported last year, as far as it was accepted (第七条, 第十条)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.contribution import why_not_take_over
from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.access.policies import why_not_carried, why_not_write
from app.access.scopes import write_scope
from app.actions.base_table import apply_changes
from app.actions.row_change import INSERT, Change, Outcome, RowResult
from app.catalogue.base_table import Carrying, TableSpec
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import cycle_of_period, in_batches
from app.models.carried_row import CarriedRow
from app.models.last_year import LastYear, last_year_of, read_last_rows
from app.rules.base_table import is_duplicate
from app.rules.carried_row import carried_values, key_of_row

WAY = "carry_forward"


@dataclass(frozen=True)
class LeftOut:
    """A row of last year that is not taken over; ``field`` is what the reason speaks of, if any."""

    values: Mapping[str, object]
    reason: Message
    field: str | None = None


@dataclass(frozen=True)
class CarriedForward:
    """What was, or in a dry run would be, taken over.

    ``incomplete`` of the created rows lack something required; ``present`` stand here already;
    ``emptied`` are the fields that begin empty in every row.
    """

    last: LastYear
    created: int
    incomplete: int
    present: int
    left: Sequence[LeftOut]
    emptied: Sequence[str]
    written: bool


def carry_forward(
    session: Session,
    store: Store,
    table: str,
    *,
    by: Actor,
    now: datetime,
    period: str,
    department: str,
    dry_run: bool = True,
) -> CarriedForward:
    """Add the rows of last year whose key is not here yet, each marked. Raises Refused."""
    stored = store.tables[table]
    refuse(why_not_write(by, stored, "add", department))
    refuse(why_not_take_over(by, stored, department))
    last = _accepted(session, stored, period, department)
    closed = masked_by_roles(by, stored, "add")
    rows = _own(by, stored, department, read_last_rows(session, stored, last))
    carried = [_without(carried_values(stored.spec, row), closed) for row in rows]
    known = _keys_in(session, stored, period, department)
    new = [row for row in carried if key_of_row(stored.spec, row) not in known]
    outcome = apply_changes(
        session,
        store,
        table,
        [Change(INSERT, row) for row in new],
        by=by,
        now=now,
        period=period,
        department=department,
        way=WAY,
        partial=True,
        dry_run=dry_run,
        alongside=lambda results: _mark(
            session, stored, last, results, by=by, now=now, place=(period, department)
        ),
    )
    return _told(stored.spec, last, new, outcome, len(rows) - len(new), closed)


def _accepted(session: Session, stored: StoredTable, period: str, department: str) -> LastYear:
    refuse(why_not_carried(stored.spec), Reason.INVALID)
    cycle = cycle_of_period(session, stored, period)
    if cycle is None:
        raise Refused(Message("There is no collection year for this period yet."), Reason.LOCKED)
    last = last_year_of(session, stored, cycle, department)
    if isinstance(last, Message):
        raise Refused(last, Reason.INVALID)
    return last


def _own(
    by: Actor, stored: StoredTable, department: str, rows: Sequence[dict[str, object]]
) -> Sequence[dict[str, object]]:
    """A teacher takes over what was about himself (第十条第二款)."""
    scope, field = write_scope(by, stored, "add"), stored.spec.person_field
    if field is None or scope.covers_department(department):
        return rows
    return [row for row in rows if row.get(field.code) == scope.person]


def _without(values: dict[str, object], closed: frozenset[str]) -> dict[str, object]:
    return {code: value for code, value in values.items() if code not in closed}


def _keys_in(session: Session, stored: StoredTable, period: str, department: str) -> set[str]:
    """The keys of the rows that stand here already, whoever may see them."""
    if stored.key is None:
        return set()
    query = select(stored.key).where(stored.in_place(period, department))
    return set(session.scalars(query))


def _mark(
    session: Session,
    stored: StoredTable,
    last: LastYear,
    results: Sequence[RowResult],
    *,
    by: Actor,
    now: datetime,
    place: tuple[str, str],
) -> None:
    """Remember of every new row that it was taken over."""
    period, department = place
    person = stored.spec.person_field
    entries = [
        {
            "table_identifier": stored.spec.identifier,
            "row_id": result.id,
            "period": period,
            "department_code": department,
            "person_number": None if person is None else result.values.get(person.code),
            "content_hash": last.content_hash,
            "carried_at": now,
            "carried_by": by.number,
            "is_deleted": False,
        }
        for result in results
        if result.outcome == "created"
    ]
    for batch in in_batches(entries):
        session.execute(insert(CarriedRow), list(batch))


def _told(
    spec: TableSpec,
    last: LastYear,
    rows: Sequence[Mapping[str, object]],
    outcome: Outcome,
    present: int,
    closed: frozenset[str],
) -> CarriedForward:
    left, incomplete, created = [], 0, 0
    for row, result in zip(rows, outcome.results, strict=True):
        if result.outcome == "created":
            created += 1
            incomplete += bool(result.findings)
        elif result.outcome == "unchanged" or any(is_duplicate(spec, f) for f in result.findings):
            present += 1
        elif (finding := result.obstacle) is not None:
            left.append(LeftOut(row, finding.message, finding.field))
    cleared = {f.code for f in spec.fields if f.carrying is Carrying.CLEAR} | closed
    emptied = [field.code for field in spec.fields if field.code in cleared]
    return CarriedForward(last, created, incomplete, present, left, emptied, outcome.written)
