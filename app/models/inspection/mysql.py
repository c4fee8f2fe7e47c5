"""What MySQL and MariaDB say about the tables of a schema, from ``information_schema``.

One statement for all tables of each thing asked; names are bound, never written into SQL.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from sqlalchemy.dialects.mysql.base import MySQLDialect

from app.catalogue.adopted_table import ColumnKind, ForeignKey
from app.domain.message import Message
from app.models.inspection.check import unquoted
from app.models.inspection.found import (
    DELETE,
    INSERT,
    SELECT,
    UPDATE,
    FoundColumn,
    FoundTable,
    Row,
    effect_of,
    grouped,
    rows_of,
)
from app.models.inspection.stored_type import ColumnType, mysql_type

TABLES = """
    SELECT table_name AS name, table_type AS kind, table_comment AS comment, engine AS engine
    FROM information_schema.tables
    WHERE table_schema = :schema AND table_type <> 'SEQUENCE' ORDER BY table_name
"""
COLUMNS = """
    SELECT table_name AS in_table, column_name AS name, column_type AS stored,
        is_nullable AS nullable, column_default AS standard, extra AS extra,
        privileges AS granted, column_comment AS comment
    FROM information_schema.columns WHERE table_schema = :schema
    ORDER BY table_name, ordinal_position
"""
UNIQUE_KEYS = """
    SELECT table_name AS in_table, index_name AS key_name, column_name AS name, sub_part AS part
    FROM information_schema.statistics WHERE table_schema = :schema AND non_unique = 0
    ORDER BY table_name, index_name, seq_in_index
"""
FOREIGN_KEYS = """
    SELECT k.table_name AS in_table, k.constraint_name AS key_name, k.column_name AS name,
        k.referenced_table_schema AS to_schema, k.referenced_table_name AS to_table,
        k.referenced_column_name AS to_name, r.delete_rule AS on_delete
    FROM information_schema.key_column_usage k
        LEFT JOIN information_schema.referential_constraints r
        ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name
            AND r.constraint_name = k.constraint_name
    WHERE k.table_schema = :schema AND k.referenced_table_name IS NOT NULL
    ORDER BY k.table_name, k.constraint_name, k.ordinal_position
"""
MARIADB_CHECKS = """
    SELECT table_name AS in_table, check_clause AS clause
    FROM information_schema.check_constraints WHERE constraint_schema = :schema
    ORDER BY table_name, constraint_name
"""
MYSQL_CHECKS = """
    SELECT t.table_name AS in_table, c.check_clause AS clause
    FROM information_schema.check_constraints c JOIN information_schema.table_constraints t
        ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
    WHERE c.constraint_schema = :schema AND t.constraint_type = 'CHECK'
    ORDER BY t.table_name, c.constraint_name
"""
KNOWS_CHECKS = """
    SELECT 1 FROM information_schema.tables
    WHERE table_schema = 'information_schema' AND upper(table_name) = 'CHECK_CONSTRAINTS'
"""
# MyISAM, Aria and others write at once; of engines that are not here nothing is known.
WITHOUT_TRANSACTIONS = """
    SELECT engine AS name FROM information_schema.engines WHERE transactions = 'NO'
"""
# What the tables' comment of a view holds is not said by people.
VIEW = "VIEW"
_GENERATED = re.compile(r"\b(VIRTUAL|STORED|PERSISTENT)\b", re.IGNORECASE)
_JSON = re.compile(r"\(*json_valid\((`(?:[^`]|``)+`)\)+", re.IGNORECASE)
_QUOTED = r"`(?:[^`]|``)*`|\"(?:[^\"]|\"\")*\"|\*"
_GRANT = re.compile(rf"GRANT (.+?) ON (?:TABLE )?({_QUOTED})\.({_QUOTED}) TO ", re.DOTALL)
# A privilege on some columns only has them behind it.
_PRIVILEGE = re.compile(r"([A-Z][A-Z ]*[A-Z])\s*(\((?:`(?:[^`]|``)*`|[^)`])*\))?")


@dataclass(frozen=True)
class Grant:
    """Privileges on whole tables; ``schema`` is a LIKE pattern where ``table`` is None."""

    privileges: frozenset[str]
    schema: str | None
    table: str | None

    def covers(self, privilege: str, schema: str, table: str) -> bool:
        """Whether the privilege holds for the table."""
        if not self.privileges & {privilege, "ALL PRIVILEGES", "ALL"}:
            return False
        if self.schema is None:
            return True
        if self.table is None:
            return _like(self.schema).fullmatch(schema) is not None
        return (self.schema.lower(), self.table.lower()) == (schema.lower(), table.lower())


def own_schema(connection: Connection) -> str | None:
    """The schema the connection stands in."""
    found: str | None = connection.exec_driver_sql("SELECT DATABASE()").scalar()
    return found


def has_schema(connection: Connection, schema: str) -> bool:
    """Whether there is a schema of this name that the account may see."""
    statement = "SELECT 1 FROM information_schema.schemata WHERE schema_name = :schema"
    return bool(rows_of(connection, statement, schema=schema))


def read_tables(
    connection: Connection, schema: str, own: str | None
) -> tuple[list[FoundTable], dict[str, Message]]:
    """Every table and view of ``schema``; ``own`` is the connection's."""
    columns = grouped(rows_of(connection, COLUMNS, schema=schema), "in_table")
    keys = grouped(rows_of(connection, UNIQUE_KEYS, schema=schema), "in_table")
    foreign = grouped(rows_of(connection, FOREIGN_KEYS, schema=schema), "in_table")
    checks = grouped(_checks(connection, schema), "in_table")
    grants = grants_in(connection.exec_driver_sql("SHOW GRANTS").scalars())
    at_once = {row["name"].lower() for row in rows_of(connection, WITHOUT_TRANSACTIONS)}
    tables = []
    for row in rows_of(connection, TABLES, schema=schema):
        name = row["name"]
        clauses = [check["clause"] for check in checks.get(name, ())]
        table = FoundTable(
            schema=None if schema == own else schema,
            name=name,
            columns=tuple(_column(column, clauses) for column in columns.get(name, ())),
            is_view=row["kind"] == VIEW,
            comment="" if row["kind"] == VIEW else row["comment"] or "",
            checks=tuple(clause for clause in clauses if not _JSON.fullmatch(clause)),
            may_delete=any(grant.covers(DELETE, schema, name) for grant in grants),
            transactional=(row["engine"] or "").lower() not in at_once,
        )
        # Whoever may read single columns only sees single columns of a key, too: no key at all is
        # better than half of one.
        if any(grant.covers(SELECT, schema, name) for grant in grants):
            table = _with_keys(table, keys.get(name, ()), foreign.get(name, ()), own)
        tables.append(table)
    return tables, {}


