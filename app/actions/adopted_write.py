"""The statements behind changes of adopted tables; nothing here commits or judges."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, insert, select, text, update
from sqlalchemy.orm import Session

from app.access.adopted_table import adopted_rows_of
from app.access.person import Actor
from app.actions.reported_place import ReportedPlaces
from app.actions.row_change import RowResult
from app.models.adopted_row import AdoptedRow, key_condition, row_of, rows_read
from app.models.adopted_table import MYSQL, LiveTable

NO_OTHERS: Mapping[str, LiveTable] = MappingProxyType({})


@dataclass(frozen=True)
class AdoptedPlace:
    """Where and for whom rows are changed; ``others`` are all adopted tables.

    ``reported`` are the places of a table that is reported, None for any other; ``usual`` are what
    new rows get in columns that are left empty. Of ``partial`` changes a locked row is left out.
    ``along`` gathers what the database did to rows of reported tables along with a deletion.
    """

    session: Session
    live: LiveTable
    by: Actor
    others: Mapping[str, LiveTable] = field(default_factory=dict)
    reported: ReportedPlaces | None = None
    usual: Mapping[str, str] = field(default_factory=dict)
    partial: bool = False
    along: list[tuple[LiveTable, RowResult]] = field(default_factory=list)

    def savepoint(self) -> AbstractContextManager[Any]:
        """A savepoint, except where nothing is taken back: Aria refuses them even to be set."""
        return self.session.begin_nested() if self.live.spec.transactional else nullcontext()

    @property
    def dialect(self) -> str:
        """The name of the database's kind."""
        return self.session.get_bind().dialect.name


def judge_at_once(place: AdoptedPlace) -> None:
    """Let constraints that wait for the end of the transaction be judged row by row."""
    if place.dialect == "postgresql":
        place.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def locked_row(place: AdoptedPlace, row_id: str, action: str) -> AdoptedRow | None:
    """The row of this id on which the actor has the right to ``action``, locked to the end."""
    key = key_condition(place.live, row_id)
    if key is None:
        return None
    rows = adopted_rows_of(place.by, place.live, action)
    return _read(place, rows.where(key).with_for_update())


def insert_row(place: AdoptedPlace, values: Mapping[str, object]) -> AdoptedRow | None:
    """Insert a row; returns it as the database keeps it, None where its key cannot be known."""
    live = place.live
    statement = insert(live.table).values({live.columns[code]: v for code, v in values.items()})
    if place.dialect in MYSQL:
        number = place.session.connection().execute(statement).lastrowid
        key = _key_of_new(live, values, number)
    else:
        returned = place.session.execute(statement.returning(*live.identity)).first()
        key = None if returned is None else _equal(live, tuple(returned))
    return None if key is None else _read(place, select().select_from(live.table).where(key))


def update_row(
    place: AdoptedPlace, row: AdoptedRow, values: Mapping[str, object]
) -> AdoptedRow | None:
    """Change a row that is locked; returns it as the database keeps it, None if it is gone."""
    live = place.live
    key = key_condition(live, row.id)
    if key is None:
        return None
    changes = {live.columns[code]: value for code, value in values.items()}
    changing = update(live.table).where(key).values(changes)
    if place.session.connection().execute(changing).rowcount != 1:
        return None
    kept = [values.get(code, row.values[code]) for code in live.spec.key]
    return _read(place, select().select_from(live.table).where(_equal(live, tuple(kept))))


def delete_row(place: AdoptedPlace, row: AdoptedRow) -> bool:
    """Delete a row that is locked; whether the database has done it."""
    key = key_condition(place.live, row.id)
    if key is None:
        return False
    deleting = delete(place.live.table).where(key)
    return place.session.connection().execute(deleting).rowcount == 1


def _read(place: AdoptedPlace, chosen: Select[tuple[object, ...]]) -> AdoptedRow | None:
    query = chosen.add_columns(*place.live.selected(place.dialect))
    read = rows_read(place.session.execute(query))
    return row_of(place.live, read[0]) if read else None


def _key_of_new(
    live: LiveTable, values: Mapping[str, object], number: int | None
) -> ColumnElement[bool] | None:
    """The key of a new row: what was typed, and the number the database gave."""
    key = []
    for code in live.spec.key:
        if code in values:
            key.append(values[code])
        elif live.spec.by_code[code].counted and number:
            key.append(number)
        else:
            return None
    return _equal(live, tuple(key))


def _equal(live: LiveTable, key: tuple[object, ...]) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(live.identity, key, strict=True)))
