"""Databases as unkind as each kind allows, to be adopted without being changed.

The schemas lie in ``tests/nasty_schemas``; a table of 300 columns is added to each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from tests import services

FOLDER = Path(__file__).with_name("nasty_schemas")
ACCOUNT_PREFIX = "sd_test_"
MANY = 300
WIDE = f"CREATE TABLE wide ({', '.join(f'c{number} int' for number in range(MANY))})"
# What each kind tells of everything that could have been altered.
POSTGRESQL_DEFINITIONS = """
    SELECT c.oid::text, c.relname, c.relkind::text, c.relacl::text, obj_description(c.oid),
        a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
        a.attacl::text, col_description(c.oid, a.attnum), pg_get_expr(d.adbin, d.adrelid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' ORDER BY 1, 7
"""
POSTGRESQL_CONSTRAINTS = """
    SELECT oid::text, conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY oid
"""


def engine_for(url: str) -> Engine:
    """An engine that keeps no connection, so that the database can be dropped."""
    return create_engine(url, poolclass=NullPool)


@contextmanager
def nasty_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new database with the nasty schema of its kind."""
    with services.database(kind, folder) as url:
        run_all(url, [*(FOLDER / f"{kind}.sql").read_text(encoding="utf-8").split(";\n"), WIDE])
        yield url


def run_all(url: str, statements: list[str]) -> None:
    """Run the statements as they are, on a connection of their own."""
    with engine_for(url).connect() as connection:
        for statement in filter(str.strip, statements):
            sqlite = connection.dialect.name == "sqlite"
            connection.exec_driver_sql(statement if sqlite else statement.replace("%", "%%"))
        connection.commit()


def definitions(url: str) -> list[object]:
    """Everything the database says about how its tables are made."""
    with engine_for(url).connect() as connection:
        return DEFINITIONS[connection.dialect.name](connection)


def _of_sqlite(connection: Connection) -> list[object]:
    return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM sqlite_master")]


def _of_mysql(connection: Connection) -> list[object]:
    names = connection.exec_driver_sql("SHOW FULL TABLES").all()
    quote = connection.dialect.identifier_preparer.quote_identifier
    statements = [f"SHOW CREATE TABLE {quote(name)}" for name, _kind in names]
    return [tuple(connection.exec_driver_sql(statement).one()) for statement in statements]


def _of_postgresql(connection: Connection) -> list[object]:
    statements = (POSTGRESQL_DEFINITIONS, POSTGRESQL_CONSTRAINTS)
    return [tuple(row) for each in statements for row in connection.exec_driver_sql(each)]


DEFINITIONS = {
    "sqlite": _of_sqlite,
    "mysql": _of_mysql,
    "mariadb": _of_mysql,
    "postgresql": _of_postgresql,
}


@contextmanager
def account(url: str, *grants: str) -> Iterator[str]:
    """The address of the same database for a new account that may only do what is granted.

    Each grant is the middle of a GRANT statement: ``SELECT ON no_key``.
    """
    name = ACCOUNT_PREFIX + uuid4().hex[:12]
    address = make_url(url)
    is_mysql = address.get_backend_name() == "mysql"
    user = f"'{name}'@'%'" if is_mysql else name
    made = [f"CREATE USER {user}"] if is_mysql else [f"CREATE ROLE {user} LOGIN"]
    run_all(url, made + [f"GRANT {grant} TO {user}" for grant in grants])
    try:
        yield address.set(username=name).render_as_string(hide_password=False)
    finally:
        gone = [] if is_mysql else [f"DROP OWNED BY {user}"]
        run_all(url, [*gone, f"DROP USER {user}"])
