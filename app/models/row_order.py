"""Orders of rows, and what comes after a row in one: paging by key instead of by number.

Databases differ in where they put cells without a value: PostgreSQL puts them last, the others
first. Their own order is kept, since an index gives no other; going backwards turns all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, or_, true
from sqlalchemy.types import TypeEngine

# A longer text may be sorted by its beginning only (MySQL), and makes a mark nobody can carry.
LONGEST_TEXT = 100


@dataclass(frozen=True)
class Ordered:
    """One column of an order, by the name it has above; ``bound`` is how values are compared."""

    name: str
    column: ColumnElement[Any]
    bound: TypeEngine[Any] = field(compare=False)
    descending: bool = False
    nullable: bool = True

    @property
    def sql(self) -> ColumnElement[Any]:
        """The column as it stands behind ORDER BY."""
        return self.column.desc() if self.descending else self.column.asc()


def turned(order: Sequence[Ordered]) -> list[Ordered]:
    """The same order from its end."""
    return [replace(each, descending=not each.descending) for each in order]


def stretches_after(
    order: Sequence[Ordered], values: Sequence[object], dialect: str
) -> list[ColumnElement[bool]]:
    """The rows after the one with ``values``, as conditions to be read one after another.

    Each leaves the first column either filled or empty, so that one index serves it from the
    right place on; most pages need the first stretch alone.
    """
    first, value = order[0], values[0]
    rest = _after(order[1:], values[1:], dialect)
    column = first.column
    if value is None:
        found = [and_(column.is_(None), rest)]
        if _begins_empty(first, dialect):
            found.append(column.is_not(None))
        return found
    given = literal(value, first.bound)
    beyond, reached = (
        (column < given, column <= given) if first.descending else (column > given, column >= given)
    )
    found = [beyond] if not order[1:] else [and_(reached, or_(beyond, and_(column == given, rest)))]
    if first.nullable and not _begins_empty(first, dialect):
        found.append(column.is_(None))
    return found


def _after(order: Sequence[Ordered], values: Sequence[object], dialect: str) -> ColumnElement[bool]:
    """Rows after the values among those that are equal in all columns before."""
    found: ColumnElement[bool] = false()
    for each, value in zip(reversed(order), reversed(values), strict=True):
        column = each.column
        later: ColumnElement[bool] = false()
        if value is None:
            later = column.is_not(None) if _begins_empty(each, dialect) else later
            found = or_(later, and_(column.is_(None), found))
            continue
        given = literal(value, each.bound)
        later = column < given if each.descending else column > given
        if each.nullable and not _begins_empty(each, dialect):
            later = or_(later, column.is_(None))
        found = or_(later, and_(column == given, found))
    return found


def _begins_empty(ordered: Ordered, dialect: str) -> bool:
    """Whether cells without a value come first."""
    return (dialect == "postgresql") == ordered.descending


def whole() -> ColumnElement[bool]:
    """The only stretch of a page that begins at the first row or at a number."""
    return true()


def can_be_kept(value: object) -> bool:
    """Whether the value, given back, is found at exactly the same place of the order."""
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and not any(
            "\ud800" <= sign <= "\udfff" for sign in value
        )
    return value is None or isinstance(value, bool | int | float | Decimal | date)
