"""What SQLite says about the tables of a file, from its pragmas."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, String, literal_column, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import quoted_name

from app.catalogue.adopted_table import ForeignKey
from app.domain.message import Message
from app.models.inspection.check import checks_in
from app.models.inspection.found import (
    EVERYTHING,
    SELECT,
    FoundColumn,
    FoundTable,
    Row,
    effect_of,
    grouped,
    rows_of,
)
from app.models.inspection.problem import left_out
from app.models.inspection.stored_type import sqlite_type

OWN = "main"
# Shadow tables hold the inside of a virtual one; SQLite keeps names like sqlite_… for itself.
TABLES = """
    SELECT name, type FROM pragma_table_list
    WHERE schema = :schema AND type <> 'shadow' AND name NOT GLOB 'sqlite_*' ORDER BY name
"""
COLUMNS = "SELECT * FROM pragma_table_xinfo(:table, :schema) WHERE hidden <> 1"
INDEXES = """
    SELECT name, origin FROM pragma_index_list(:table, :schema)
    WHERE "unique" AND NOT partial ORDER BY seq DESC
"""
# Pragma functions take the name of an index, which is unique within its schema.
INDEX_COLUMNS = "SELECT cid, name FROM pragma_index_info(:index, :schema) ORDER BY seqno"
FOREIGN_KEYS = 'SELECT *, "table" AS to_table FROM pragma_foreign_key_list(:table, :schema)'
GENERATED = {2, 3}


def own_schema(connection: Connection) -> str | None:
    """The file that was opened."""
    return OWN


def has_schema(connection: Connection, schema: str) -> bool:
    """Whether a file was attached under this name."""
    statement = "SELECT 1 FROM pragma_database_list WHERE name = :schema"
    return bool(rows_of(connection, statement, schema=schema))


def read_tables(
    connection: Connection, schema: str, own: str | None
) -> tuple[list[FoundTable], dict[str, Message]]:
    """Every table and view of the file; what cannot be read is a problem by its name."""
    granted = frozenset({SELECT}) if _is_read_only(connection) else EVERYTHING
    definitions = _definitions(connection, schema)
    tables: list[FoundTable] = []
    problems: dict[str, Message] = {}
    for row in rows_of(connection, TABLES, schema=schema):
        try:
            found = _table(connection, schema, row, definitions.get(row["name"], ""), granted)
        except DBAPIError as error:
            problems[row["name"]] = left_out(row["name"], error)
            continue
        tables.append(found)
    return tables, problems


def _definitions(connection: Connection, schema: str) -> dict[str, str]:
    """The CREATE statements of tables and views by name."""
    place = table("sqlite_master", schema=quoted_name(schema, quote=True))
    name, definition = literal_column("name", String), literal_column("sql", String)
    found = connection.execute(select(name, definition).select_from(place))
    return {row.name: row.sql or "" for row in found}


def _table(
    connection: Connection, schema: str, row: Row, definition: str, granted: frozenset[str]
) -> FoundTable:
    name = row["name"]
    place = {"table": name, "schema": schema}
    columns = rows_of(connection, COLUMNS, **place)
    indexes = rows_of(connection, INDEXES, **place)
    keyed = sorted((column for column in columns if column["pk"]), key=lambda each: each["pk"])
    counts = _counts(keyed, indexes)
    unique = (
        _indexed(connection, schema, index["name"]) for index in indexes if index["origin"] != "pk"
    )
    is_view = row["type"] == "view"
    return FoundTable(
        schema=None if schema == OWN else schema,
        name=name,
        columns=tuple(_column(column, granted, counts=counts) for column in columns),
        is_view=is_view,
        primary=tuple(column["name"] for column in keyed),
        unique=tuple(names for names in unique if names),
        foreign_keys=_foreign_keys(connection, schema, name),
        checks=() if is_view else tuple(checks_in(definition)),
        may_delete="DELETE" in granted,
    )


def _counts(keyed: Sequence[Row], indexes: Sequence[Row]) -> bool:
    """Whether the key is the row's own number: a lone INTEGER without an index of its own."""
    lone = len(keyed) == 1 and keyed[0]["type"].upper() == "INTEGER"
    return lone and not any(index["origin"] == "pk" for index in indexes)


def _column(row: Mapping[str, Any], granted: frozenset[str], *, counts: bool) -> FoundColumn:
    in_key = bool(row["pk"])
    return FoundColumn(
        name=row["name"],
        stored=row["type"],
        type=sqlite_type(row["type"]),
        # SQLite allows gaps in a key where nobody forbade them; nobody means to have them.
        nullable=not (row["notnull"] or in_key),
        default=row["dflt_value"],
        generated=row["hidden"] in GENERATED,
        counted=in_key and counts,
        granted=granted,
    )


def _indexed(connection: Connection, schema: str, index: str) -> tuple[str, ...]:
    """The columns of a unique index; none where it is over an expression."""
    columns = rows_of(connection, INDEX_COLUMNS, index=index, schema=schema)
    return () if any(row["cid"] < 0 for row in columns) else tuple(row["name"] for row in columns)


def _foreign_keys(connection: Connection, schema: str, name: str) -> tuple[ForeignKey, ...]:
    rows = rows_of(connection, FOREIGN_KEYS, table=name, schema=schema)
    keys = []
    for _number, parts in sorted(grouped(rows, "id").items(), reverse=True):
        ordered = sorted(parts, key=lambda part: part["seq"])
        referred = tuple(part["to"] for part in ordered if part["to"] is not None)
        other = ordered[0]["to_table"]
        if len(referred) < len(ordered):  # the primary key of the other table is meant
            referred = _primary(connection, schema, other)
        if len(referred) == len(ordered):
            columns = tuple(part["from"] for part in ordered)
            place = None if schema == OWN else schema
            effect = effect_of(ordered[0]["on_delete"])
            keys.append(ForeignKey(columns, place, other, referred, effect))
    return tuple(keys)


def _primary(connection: Connection, schema: str, name: str) -> tuple[str, ...]:
    statement = "SELECT name FROM pragma_table_xinfo(:table, :schema) WHERE pk ORDER BY pk"
    return tuple(row["name"] for row in rows_of(connection, statement, table=name, schema=schema))


def _is_read_only(connection: Connection) -> bool:
    """Whether the file was opened for reading only; asked on a connection of its own.

    SQLite tells by refusing to write only, so a number that stays the same is written and taken
    back. A lock that others hold says that the file can be written to.
    """
    with connection.engine.connect() as probe:
        driver: Any = probe.connection.driver_connection
        (version,) = driver.execute("PRAGMA user_version").fetchone()
        try:
            driver.execute("BEGIN")
            driver.execute(f"PRAGMA user_version = {int(version)}")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY
        finally:
            driver.rollback()
    return False
