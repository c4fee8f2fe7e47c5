"""Inserting very many rows at once, as fast as the driver takes them.

Values are prepared column by column and handed to the driver in the order of its statement;
SQLAlchemy would look at every value of every row on its own.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
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
    # psycopg takes named parameters only, and its is to check and cast what comes.
    dialect = _by_position(connection.dialect)
    if len(next(iter(columns.values()))) <= FEW or not dialect.positional:
        lines = zip(*columns.values(), strict=True)
        connection.execute(insert(table), [dict(zip(columns, line, strict=True)) for line in lines])
        return
    columns = _filled(table, columns)
    statement, names = _statement(table, tuple(columns), dialect)
    ready = [_prepared(table, name, columns[name], connection.dialect) for name in names]
    connection.exec_driver_sql(statement, list(zip(*ready, strict=True)))


def _by_position(dialect: Dialect) -> Dialect:
    """The dialect with parameters that are told apart by their place, where the driver knows them.

    SQLAlchemy gives pymysql named ones, though it takes both and needs longer for names.
    """
    if dialect.driver != "pymysql":
        return dialect
    placed = copy(dialect)
    placed.paramstyle, placed.positional = "format", True
    return placed


def _filled(table: Table, columns: Mapping[str, Sequence[object]]) -> dict[str, Sequence[object]]:
    """Without the columns in which nothing stands: the database fills them with nothing itself."""
    return {
        name: values
        for name, values in columns.items()
        if not table.c[name].nullable
        or table.c[name].default is not None
        or table.c[name].server_default is not None
        or any(value is not None for value in values)
    }


def _statement(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[str, list[str]]:
    """The statement for one row, and the columns in the order of its parameters."""
    # Inline: the driver is not to return anything.
    compiled = insert(table).inline().compile(dialect=dialect, column_keys=list(names))
    return str(compiled), list(compiled.positiontup or ())


def _prepared(
    table: Table, name: str, values: Sequence[object], dialect: Dialect
) -> Sequence[object]:
    """The values as the driver takes them; each different one is prepared once."""
    kind = table.c[name].type
    if isinstance(kind, JSON):
        return [None if value is None else orjson.dumps(value).decode() for value in values]
    prepare: Prepare | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if prepare is None:
        return values
    ready = {value: prepare(value) for value in set(values)}
    return [ready[value] for value in values]
