"""An account that reads and writes rows, and nothing else, is enough to serve the platform."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.bootstrap import create_app
from tests.demo import Caller, DemoCollege, sign_in
from tests.demo_copy import SECRET_KEY

pytestmark = pytest.mark.parametrize("demo_college", ["mariadb", "postgresql"], indirect=True)
GRANTS = {
    "mysql": (
        "CREATE USER '{name}'@'%' IDENTIFIED BY '{name}'",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON {database}.* TO '{name}'@'%'",
    ),
    "postgresql": (
        "CREATE ROLE {name} LOGIN PASSWORD '{name}'",
        # Before version 15 everybody could make tables.
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ),
}
REMOVALS = {
    "mysql": ("DROP USER '{name}'@'%'",),
    "postgresql": ("DROP OWNED BY {name}", "DROP ROLE {name}"),
}
STRUCTURE = {
    "mysql": """
        SELECT table_name, column_name, column_type, is_nullable, column_default, extra, column_key
        FROM information_schema.columns WHERE table_schema = DATABASE()
        ORDER BY table_name, ordinal_position""",
    "postgresql": """
        SELECT table_name, column_name, data_type, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes
        WHERE schemaname = 'public'
        UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT relname, relkind::text, '', '', '' FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
        ORDER BY 1, 2, 3""",
}
WITHOUT_INSERT = {
    "mysql": "REVOKE INSERT ON {database}.* FROM '{name}'@'%'",
    "postgresql": "REVOKE INSERT ON ALL TABLES IN SCHEMA public FROM {name}",
}
PAGES = ["admin", "qa", "jwc_steward", "jwc_head", "leader", "archive"]
ROW = {"course_code": "ZZ01", "course_name": "插花"}


@contextmanager
def account_for_rows(engine: Engine) -> Iterator[str]:
    """The address of the same database for a new account with rights to rows only."""
    name, kind = f"sd_rows_{uuid4().hex[:8]}", engine.dialect.name

    def run(statements: tuple[str, ...]) -> None:
        with engine.begin() as connection:
            for statement in statements:
                made = statement.format(name=name, database=engine.url.database)
                connection.execute(text(made))

    run(GRANTS[kind])
    try:
        url = engine.url.set(username=name, password=name)
        yield url.render_as_string(hide_password=False)
    finally:
        run(REMOVALS[kind])


@pytest.fixture
def serving(demo: DemoCollege, tmp_path: Path) -> Iterator[DemoCollege]:
    """The demo college served by the account for rows; what it writes is put back."""
    with account_for_rows(demo.engine) as url:
        settings = {
            "TESTING": True,
            "SECRET_KEY": SECRET_KEY,
            "SQLALCHEMY_DATABASE_URI": url,
            "STATEDATA_INSTANCE": tmp_path,
        }
        served = DemoCollege(
            create_app(settings, environment={}),
            demo.tables,
            demo.contents,
            demo.touched,
            demo.rewritten,
        )
        served.watch()
        yield served
        served.engine.dispose()


def visit(served: DemoCollege, username: str) -> Caller:
    """Sign in through the account for rows; the session goes away with the test."""
    client = served.application.test_client()
    return Caller(client, sign_in(client, username)[1])


def structure_of(engine: Engine) -> list[str]:
    """Tables, columns, keys, indexes and constraints, as the database tells them."""
    kind = engine.dialect.name
    with engine.connect() as connection:
        told = [str(tuple(row)) for row in connection.execute(text(STRUCTURE[kind]))]
        if kind == "mysql":
            for [table] in connection.execute(text("SHOW TABLES")).all():
                [[_name, made]] = connection.execute(text(f"SHOW CREATE TABLE `{table}`")).all()
                told.append(re.sub(r" AUTO_INCREMENT=\d+", "", made))
    return told


def pages_of(served: DemoCollege) -> list[str]:
    """The addresses that can be opened without knowing a number or name, not the files."""
    return sorted(
        rule.rule
        for rule in served.application.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.arguments
    )


def test_the_account_can_make_no_tables(serving: DemoCollege) -> None:
    with Session(serving.engine) as session, pytest.raises(DBAPIError):
        session.execute(text("CREATE TABLE sd_more (id INTEGER)"))


def test_every_page_is_served_and_the_structure_stays(serving: DemoCollege) -> None:
    before = structure_of(serving.engine)
    addresses = [*pages_of(serving), "/data/course/", "/api/v1/data/course/rows"]
    answers = {}

    for username in PAGES:
        caller = visit(serving, username)
        for address in addresses:
            answers[address, username] = caller.get(address).status_code

    assert {key: code for key, code in answers.items() if code >= 500} == {}
    shown = {address for (address, _username), code in answers.items() if code < 400}
    assert {"/", "/data/", "/data/course/", "/board/", "/submissions/"} <= shown
    assert structure_of(serving.engine) == before


def test_rows_and_steps_are_saved_and_the_structure_stays(serving: DemoCollege) -> None:
    before = structure_of(serving.engine)
    office, teaching = visit(serving, "jwc_steward"), visit(serving, "gyxx_steward")
    owed = teaching.get("submissions", status="not_started").json["submissions"][0]

    saved = office.changes("course", {"op": "insert", "values": ROW}, partial=True)
    step = teaching.post(f"submissions/{owed['id']}/enter", {"version": owed["version"]})

    assert (saved.status_code, step.status_code) == (200, 200)
    assert ROW["course_code"] in [row["course_code"] for row in serving.stored("course")]
    assert structure_of(serving.engine) == before


def test_right_that_is_missing_is_named_and_nothing_is_saved(
    demo: DemoCollege, serving: DemoCollege
) -> None:
    office, kind = visit(serving, "jwc_steward"), demo.engine.dialect.name
    name, database = serving.engine.url.username, demo.engine.url.database
    with demo.engine.begin() as connection:
        connection.execute(text(WITHOUT_INSERT[kind].format(name=name, database=database)))
    # MariaDB asks for rights to a database when a connection is made.
    serving.engine.dispose()

    answer = office.changes("course", {"op": "insert", "values": ROW}, partial=True)

    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert "“INSERT”" in answer.json["detail"]
    assert office.get("data/course/rows").status_code == 200
