"""From a connection to adopted tables: whichever the database, whatever stands in the way."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import ModuleType
from typing import Any

from sqlalchemy import ColumnElement, Connection, column, literal_column, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import quoted_name

from app.catalogue.adopted_code import codes_for
from app.catalogue.adopted_table import AdoptedTable
from app.domain.message import Message, Reason, Refused
from app.models.inspection import mysql, postgresql, sqlite
from app.models.inspection.adoption import adopted, readable_part
from app.models.inspection.found import FoundTable
from app.models.inspection.problem import left_out, without_columns

DIALECTS: dict[str, ModuleType] = {
    "mysql": mysql,
    "mariadb": mysql,
    "postgresql": postgresql,
    "sqlite": sqlite,
}
# The platform's own tables and those of the frameworks below it.
OWN_PREFIXES = ("sd_", "ab_", "bt_", "sqlite_")
OWN_NAMES = frozenset({"alembic_version"})


@dataclass(frozen=True)
class Inspected:
    """What was read; ``own`` are the names left out because they are the platform's.

    ``schema`` is the one that was read as adopted tables name it: None for the connection's own.
    """

    schema: str | None
    tables: tuple[AdoptedTable, ...]
    problems: tuple[Message, ...]
    own: tuple[str, ...]


def inspect_tables(
    connection: Connection,
    schema: str | None = None,
    choose: Callable[[str | None], Sequence[str]] = lambda _schema: (),
    known: Iterable[AdoptedTable] = (),
    taken: Collection[str] = (),
) -> Inspected:
    """The tables and views of ``schema`` (the connection's own by default).

    ``choose`` is told the schema as adopted tables name it and gives patterns of names, with ``*``
    and ``?``; none means all tables. Tables and columns that are ``known`` keep
    their identifiers and codes; no new identifier is one of ``taken``. A table that cannot be read
    is a problem and stops nothing. Raises Refused for an unknown kind of database or schema.
    """
    dialect = _dialect_of(connection)
    own_schema = dialect.own_schema(connection)
    wanted = schema or own_schema
    if wanted is None or not dialect.has_schema(connection, wanted):
        raise Refused(_no_schema(wanted), Reason.NOT_FOUND)
    tables, unread = dialect.read_tables(connection, wanted, own_schema)
    own = tuple(found.name for found in tables if is_own(found.name))
    read_schema = None if wanted == own_schema else wanted
    patterns = choose(read_schema)
    chosen = [found for found in tables if not is_own(found.name) and _fits(found.name, patterns)]
    problems = [problem for name, problem in unread.items() if _fits(name, patterns)]
    kept: list[FoundTable] = []
    for found in chosen:
        problem = _problem_of(connection, wanted, found)
        if problem is None:
            kept.append(readable_part(found))
        else:
            problems.append(problem)
    return Inspected(
        schema=read_schema,
        tables=tuple(_adopted(kept, list(known), taken)),
        problems=(*problems, *_unmatched(patterns, [*unread, *(found.name for found in tables)])),
        own=own,
    )


def _dialect_of(connection: Connection) -> ModuleType:
    """The module that knows how to ask this kind of database; Refused where there is none."""
    dialect = DIALECTS.get(connection.dialect.name)
    if dialect is None:
        raise Refused(
            Message(
                "Tables of a %(kind)s database cannot be adopted: only MySQL, MariaDB, PostgreSQL"
                " and SQLite can.",
                {"kind": connection.dialect.name},
            ),
            Reason.INVALID,
        )
    return dialect


def is_own(name: str) -> bool:
    """Whether a table is the platform's own."""
    return name.lower().startswith(OWN_PREFIXES) or name.lower() in OWN_NAMES


def _no_schema(schema: str | None) -> Message:
    if schema is None:
        return Message(
            "The address of the database names no database to read from. Complete"
            " STATEDATA_DATABASE_URL or give a schema with --schema."
        )
    return Message(
        "There is no schema %(schema)s, or this database account may not use it.",
        {"schema": schema},
    )


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _unmatched(patterns: Sequence[str], names: Sequence[str]) -> list[Message]:
    return [
        Message("No table is named %(pattern)s.", {"pattern": pattern})
        for pattern in patterns
        if not any(_fits(name, [pattern]) for name in names)
    ]


def _problem_of(connection: Connection, schema: str, found: FoundTable) -> Message | None:
    """Why a table cannot be shown; a view may be broken although it can be described."""
    columns = [each.name for each in found.columns if "SELECT" in each.granted]
    if found.is_view:
        place = table(quoted_name(found.name, quote=True), schema=quoted_name(schema, quote=True))
        names: list[ColumnElement[Any]] = [
            column(quoted_name(name, quote=True)) for name in columns
        ] or [literal_column("1")]
        probe = select(*names).select_from(place).limit(0)
        try:
            with connection.begin_nested():
                connection.execute(probe)
        except DBAPIError as error:
            return left_out(found.name, error)
    return None if columns else without_columns(found.name)


def _adopted(
    tables: Sequence[FoundTable], known: Sequence[AdoptedTable], taken: Collection[str]
) -> list[AdoptedTable]:
    before = {(each.schema, each.name): each for each in known}
    # A table of another schema carries its schema's name.
    full_names = {
        found.name if found.schema is None else f"{found.schema}_{found.name}": found
        for found in tables
    }
    identifiers = codes_for(
        full_names,
        "table",
        known={
            full: before[found.schema, found.name].identifier
            for full, found in full_names.items()
            if (found.schema, found.name) in before
        },
        taken={*taken, *(each.identifier for each in known)},
    )
    return [
        adopted(found, identifiers[full], before.get((found.schema, found.name)))
        for full, found in full_names.items()
    ]