def grants_in(lines: Iterable[str]) -> list[Grant]:
    """The grants on whole tables among the lines of SHOW GRANTS, those of roles included."""
    grants = []
    for line in lines:
        found = _GRANT.match(line)
        if found is None:
            continue
        privileges = {word for word, some in _PRIVILEGE.findall(found.group(1)) if not some}
        schema, table = (None if part == "*" else unquoted(part) for part in found.groups()[1:])
        grants.append(Grant(frozenset(privileges), schema, table))
    return grants


def _like(pattern: str) -> re.Pattern[str]:
    """A LIKE pattern, in which a backslash takes the meaning of a sign, as a regular expression."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(part) or re.escape(part[-1]) for part in parts), re.I | re.S)


def _checks(connection: Connection, schema: str) -> Sequence[Row]:
    """Old releases know no checks and have no table of them."""
    if not rows_of(connection, KNOWS_CHECKS):
        return ()
    dialect = connection.dialect
    is_mariadb = isinstance(dialect, MySQLDialect) and dialect.is_mariadb
    return rows_of(connection, MARIADB_CHECKS if is_mariadb else MYSQL_CHECKS, schema=schema)


def _column(row: Row, clauses: Sequence[str]) -> FoundColumn:
    granted = {word.strip().upper() for word in row["granted"].split(",")}
    extra = row["extra"] or ""
    found = FoundColumn(
        name=row["name"],
        stored=row["stored"],
        type=mysql_type(row["stored"]),
        nullable=row["nullable"] == "YES",
        # MariaDB writes the word where MySQL gives none.
        default=None if row["standard"] == "NULL" else row["standard"],
        generated=bool(_GENERATED.search(extra)),
        counted="auto_increment" in extra.lower(),
        comment=row["comment"] or "",
        granted=frozenset(granted & {SELECT, INSERT, UPDATE}),
    )
    # MariaDB keeps JSON as text with a check.
    valid = (_JSON.fullmatch(clause) for clause in clauses)
    if found.name in {unquoted(each.group(1)) for each in valid if each}:
        return replace(found, type=ColumnType(ColumnKind.JSON))
    return found


def _with_keys(
    table: FoundTable, keys: Sequence[Row], foreign: Sequence[Row], own: str | None
) -> FoundTable:
    by_name: Mapping[str, list[Row]] = grouped(keys, "key_name")
    # Over a part of a column, or over an expression, which has no column.
    whole = {
        name: tuple(row["name"] for row in rows)
        for name, rows in by_name.items()
        if not any(row["part"] or row["name"] is None for row in rows)
    }
    primary = whole.pop("PRIMARY", ())
    foreign_keys = tuple(_foreign_key(rows, own) for rows in grouped(foreign, "key_name").values())
    return replace(table, primary=primary, unique=tuple(whole.values()), foreign_keys=foreign_keys)


def _foreign_key(rows: Sequence[Row], own: str | None) -> ForeignKey:
    schema = rows[0]["to_schema"]
    return ForeignKey(
        columns=tuple(row["name"] for row in rows),
        schema=None if schema == own else schema,
        table=rows[0]["to_table"],
        referred=tuple(row["to_name"] for row in rows),
        on_delete=effect_of(rows[0]["on_delete"]),
    )
