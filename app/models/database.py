"""What all stored things share: the declarative base, types, the engine.

The platform's own tables are named ``sd_…`` and are mapped classes on
``Base``; managed base tables are Core tables made from the catalogue in
``app.models.base_table`` (decision 3).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Engine, Integer, MetaData, Numeric, event
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.domain.message import Message, Reason, Refused
from app.models.pinyin import FUNCTION, reads_as_in_python
from app.models.readable_text import ReadableConnection

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# Names are compared exactly: no case or accent folding on MySQL and MariaDB.
TABLE_OPTIONS = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
    "mariadb_engine": "InnoDB",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_bin",
}
# SQLite counts up only plain INTEGER keys; other databases get 64 bits.
BigKey = BigInteger().with_variant(Integer(), "sqlite")
WRITE_OPTION = "statedata_begins_to_write"
REFUSES_WRITES = "statedata_refuses_writes"
# In seconds, as long as SQLite waits; PostgreSQL would wait for ever.
LONGEST_LOCK_WAIT = 30
# Errors after which the same transaction may succeed: it was taken back whole. Of MariaDB, MySQL
# and Galera: record changed, lock wait timeout, deadlock or failed certification, rollback during
# commit; of TiDB: write conflicts. A connection that was lost while committing is none of them.
PASSING_NUMBERS = frozenset({1020, 1205, 1213, 3101, 8022, 9007})
# SQLite: busy and locked, in the lowest byte of its extended codes.
PASSING_SQLITE_CODES = frozenset({5, 6})
# PostgreSQL: serialization failure, deadlock, lock not available.
PASSING_STATES = frozenset({"40001", "40P01", "55P03"})


class Base(DeclarativeBase):
    """The base of the platform's own tables."""

    metadata = MetaData(naming_convention=NAMING)


class Timestamp(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC without zone and with microseconds in SQL."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """MySQL keeps whole seconds unless told otherwise."""
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: it would mean another instant elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a timestamp needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal of fixed precision and scale that no database rounds.

    SQLite knows only binary floats, so there it is kept as a whole number of
    the smallest unit; order, comparison and sums stay right.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A whole number on SQLite, DECIMAL elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Scale up for SQLite."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(Decimal(value).scaleb(self.scale).to_integral_value())

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Scale down from SQLite."""
        if value is None:
            return None
        if dialect.name != "sqlite":
            return Decimal(value)
        return Decimal(value).scaleb(-self.scale)


def engine_options(url: str) -> dict[str, Any]:
    """Options for ``create_engine``: what every engine of the platform needs.

    Servers read what is committed now, not what was when the transaction
    began: a step compares against the present state.
    """
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30, "factory": ReadableConnection}}
    shared: dict[str, Any] = {"isolation_level": "READ COMMITTED", "pool_pre_ping": True}
    if url.startswith(("mysql", "mariadb")):
        return {**shared, "pool_recycle": 1800, "connect_args": {"charset": "utf8mb4"}}
    return shared


def prepare_engine(engine: Engine) -> Engine:
    """Make the database keep its promises and take what the others take."""
    prepare = {"sqlite": _prepare_sqlite, "postgresql": _prepare_postgresql}
    if engine.dialect.name in prepare:
        prepare[engine.dialect.name](engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    """Foreign keys, WAL, real transactions."""

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late; see _begin.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_function(FUNCTION, 2, reads_as_in_python, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITE_OPTION)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgresql(engine: Engine) -> None:
    """Locks are not waited for without end; NUL in a text becomes U+FFFD, as in HTML.

    PostgreSQL refuses a text with NUL even where it is only looked for. No stored text has it,
    so with U+FFFD in its place nothing is found either.
    """

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = '{LONGEST_LOCK_WAIT}s'")
        cursor.close()
        connection.commit()

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def _replace_nul(
        _connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any
    ) -> tuple[str, Any]:
        if isinstance(parameters, list):
            return statement, [_without_nul(values) for values in parameters]
        return statement, _without_nul(parameters)


def _without_nul(values: Any) -> Any:
    """The parameters of one statement; they are copied only where one of them has a NUL."""
    if not isinstance(values, dict) or not any(
        isinstance(value, str) and "\0" in value for value in values.values()
    ):
        return values
    return {
        name: value.replace("\0", "\ufffd") if isinstance(value, str) else value
        for name, value in values.items()
    }


def is_passing(error: DBAPIError) -> bool:
    """Whether the transaction only met another one and may be tried again from its beginning."""
    cause: Any = error.orig
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in PASSING_SQLITE_CODES
    if getattr(cause, "sqlstate", None) in PASSING_STATES:
        return True
    number = cause.args[0] if cause is not None and cause.args else None
    return number in PASSING_NUMBERS


@contextmanager
def refusing_writes(session: Session) -> Iterator[None]:
    """Let whatever begins to write be refused as busy: others hold the locks too long."""
    session.info[REFUSES_WRITES] = True
    try:
        yield
    finally:
        del session.info[REFUSES_WRITES]


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """A transaction that writes: taken back whole when anything is raised.

    The action commits inside; what it has not committed by the end is dropped.
    """
    begin_write(session)
    try:
        yield
    finally:
        session.rollback()


def begin_write(session: Session) -> None:
    """End the reading transaction and begin one that writes.

    On SQLite the write lock is taken at once, so that what an action reads is
    still true when it writes; elsewhere rows are locked as they are read.
    Raises Refused (busy) inside ``refusing_writes``.
    """
    if session.info.get(REFUSES_WRITES):
        raise Refused(
            Message(
                "Many people are saving at this moment, so your turn did not come. Nothing was"
                " changed; wait a moment, then do it again."
            ),
            Reason.BUSY,
        )
    session.commit()
    session.connection(execution_options={WRITE_OPTION: True})
