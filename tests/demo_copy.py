"""The demo college, played once per run by ``tests.demo_play``, copied to wherever it is wanted."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, Table, create_engine, delete, func, insert, select, text
from sqlalchemy.orm import Session

from app.bootstrap import create_app
from app.cli.migration import upgrade
from app.models import permission
from app.models.base_table import Store, create_missing
from app.models.database import Base
from app.web.fab.database import database
from tests.architecture.source import ROOT
from tests.kinds import without_foreign_keys

SECRET_KEY = "a key for tests only, long enough for tokens"


def application_on(url: str, folder: Path) -> Flask:
    """The whole application on the database at ``url``."""
    return create_app(
        {
            "TESTING": True,
            "SECRET_KEY": SECRET_KEY,
            "SQLALCHEMY_DATABASE_URI": url,
            "STATEDATA_INSTANCE": folder,
        },
        environment={},
    )


def copied(original: Path, url: str, folder: Path) -> Flask:
    """The application on a copy of the demo college in the empty database at ``url``."""
    if url.startswith("sqlite:///"):
        shutil.copyfile(original, url.removeprefix("sqlite:///"))
        return application_on(url, folder)
    application = application_on(url, folder)
    with application.app_context():
        prepare_tables(application)
        _copy_rows(original, tables_of(application.extensions["store"]))
    return application


def prepare_tables(application: Flask) -> None:
    """Make all tables in the application's database, whose context is entered."""
    upgrade(database.engine, ROOT / "migrations")
    store: Store = application.extensions["store"]
    with database.engine.begin() as connection:
        create_missing(connection, list(store.tables.values()))


def tables_of(store: Store) -> Mapping[str, Table]:
    """Every table of the platform by name, those before the others that refer to them."""
    tables = {table.name: table for table in permission.metadata.sorted_tables}
    tables |= {table.name: table for table in Base.metadata.sorted_tables}
    return tables | {stored.table.name: stored.table for stored in store.tables.values()}


def _copy_rows(original: Path, tables: Mapping[str, Table]) -> None:
    """Put the original's rows into the tables of the database at hand, nothing else."""
    source = create_engine(f"sqlite:///{original}")
    engine = database.engine
    with (
        Session(source) as read,
        engine.connect() as connection,
        without_foreign_keys(connection),
    ):
        for table in tables.values():
            rows = [dict(row) for row in read.execute(select(table)).mappings()]
            connection.execute(delete(table))
            if rows:
                connection.execute(insert(table), rows)
                _count_on(connection, table)
        connection.commit()
    source.dispose()


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL give out numbers beyond those that were copied."""
    key = table.autoincrement_column
    if connection.dialect.name != "postgresql" or key is None:
        return
    sequence = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :key)"), {"table": table.name, "key": key.name}
    )
    if sequence is not None:
        highest = select(func.max(key)).scalar_subquery()
        connection.execute(select(func.setval(sequence, highest)))
