"""What is sent with every unsafe request: complete, well-formed, in the present version."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
from sqlalchemy import select

from app.exchange.initial_password import Handout
from app.models.appraisal import Appraisal, AppraisalResult, AppraisalScore
from app.models.department import Department
from app.web.formats import local
from app.web.person.carried import pack_handouts
from tests.demo import PASSWORD, DemoCollege
from tests.rights.attached import (
    FINDING_BODIES,
    REASON,
    RETURN_ITEM_BODIES,
    Sent,
    comment,
    handing_out,
    looking_again,
    material,
    returned_files,
)
from tests.rights.place import (
    DEPARTMENT,
    ITEM,
    ROW_OF,
    TABLE,
    begins_next_year,
    newest,
    person_of,
    row_of,
    view_of,
)
from tests.rights.rules import RULE_BODIES
from tests.rights.table import CALLERS, Line
from tests.rights.year_bodies import YEAR_BODIES

Body = Callable[[DemoCollege, Line, str], Sent]
POINTS = ("conformity", "completeness", "timeliness", "accuracy")
TODAY = local(datetime.now(UTC)).date().isoformat()


def sign_in(_demo: DemoCollege, line: Line, who: str) -> Sent:
    credentials = {"username": CALLERS[who] or "t_part", "password": PASSWORD}
    return {"json": credentials} if line.route.startswith("/api/") else {"data": credentials}


def row_form(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The form of a row as stored now, with another post typed."""
    _identity, version = row_of(demo, line.whose)
    original = json.dumps({"post": ""})
    return {"data": {"version": version, "original": original, "field-post": "技术员"}}


