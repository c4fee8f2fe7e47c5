"""An operator lets the first administrator in, and in again who is locked out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from app.bootstrap import create_app
from app.web.fab.database import database
from tests.cli.conftest import Command, command_on
from tests.web.conftest import post_form

PASSWORD = re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}")
NEW = "mountain-River-88"


@contextmanager
def browser_on(url: str, folder: Path) -> Iterator[FlaskClient]:
    settings = {
        "TESTING": True,
        "SECRET_KEY": "a key for tests only, long enough",
        "SQLALCHEMY_DATABASE_URI": url,
        "STATEDATA_INSTANCE": folder,
    }
    application = create_app(settings, environment={})
    yield application.test_client()
    with application.app_context():
        database.engine.dispose()


def password_in(output: str) -> str:
    found = PASSWORD.search(output)
    assert found, output
    return found[0]


def test_a_new_college_gets_its_first_administrator(any_database_url: str, tmp_path: Path) -> None:
    command = command_on(any_database_url, tmp_path)
    command("init")

    given = password_in(command("administrator", "00001", "张三").output)

    with browser_on(any_database_url, tmp_path) as browser:
        assert post_form(browser, "/login/", username="00001", password=given).status_code == 302
        assert browser.get("/people/").headers["Location"].startswith("/password/")
        typed = {"present": given, "new": NEW, "repeated": NEW}
        assert post_form(browser, "/password/", **typed).status_code == 302
        assert browser.get("/people/").status_code == 200
        assert browser.get("/permissions/").status_code == 200
        assert browser.get("/api/v1/data/course/rows").status_code == 403


def test_a_second_call_gives_a_new_password_and_nothing_else(command_everywhere: Command) -> None:
    command_everywhere("init")

    first, second = (command_everywhere("administrator", "00001", "张三") for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert password_in(first.output) != password_in(second.output)


MISTAKES = {
    ("00001", "李四"): "张三",
    ("", "李四"): "工号",
    ("00002", ""): "姓名",
    ("a b'", "李四"): "工号",
}


def test_what_cannot_be_is_refused(command: Command) -> None:
    command("init")
    command("administrator", "00001", "张三")

    for (number, name), reason in MISTAKES.items():
        refused = command("administrator", number, name)

        assert refused.exit_code == 1
        assert reason in refused.output


def test_it_stands_in_the_audit_log(sqlite_url: str, tmp_path: Path) -> None:
    command = command_on(sqlite_url, tmp_path)
    command("init")
    command("administrator", "00001", "张三")

    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        query = text("SELECT tag, person_name FROM sd_audit_entry ORDER BY id")
        told = [("person.assign", "服务器运维人员"), ("person.open", "服务器运维人员")]
        assert connection.execute(query).all() == told
    engine.dispose()
