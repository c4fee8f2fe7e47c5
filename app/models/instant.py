"""Points in time as they are compared: SQLite keeps whatever text somebody wrote.

``2025-01-02T08:00``, ``2025-01-02 08:00:00.0`` and ``2025-01-02 08:00:00Z`` are one moment to
people; other databases have a type for it and compare the column as it is. A zone is what was
written beside the time and does not move it, since people compare with what they see.

On SQLite only texts of the day itself are read closely: all others are told apart by the day they
begin with, which is quick and lets an index be used.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine

from app.models.adopted_table import AsGiven

DAY = 10
# Behind every text that begins with the day.
AFTER = "~"
# Thousandths of a second, as SQLite's own functions count.
_READ = """coalesce(strftime('%Y-%m-%d %H:%M:%f', CASE
 WHEN substr({0}, -1) IN ('Z', 'z') THEN substr({0}, 1, length({0}) - 1)
 WHEN length({0}) > 16 AND substr({0}, -6, 1) IN ('+', '-') AND substr({0}, -3, 1) = ':'
 THEN substr({0}, 1, length({0}) - 6) ELSE {0} END), {0})"""
# The column, the beginning and the end of the day, what is read of the column, the moment.
_SQLITE: Mapping[str, str] = {
    "=": "({0} >= {1} AND {0} < {2} AND {3} = {4})",
    "<": "({0} < {1} OR ({0} < {2} AND {3} < {4}))",
    "<=": "({0} < {1} OR ({0} < {2} AND {3} <= {4}))",
    ">": "({0} >= {2} OR ({0} >= {1} AND {3} > {4}))",
    ">=": "({0} >= {2} OR ({0} >= {1} AND {3} >= {4}))",
}


def compared_moment(column: Column[Any], operator: str, value: Any) -> ColumnElement[bool]:
    """A comparison of a column of points in time with one as text, or with several."""
    if operator == "!=":
        return or_(~_equal(column, value), column.is_(None))
    if operator == "in":
        return or_(*(_equal(column, each) for each in value))
    if operator == "between":
        first, last = value
        return and_(_comparison(column, ">=", first), _comparison(column, "<=", last))
    return _comparison(column, operator, value)


def _equal(column: Column[Any], value: Any) -> ColumnElement[bool]:
    return _comparison(column, "=", value)


def _comparison(column: Column[Any], operator: str, value: Any) -> ColumnElement[bool]:
    text = str(value)
    day = text[:DAY]
    parts = (value, day, day + AFTER, _as_read(text))
    return _CLASSES[operator](column, *(literal(part, AsGiven()) for part in parts))


def _as_read(text: str) -> str:
    """The moment in the form in which SQLite tells what it has read."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment:%Y-%m-%d %H:%M}:{moment.second + moment.microsecond / 1e6:06.3f}"


class _Compared(FunctionElement[Any]):
    """A column, the moment as it is, the day, its end, and the moment as SQLite tells it."""

    # A truth would be written as "= 1" where there is no type for it, which no index serves.
    type: TypeEngine[Any] = NullType()
    inherit_cache = True
    operator = "="


class _Before(_Compared):
    inherit_cache = True
    operator = "<"


class _NotAfter(_Compared):
    inherit_cache = True
    operator = "<="


class _After(_Compared):
    inherit_cache = True
    operator = ">"


class _NotBefore(_Compared):
    inherit_cache = True
    operator = ">="


_CLASSES: Mapping[str, Callable[..., _Compared]] = {
    each.operator: each for each in (_Compared, _Before, _NotAfter, _After, _NotBefore)
}


@compiles(_Compared)
def _as_it_is(element: _Compared, compiler: SQLCompiler, **options: Any) -> str:
    column, moment, *_sqlite = element.clauses
    sides = (compiler.process(each, **options) for each in (column, moment))
    return f"({f' {element.operator} '.join(sides)})"


@compiles(_Compared, "sqlite")
def _in_one_form(element: _Compared, compiler: SQLCompiler, **options: Any) -> str:
    column, _moment, *sides = element.clauses
    name = compiler.process(column, **options)
    day, end, moment = (compiler.process(side, **options) for side in sides)
    return _SQLITE[element.operator].format(name, day, end, _READ.format(name), moment)
