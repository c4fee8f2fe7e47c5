"""An application with a small college, for the tests of pages and answers."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.security import generate_password_hash

from app.access.person import Appointed
from app.actions.permission import sync_permissions
from app.actions.person import NewPerson, add_people
from app.cli.migration import upgrade
from app.domain.department import DepartmentKind
from app.domain.person import Function
from app.models.account import Account, SignInAddress
from app.models.department import Department
from app.web.fab.database import database
from tests.demo_copy import application_on

PASSWORD = "Demo-2026"
NOW = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
PEOPLE = {
    "steward": ("03002", "李静", Function.DATA_STEWARD),
    "head": ("03001", "王强", Function.HEAD),
}
SignIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole application on a new SQLite database with two people."""
    folder = tmp_path_factory.mktemp("web")
    made = application_on(f"sqlite:///{folder / 'statedata.db'}", folder)
    with made.app_context():
        upgrade(database.engine, Path(made.config["STATEDATA_ROOT"]) / "migrations")
        settle_people(made)
    yield made
    with made.app_context():
        database.engine.dispose()


def settle_people(application: Flask) -> None:
    """One department with its data steward and its head, who can sign in."""
    session = database.session()
    session.add(Department(code="A03", name="教务处", kind=DepartmentKind.OFFICE))
    sync_permissions(session, application.extensions["store"])
    people = [
        NewPerson(
            number=number,
            name=name,
            department="A03",
            username=username,
            # One round: the real ones cost a tenth of a second for every sign-in.
            password_hash=generate_password_hash(PASSWORD, method="pbkdf2:sha256:1"),
            appointments=(Appointed(function, "A03"),),
        )
        for username, (number, name, function) in PEOPLE.items()
    ]
    add_people(session, people, valid_from=date(2020, 1, 1), now=NOW)
    session.commit()


@pytest.fixture
def forgiven(application: Flask) -> Iterator[None]:
    """Wrong passwords of this test are not counted against the next one."""
    yield
    with application.app_context():
        for counted in (Account, SignInAddress):
            database.session.execute(delete(counted))
        database.session.commit()


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    """A browser nobody has signed in with."""
    return application.test_client()


@pytest.fixture
def sign_in(application: Flask) -> SignIn:
    """Signs a person in, in a browser of his own."""

    def sign_in_as(username: str) -> FlaskClient:
        browser = application.test_client()
        answer = post_form(browser, "/login/", username=username, password=PASSWORD)
        assert answer.status_code == 302
        return browser

    return sign_in_as


def post_form(browser: FlaskClient, path: str, **fields: str):
    """Send a form with the token that the page itself would send."""
    page = browser.get("/logout/").get_data(as_text=True)
    token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
    return browser.post(path, data={"csrf_token": token, **fields})
