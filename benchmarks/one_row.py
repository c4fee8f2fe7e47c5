"""Saving one row, with rights, rules between values and the log, beside a bare application.

The floor is a Flask application that reads the JSON, looks the row up, checks its version, writes
it and two entries of a log by the driver alone, and answers in JSON.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from flask import Flask, jsonify, request
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.actions.assignment import Proposed, assign
from app.domain.assignment import AssignmentKind
from app.models.base_table import create_missing
from app.models.cycle import Cycle
from benchmarks.college import DEPARTMENT, NOW, YEAR, College, office
from benchmarks.measure import Line, cpu_seconds

# A table with many rules between values.
TABLE = "full_time_teacher"
FIELD = "specialty_strength"
TIMES = 60
TARGET = 2.0


def measures(college: College, kind: str) -> Iterator[Line]:
    """Processor time of a save, of our process."""
    college = _prepared(college)
    ours = _ours(college)
    ours()
    floor = _floor(college)
    floor()
    rounds = [(cpu_seconds(ours, TIMES), cpu_seconds(floor, TIMES)) for _ in range(3)]
    spent, bare = min(rounds, key=lambda one: one[0] / one[1])
    shown = f"save one row of {TABLE}, {kind}, CPU"
    yield Line(shown, spent * 1000, bare * 1000, "ms", TARGET)


def _prepared(college: College) -> College:
    """The college with two teachers whom it may change: one for us, one for the floor."""
    stored = college.store.tables[TABLE]
    moved = replace(college, stored=stored, period=stored.spec.period_in(YEAR).code)
    with college.engine.begin() as connection:
        create_missing(connection, list(college.store.tables.values()))
        connection.execute(delete(stored.table))
        connection.execute(insert(stored.table), [moved.row(1), moved.row(2)])
    with Session(college.engine) as session:
        cycle = session.query(Cycle).filter_by(academic_year=YEAR.code).one()
        owed = Proposed(TABLE, DEPARTMENT, AssignmentKind.RESPONSIBLE)
        assign(session, college.store, cycle, [owed], by=office(), now=NOW)
        session.commit()
    return moved


def _ours(college: College) -> Callable[[], None]:
    browser = college.browser()
    place = f"period={college.period}&department={DEPARTMENT}"
    address = f"/api/v1/data/{TABLE}"
    row = browser.get(f"{address}/rows?{place}&limit=1").get_json()["rows"][0]
    page = browser.get("/data/").get_data(as_text=True)
    token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
    state = {"version": row["version"], "number": 0}

    def save() -> None:
        state["number"] += 1
        values = {FIELD: f"方向{state['number']}"}
        change = {"op": "update", "id": row["id"], "version": state["version"], "values": values}
        body = {"changes": [change], "period": college.period, "department": DEPARTMENT}
        answer = browser.post(
            f"{address}/changes", json=body, headers={"X-CSRFToken": token}
        ).get_json()
        if "results" not in answer or answer["results"][0]["outcome"] != "changed":
            raise RuntimeError(json.dumps(answer, ensure_ascii=False))
        state["version"] = answer["results"][0]["version"]

    return save


def _floor(college: College) -> Callable[[], None]:
    application = Flask("floor")
    name, mark = college.stored.table.name, "?" if college.engine.name == "sqlite" else "%s"
    texts = _statements(name, mark)

    @application.post("/")
    def save() -> Any:
        asked = request.get_json()
        with college.engine.begin() as connection:
            found = connection.exec_driver_sql(texts[0], (asked["id"],)).one()
            if found.sys_version != asked["version"]:
                return jsonify({"error": "conflict"}), 409
            after = json.dumps({FIELD: asked["value"]}, ensure_ascii=False)
            parameters = (asked["value"], asked["version"] + 1, asked["id"], asked["version"])
            connection.exec_driver_sql(texts[1], parameters)
            head = (NOW.replace(tzinfo=None), "1", "n", "grid", name, "p", "d", 1)
            number = connection.exec_driver_sql(texts[2], head).lastrowid
            log = (number, name, str(asked["id"]), "changed", "{}", after)
            connection.exec_driver_sql(texts[3], log)
        return jsonify({"version": asked["version"] + 1})

    browser = application.test_client()
    with college.engine.connect() as connection:
        number, version = connection.exec_driver_sql(
            f"SELECT sys_id, sys_version FROM {name} ORDER BY sys_id DESC"  # noqa: S608
        ).first()
    state = {"version": version}

    def ask() -> None:
        body = {"id": number, "version": state["version"], "value": f"方向{state['version']}"}
        state["version"] = browser.post("/", json=body).get_json()["version"]

    return ask


def _statements(name: str, mark: str) -> tuple[str, str, str, str]:
    """Look up, write, log: as the driver takes them."""
    change_set = "at, person_number, person_name, way, table_identifier, period, department_code"
    change = "change_set_id, table_identifier, row_id, operation, `before`, after"
    return (
        f"SELECT * FROM {name} WHERE sys_id = {mark}",  # noqa: S608 - our own words
        f"UPDATE {name} SET {FIELD} = {mark}, sys_version = {mark}"  # noqa: S608
        f" WHERE sys_id = {mark} AND sys_version = {mark}",
        f"INSERT INTO sd_change_set ({change_set}, row_count)"  # noqa: S608
        f" VALUES ({', '.join([mark] * 8)})",
        f"INSERT INTO sd_row_change ({change}) VALUES ({', '.join([mark] * 6)})",  # noqa: S608
    )
