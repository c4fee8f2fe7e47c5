"""Inserting very many rows at once, as fast as the driver takes them.

Values are prepared column by column and handed to the driver in the order of its statement;
SQLAlchemy would look at every value of every row on its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import JSON, Dialect, Table, insert
from sqlalchemy.engine import Connection

Prepare = Callable[[Any], Any]
# For so few rows the statement that SQLAlchemy keeps is the fastest.
FEW = 64


def insert_columns(
    connection: Connection, table: Table, columns: Mapping[str, Sequence[object]]
) -> None:
    """Insert rows given as columns of equal length: column name → values."""
    if not columns:
        return
    lines = list(zip(*columns.values(), strict=True))
    # Drivers that take named parameters are few, and theirs is to check and cast what comes.
    if len(lines) <= FEW or not connection.dialect.positional:
        connection.execute(insert(table), [dict(zip(columns, line, strict=True)) for line in lines])
        return
    statement, names = _statement(table, tuple(columns), connection.dialect)
    ready = [_prepared(table, name, columns[name], connection.dialect) for name in names]
    connection.exec_driver_sql(statement, list(zip(*ready, strict=True)))


def _statement(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[str, list[str]]:
    """The statement for one row, and the columns in the order of its parameters."""
    # Inline: the driver is not to return anything.
    compiled = insert(table).inline().compile(dialect=dialect, column_keys=list(names))
    return str(compiled), list(compiled.positiontup or ())


def _prepared(
    table: Table, name: str, values: Sequence[object], dialect: Dialect
) -> Sequence[object]:
    """The values as the driver takes them."""
    kind = table.c[name].type
    if isinstance(kind, JSON):
        return [None if value is None else orjson.dumps(value).decode() for value in values]
    prepare: Prepare | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return values if prepare is None else [prepare(value) for value in values]
