"""An adopted table of a million rows: pages of the grid beside the bare driver doing the same.

Twenty columns as school systems have them, indexes on the record number and on the department.
The floor asks the same columns with the same condition and order and writes them with
``json.dumps``; rights are checked, rows are told apart and versions are worked out on our side.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.access.adopted_table import ADOPTED_ACTIONS
from app.actions.permission import grant_rights, sync_permissions
from app.models.adopted_table import live_tables
from app.models.inspection.reader import inspect_tables
from app.web.fab.database import database
from benchmarks.college import College
from benchmarks.measure import Line, cpu_seconds, seconds

TABLE = "big_course"
SEED = 20250901
BATCH = 20_000
PAGE = 50
TIMES = 20
COLUMNS = (
    "id",
    "no",
    "name",
    "dept",
    "term",
    "kind",
    "credit",
    "hours",
    "practice",
    "teacher",
    "room",
    "weekday",
    "begins",
    "students",
    "score",
    "fee",
    "grade",
    "major",
    "note",
    "state",
)
CREATE = """CREATE TABLE big_course (
    id BIGINT PRIMARY KEY, no VARCHAR(20) NOT NULL, name VARCHAR(60) NOT NULL, dept CHAR(3),
    term VARCHAR(12), kind VARCHAR(8), credit DECIMAL(4, 1), hours INTEGER, practice INTEGER,
    teacher VARCHAR(20), room VARCHAR(20), weekday INTEGER, begins DATE, students INTEGER,
    score DECIMAL(6, 2), fee DECIMAL(10, 2), grade VARCHAR(8), major VARCHAR(40),
    note VARCHAR(200), state VARCHAR(8))"""
INDEXES = (
    "CREATE UNIQUE INDEX ix_big_no ON big_course (no)",
    "CREATE INDEX ix_big_dept ON big_course (dept, id)",
)
ALL = ", ".join(COLUMNS)


def measures(college: College, kind: str, rows: int) -> Iterator[Line]:
    """Time and processor time of our pages and of their floors."""
    build(college.engine, rows)
    browser = _open(college)
    for name, (options, condition) in pages(rows).items():
        statement = f"SELECT {ALL} FROM big_course {condition}"  # noqa: S608 - our own words
        address = f"/api/v1/data/{TABLE}/rows?limit={PAGE}{options}"
        answer = browser.get(address)
        if answer.status_code != 200 or len(answer.get_json()["rows"]) != PAGE:
            raise RuntimeError(f"{address}: {answer.status_code}")
        with college.engine.connect() as connection:
            cursor = connection.connection.cursor()
            shown = f"adopted, {PAGE} of {rows:,} rows, {name}, {kind}"
            ours = seconds(lambda: browser.get(address).get_data(), TIMES)  # noqa: B023
            floor = seconds(lambda: _floor(cursor, statement), TIMES)  # noqa: B023
            yield Line(shown, ours * 1000, floor * 1000, "ms", 5)
            ours = cpu_seconds(lambda: browser.get(address).get_data(), TIMES)  # noqa: B023
            yield Line(f"{shown}, CPU", ours * 1000, None, "ms", 5)


def pages(rows: int) -> dict[str, tuple[str, str]]:
    """Name of a page → what our address asks for, and how the floor says it in SQL."""
    deep = rows // 2
    keys = f"SELECT id AS i FROM big_course ORDER BY id LIMIT 51 OFFSET {deep}"  # noqa: S608
    return {
        "first page": ("", "ORDER BY id LIMIT 51"),
        "one department, sorted": (
            '&filter=["dept","=","C05"]&sort=-id',
            "WHERE dept = 'C05' ORDER BY id DESC LIMIT 51",
        ),
        f"row {deep:,} on": (f"&offset={deep}", f"JOIN ({keys}) p ON p.i = id ORDER BY id"),
        "contains": (
            '&filter=["name","contains","10 班"]',
            "WHERE name LIKE '%10 班%' ORDER BY id LIMIT 51",
        ),
    }


def build(engine: Engine, rows: int) -> None:
    """The table with ``rows`` rows, the same in every run."""
    random = Random(SEED)
    marks = ", ".join(f":{name}" for name in COLUMNS)
    statement = text(f"INSERT INTO big_course ({ALL}) VALUES ({marks})")  # noqa: S608
    with engine.begin() as connection:
        connection.execute(text(CREATE))
    for start in range(0, rows, BATCH):
        some = [_row(random, number) for number in range(start + 1, start + BATCH + 1)]
        with engine.begin() as connection:
            connection.execute(statement, some[: rows - start])
    with engine.begin() as connection:
        for index in INDEXES:
            connection.execute(text(index))
        if connection.dialect.name == "mysql":
            connection.execute(text("ANALYZE TABLE big_course"))


def _row(random: Random, number: int) -> dict[str, object]:
    return {
        "id": number,
        "no": f"K{number:09}",
        "name": f"专业课程 {number % 977} 第 {number % 40} 班",
        "dept": f"C{random.randrange(60):02}",
        "term": "2025-2026-1",
        "kind": random.choice(("必修", "选修")),
        "credit": "2.5",
        "hours": random.randrange(16, 96),
        "practice": random.randrange(16),
        "teacher": f"{random.randrange(900):05}",
        "room": f"A{random.randrange(400)}",
        "weekday": random.randrange(7),
        "begins": "2025-09-01",
        "students": random.randrange(20, 60),
        "score": f"{random.randrange(6000, 9900) / 100:.2f}",
        "fee": f"{random.randrange(10_000) / 100:.2f}",
        "grade": "2025",
        "major": f"专业 {random.randrange(40)}",
        "note": None if number % 3 else "由教务系统导入",
        "state": "正常",
    }


def _open(college: College) -> FlaskClient:
    """Adopt the table, give a steward the right to it, and sign him in."""
    with college.engine.connect() as connection:
        found = inspect_tables(connection, choose=lambda _schema: [TABLE])
    adopted: Any = college.store.adopted
    adopted.update(live_tables({table.identifier: table for table in found.tables}))
    with college.application.app_context():
        session = database.session()
        sync_permissions(session, college.store)
        grant_rights(session, [("data_steward", (action, TABLE)) for action in ADOPTED_ACTIONS])
        session.commit()
    return college.browser()


def _floor(cursor: Any, statement: str) -> str:
    """The page by the driver alone, as JSON."""
    cursor.execute(statement)
    rows = [dict(zip(COLUMNS, row, strict=False)) for row in cursor.fetchall()]
    return json.dumps(rows, ensure_ascii=False, default=str)
