"""Marks between two rows of a list, from which a page reads on or back without counting.

A mark holds what the row beside it has in the columns of the order. It is used as a further
condition only, so no mark shows anybody more than he would find without it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement

from app.models.row_order import Ordered, can_be_kept, stretches_after, turned, whole

Read = TypeVar("Read")


@dataclass(frozen=True)
class RowCursor:
    """A place between two rows, ``offset`` rows after the first as far as that is known.

    ``values`` are those of the row before it, ``backwards`` of the row behind it, from which one
    reads towards the first; without values the place is found by counting.
    """

    offset: int
    values: tuple[object, ...] | None = None
    backwards: bool = False


@dataclass(frozen=True)
class Stretch(Generic[Read]):
    """The rows of a page in their order, and the marks before and behind them where there is more.

    ``offset`` is the number of rows before the first one.
    """

    rows: Sequence[Read]
    offset: int
    previous: RowCursor | None
    next: RowCursor | None


@dataclass(frozen=True)
class Way(Generic[Read]):
    """How the rows of a list are read.

    ``read`` is given an order, a condition, an offset and how many rows are wanted; ``values_of``
    tells what a mark beside a row holds, None where no value can be compared exactly.
    """

    order: Sequence[Ordered]
    dialect: str
    read: Callable[[Sequence[Ordered], ColumnElement[bool], int, int], Sequence[Read]]
    values_of: Callable[[Read], tuple[object, ...] | None]


def read_stretch(cursor: RowCursor, limit: int, way: Way[Read]) -> Stretch[Read]:
    """The page of ``limit`` rows at ``cursor``."""
    if cursor.values is None:
        found = list(way.read(way.order, whole(), cursor.offset, limit + 1))
    else:
        found = _beside(cursor, cursor.values, limit + 1, way)
    rows, has_more = found[:limit], len(found) > limit
    if not cursor.backwards:
        return _stretch(rows, cursor.offset, way, has_before=cursor.offset > 0, has_more=has_more)
    rows.reverse()
    offset = max(0, cursor.offset - len(rows)) if has_more else 0
    return _stretch(rows, offset, way, has_before=has_more, has_more=True)


def _beside(
    cursor: RowCursor, values: tuple[object, ...], wanted: int, way: Way[Read]
) -> list[Read]:
    order = turned(way.order) if cursor.backwards else way.order
    found: list[Read] = []
    for condition in stretches_after(order, values, way.dialect):
        found += way.read(order, condition, 0, wanted - len(found))
        if len(found) >= wanted:
            break
    return found


def _stretch(
    rows: list[Read], offset: int, way: Way[Read], *, has_before: bool, has_more: bool
) -> Stretch[Read]:
    following = offset + len(rows)
    if not rows:
        return Stretch(rows, offset, None, None)
    first = _kept(way.values_of(rows[0])) if has_before else None
    last = _kept(way.values_of(rows[-1])) if has_more else None
    return Stretch(
        rows,
        offset,
        None if first is None else RowCursor(offset, first, backwards=True),
        RowCursor(following, last) if has_more else None,
    )


def _kept(values: tuple[object, ...] | None) -> tuple[object, ...] | None:
    return values if values is not None and all(map(can_be_kept, values)) else None
