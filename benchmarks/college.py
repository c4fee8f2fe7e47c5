"""A college with one data steward and one table, on SQLite or MariaDB."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pymysql
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, make_url
from werkzeug.security import generate_password_hash

from app.access.person import Actor, Appointed
from app.access.roles import CYCLE, TABLE_ACTIONS
from app.actions.assignment import Proposed, assign
from app.actions.permission import sync_permissions
from app.actions.person import NewPerson, add_people
from app.bootstrap import create_app
from app.cli.migration import upgrade
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.department import DepartmentKind
from app.domain.period import AcademicYear
from app.domain.person import Function
from app.models.base_table import Store, StoredTable, create_missing
from app.models.cycle import Cycle
from app.models.department import Department
from app.rules.base_table import key_of
from app.web.fab.database import database
from tests.factories import plausible_row

TABLE = "student_association"
DEPARTMENT = "A03"
YEAR = AcademicYear(2025)
NOW = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
PASSWORD = "Demo-2026"  # noqa: S105 - of a database that lives for a minute
MARIADB = os.environ.get("TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/test")
ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class College:
    """The running application and what the measures need of it."""

    application: Flask
    engine: Engine
    store: Store
    stored: StoredTable
    period: str
    steward: Actor

    def fill(self, first: int, count: int) -> None:
        """Store rows straight into the database, numbered from ``first`` on."""
        for start in range(first, first + count, ROWS_AT_ONCE):
            numbers = range(start, min(start + ROWS_AT_ONCE, first + count))
            with self.engine.begin() as connection:
                connection.execute(insert(self.stored.table), [self.row(n) for n in numbers])

    def row(self, number: int) -> dict[str, object]:
        """A whole row of the table as it is stored."""
        values = plausible_row(self.stored.spec, self.store.catalogue, number)
        return values | {
            "sys_period": self.period,
            "sys_department": DEPARTMENT,
            "sys_version": 1,
            "sys_key": key_of(values[field.code] for field in self.stored.spec.key_fields),
        }

    def browser(self, username: str = "jwc_steward") -> FlaskClient:
        """A client in which the steward, or somebody else, has signed in."""
        browser = self.application.test_client()
        page = browser.get("/logout/").get_data(as_text=True)
        token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
        form = {"csrf_token": token, "username": username, "password": PASSWORD}
        if browser.post("/login/", data=form).status_code != 302:
            raise RuntimeError(f"{username} could not sign in")
        return browser


@contextmanager
def college_on(kind: str) -> Iterator[College]:
    """A new college in a database of ``kind``, gone afterwards.

    Raises pymysql.Error when there is no MariaDB server.
    """
    with TemporaryDirectory() as name, _database(kind, Path(name)) as url:
        application = create_app(
            {
                "TESTING": True,
                "SECRET_KEY": uuid4().hex,
                "SQLALCHEMY_DATABASE_URI": url,
                "STATEDATA_INSTANCE": Path(name),
            },
            environment={},
        )
        with application.app_context():
            upgrade(database.engine, Path(application.config["STATEDATA_ROOT"]) / "migrations")
            college = _found(application)
            database.session.remove()
        yield college
        college.engine.dispose()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'statedata.db'}"
        return
    url = make_url(MARIADB).set(database=f"sd_bench_{uuid4().hex[:12]}")
    server = pymysql.connect(
        host=url.host or "127.0.0.1",
        port=url.port or 3306,
        user=url.username or "root",
        password=url.password or "",
        autocommit=True,
    )
    try:
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {url.database} CHARACTER SET utf8mb4")
        yield url.render_as_string(hide_password=False)
    finally:
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {url.database}")
        server.close()


def _found(application: Flask) -> College:
    store = application.extensions["store"]
    stored = store.tables[TABLE]
    steward = Actor(
        "03002",
        "李静",
        "jwc_steward",
        appointments=(Appointed(Function.DATA_STEWARD, DEPARTMENT),),
        permissions=frozenset((f"can_{action}", TABLE) for action in TABLE_ACTIONS),
    )
    with database.engine.begin() as connection:
        create_missing(connection, [stored])
    session = database.session()
    session.add(Department(code=DEPARTMENT, name="教务处", kind=DepartmentKind.OFFICE))
    cycle = Cycle(academic_year=YEAR.code, status=CycleStatus.OPEN, version=1, due_at=NOW)
    session.add(cycle)
    session.commit()
    sync_permissions(session, store)
    session.commit()
    owed = Proposed(TABLE, DEPARTMENT, AssignmentKind.RESPONSIBLE)
    assign(session, store, cycle, [owed], by=office(), now=NOW)
    session.commit()
    person = NewPerson(
        steward.number,
        steward.name,
        DEPARTMENT,
        steward.username,
        generate_password_hash(PASSWORD, method="pbkdf2:sha256:1"),
        appointments=steward.appointments,
    )
    add_people(session, [person], valid_from=date(2020, 1, 1), now=NOW)
    session.commit()
    return College(
        application, database.engine, store, stored, stored.spec.period_in(YEAR).code, steward
    )


def office() -> Actor:
    """A member of the quality office, who may assign tables."""
    return Actor(
        "07001",
        "周敏",
        "qa",
        appointments=(Appointed(Function.QA_OFFICE, "A07"),),
        permissions=frozenset({(f"can_{CycleVerb.OPEN}", CYCLE)}),
    )
