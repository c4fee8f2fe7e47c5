"""The whole application beside an old system in one database, on every kind of server."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from app.access.adopted_table import ADOPTED_ACTIONS
from app.actions.permission import grant_rights, sync_permissions
from app.bootstrap import ADOPTED, create_app
from app.catalogue.adopted_file import write_adopted
from app.cli.migration import upgrade
from app.models.inspection.reader import inspect_tables
from app.web.fab.database import database
from tests import services
from tests.adopted import build_old_system
from tests.web.conftest import PASSWORD, post_form, settle_people

ROLE = "data_steward"


@dataclass
class Console:
    """A data steward who holds every right on the adopted tables, signed in."""

    application: Flask
    engine: Engine
    browser: FlaskClient
    token: str
    tables: dict[str, str]

    def get(self, path: str) -> TestResponse:
        """Ask an address."""
        return self.browser.get(path, buffered=True)

    def send(self, path: str, body: object) -> TestResponse:
        """Send JSON."""
        return self.browser.post(path, json=body, headers={"X-CSRFToken": self.token})

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form."""
        return self.browser.post(path, data={"csrf_token": self.token, **fields})

    def rows(self, name: str) -> list[dict[str, object]]:
        """The rows of a table by the database's own name."""
        answer = self.get(f"/api/v1/data/{self.tables[name]}/rows")
        assert answer.status_code == 200, answer.get_json()
        found: list[dict[str, object]] = answer.get_json()["rows"]
        return found


@pytest.fixture(scope="module", params=services.ALL_DATABASES)
def console(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """The application after ``init`` and ``adopt``, with the rights given to one role."""
    folder = tmp_path_factory.mktemp("console")
    with services.database(request.param, folder) as url:
        settings = {
            "TESTING": True,
            "SECRET_KEY": "a key for tests only, long enough for tokens",
            "SQLALCHEMY_DATABASE_URI": url,
            "STATEDATA_INSTANCE": folder,
        }
        first = create_app(settings, environment={})
        with first.app_context():
            upgrade(database.engine, Path(first.config["STATEDATA_ROOT"]) / "migrations")
            with database.engine.begin() as connection:
                build_old_system(connection)
            with database.engine.connect() as connection:
                write_adopted(folder / ADOPTED, inspect_tables(connection).tables)
            database.engine.dispose()
        found = opened(create_app(settings, environment={}))
        yield found
        with found.application.app_context():
            database.session.remove()
        found.engine.dispose()


def opened(application: Flask) -> Console:
    """The console after the rights were given and the steward has signed in."""
    with application.app_context():
        settle_people(application)
        store = application.extensions["store"]
        sync_permissions(database.session(), store)
        pairs = [(action, table) for table in store.adopted for action in ADOPTED_ACTIONS]
        grant_rights(database.session(), [(ROLE, pair) for pair in pairs])
        database.session.commit()
        engine = database.engine
    browser = application.test_client()
    assert post_form(browser, "/login/", username="steward", password=PASSWORD).status_code == 302
    page = browser.get("/data/").get_data(as_text=True)
    token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
    tables = {live.spec.name: identifier for identifier, live in store.adopted.items()}
    return Console(application, engine, browser, token, tables)
