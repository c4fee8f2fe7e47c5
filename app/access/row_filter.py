"""Filters as data: a tree of and/or over ``[field, operator, value]``.

Compiled to SQL with bound values only; a field or operator that does not
exist is refused with its name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    false,
    func,
    or_,
    true,
)
from sqlalchemy.types import TypeEngine

from app.catalogue.base_table import FieldSpec, FieldType
from app.domain.message import Message, Reason, Refused
from app.models.base_table import StoredTable
from app.models.carried_row import is_waiting
from app.models.database import ExactDecimal

DEEPEST = 6
LARGEST = 200
# No field, but what the platform knows of a row; codes that begin like this are kept for it.
CARRIED = "sys_carried"
LARGEST_INTEGER = 2**63 - 1
# Scaled up by up to six digits it still fits the 64 bits in which SQLite keeps it.
LARGEST_DECIMAL = Decimal(10) ** 12


@dataclass(frozen=True)
class Comparison:
    """One field compared with one value or, for some operators, several."""

    field: str
    operator: str
    value: object


@dataclass(frozen=True)
class Group:
    """Filters joined by ``and`` or ``or``."""

    joined_by: str
    parts: tuple["Filter", ...]


Filter = Comparison | Group


def _empty(column: ColumnElement[Any], _value: object) -> ColumnElement[bool]:
    if isinstance(column.type, String):
        return or_(column.is_(None), column == "")
    return column.is_(None)


def _not_empty(column: ColumnElement[Any], _value: object) -> ColumnElement[bool]:
    if isinstance(column.type, String):
        return and_(column.is_not(None), column != "")
    return column.is_not(None)


def _contains(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    return func.lower(column).contains(str(value).lower(), autoescape=True)


def _starts_with(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    return func.lower(column).startswith(str(value).lower(), autoescape=True)


def _values(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _between(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    bounds = _values(value)
    if len(bounds) != 2:
        raise Refused(Message("The operator between needs two values."), Reason.INVALID)
    low, high = bounds
    return column.between(low, high)


OPERATORS: Mapping[str, Callable[[ColumnElement[Any], object], ColumnElement[bool]]] = {
    "=": lambda column, value: column == value,
    "!=": lambda column, value: or_(column != value, column.is_(None)),
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
    "in": lambda column, value: column.in_(_values(value)),
    "between": _between,
    "contains": _contains,
    "starts_with": _starts_with,
    "empty": _empty,
    "not_empty": _not_empty,
}
LIKE = frozenset({"contains", "starts_with"})
TAKES_NOTHING = frozenset({"empty", "not_empty"})
ORDERS = frozenset({"<", "<=", ">", ">=", "between"})
TAKES_SEVERAL = frozenset({"in", "between"})

_EQUAL = ("=", "!=", "in")
_ORDERED = ("<", "<=", ">", ">=", "between")
_INSIDE = ("contains", "starts_with")
_EMPTY = ("empty", "not_empty")
# What people are offered, the most usual first; the API takes more than makes sense to choose.
OFFERED: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.STRING: ("contains", "=", "!=", "in", "starts_with", *_ORDERED, *_EMPTY),
    FieldType.TEXT: (*_INSIDE, "=", "!=", *_EMPTY),
    FieldType.INTEGER: (*_EQUAL, *_ORDERED, *_EMPTY),
    FieldType.NUMBER: (*_EQUAL, *_ORDERED, *_EMPTY),
    FieldType.BOOLEAN: ("=", *_EMPTY),
    FieldType.DATE: ("between", "=", "!=", "<", "<=", ">", ">=", "in", *_EMPTY),
    FieldType.YEARMONTH: ("=", "!=", "in", *_ORDERED, "starts_with", *_EMPTY),
    FieldType.CODE: (*_EQUAL, *_EMPTY),
    FieldType.REFERENCE: (*_EQUAL, *_INSIDE, *_EMPTY),
}


def operators_of(field: FieldSpec) -> tuple[str, ...]:
    """The operators that make sense for a field of a base table."""
    return OFFERED[field.type]


def too_many_values(count: int) -> Refused:
    """The refusal of a list that no statement takes at once."""
    return Refused(
        Message(
            "A condition takes at most %(most)s values; these are %(count)s. Filter by fewer"
            " values at a time.",
            {"most": LARGEST, "count": count},
        ),
        Reason.INVALID,
    )


def parse_filter(tree: object) -> Filter:
    """The filter from its JSON form; raises Refused when it is malformed.

    ``{"and": […]}``, ``{"or": […]}`` or ``[field, operator, value]``.
    """
    return _parse(tree, 0, [0])


def _parse(tree: object, depth: int, seen: list[int]) -> Filter:
    seen[0] += 1
    if depth > DEEPEST or seen[0] > LARGEST:
        raise Refused(Message("The filter is too large."), Reason.INVALID)
    if isinstance(tree, dict) and len(tree) == 1:
        joined_by, parts = next(iter(tree.items()))
        if joined_by in {"and", "or"} and isinstance(parts, list):
            return Group(joined_by, tuple(_parse(part, depth + 1, seen) for part in parts))
    if isinstance(tree, list) and len(tree) in {2, 3} and all(isinstance(w, str) for w in tree[:2]):
        return Comparison(tree[0], tree[1], tree[2] if len(tree) == 3 else None)
    raise Refused(Message("The filter cannot be read."), Reason.INVALID)


def fields_of(wanted: Filter | None) -> set[str]:
    """The codes of all fields a filter looks at; of a related one, the field that names its row."""
    if wanted is None:
        return set()
    if isinstance(wanted, Comparison):
        return {wanted.field.partition(".")[0]}
    return set().union(*(fields_of(part) for part in wanted.parts))


def filter_condition(
    stored: StoredTable,
    wanted: Filter,
    related: Callable[[Comparison], ColumnElement[bool]] | None = None,
) -> ColumnElement[bool]:
    """The filter as a condition over the table's columns.

    ``related`` reads the comparisons of what a reference names, whose field has a dot in it.
    ``[sys_carried, =, true]`` are the rows taken over from last year that nobody has confirmed.
    """
    return joined(wanted, by_kind_of_field(partial(_compared_own, stored), related))


def _compared_own(stored: StoredTable, wanted: Comparison) -> ColumnElement[bool]:
    if (wanted.field, wanted.operator, wanted.value) == (CARRIED, "=", True):
        return is_waiting(stored)
    return compared(stored.columns, wanted)


def by_kind_of_field(
    own: Callable[[Comparison], ColumnElement[bool]],
    related: Callable[[Comparison], ColumnElement[bool]] | None,
) -> Callable[[Comparison], ColumnElement[bool]]:
    """Reads comparisons with own fields by the one, with those of named rows by the other."""
    return lambda one: related(one) if related is not None and "." in one.field else own(one)


def compared(columns: Mapping[str, Column[Any]], wanted: Comparison) -> ColumnElement[bool]:
    """One comparison as a condition; Refused for a field, operator or value that does not fit."""
    column = columns.get(wanted.field)
    operator = OPERATORS.get(wanted.operator)
    if column is None or operator is None:
        raise no_such_comparison(wanted)
    return operator(column, _typed(column, wanted))


def joined(
    wanted: Filter, compare: Callable[[Comparison], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """The tree as one condition, each comparison of it as ``compare`` says."""
    if isinstance(wanted, Comparison):
        return compare(wanted)
    parts = [joined(part, compare) for part in wanted.parts]
    return and_(true(), *parts) if wanted.joined_by == "and" else or_(false(), *parts)


def no_such_comparison(wanted: Comparison) -> Refused:
    """The refusal of a field or operator that does not exist."""
    return Refused(
        Message(
            "There is no field %(field)s or no operator %(operator)s to filter by.",
            {"field": wanted.field, "operator": wanted.operator},
        ),
        Reason.INVALID,
    )


def refuse_hidden(hidden: Mapping[str, str], sort: Sequence[str], wanted: Filter | None) -> None:
    """The order or the number of rows would tell what a mask hides.

    ``hidden`` maps the codes of masked fields to their labels.
    """
    used = {word.removeprefix("-") for word in sort} | fields_of(wanted)
    for code in sorted(used & hidden.keys()):
        raise Refused(
            Message(
                "The field %(field)s is not shown to you, so rows cannot be sorted or filtered"
                " by it.",
                {"field": hidden[code]},
            )
        )


def _typed(column: Column[Any], wanted: Comparison) -> object:
    """The value in the column's own type, a list of them for the operators that take one."""
    if wanted.operator in TAKES_NOTHING:
        return None
    try:
        if wanted.operator in ORDERS and isinstance(column.type, Boolean):
            raise TypeError("yes and no have no order")
        if wanted.operator in LIKE:
            return _like(column, wanted.value)
        if wanted.operator in TAKES_SEVERAL:
            return [_read(column, value) for value in several(wanted.value)]
        return _read(column, wanted.value)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise Refused(
            Message(
                "The value %(value)s does not fit the field %(field)s.",
                {"value": repr(wanted.value)[:80], "field": wanted.field[:80]},
            ),
            Reason.INVALID,
        ) from error


