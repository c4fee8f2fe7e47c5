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
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

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

    MariaDB reads what is committed now, not what was when the transaction
    began: a step compares against the present state.
    """
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30}}
    if url.startswith(("mysql", "mariadb")):
        return {
            "isolation_level": "READ COMMITTED",
            "pool_pre_ping": True,
            "pool_recycle": 1800,
            "connect_args": {"charset": "utf8mb4"},
        }
    return {"pool_pre_ping": True}


def prepare_engine(engine: Engine) -> Engine:
    """Make SQLite keep its promises: foreign keys, WAL, real transactions."""
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late; see _begin.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITE_OPTION)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


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
    """
    session.commit()
    session.connection(execution_options={WRITE_OPTION: True})