def new_row(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A whole new row about the person of the line."""
    return {"data": {f"field-{code}": text for code, text in new_values(line).items()}}


def new_values(line: Line) -> Mapping[str, str]:
    """Values that every check accepts."""
    return {
        "staff_no": ROW_OF[line.whose],
        "host_unit": "新单位",
        "post": "技术员",
        "days": "3",
        "started_on": "2026-01-05",
    }


def changes(demo: DemoCollege, line: Line, who: str) -> Sent:
    """One change; smuggled, it names a row of elsewhere inside one's own department."""
    operation = line.what.removeprefix("smuggle_")
    department = DEPARTMENT[line.whose]
    if operation != line.what:
        department = "C02" if who == "other" else "C01"
    change: Sent = {"op": operation}
    if operation == "insert":
        change["values"] = new_values(line)
    else:
        change["id"], change["version"] = row_of(demo, line.whose)
    if operation == "update":
        change["values"] = {"post": "技术员"}
    place = {"period": demo.period(TABLE), "department": department}
    return {"json": {**place, "changes": [change]}}


def many_rows(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """Another post in every row of the place."""
    place = {"period": demo.period(TABLE), "department": DEPARTMENT[line.whose]}
    return {"json": {**place, "edits": [{"field": "post", "do": "set", "value": "技术员"}]}}


def looked_for(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The number of the person that the line is about."""
    place = {"period": demo.period(TABLE), "department": DEPARTMENT[line.whose]}
    return {"json": {**place, "text": ROW_OF[line.whose], "fields": ["staff_no"]}}


def called(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A number in place of a name."""
    asked = {"field": "staff_no", "texts": [ROW_OF[line.whose]]}
    return {"json": {"period": demo.period(TABLE), **asked}}


def workbook(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The department's own rows, as the quality office gets them."""
    place = {"period": demo.period(TABLE), "department": DEPARTMENT[line.whose]}
    file = demo.caller("qa").get(f"data/{TABLE}/export.xlsx", **place)
    return {"data": {**place, "file": (BytesIO(file.data), "表.xlsx")}}


def referring(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The id of the row."""
    return {"json": {"period": demo.period(TABLE), "ids": [row_of(demo, line.whose)[0]]}}


def place(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """Period and department alone."""
    named = {"period": demo.period(TABLE), "department": DEPARTMENT[line.whose]}
    return {"json": named} if line.route.startswith("/api/") else {"data": {}}


def view(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A view by the days; kept for those the line names."""
    audience = "department" if line.what == "-" else line.what
    department = DEPARTMENT[line.whose] if audience == "department" else None
    kept = {"name": f"{line.whose} {line.what}", "audience": audience, "department": department}
    version = {} if line.method == "POST" else {"version": 1}
    if line.method == "DELETE":
        return {}
    return {"json": {**kept, **version, "content": {"filter": ["days", ">", 1]}}}


def default_view(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The view that the department shares."""
    return {"json": {"view": view_of(demo, line.whose)}}


def step(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A step with everything that any step asks for."""
    version = demo.submission(TABLE, DEPARTMENT[line.whose]).version
    answers = {"version": version, "reason": REASON, "password": PASSWORD}
    if line.route.startswith("/api/"):
        return {"json": {**answers, "points": dict.fromkeys(POINTS, True)}}
    return {"data": {**answers, **dict.fromkeys(POINTS, "yes")}}


def many(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The submission of one's own department among those that are chosen."""
    submission = demo.submission(TABLE, "C01")
    if line.route.startswith("/api/"):
        chosen = {"id": submission.id, "version": submission.version}
        return {"json": {"submissions": [chosen], "reason": REASON}}
    chosen_text = f"{submission.id}-{submission.version}"
    return {"data": {"verb": "receive", "chosen": chosen_text, "reason": REASON}}


def cycle_step(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A step of a collection year; a year that is opened or extended gets a day."""
    cycle = demo.locked_cycle if line.what in {"unlock", "archive"} else demo.cycle
    if begins_next_year(line):
        cycle = newest(demo)
    due = demo.cycle.due_at.date().isoformat()
    version = str(cycle.version)
    if line.route.startswith("/api/"):
        return {"json": {"version": version, "reason": REASON, "due_at": due}}
    return {"data": {"version": version, "reason": REASON, "due_on": due}}


def next_cycle(demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"year": demo.cycle.year.next.code, "due_on": "2027-08-31"}}


def former_year(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The year before the first one."""
    year = demo.locked_cycle.year.previous.previous.code
    return {"json": {"academic_year": year}} if "/api/" in line.route else {"data": {"year": year}}


def former_rows(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """A workbook of courses."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet().write_row(0, 0, ["课程代码", "课程名称"])
        book.worksheets()[0].write_row(1, 0, ["A1", "高等数学"])
    content.seek(0)
    place = {"table": "course", "department": "A03"}
    return {"data": {**place, "file": (content, "旧表.xlsx")}}


def assignment(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """``course`` goes on being reported by the department that has it."""
    cycle = newest(demo) if begins_next_year(line) else demo.cycle
    version, course = str(cycle.version), {"table": "course", "departments": ["A03"]}
    if line.route.startswith("/api/"):
        place = {"cycle": cycle.academic_year, "version": version, "reason": REASON}
        return {"json": {**place, "assignments": [course]}}
    typed = {"kind": "responsible", "department": "A03", "table.course": "responsible:A03:"}
    return {"data": {"version": version, "reason": REASON, **typed}}


def assignments_file(demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """The assignments as they are, sent back."""
    file = demo.caller("qa").get(f"/assignments/{demo.cycle.id}/assignments.xlsx")
    version = str(demo.cycle.version)
    return {"data": {"version": version, "file": (BytesIO(file.data), "分工.xlsx")}}


def department(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """Another name, a last day and none: one form serves all three."""
    with demo.session() as session:
        found = session.get_one(Department, DEPARTMENT[line.whose])
    was = found.name if line.route.endswith("/rename") else ""
    typed = {"name": f"{found.name}(新)", "last_day": TODAY, "reason": REASON}
    return {"data": {"was": was, **typed}}


def score(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A score for one cell."""
    code = DEPARTMENT.get(line.whose, "C01")
    query = select(AppraisalScore.version).where(
        AppraisalScore.item == ITEM, AppraisalScore.department_code == code
    )
    with demo.session() as session:
        version = session.scalar(query) or 0
    key = f"{code}-{ITEM}"
    typed = {f"version-{key}": version, f"points-{key}": "1", f"comment-{key}": REASON}
    return {"data": typed}


def adjustment(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A bonus for the department."""
    query = select(AppraisalResult.version).where(
        AppraisalResult.department_code == DEPARTMENT[line.whose]
    )
    with demo.session() as session:
        version = session.scalar(query) or 0
    return {"data": {"bonus": "1", "comment": REASON, "version": version}}


def appraisal_step(demo: DemoCollege, _line: Line, _who: str) -> Sent:
    with demo.session() as session:
        version = session.scalar(select(Appraisal.version)) or 0
    return {"data": {"version": version, "reason": REASON}}


def person_act(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """Everything that any act with a person asks for."""
    person = person_of(demo, line)
    typed = {
        "version": person.version,
        "name": person.name,
        "department": person.department_code,
        "teacher_kind": person.teacher_kind.value if person.teacher_kind else "",
        "function": "data_steward",
        "place": DEPARTMENT[line.whose],
        "last_day": TODAY,
        "appointment": person.appointments[0].id,
        "username": "somebody",
    }
    return {"data": typed}


def new_person(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"number": "31999", "name": "钱多多", "department": "C01"}}


def staff_list(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """The list of people that the platform's own table holds."""
    return {"data": {"source": "table", "rows": "", "digest": ""}}


def logins(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"department": "C02"}}


def handouts(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    handed = Handout("31004", "吴立新", "31004", "Xk3-Lq7-Wm9", "汽车工程系")
    return {"data": {"passwords": pack_handouts([handed])}}


def rights(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"digest": "", "name": "试用角色", "username": "reader"}}


def role_view(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"json": {"role": "", "chosen": True}}


def new_feed(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"source": "old", "target": TABLE, "name": "对接", "version": "1"}}


def feed_run(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A run, or a schedule, for the department."""
    asked = {"department": DEPARTMENT.get(line.whose, ""), "digest": "seen"}
    if line.route.startswith("/api/"):
        return {"json": asked}
    return {"data": {**asked, "rhythm": "daily", "hour": "3", "weekday": "0", "active": "0"}}


def empty(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"json": {}}


def nothing(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {}}


BODIES: Mapping[str, Body] = {
    "/login/": sign_in,
    "/api/v1/security/login": sign_in,
    "/password/": nothing,
    "/data/<table>/<row>": row_form,
    "/data/<table>/<row>/delete": row_form,
    "/data/<table>/new": new_row,
    "/api/v1/data/<table>/changes": changes,
    "/api/v1/data/<table>/bulk_edit": many_rows,
    "/api/v1/data/<table>/find": looked_for,
    "/api/v1/data/<table>/keys": called,
    "/data/<table>/changes/<number>/undo": nothing,
    "/data/<table>/hand_out/": handing_out,
    "/data/<table>/collect/": returned_files,
    "/data/<table>/collect/<number>": looking_again,
    "/data/<table>/carry_forward": place,
    "/data/<table>/unchanged": place,
    "/api/v1/data/<table>/carry_forward": place,
    "/api/v1/data/<table>/unchanged": place,
    "/api/v1/data/<table>/imports": workbook,
    "/api/v1/data/<table>/referring": referring,
    "/api/v1/data/<table>/rows/<row>/materials": material,
    "/api/v1/data/<table>/materials/<number>": material,
    "/api/v1/data/<table>/rows/<row>/comments": comment,
    "/api/v1/data/<table>/comments": comment,
    "/api/v1/data/<table>/comments/<number>": comment,
    "/api/v1/data/<table>/comments/<number>/answers": comment,
    "/api/v1/data/<table>/comments/<number>/resolved": comment,
    **FINDING_BODIES,
    **RETURN_ITEM_BODIES,
    "/findings/check": nothing,
    "/findings/annual_note": nothing,
    "/api/v1/data/<table>/views": view,
    "/api/v1/data/<table>/views/<number>": view,
    "/api/v1/data/<table>/views/<number>/default": role_view,
    "/api/v1/data/<table>/default_view": default_view,
    "/submissions/<number>/<verb>": step,
    "/api/v1/submissions/<number>/<verb>": step,
    "/submissions/steps/<verb>": many,
    "/api/v1/submissions/<verb>": many,
    "/cycles/prepare": next_cycle,
    "/cycles/history": former_year,
    "/cycles/<number>/history": former_rows,
    "/api/v1/cycles/history": former_year,
    "/api/v1/cycles/<number>/history": former_rows,
    "/cycles/<number>/<verb>": cycle_step,
    "/api/v1/cycles/<number>/<verb>": cycle_step,
    "/assignments/<number>/tables/<table>": assignment,
    "/assignments/<number>/assign": assignment,
    "/api/v1/assignments/assign": assignment,
    "/assignments/<number>/take_over": assignment,
    "/assignments/<number>/propose": assignment,
    "/assignments/<number>/upload": assignments_file,
    "/assignments/departments/<code>/rename": department,
    "/assignments/departments/<code>/end": department,
    "/assignments/departments/<code>/restore": department,
    "/appraisal/<year>/departments/<department>": score,
    "/appraisal/<year>/departments/<department>/adjust": adjustment,
    "/appraisal/<year>/items/<item>": score,
    "/appraisal/<year>/<verb>": appraisal_step,
    "/people/new": new_person,
    "/people/<number>/<act>": person_act,
    "/people/import/preview": staff_list,
    "/people/import/confirm": staff_list,
    "/people/logins/": logins,
    "/people/logins/passwords.xlsx": handouts,
    "/permissions/<number>/access/<table>": rights,
    "/permissions/<number>/edit": rights,
    "/permissions/<number>/holders": rights,
    "/permissions/<number>/remove": rights,
    "/permissions/add": rights,
    "/feeds/new": new_feed,
    **RULE_BODIES,
    **YEAR_BODIES,
    "/feeds/<number>/edit": new_feed,
    "/feeds/<number>/active": feed_run,
    "/feeds/<number>/schedule": feed_run,
    "/feeds/<number>/run": feed_run,
    "/api/v1/feeds/<number>/runs": feed_run,
    "/jobs/export/<table>": nothing,
    "/jobs/<key>/cancel": nothing,
    "/api/v1/data/<table>/exports": empty,
    "/api/v1/jobs/<key>/cancel": empty,
    "/api/v1/jobs/<key>/confirm": empty,
}
