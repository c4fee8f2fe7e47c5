"""Where a database found fault: in which columns, by which rule, with which other table.

Every engine tells it in its own way. Texts of servers may be in any language, so only the names in
them are read; PostgreSQL and MySQL are asked what stands behind the name of a rule.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.models.adopted_table import MYSQL, LiveTable
from app.models.database_fault import DatabaseFault

F = DatabaseFault
OF_A_COLUMN = frozenset({F.EMPTY, F.TOO_LONG, F.OUT_OF_RANGE, F.WRONG_FORM})
OF_A_FOREIGN_KEY = frozenset({F.STILL_NAMED, F.NAMES_NOTHING})
LONGEST_RULE = 80
_QUOTED = r"`((?:[^`]|``)*)`"
_REFERENCE = re.compile(
    rf"\({_QUOTED}\.{_QUOTED}, CONSTRAINT .*?FOREIGN KEY \((.*?)\) REFERENCES "
    rf"(?:{_QUOTED}\.)?{_QUOTED} \("
)
_IN_QUOTES = re.compile(r"[`']([^`']+)[`']")
MYSQL_KEY = """
    SELECT column_name AS name FROM information_schema.statistics
    WHERE table_schema = coalesce(:schema, DATABASE()) AND table_name = :table
        AND index_name = :rule ORDER BY seq_in_index
"""
POSTGRESQL_RULE = """
    SELECT a.attname AS name, t.relname AS to_table, tn.nspname AS to_schema
    FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
        JOIN pg_namespace n ON n.oid = r.relnamespace
        LEFT JOIN pg_class t ON t.oid = c.confrelid
        LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
        CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.number
    WHERE n.nspname = :schema AND r.relname = :table AND c.conname = :rule ORDER BY k.place
"""
POSTGRESQL_INDEX = """
    SELECT a.attname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_namespace n ON n.oid = i.relnamespace
        CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number
    WHERE n.nspname = :schema AND i.relname = :rule ORDER BY k.place
"""


@dataclass(frozen=True)
class FaultPlace:
    """Names are the database's own; what it does not tell is empty.

    ``table`` is the one on the other side of a foreign key, its ``schema`` None for the
    connection's own.
    """

    columns: tuple[str, ...] = ()
    table: str | None = None
    schema: str | None = None
    rule: str | None = None


NOWHERE = FaultPlace()


def place_of(
    session: Session, live: LiveTable, fault: DatabaseFault, error: DBAPIError
) -> FaultPlace:
    """Where the database found fault, as far as it tells; asks it at most twice.

    To be asked after the savepoint of the failed statement was taken back.
    """
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite":
        return _sqlite(live, fault, str(error.orig))
    if dialect in MYSQL:
        return _mysql(session, live, fault, _said(error))
    return _postgresql(session, live, fault, getattr(error.orig, "diag", None))


def _said(error: DBAPIError) -> str:
    arguments = getattr(error.orig, "args", ())
    return str(arguments[-1]) if arguments else ""


def _sqlite(live: LiveTable, fault: DatabaseFault, said: str) -> FaultPlace:
    """``UNIQUE constraint failed: table.a, table.b``; of foreign keys nothing is said."""
    _kind, _colon, told = said.partition(": ")
    told = told.strip()
    if fault is F.CHECK:
        return FaultPlace(_columns_in(live, told), rule=told[:LONGEST_RULE] or None)
    if fault not in {F.DUPLICATE, F.EMPTY}:
        return NOWHERE
    spec = live.spec
    sets = [spec.key, *spec.unique, *((column.code,) for column in spec.columns)]
    for codes in sets:
        names = tuple(spec.by_code[code].name for code in codes)
        if names and told == ", ".join(f"{spec.name}.{name}" for name in names):
            return FaultPlace(names)
    return NOWHERE


def _mysql(session: Session, live: LiveTable, fault: DatabaseFault, said: str) -> FaultPlace:
    if fault in OF_A_FOREIGN_KEY:
        return _mysql_reference(session, fault, said)
    quoted = _IN_QUOTES.findall(said)
    if not quoted:
        return NOWHERE
    if fault in OF_A_COLUMN:
        return FaultPlace(_known(live, quoted[-1:]))
    if fault is F.CHECK:
        rule = str(quoted[0])
        # A rule of one column goes by "table.column".
        column = rule.removeprefix(f"{live.spec.name}.")
        return FaultPlace(_known(live, [column] if column != rule else []), rule=rule)
    if fault is F.DUPLICATE:
        rule = str(quoted[-1]).removeprefix(f"{live.spec.name}.")
        place = {"schema": live.spec.schema, "table": live.spec.name, "rule": rule}
        return FaultPlace(_names(_asked(session, MYSQL_KEY, place)), rule=rule)
    return NOWHERE


def _mysql_reference(session: Session, fault: DatabaseFault, said: str) -> FaultPlace:
    found = _REFERENCE.search(said)
    if found is None:
        return NOWHERE
    own_schema, own, columns, to_schema, to_table = found.groups()
    names = tuple(_plain(name) for name in re.findall(_QUOTED, columns))
    if fault is F.NAMES_NOTHING:
        schema = to_schema or own_schema
        return FaultPlace(names, _plain(to_table), _other_schema(session, _plain(schema)))
    return FaultPlace((), _plain(own), _other_schema(session, _plain(own_schema)))


def _postgresql(session: Session, live: LiveTable, fault: DatabaseFault, told: Any) -> FaultPlace:
    if told is None or told.table_name is None:
        return NOWHERE
    if fault in OF_A_COLUMN:
        return FaultPlace(_known(live, [told.column_name]))
    place = {"schema": told.schema_name, "table": told.table_name, "rule": told.constraint_name}
    rows = _asked(session, POSTGRESQL_RULE, place)
    if fault is F.DUPLICATE:
        rows = rows or _asked(session, POSTGRESQL_INDEX, place)
    found = FaultPlace(_names(rows), rule=told.constraint_name)
    if fault is F.STILL_NAMED:
        schema = _other_schema(session, told.schema_name)
        return replace(found, columns=(), table=told.table_name, schema=schema)
    if fault is F.NAMES_NOTHING and rows:
        schema = _other_schema(session, rows[0].to_schema)
        return replace(found, table=rows[0].to_table, schema=schema)
    return found


def _other_schema(session: Session, schema: str | None) -> str | None:
    """The schema as descriptions name it: None for the connection's own."""
    asked = "SELECT current_schema()"
    if session.get_bind().dialect.name in MYSQL:
        asked = "SELECT DATABASE()"
    return None if schema == session.scalar(text(asked)) else schema


def _asked(session: Session, statement: str, place: dict[str, Any]) -> Sequence[Any]:
    return session.execute(text(statement), place).all()


def _names(rows: Sequence[Any]) -> tuple[str, ...]:
    return tuple(row.name for row in rows if row.name is not None)


def _known(live: LiveTable, names: Iterable[str | None]) -> tuple[str, ...]:
    """Those names that columns of the table have."""
    known = {column.name for column in live.spec.columns}
    return tuple(name for name in names if name in known)


def _columns_in(live: LiveTable, rule: str) -> tuple[str, ...]:
    """The columns that a rule names; names of letters only count where no other letter follows."""
    found = []
    for column in live.spec.columns:
        if re.search(rf"(?<!\w){re.escape(column.name)}(?!\w)", rule, re.IGNORECASE):
            found.append(column.name)
    return tuple(found)


def _plain(name: str) -> str:
    return name.replace("``", "`")
