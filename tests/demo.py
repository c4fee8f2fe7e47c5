"""The demo college behind the whole application, for tests of the API and of pages.

It is made once per run on SQLite and on MariaDB, and on PostgreSQL for the tests
that ask for it with ``on_all_databases``. A test signs people in and
changes what it likes; afterwards the tables that were written to are put back
as they were. People stay signed in: that costs a tenth of a second each.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    Table,
    delete,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.submission import Status
from app.models import permission
from app.models.account import SignInSession
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.reports.cycle import all_cycles, current_cycle
from app.reports.person import ActorCache
from app.web.fab.database import database
from tests import services
from tests.college import WRITES
from tests.demo_begin import folder_of
from tests.demo_copy import copied, tables_of
from tests.demo_play import ORIGINAL, PASSWORD, played
from tests.kept import Kept, kept
from tests.kinds import without_foreign_keys

SESSION = "statedata_session"
# Marks a test, or a file of them, whose subject is the same on every kind of database, such as what
# a page does in the browser; what it stores is shown on each kind elsewhere.
on_one_database = pytest.mark.parametrize("demo_college", ["sqlite"], indirect=True)
# Marks a test that runs on the demo college of every kind of database.
on_all_databases = pytest.mark.parametrize("demo_college", services.ALL_DATABASES, indirect=True)
API = "/api/v1/"


@dataclass
class Caller:
    """A person's browser, signed in; sends the token that its pages would send."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: Any) -> TestResponse:
        """Ask an address of the API, or any other that begins with a slash."""
        return self.client.get(whole_path(path), query_string=query or None, buffered=True)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        """Send JSON, or a form where ``data`` is given."""
        sent = {"json": body, **more} if "data" not in more else more
        return self.client.post(
            whole_path(path), headers={"X-CSRFToken": self.token}, buffered=True, **sent
        )

    def changes(self, table: str, *changes: Mapping[str, Any], **more: Any) -> TestResponse:
        """Send changes of rows of one's own department in the present period."""
        return self.post(f"data/{table}/changes", {"changes": list(changes), **more})

    def rows(self, table: str, **query: Any) -> list[dict[str, Any]]:
        """The rows of a table that the person may see."""
        answer = self.get(f"data/{table}/rows", **query)
        assert answer.status_code == 200, answer.json
        return list(answer.json["rows"])


def whole_path(path: str) -> str:
    """An address of the API unless it is a whole one already."""
    return path if path.startswith("/") else API + path