def several(value: object) -> list[object]:
    """The values of an operator that takes a list; Refused where they are too many."""
    values = _values(value)
    if len(values) > LARGEST:
        raise too_many_values(len(values))
    return values


def _read(column: Column[Any], value: object) -> object:
    read = next((read for kind, read in READERS if isinstance(column.type, kind)), _text)
    return read(column.type, value)


def _like(column: Column[Any], value: object) -> str:
    """What is looked for inside a text; other columns have no inside."""
    if not isinstance(column.type, String):
        raise TypeError("not a column of texts")
    return _text(column.type, value)


def _text(_type: TypeEngine[Any], value: object) -> str:
    """A text the database can hold; half a character or a list is none.

    Stored texts are trimmed, and MariaDB takes no notice of trailing blanks.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("not a text")
    text = str(value).strip()
    text.encode()
    return text


def _boolean(_type: TypeEngine[Any], value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("not a boolean")


def _date(_type: TypeEngine[Any], value: Any) -> date:
    return date.fromisoformat(value)


def _integer(_type: TypeEngine[Any], value: Any) -> int:
    number = int(value)
    if isinstance(value, bool) or (isinstance(value, float) and number != value):
        raise ValueError("not a whole number")
    if not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
        raise ValueError("no column holds such a number")
    return number


def _decimal(column_type: ExactDecimal, value: Any) -> Decimal:
    """A number no larger and no finer than the columns hold: drivers raise or round."""
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= LARGEST_DECIMAL:
        raise ValueError("no column holds such a number")
    if number != round(number, column_type.scale):
        raise ValueError("more decimals than the column has")
    return number


# The first kind that fits reads the value; everything else is text.
READERS: tuple[tuple[type[Any], Callable[[Any, Any], object]], ...] = (
    (Date, _date),
    (Boolean, _boolean),
    (ExactDecimal, _decimal),
    (Integer, _integer),
)
