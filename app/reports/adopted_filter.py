"""Filters over adopted tables: the same tree as over base tables, by kinds of columns.

Compiled to SQL with bound values only, in the form in which the database keeps them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, not_, or_, true

from app.catalogue.adopted_table import AdoptedColumn, ColumnKind
from app.domain.message import Message, Reason, Refused
from app.models.adopted_table import TEXTS, LiveTable, is_geometry
from app.reports.row_filter import (
    LARGEST,
    TAKES_NOTHING,
    Comparison,
    Filter,
    Group,
    too_many_values,
)
from app.rules.adopted_value import UnfitError, compared_value

# Looked into as text; of the others, large objects and bits have nothing to look for.
SEARCHED = frozenset(
    {ColumnKind.STRING, ColumnKind.TEXT, ColumnKind.CHOICE, ColumnKind.CHOICES, ColumnKind.UUID}
)
UNORDERED = frozenset(
    {ColumnKind.BINARY, ColumnKind.OPAQUE, ColumnKind.JSON, ColumnKind.CHOICES, ColumnKind.BITS}
)
ESCAPE = "/"
LONGEST_TEXT = 200

Value = Any
Condition = Callable[[ColumnElement[Any], Value], ColumnElement[bool]]
COMPARISONS: Mapping[str, Condition] = {
    "=": lambda column, value: column == value,
    "!=": lambda column, value: or_(column != value, column.is_(None)),
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
    "in": lambda column, values: column.in_(values),
    "between": lambda column, values: column.between(*values),
}
EQUALITIES = frozenset({"=", "!=", "in"})
PATTERNS = {"contains": "%{}%", "starts_with": "{}%"}


def adopted_condition(live: LiveTable, wanted: Filter) -> ColumnElement[bool]:
    """The filter as a condition; Refused for a field, operator or value that does not fit."""
    if isinstance(wanted, Group):
        parts = [adopted_condition(live, part) for part in wanted.parts]
        return and_(true(), *parts) if wanted.joined_by == "and" else or_(false(), *parts)
    column = live.spec.by_code.get(wanted.field)
    if column is None or wanted.operator not in operators_of(column):
        raise Refused(
            Message(
                "There is no field %(field)s or no operator %(operator)s to filter by.",
                {"field": wanted.field, "operator": wanted.operator},
            ),
            Reason.INVALID,
        )
    sql = live.columns[wanted.field]
    if wanted.operator in TAKES_NOTHING:
        is_empty = or_(sql.is_(None), sql == "") if column.kind in TEXTS else sql.is_(None)
        return is_empty if wanted.operator == "empty" else not_(is_empty)
    if wanted.operator in PATTERNS:
        return like(sql, column, wanted.operator, wanted.value)
    try:
        return COMPARISONS[wanted.operator](sql, _value(column, wanted))
    except UnfitError as error:
        raise Refused(error.message, Reason.INVALID) from error


def operators_of(column: AdoptedColumn) -> tuple[str, ...]:
    """The operators that make sense for the column."""
    operators = ["empty", "not_empty"]
    if column.kind not in UNORDERED:
        is_equality_only = column.kind in {ColumnKind.BOOLEAN, ColumnKind.UUID}
        operators += [o for o in COMPARISONS if not is_equality_only or o in EQUALITIES]
    if column.kind is not ColumnKind.BINARY and not is_geometry(column):
        operators += PATTERNS
    return tuple(operators)


def searched(live: LiveTable, text: str) -> ColumnElement[bool]:
    """Rows with the text in any column that is shown as text; case does not matter."""
    columns = [column for column in live.spec.shown if column.kind in SEARCHED]
    found = (like(live.columns[c.code], c, "contains", text) for c in columns if not c.masked)
    return or_(false(), *found)


def like(
    sql: ColumnElement[Any], column: AdoptedColumn, operator: str, value: object
) -> ColumnElement[bool]:
    """Whether the column's text has the value in it, or begins with it."""
    if isinstance(value, list | dict | bool) or value is None:
        raise _unfit(column, value)
    text = str(value).lower()[:LONGEST_TEXT]
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise _unfit(column, value)
    for special in (ESCAPE, "%", "_"):
        text = text.replace(special, ESCAPE + special)
    inside = sql if column.kind in TEXTS else cast(sql, Text)
    return func.lower(inside).like(PATTERNS[operator].format(text), escape=ESCAPE)


def _value(column: AdoptedColumn, wanted: Comparison) -> Value:
    if wanted.operator not in {"in", "between"}:
        return compared_value(column, wanted.value)
    values = wanted.value if isinstance(wanted.value, list) else [wanted.value]
    if len(values) > LARGEST:
        raise too_many_values(len(values))
    if wanted.operator == "between" and len(values) != 2:
        raise Refused(Message("The operator between needs two values."), Reason.INVALID)
    return [compared_value(column, value) for value in values]


def _unfit(column: AdoptedColumn, value: object) -> Refused:
    return Refused(
        Message(
            "The value %(value)s does not fit the field %(field)s.",
            {"value": repr(value)[:80], "field": column.label},
        ),
        Reason.INVALID,
    )