@dataclass
class DemoCollege:
    """The application with the demo college, and what its tables held at the beginning."""

    application: Flask
    tables: Mapping[str, Table] = field(default_factory=dict)
    contents: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    rewritten: set[str] = field(default_factory=set)
    signed_in: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        """The application's database."""
        with self.application.app_context():
            return database.engine

    @property
    def store(self) -> Store:
        """The catalogue with its SQL tables."""
        return self.application.extensions["store"]

    def session(self) -> Session:
        """A session of the test's own, as another program has it."""
        return Session(self.engine, expire_on_commit=False)

    def caller(self, username: str) -> Caller:
        """The person's browser, signed in."""
        client = self.application.test_client()
        if username not in self.signed_in:
            self.signed_in[username] = sign_in(client, username)
            self.keep_session()
        cookie, token = self.signed_in[username]
        client.set_cookie(SESSION, cookie)
        return Caller(client, token)

    def keep_session(self) -> None:
        """Let the session that has just begun outlive the tests, without being noted as seen."""
        with self.session() as session:
            newest = session.scalars(
                select(SignInSession).order_by(SignInSession.id.desc())
            ).first()
            assert newest is not None
            newest.last_seen_at = newest.created_at + timedelta(hours=6)
            session.commit()
            row = select(SignInSession.__table__).where(SignInSession.id == newest.id)
            kept = dict(session.execute(row).mappings().one())
        self.contents["sd_session"].append(kept)

    def visitor(self) -> FlaskClient:
        """A browser nobody has signed in with."""
        return self.application.test_client()

    @property
    def cycle(self) -> Cycle:
        """The open collection year."""
        with self.session() as session:
            found = current_cycle(all_cycles(session))
        assert found is not None
        return found

    @property
    def locked_cycle(self) -> Cycle:
        """The collection year before, which is locked."""
        with self.session() as session:
            return all_cycles(session)[-1]

    def period(self, table: str, cycle: Cycle | None = None) -> str:
        """The code of the period that a year, by default the open one, collects."""
        return self.store.catalogue.tables[table].period_in((cycle or self.cycle).year).code

    def submission(self, table: str, department: str) -> Submission:
        """A submission of the open year as it is stored now."""
        query = select(Submission).where(
            Submission.cycle_id == self.cycle.id,
            Submission.table_identifier == table,
            Submission.department_code == department,
        )
        with self.session() as session:
            return session.scalars(query).one()

    def set_status(self, table: str, department: str, status: Status) -> None:
        """Put a submission into a status without the steps that lead there."""
        with self.session() as session:
            submission = session.merge(self.submission(table, department))
            submission.status = status
            if status is Status.ACCEPTED:
                submission.accepted_at, submission.accepted_by = datetime.now(UTC), "04003"
            session.commit()

    def stored(self, table: str) -> list[dict[str, Any]]:
        """All stored rows of a base table with their system columns."""
        found = self.store.tables[table]
        with self.session() as session:
            query = select(found.table).order_by(*found.identity)
            return [dict(row) for row in session.execute(query).mappings()]

    def revoke(self, action: str, resource: str) -> None:
        """Take one permission row away from every role, as an administrator does."""
        pair = (
            select(permission.permission_view.c.id)
            .join(permission.permission)
            .join(permission.view_menu)
            .where(permission.permission.c.name == f"can_{action}")
            .where(permission.view_menu.c.name == resource)
        )
        with self.session() as session:
            ids = session.scalars(pair).all()
            granted = permission.permission_view_role
            session.execute(delete(granted).where(granted.c.permission_view_id.in_(ids)))
            session.commit()
        self.application.extensions["actors"] = ActorCache()

    def restore(self) -> None:
        """Put the tables that were written to back as they were."""
        if not self.touched:
            return
        with self.engine.connect() as connection, without_foreign_keys(connection):
            for name in [name for name in self.tables if name in self.touched]:
                # Long tables such as the audit log only ever grow: that is taken back quickly.
                if name in self.rewritten or not self._shrink(connection, name):
                    connection.execute(delete(self.tables[name]))
                    if self.contents[name]:
                        connection.execute(insert(self.tables[name]), list(self.contents[name]))
            connection.commit()
        self.touched.clear()
        self.rewritten.clear()
        self.application.extensions["actors"] = ActorCache()

    def _shrink(self, connection: Connection, name: str) -> bool:
        """Take new rows away by their numbers; whether that leaves what there was."""
        table, kept = self.tables[name], self.contents[name]
        key = next(iter(table.primary_key.columns)) if len(table.primary_key) == 1 else None
        if key is None or not isinstance(key.type, Integer) or not kept:
            return False
        connection.execute(delete(table).where(key > max(row[key.name] for row in kept)))
        return connection.scalar(select(func.count()).select_from(table)) == len(kept)

    def remember(self) -> None:
        """Note what the tables hold and watch which of them are written to."""
        self.tables = tables = tables_of(self.store)
        with self.engine.connect() as connection:
            self.contents = {
                name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for name, table in tables.items()
            }
        self.watch()

    def watch(self) -> None:
        """Note from now on which tables the application writes to."""

        @event.listens_for(self.engine, "before_cursor_execute")
        def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if match := WRITES.match(statement):
                self.touched.add(match[1])
                # What an INSERT with an ON meets is changed.
                if not statement.lstrip().startswith("INSERT") or " ON " in statement:
                    self.rewritten.add(match[1])

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The SQL statements that run meanwhile."""
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SET SESSION")):
                statements.append(statement)

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(self.engine, "before_cursor_execute", note)


def sign_in(client: FlaskClient, username: str) -> tuple[str, str]:
    """Sign in as a person does; returns the session cookie and its CSRF token."""
    form = {"username": username, "password": PASSWORD, "csrf_token": token_of(client)}
    answer = client.post("/login/", data=form)
    assert answer.status_code == 302, f"{username} cannot sign in"
    token = token_of(client)
    cookie = client.get_cookie(SESSION)
    assert cookie is not None
    return cookie.value, token


def token_of(client: FlaskClient) -> str:
    """The CSRF token that the pages of this browser carry."""
    page = client.get("/logout/").get_data(as_text=True)
    return page.partition('name="csrf-token" content="')[2].partition('"')[0]


@pytest.fixture(scope="session")
def demo_played(request: pytest.FixtureRequest) -> Path:
    """The folder in which the demo college of a run was played."""
    return played(folder_of(request.config))


@pytest.fixture(scope="session")
def demo_original(demo_played: Path) -> Path:
    """The SQLite file that the demo colleges of all processes of a run are copied from."""
    return demo_played / ORIGINAL


@pytest.fixture(scope="session")
def demo_colleges(
    tmp_path_factory: pytest.TempPathFactory, demo_original: Path
) -> Iterator[Kept[DemoCollege]]:
    """The demo colleges of a run, one for each kind of database."""

    def make(url: str, folder: Path, stack: ExitStack) -> DemoCollege:
        college = DemoCollege(copied(demo_original, url, folder))
        college.remember()
        stack.callback(college.engine.dispose)
        return college

    with kept(make, tmp_path_factory) as colleges:
        yield colleges


@pytest.fixture(scope="session", params=services.DATABASES)
def demo_college(request: pytest.FixtureRequest, demo_colleges: Kept[DemoCollege]) -> DemoCollege:
    """The demo college, made once per run and kind of database."""
    return demo_colleges(request.param)


@pytest.fixture
def demo(demo_college: DemoCollege) -> Iterator[DemoCollege]:
    """The demo college; what the test changes is put back afterwards."""
    yield demo_college
    demo_college.restore()
