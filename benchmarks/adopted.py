"""An adopted table of a million rows: the grid beside the bare driver and a generated view.

Twenty columns as school systems have them, indexes on the record number, on period and department,
on the department and on the kind. The floor asks the same columns with the same condition and
order and writes them with ``json.dumps``; rights are checked, rows are told apart, departments are
named and versions are worked out on our side. Flask-AppBuilder's ModelView and ModelRestApi are
generated over the same table (``benchmarks.generated_view``).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from app.access.adopted_table import ADOPTED_ACTIONS
from app.actions.permission import grant_rights, sync_permissions
from app.models.adopted_table import live_tables
from app.models.inspection.reader import inspect_tables
from app.web.fab.database import database
from benchmarks.college import College
from benchmarks.generated_view import Generated, generate
from benchmarks.measure import Line, cpu_seconds, seconds

TABLE = "big_course"
DEPARTMENTS = "big_department"
SEED = 20250901
# So many rows are made up; the rest are the same again under other numbers.
MADE_UP = 20_000
PAGE = 50
TIMES = 20
# The generated page needs hundreds of milliseconds, deep down seconds.
FEWER_TIMES = 5
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
CREATE_DEPARTMENTS = """CREATE TABLE big_department (
    code CHAR(3) PRIMARY KEY, name VARCHAR(40) NOT NULL)"""
CREATE = """CREATE TABLE big_course (
    id {key} PRIMARY KEY, no VARCHAR(20) NOT NULL, name VARCHAR(60) NOT NULL,
    dept CHAR(3) REFERENCES big_department (code),
    term VARCHAR(12), kind VARCHAR(8), credit DECIMAL(4, 1), hours INTEGER, practice INTEGER,
    teacher VARCHAR(20), room VARCHAR(20), weekday INTEGER, begins DATE, students INTEGER,
    score DECIMAL(6, 2), fee DECIMAL(10, 2), grade VARCHAR(8), major VARCHAR(40),
    note VARCHAR(200), state VARCHAR(8))"""
INDEXES = (
    "CREATE UNIQUE INDEX ix_big_no ON big_course (no)",
    "CREATE INDEX ix_big_term ON big_course (term, dept)",
    "CREATE INDEX ix_big_dept ON big_course (dept)",
    "CREATE INDEX ix_big_kind ON big_course (kind)",
)
KEY = {"sqlite": "INTEGER", "mysql": "BIGINT"}
NUMBER = {"sqlite": "printf('K%09d', id + :on)", "mysql": "CONCAT('K', LPAD(id + :on, 9, '0'))"}
ALL = ", ".join(COLUMNS)


@dataclass(frozen=True)
class Asked:
    """The same rows asked of all: ours and the generated ones by address, the floor in SQL.

    An empty address means that the other has no such way.
    """

    name: str
    ours: str
    condition: str
    page: str = ""
    api: str = ""


def measures(college: College, kind: str, rows: int) -> Iterator[Line]:
    """Time, processor time and statements of ours, the floor and the generated views."""
    build(college.engine, rows)
    browser = _open(college)
    url = college.application.config["SQLALCHEMY_DATABASE_URI"]
    generated = generate(url, COLUMNS, PAGE)
    try:
        with college.engine.connect() as connection:
            cursor = connection.connection.cursor()
            for asked in reads(rows, browser):
                yield from _lines(
                    college, browser, generated, cursor, asked, f"{rows:,} rows, {kind}"
                )
        yield from _save_lines(college, browser, kind)
    finally:
        generated.engine.dispose()


def reads(rows: int, browser: FlaskClient) -> Iterator[Asked]:
    """The pages that are measured; marks are asked for in between."""
    deep = rows // 2
    yield Asked("first page", _rows(""), "ORDER BY id LIMIT 51", *_generated("id"))
    department = ",filters:!((col:department,opr:rel_o_m,value:C05))"
    yield Asked(
        "one department, sorted",
        _rows('&filter=["dept","=","C05"]&sort=-id'),
        "WHERE dept = 'C05' ORDER BY id DESC LIMIT 51",
        *_generated("id", "&_flt_0_department=C05", department, way="desc"),
    )
    keys = f"SELECT id AS i FROM big_course ORDER BY id LIMIT 51 OFFSET {deep}"  # noqa: S608
    yield Asked(
        f"jump to row {deep:,}",
        _rows(f"&offset={deep}"),
        f"JOIN ({keys}) p ON p.i = id ORDER BY id",
        *_generated("id", page=deep // PAGE),
    )
    for column, after in (("id", str(deep + PAGE)), ("no", f"'K{deep + PAGE:09}'")):
        mark = browser.get(_rows(f"&sort={column}&offset={deep}")).get_json()["next"]
        yield Asked(
            f"next page at row {deep:,} by {column}",
            _rows(f"&sort={column}&after={mark}"),
            f"WHERE {column} > {after} ORDER BY {column} LIMIT 51",
            *_generated(column, page=deep // PAGE + 1),
        )
    yield Asked(
        "contains",
        _rows('&filter=["name","contains","10 班"]'),
        "WHERE name LIKE '%10 班%' ORDER BY id LIMIT 51",
        *_generated("id", "&_flt_2_name=10 班", ",filters:!((col:name,opr:ct,value:'10 班'))"),
    )
    yield Asked("count", f"/api/v1/data/{TABLE}/count", "count")


def _generated(
    column: str, page_filter: str = "", api_filter: str = "", *, way: str = "asc", page: int = 0
) -> tuple[str, str]:
    """The same of the generated page and of the generated API: order, filter and page."""
    order = f"&_oc_BigCourseView={column}&_od_BigCourseView={way}&page_BigCourseView={page}"
    api = f",page:{page},order_column:{column},order_direction:{way}"
    return order + page_filter, api + api_filter


def _rows(options: str) -> str:
    return f"/api/v1/data/{TABLE}/rows?limit={PAGE}{options}"


def build(engine: Engine, rows: int) -> None:
    """The tables with ``rows`` rows, the same in every run; most are made by the database."""
    random = Random(SEED)
    marks = ", ".join(f":{name}" for name in COLUMNS)
    statement = text(f"INSERT INTO big_course ({ALL}) VALUES ({marks})")  # noqa: S608
    again = ", ".join(COLUMNS[2:])
    copy = text(
        f"INSERT INTO big_course SELECT id + :on, {NUMBER[engine.dialect.name]}, {again}"  # noqa: S608
        " FROM big_course WHERE id <= :most"
    )
    with engine.begin() as connection:
        connection.execute(text(CREATE_DEPARTMENTS))
        named = [{"code": f"C{number:02}", "name": f"第 {number} 教学系"} for number in range(60)]
        connection.execute(text("INSERT INTO big_department VALUES (:code, :name)"), named)
        connection.execute(text(CREATE.format(key=KEY[engine.dialect.name])))
        some = [_row(random, number) for number in range(1, min(rows, MADE_UP) + 1)]
        connection.execute(statement, some)
    for start in range(MADE_UP, rows, MADE_UP):
        with engine.begin() as connection:
            connection.execute(copy, {"on": start, "most": min(MADE_UP, rows - start)})
    with engine.begin() as connection:
        for index in INDEXES:
            connection.execute(text(index))
        analyze = "ANALYZE TABLE big_course" if engine.dialect.name == "mysql" else "ANALYZE"
        connection.execute(text(analyze))


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
    """Adopt the tables, give a steward the right to them, and sign him in."""
    with college.engine.connect() as connection:
        found = inspect_tables(connection, choose=lambda _schema: [TABLE, DEPARTMENTS])
    adopted: Any = college.store.adopted
    adopted.update(live_tables({table.identifier: table for table in found.tables}))
    with college.application.app_context():
        session = database.session()
        sync_permissions(session, college.store)
        pairs = [(action, table) for table in (TABLE, DEPARTMENTS) for action in ADOPTED_ACTIONS]
        grant_rights(session, [("data_steward", pair) for pair in pairs])
        session.commit()
    return college.browser()


def _lines(
    college: College,
    browser: FlaskClient,
    generated: Generated,
    cursor: Any,
    asked: Asked,
    where: str,
) -> Iterator[Line]:
    shown = f"adopted, {asked.name}, {where}"
    ask = _asking(browser, asked.ours)
    floor = _floor(cursor, asked.condition)
    ours, bare = seconds(ask, TIMES) * 1000, seconds(floor, TIMES) * 1000
    own_cpu = cpu_seconds(ask, TIMES) * 1000
    yield Line(shown, ours, bare, "ms", 5)
    yield Line(f"{shown}, CPU", own_cpu, None, "ms", 5)
    yield Line(f"{shown}, statements", statements(college.engine, ask), None, "", 3)
    others = {"generated page": asked.page and generated.page(asked.page)}
    others["generated API"] = asked.api and generated.api(asked.api)
    for name, address in others.items():
        if not address:
            continue
        other = _asking(generated.browser, address)
        beside = f"{shown}, beside the {name}"
        yield Line(beside, ours, seconds(other, FEWER_TIMES) * 1000, "ms", 0.5)
        yield Line(f"{beside}, CPU", own_cpu, cpu_seconds(other, FEWER_TIMES) * 1000, "ms", 0.5)
        yield Line(
            f"{beside}, statements",
            statements(college.engine, ask),
            statements(generated.engine, other),
            "",
            0.5,
        )


def _save_lines(college: College, browser: FlaskClient, kind: str) -> Iterator[Line]:
    """Saving one row: rights, rules and the log on our side, one UPDATE and commit at the floor."""
    row = browser.get(_rows("&offset=1")).get_json()["rows"][0]
    state = {"version": row["version"], "score": 0}
    page = browser.get("/data/").get_data(as_text=True)
    token = page.partition('name="csrf-token" content="')[2].partition('"')[0]

    def save() -> None:
        state["score"] += 1
        change = {"op": "update", "id": row["id"], "version": state["version"]}
        change["values"] = {"score": f"{state['score']}.25"}
        answer = browser.post(
            f"/api/v1/data/{TABLE}/changes",
            json={"changes": [change]},
            headers={"X-CSRFToken": token},
        )
        state["version"] = answer.get_json()["results"][0]["version"]

    def bare() -> None:
        state["score"] += 1
        with college.engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE big_course SET score = {state['score']} WHERE id = {row['id']}"  # noqa: S608
            )

    shown = f"adopted, save one row, {kind}"
    yield Line(shown, seconds(save, TIMES) * 1000, seconds(bare, TIMES) * 1000, "ms", 5)
    yield Line(f"{shown}, CPU", cpu_seconds(save, TIMES) * 1000, None, "ms", 8)


def _asking(browser: FlaskClient, address: str) -> Callable[[], bytes]:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return lambda: browser.get(address).get_data()


def statements(engine: Engine, work: Callable[[], object]) -> int:
    """How many statements the work takes, the beginning of a transaction not counted."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    work()
    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def _floor(cursor: Any, condition: str) -> Callable[[], str]:
    """The page by the driver alone, as JSON."""
    statement = f"SELECT {ALL} FROM big_course {condition}"  # noqa: S608 - our own words
    if condition == "count":
        statement = "SELECT COUNT(*) FROM big_course"

    def ask() -> str:
        cursor.execute(statement)
        rows = [dict(zip(COLUMNS, row, strict=False)) for row in cursor.fetchall()]
        return json.dumps(rows, ensure_ascii=False, default=str)

    return ask
