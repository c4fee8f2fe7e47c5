"""Several small reads of different tables as one statement.

Every select of a UNION has the same columns, so each column goes into a slot of its own type and
the slots that a select has no use for stay empty. Nothing is turned into text on the way: every
value comes back as it would if it were read alone.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Integer,
    String,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.models.database import ExactDecimal

# So many selects in one statement: MariaDB may open so many tables of a join.
MOST_TOGETHER = 60
AT_ONCE = 10_000
Slot = tuple[Hashable, int]
Read = tuple[Sequence[Column[Any]], ColumnElement[bool]]


def read_together(session: Session, wanted: Sequence[Read]) -> list[list[tuple[Any, ...]]]:
    """For each of the wanted columns and conditions the rows, in no order.

    The columns of one read belong to one table, those of different reads to any.
    """
    found: list[list[tuple[Any, ...]]] = [[] for _ in wanted]
    for number, rows in parts_together(session, wanted):
        found[number] += rows
    return found


def parts_together(
    session: Session, wanted: Sequence[Read]
) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """Some rows at once, in no order, each time with the number of the read that they belong to."""
    for start in range(0, len(wanted), MOST_TOGETHER):
        some = wanted[start : start + MOST_TOGETHER]
        types: dict[Slot, TypeEngine[Any]] = {}
        slots = [_slots(columns, types) for columns, _condition in some]
        # Where in a row of the statement each of the own values stands.
        places = {slot: position for position, slot in enumerate(types, start=1)}
        positions = [[places[slot] for slot in own] for own in slots]
        statement = _statement(session, some, slots, types)
        # Of a million rows never all are held as the driver has them.
        for part in session.execute(statement.execution_options(yield_per=AT_ONCE)).partitions():
            found: dict[int, list[tuple[Any, ...]]] = {}
            for row in part:
                own = tuple(row[place] for place in positions[row[0]])
                found.setdefault(start + row[0], []).append(own)
            yield from found.items()


def _slots(columns: Sequence[Column[Any]], types: dict[Slot, TypeEngine[Any]]) -> list[Slot]:
    """A slot for each column; new ones are added to ``types``."""
    used: dict[Hashable, int] = {}
    slots = []
    for column in columns:
        kind = _kind(column.type)
        slot = kind, used.get(kind, 0)
        used[kind] = slot[1] + 1
        types.setdefault(slot, column.type)
        slots.append(slot)
    return slots


def _kind(type_: TypeEngine[Any]) -> Hashable:
    """Columns of one kind can share a slot: texts of any length, numbers of the same scale."""
    if isinstance(type_, ExactDecimal):
        return "decimal", type_.precision, type_.scale
    if isinstance(type_, String):
        return "text"
    if isinstance(type_, Integer):
        return "integer"
    return type(type_).__name__


def _statement(
    session: Session,
    wanted: Sequence[Read],
    slots: Sequence[Sequence[Slot]],
    types: Mapping[Slot, TypeEngine[Any]],
) -> CompoundSelect[Any]:
    is_strict = session.get_bind().dialect.name == "postgresql"
    selects = []
    for number, ((columns, condition), own) in enumerate(zip(wanted, slots, strict=True)):
        filled = dict(zip(own, columns, strict=True))
        # The first select gives the statement its types, so its empty slots have theirs too.
        values = [
            (filled[slot] if slot in filled else _empty(type_, is_strict=is_strict)).label(f"v{at}")
            for at, (slot, type_) in enumerate(types.items())
        ]
        selects.append(select(literal(number), *values).where(condition))
    return union_all(*selects)


def _empty(type_: TypeEngine[Any], *, is_strict: bool) -> ColumnElement[Any]:
    """PostgreSQL takes an empty value of unknown type for a text."""
    return cast(null(), type_) if is_strict else type_coerce(null(), type_)
