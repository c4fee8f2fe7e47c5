"""Filters over adopted tables: the same tree as over base tables, by kinds of columns.

Compiled to SQL with bound values only, in the form in which the database keeps them.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, false, or_

from app.access.row_filter import (
    LIKE,
    OPERATORS,
    TAKES_NOTHING,
    TAKES_SEVERAL,
    Comparison,
    Filter,
    by_kind_of_field,
    joined,
    no_such_comparison,
    several,
)
from app.catalogue.adopted_table import AdoptedColumn, ColumnKind
from app.domain.message import Message, Reason, Refused
from app.models.adopted_order import UNORDERED
from app.models.adopted_table import TEXTS, LiveTable, is_geometry
from app.models.instant import compared_moment
from app.rules.adopted_value import UnfitError, compared_value

# Looked into as text; of the others, large objects and bits have nothing to look for.
SEARCHED = frozenset(
    {ColumnKind.STRING, ColumnKind.TEXT, ColumnKind.CHOICE, ColumnKind.CHOICES, ColumnKind.UUID}
)
LONGEST_TEXT = 200

COMPARED = ("=", "!=", "<", "<=", ">", ">=", "in", "between")
EQUALITIES = frozenset({"=", "!=", "in"})


def adopted_condition(
    live: LiveTable,
    wanted: Filter,
    related: Callable[[Comparison], ColumnElement[bool]] | None = None,
) -> ColumnElement[bool]:
    """The filter as a condition; Refused for a field, operator or value that does not fit.

    ``related`` reads the comparisons of what a reference names, whose field has a dot in it.
    """
    return joined(wanted, by_kind_of_field(partial(compared_adopted, live), related))


def compared_adopted(live: LiveTable, wanted: Comparison) -> ColumnElement[bool]:
    """One comparison as a condition; Refused where it does not fit."""
    column = live.spec.by_code.get(wanted.field)
    if column is None or wanted.operator not in operators_of(column):
        raise no_such_comparison(wanted)
    sql = live.columns[wanted.field]
    if wanted.operator in LIKE:
        return like(sql, column, wanted.operator, wanted.value)
    value = _value(column, wanted)
    if column.kind is ColumnKind.DATETIME and wanted.operator not in TAKES_NOTHING:
        return compared_moment(sql, wanted.operator, value)
    return OPERATORS[wanted.operator](sql, value)


def operators_of(column: AdoptedColumn) -> tuple[str, ...]:
    """The operators that make sense for the column."""
    operators = ["empty", "not_empty"]
    if column.kind not in UNORDERED:
        is_equality_only = column.kind in {ColumnKind.BOOLEAN, ColumnKind.UUID}
        operators += [o for o in COMPARED if not is_equality_only or o in EQUALITIES]
    if column.kind is not ColumnKind.BINARY and not is_geometry(column):
        operators += sorted(LIKE)
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
    return OPERATORS[operator](sql if column.kind in TEXTS else cast(sql, Text), text)


def _value(column: AdoptedColumn, wanted: Comparison) -> object:
    if wanted.operator in TAKES_NOTHING:
        return None
    try:
        if wanted.operator in TAKES_SEVERAL:
            return [compared_value(column, value) for value in several(wanted.value)]
        return compared_value(column, wanted.value)
    except UnfitError as error:
        raise Refused(error.message, Reason.INVALID) from error


def _unfit(column: AdoptedColumn, value: object) -> Refused:
    return Refused(
        Message(
            "The value %(value)s does not fit the field %(field)s.",
            {"value": repr(value)[:80], "field": column.label},
        ),
        Reason.INVALID,
    )
