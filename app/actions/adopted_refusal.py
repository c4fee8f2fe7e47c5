"""What a database refused, told at the cell it is about: which column, which other table.

Nothing is told that the person could not know: of masked and hidden columns not even the name,
of other tables the number of rows to those only who may read them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, column, exists, func, quoted_name, select, table
from sqlalchemy.exc import DBAPIError

from app.access.adopted_table import reaches_all, why_not_read_adopted
from app.actions.adopted_write import AdoptedPlace
from app.actions.row_change import DELETE, UPDATE, Change
from app.catalogue.adopted_table import AdoptedColumn, DeleteEffect, ForeignKey
from app.domain.message import Message
from app.models.adopted_row import key_condition
from app.models.adopted_table import AsGiven, LiveTable
from app.models.database_fault import DatabaseFault, fault_of, refusal_message
from app.models.fault_place import NOWHERE, FaultPlace, place_of
from app.models.time_limit import TooSlowError, time_limited
from app.rules.adopted_value import UnfitError, read_value

F = DatabaseFault
LONGEST_VALUE = 60
# A refusal does not wait for a number.
COUNTING_SECONDS = 1.0
AT_A_COLUMN: Mapping[DatabaseFault, Message] = {
    F.EMPTY: Message("The database demands a value in %(label)s. Fill it in."),
    F.TOO_LONG: Message("The text in %(label)s is longer than the database holds. Shorten it."),
    F.OUT_OF_RANGE: Message(
        "The number in %(label)s is larger or smaller than the database holds."
    ),
    F.WRONG_FORM: Message("The value in %(label)s does not have the form the database demands."),
}


@dataclass(frozen=True)
class Refusal:
    """What to say and at which field."""

    field: str | None
    message: Message


def refusal_of(place: AdoptedPlace, change: Change, error: DBAPIError) -> Refusal:
    """The refusal of one change; to be asked after its savepoint was taken back."""
    fault = _meant(place.live, fault_of(error), change, error)
    try:
        with place.savepoint():
            found = place_of(place.session, place.live, fault, error)
            told = _told(place, change, fault, found)
    except DBAPIError:
        told = None
    return told or Refusal(None, refusal_message(place.live.spec, fault, error))


def _meant(
    live: LiveTable, fault: DatabaseFault, change: Change, error: DBAPIError
) -> DatabaseFault:
    """PostgreSQL and SQLite have one number for both ends of a foreign key."""
    if fault is not F.NAMES_NOTHING:
        return fault
    told = getattr(error.orig, "diag", None)
    other = None if told is None else told.table_name
    is_other = other is not None and other != live.spec.name
    return F.STILL_NAMED if change.op == DELETE or is_other else fault


def _told(
    place: AdoptedPlace, change: Change, fault: DatabaseFault, found: FaultPlace
) -> Refusal | None:
    if fault is F.STILL_NAMED:
        return _still_named(place, change, found)
    if fault is F.NAMES_NOTHING:
        return _names_nothing(place, change, found)
    columns = _tellable(place.live, found.columns)
    if fault is F.CHECK:
        return _against_rule(place.live, change, columns, found)
    return _at_columns(place.live, change, fault, columns) if columns else None


def _at_columns(
    live: LiveTable, change: Change, fault: DatabaseFault, columns: Sequence[AdoptedColumn]
) -> Refusal | None:
    if fault is F.DUPLICATE:
        message = Message(
            "Table %(table)s has a row with this %(labels)s already; it has to be unique."
            " Change it.",
            {"table": live.spec.title, "labels": _labels(columns)},
        )
        return Refusal(_field(columns, change), message)
    if fault not in AT_A_COLUMN:
        return None
    message = replace(AT_A_COLUMN[fault], parameters={"label": columns[0].label})
    return Refusal(columns[0].code, message)


def _against_rule(
    live: LiveTable, change: Change, columns: Sequence[AdoptedColumn], found: FaultPlace
) -> Refusal | None:
    if columns:
        message = Message(
            "A rule of the database forbids this value of %(labels)s. Compare it with the other"
            " rows.",
            {"labels": _labels(columns)},
        )
        return Refusal(_field(columns, change), message)
    if found.rule is None or found.columns:
        return None
    message = Message(
        "Rule %(rule)s of the database forbids these values in table %(table)s. Compare them with"
        " the other rows.",
        {"rule": found.rule, "table": live.spec.title},
    )
    return Refusal(None, message)


def _names_nothing(place: AdoptedPlace, change: Change, found: FaultPlace) -> Refusal | None:
    keys = place.live.spec.foreign_keys
    named = [key for key in keys if _names_of(place.live, key) == found.columns]
    key = named[0] if named else _dangling(place, change)
    if key is None or (change.op == UPDATE and not set(key.columns) & set(change.values)):
        # All that is named is there: it is this row that others name, perhaps of the same table.
        return _still_named(place, change, NOWHERE)
    columns = _tellable(place.live, _names_of(place.live, key))
    if not columns:
        return None
    values = [str(change.values.get(each.code, ""))[:LONGEST_VALUE] for each in columns]
    message = Message(
        "There is no row %(value)s in %(other)s. Choose an existing one for %(labels)s.",
        {
            "value": " ".join(values),
            "other": _title(place, key.schema, key.table),
            "labels": _labels(columns),
        },
    )
    return Refusal(_field(columns, change), message)


def _dangling(place: AdoptedPlace, change: Change) -> ForeignKey | None:
    """The foreign key among the changed values that names no row, asked one by one."""
    for key in place.live.spec.foreign_keys:
        if not set(key.columns) <= set(change.values):
            continue
        try:
            values = [
                read_value(place.live.spec.by_code[code], change.values[code])
                for code in key.columns
            ]
        except UnfitError:
            continue
        names = [quoted_name(name, quote=True) for name in key.referred]
        schema = None if key.schema is None else quoted_name(key.schema, quote=True)
        columns: list[Any] = [column(name, AsGiven()) for name in names]
        other = table(quoted_name(key.table, quote=True), *columns, schema=schema)
        same = [other.c[name] == value for name, value in zip(names, values, strict=True)]
        is_there = select(exists(select(1).select_from(other).where(*same)))
        if None not in values and not place.session.scalar(is_there):
            return key
    return None


def _still_named(place: AdoptedPlace, change: Change, found: FaultPlace) -> Refusal | None:
    if found.table is not None:
        blocking = _adopted(place, found.schema, found.table)
        title = _title(place, found.schema, found.table)
        count = _count(place, change, blocking) if blocking is not None else None
        return _blocked(title, count)
    for other in place.others.values():
        count = _count(place, change, other, is_asked=True)
        if count:
            readable = _may_count(place, other)
            return _blocked(other.spec.title, count if readable else None)
    return None


def _blocked(title: str, count: int | None) -> Refusal:
    if count:
        message = Message(
            "%(count)s rows of table %(other)s still name this row. Change or delete those first.",
            {"count": count, "other": title},
        )
    else:
        message = Message(
            "Rows of table %(other)s still name this row. Change or delete those first.",
            {"other": title},
        )
    return Refusal(None, message)


def _count(
    place: AdoptedPlace, change: Change, other: LiveTable, *, is_asked: bool = False
) -> int | None:
    """The rows of the other table that name the changed row; None where nobody may know."""
    key = key_condition(place.live, change.id or "")
    if key is None or not (is_asked or _may_count(place, other)):
        return None
    codes = {each.name: each.code for each in place.live.spec.columns}
    count = 0
    for foreign in other.spec.foreign_keys:
        is_named = (foreign.schema, foreign.table) == (place.live.spec.schema, place.live.spec.name)
        # What is deleted or emptied along with the row does not stand in the way.
        goes_along = change.op == DELETE and foreign.on_delete is not DeleteEffect.REFUSE
        if not is_named or goes_along or not set(foreign.referred) <= set(codes):
            continue
        row = select(*(place.live.columns[codes[name]] for name in foreign.referred)).where(key)
        values = place.session.execute(row).first()
        if values is None or None in tuple(values):
            continue
        pairs = zip(foreign.columns, values, strict=True)
        same = and_(*(other.columns[code] == value for code, value in pairs))
        counted = select(func.count()).select_from(other.table).where(same)
        try:
            with time_limited(place.session, COUNTING_SECONDS):
                count += place.session.scalar(counted) or 0
        except TooSlowError:
            return None
    return count


def _may_count(place: AdoptedPlace, other: LiveTable) -> bool:
    return why_not_read_adopted(place.by, other) is None and reaches_all(place.by, other)


def _adopted(place: AdoptedPlace, schema: str | None, name: str) -> LiveTable | None:
    tables = place.others.values()
    return next((t for t in tables if (t.spec.schema, t.spec.name) == (schema, name)), None)


def _title(place: AdoptedPlace, schema: str | None, name: str) -> str:
    """What people call the table; the database's own name where it was not adopted."""
    found = _adopted(place, schema, name)
    return name if found is None else found.spec.title


def _names_of(live: LiveTable, key: ForeignKey) -> tuple[str, ...]:
    return tuple(live.spec.by_code[code].name for code in key.columns)


def _tellable(live: LiveTable, names: Sequence[str]) -> list[AdoptedColumn]:
    """The columns of these names; none where one of them is kept from people."""
    by_name = {each.name: each for each in live.spec.columns}
    columns = [by_name[name] for name in names if name in by_name]
    is_kept = len(columns) < len(names) or any(c.masked or c.hidden for c in columns)
    return [] if is_kept else columns


def _labels(columns: Sequence[AdoptedColumn]) -> str:
    return " + ".join(each.label for each in columns)


def _field(columns: Sequence[AdoptedColumn], change: Change) -> str:
    """The cell to mark: the first of the columns that was typed."""
    typed = (each.code for each in columns if each.code in change.values)
    return next(typed, columns[0].code)
