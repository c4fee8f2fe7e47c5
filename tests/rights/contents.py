"""Whether an answer shows a certain row, submission, person or department."""

import json
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models.person import Person
from tests.demo import DemoCollege
from tests.rights.asking import client_of
from tests.rights.place import DEPARTMENT, PEOPLE, ROW_OF, TABLE, year_of
from tests.rights.table import Line

# Has masked fields, and other tables name its rows.
TEACHERS = "full_time_teacher"
DEPARTMENT_NAMES = {"C01": "汽车工程系", "C02": "机电工程系"}
STEWARDS = {"C01": "许雅文", "C02": "何思颖"}
XLSX = "spreadsheetml"


def shows(demo: DemoCollege, line: Line, who: str) -> str:
    """y where the answer contains what the line is about, h where it does not, else a letter."""
    client, headers = client_of(demo, who, unsafe=line.method == "POST")
    path = line.route.replace("<table>", table_of(line)).replace("<year>", str(year_of(demo)))
    answer = client.open(
        path, method=line.method, headers=headers, buffered=True, **sent_with(demo, line)
    )
    if answer.status_code in {302, 401}:
        return "l"
    if answer.status_code != 200:
        return {403: "n", 404: "h"}.get(answer.status_code, str(answer.status_code))
    if line.route.endswith("/referring"):
        return "y" if answer.json["tables"] else "h"
    return "y" if mark_of(demo, line) in text_of(answer) else "h"


def table_of(line: Line) -> str:
    """The table of personal fields and references, or the one of the other lines."""
    return TEACHERS if line.what in {"mobile", "references"} else TABLE


def sent_with(demo: DemoCollege, line: Line) -> dict[str, Any]:
    """No department is named: the answer holds whatever is in reach."""
    if line.route.endswith("/referring"):
        period = demo.period(TEACHERS)
        return {"json": {"period": period, "ids": [teacher_of(demo, line)["id"]]}}
    if line.route.endswith("/pick"):
        return {"query_string": {"field": "staff_no", "q": ROW_OF[line.whose]}}
    if line.route == "/data/<table>/":
        return {"query_string": {"view": "rows"}}
    if line.route == "/people/":
        return {"query_string": {"q": PEOPLE[line.whose]}}
    if line.route == "/submissions/":
        # Not what waits for the reader only, and one table of the many pages.
        title = demo.store.catalogue.tables[TABLE].name
        return {"query_string": {"status": "all", "q": title}}
    return {}


def mark_of(demo: DemoCollege, line: Line) -> str:
    """The text that only an answer with the thing contains."""
    department, area = DEPARTMENT[line.whose], line.route.removeprefix("/api/v1")
    if line.what == "mobile":
        return str(teacher_of(demo, line)["mobile"])
    if area.startswith("/data/"):
        return ROW_OF[line.whose]
    if area == "/people/":
        return f'/people/{person_id(demo, PEOPLE[line.whose])}"'
    if area == "/people/duties":
        return STEWARDS[department]
    if area.startswith("/submissions"):
        number = demo.submission(TABLE, department).id
        return f'/submissions/{number}"' if area == line.route else f'"id":"{number}"'
    return DEPARTMENT_NAMES[department]


def text_of(answer: TestResponse) -> str:
    """The text of a page, of JSON without idle spaces, of all sheets of a workbook."""
    if XLSX in answer.mimetype:
        book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return " ".join(str(cell) for rows in sheets for row in rows for cell in row)
    text = answer.get_data(as_text=True)
    if answer.mimetype == "text/html":
        # The frame of every page names the department of whoever is signed in.
        return text.partition("<main")[2]
    if answer.mimetype == "application/json":
        return json.dumps(answer.json, ensure_ascii=False, separators=(",", ":"))
    return text


def person_id(demo: DemoCollege, number: str) -> int:
    """The id of the person with that staff number."""
    with demo.session() as session:
        return session.scalars(select(Person.id).where(Person.number == number)).one()


def teacher_of(demo: DemoCollege, line: Line) -> dict[str, Any]:
    """Id and mobile number of the teacher's own entry in the table of teachers."""
    stored = demo.store.tables[TEACHERS]
    query = select(stored.table).where(
        stored.period == demo.period(TEACHERS), stored.person == ROW_OF[line.whose]
    )
    with demo.session() as session:
        row = session.execute(query).mappings().one()
        return {"id": stored.row_id(row), "mobile": stored.values_of(row)["mobile"]}
