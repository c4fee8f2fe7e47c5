"""Last year beside this year: the accepted values of the rows that have the same key."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.contribution import contributes_only, why_not_whole_only
from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.scopes import condition, read_scope, write_scope
from app.domain.message import Message, Reason, Refused
from app.domain.period import Period
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import identity_in, identity_of, in_batches
from app.models.carried_row import count_waiting, waiting_among
from app.models.last_year import last_year_of, read_last_rows
from app.reports.base_table import Row, RowsRequest, rows_query
from app.reports.place import Place
from app.rules.carried_row import carried_key, key_of_row


@dataclass(frozen=True)
class LastRow:
    """What stood in a row last year; ``hidden`` are the fields masked for whoever asks."""

    values: Mapping[str, object]
    hidden: frozenset[str]


@dataclass(frozen=True)
class LastRows:
    """Last year's rows by the id of this year's; None where there was no such row.

    ``refusals`` tells by department why there is nothing of last year at all.
    """

    period: Period
    rows: Mapping[str, LastRow | None]
    refusals: Mapping[str, Message] = field(default_factory=dict)

    @property
    def refusal(self) -> Message | None:
        """Why there is nothing to compare with, where that is so for every department."""
        if not self.refusals or any(self.rows.values()):
            return None
        return next(iter(self.refusals.values()))


def last_rows(
    session: Session, store: Store, actor: Actor, place: Place, ids: Collection[str]
) -> LastRows:
    """What stood last year in the rows of these ids; ids out of scope are passed over."""
    stored = place.stored
    refusal = why_not_read(actor, stored)
    if refusal is not None:
        raise Refused(refusal, Reason.FORBIDDEN)
    return _compared(session, actor, place, _keys_here(session, actor, place, ids))


def last_row_of(session: Session, actor: Actor, place: Place, row: Row) -> LastRow | None:
    """What stood last year in a row that was read already."""
    key = key_of_row(place.stored.spec, row.values)
    found = _compared(session, actor, place, {row.department or "": {row.id: key}})
    return found.rows[row.id]


def _compared(
    session: Session, actor: Actor, place: Place, here: Mapping[str, Mapping[str, str]]
) -> LastRows:
    """Last year's rows for department → row id → key."""
    stored = place.stored
    rows: dict[str, LastRow | None] = {}
    refusals: dict[str, Message] = {}
    for department, keys in here.items():
        closed = why_not_whole_only(actor, stored, department)
        last = closed or last_year_of(session, stored, place.cycle, department)
        if isinstance(last, Message):
            refusals[department] = last
            rows |= dict.fromkeys(keys)
            continue
        wanted = set(keys.values())
        known = read_last_rows(session, stored, last)
        found = {key: row for row in known if (key := carried_key(stored.spec, row)) in wanted}
        for row_id, key in keys.items():
            rows[row_id] = _shown(actor, stored, department, found.get(key))
    return LastRows(stored.spec.period_in(place.cycle.year.previous), rows, refusals)


def _keys_here(
    session: Session, actor: Actor, place: Place, ids: Collection[str]
) -> dict[str, dict[str, str]]:
    """Department → row id → key, of those of the rows that the actor reads."""
    stored = place.stored
    identities = [found for row_id in ids if (found := identity_of(stored, row_id))]
    here: dict[str, dict[str, str]] = {}
    inside = condition(read_scope(actor, stored), stored)
    for batch in in_batches(identities):
        query = select(stored.table).where(
            inside, stored.in_place(place.period.code), identity_in(stored, batch)
        )
        for row in session.execute(query).mappings():
            department = str(row[stored.department]) if stored.department is not None else ""
            key = key_of_row(stored.spec, stored.values_of(row))
            here.setdefault(department, {})[stored.row_id(row)] = key
    return here


def _shown(
    actor: Actor, stored: StoredTable, department: str, values: Mapping[str, object] | None
) -> LastRow | None:
    if values is None:
        return None
    return LastRow(values, hidden_in_row(actor, stored, department, values))


def waiting_at(session: Session, actor: Actor, place: Place) -> int:
    """How many rows taken over wait for a confirmation; a teacher's own are counted for him."""
    stored = place.stored
    if place.department is None or contributes_only(actor, stored, place.department):
        return 0
    scope = write_scope(actor, stored)
    reads_all = read_scope(actor, stored).covers_department(place.department)
    person = None if scope.covers_department(place.department) or reads_all else scope.person
    return count_waiting(
        session, stored.spec.identifier, place.period.code, place.department, person
    )


def waiting_chosen(
    session: Session, store: Store, actor: Actor, table: str, wanted: RowsRequest
) -> set[str]:
    """The ids of the rows that wait among those that a filter and search leave."""
    stored = store.tables[table]
    query = rows_query(store, table, actor, wanted).with_only_columns(*stored.identity)
    ids = [stored.row_id(row) for row in session.execute(query).mappings()]
    return waiting_among(session, table, ids)
