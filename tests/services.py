"""The services some tests need: MariaDB and PostgreSQL servers, a Chromium browser.

Where one is missing its tests are skipped, and ``REQUIRE_SERVICES=1`` makes
the same skip a failure. The variables have no prefix of the platform's: what has one is
forgotten before the tests, and the processes of a run have to ask the same services.

What depends on the kind of database runs on ``DATABASES``, which
``TEST_DATABASES`` changes (``sqlite,mariadb,postgresql``); what has to
hold on every kind, at little cost, runs on ``ALL_DATABASES``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import psycopg
import pymysql
import pytest
from sqlalchemy import URL, make_url

MARIADB_URL = os.environ.get("TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/test")
POSTGRESQL_URL = os.environ.get(
    "TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
ALL_DATABASES = ["sqlite", "mariadb", "postgresql"]
DATABASES = os.environ.get("TEST_DATABASES", "sqlite,mariadb").split(",")
CHROMIUM = os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium")
REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"

HOW_TO_GET = {
    "MariaDB": (
        "apt-get install mariadb-server，启动后用 TEST_MARIADB_URL 指明地址"
        "（默认 mysql+pymysql://root@127.0.0.1:3306/test，账号须能建库）"
    ),
    "PostgreSQL": (
        "apt-get install postgresql，启动后用 TEST_POSTGRESQL_URL 指明地址"
        "（默认 postgresql+psycopg://postgres@127.0.0.1:5432/postgres，账号须能建库）"
    ),
    "Chromium": ("apt-get install chromium fonts-noto-cjk，或用 TEST_CHROMIUM 指明可执行文件"),
}


def give_up(service: str, detail: str) -> NoReturn:
    """Skip the running test for want of a service, or fail it where services are required."""
    if REQUIRED:
        pytest.fail(f"{service} is required here: {detail}", pytrace=False)
    pytest.skip(f"needs {service}: {detail}")


def service_of(reason: str) -> str | None:
    """The service for want of which a test was skipped, told from the reason given."""
    return next((name for name in HOW_TO_GET if f"needs {name}: " in reason), None)


def connect(url: URL) -> Any:
    """A connection to the server of ``url``, without choosing a database."""
    return pymysql.connect(
        host=url.host or "127.0.0.1",
        port=url.port or 3306,
        user=url.username or "root",
        password=url.password or "",
        connect_timeout=3,
        autocommit=True,
    )


@cache
def why_no_mariadb() -> str | None:
    """The reason why the MariaDB server cannot be used, or None; asked once."""
    try:
        connect(make_url(MARIADB_URL)).close()
    except pymysql.Error as error:
        return str(error)
    return None


@contextmanager
def mariadb_database() -> Iterator[str]:
    """The address of a new, empty MariaDB database; it is dropped afterwards."""
    if reason := why_no_mariadb():
        give_up("MariaDB", reason)
    url = make_url(MARIADB_URL).set(database=f"sd_test_{uuid4().hex[:12]}")
    server = connect(url)
    try:
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {url.database} CHARACTER SET utf8mb4")
        yield url.render_as_string(hide_password=False)
    finally:
        with suppress(pymysql.Error), server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {url.database}")
        server.close()


@cache
def why_no_postgresql() -> str | None:
    """The reason why the PostgreSQL server cannot be used, or None; asked once."""
    try:
        connect_postgresql(make_url(POSTGRESQL_URL)).close()
    except psycopg.Error as error:
        return str(error)
    return None


def connect_postgresql(url: URL) -> psycopg.Connection:
    """A connection to the database of ``url``; every statement is its own transaction."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, connect_timeout=3, autocommit=True)


@contextmanager
def postgresql_database() -> Iterator[str]:
    """The address of a new, empty PostgreSQL database; it is dropped afterwards."""
    if reason := why_no_postgresql():
        give_up("PostgreSQL", reason)
    url = make_url(POSTGRESQL_URL)
    name = f"sd_test_{uuid4().hex[:12]}"
    server = connect_postgresql(url)
    try:
        server.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        # A test's data need not outlive a power cut.
        server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with suppress(psycopg.Error):
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.close()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new, empty database of one of the kinds ``ALL_DATABASES``."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'{uuid4().hex}.db'}"
        return
    with {"mariadb": mariadb_database, "postgresql": postgresql_database}[kind]() as url:
        yield url
