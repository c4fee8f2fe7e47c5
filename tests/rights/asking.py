"""Sending what a line of the table asks for, complete and in the present version.

A request that lacks something would be refused for that, and nobody would see
whether it was refused for want of a right. So every line is asked as the page
of somebody who may do it asks.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from app.models.account import SignInSession
from app.models.permission import role
from tests.college import WRITES
from tests.demo import PASSWORD, DemoCollege, token_of
from tests.rights.bodies import BODIES, many
from tests.rights.cooperation import cooperation_of
from tests.rights.notices import notice_of
from tests.rights.place import (
    DEPARTMENT,
    ITEM,
    ROW_OF,
    TABLE,
    begins_next_year,
    change_set_of,
    collected_set_of,
    comment_of,
    feed_of,
    former_year_of,
    hand_out_of,
    material_of,
    newest,
    part_of,
    person_of,
    row_of,
    spot_check_of,
    verb_of,
    view_of,
    waiver_of,
    year_of,
)
from tests.rights.preparation import CHAPTER, file_of, question_of, session_of_training
from tests.rights.receipts import receipt_of
from tests.rights.releases import release_of
from tests.rights.requests import request_of
from tests.rights.table import CALLERS, Line

# Pages that take period and department, and the department of a row by itself.
OF_A_TABLE = ("/data/<table>/", "/api/v1/data/<table>/", "/jobs/export/<table>")

# What the number in an address below a table belongs to, by a part of the route.
OF_DATA: Mapping[str, Callable[[DemoCollege, str], int]] = {
    "/changes/": change_set_of,
    "/hand_out/": hand_out_of,
    "/collect/": collected_set_of,
    "/materials/": material_of,
    "/comments/": comment_of,
}
# Whose place stands in the body, where the same address is read with parameters.
PLACED_IN_BODY = {
    f"/api/v1/data/<table>/{name}"
    for name in ("carry_forward", "unchanged", "explanations", "rulings", "waivers")
}
RULE = "QR.MAJOR.*.12"
# Areas whose number is that of a submission.
OF_SUBMISSIONS = ("submissions", "my", "teacher_records")
FEEDS = ("/feeds/", "/api/v1/feeds/")
# Notes of attempts, whatever becomes of them: at a password, at assigning without the right; and
# what a page is to tell of them.
LOGS = frozenset(
    {
        *("sd_account", "sd_sign_in_address", "sd_sign_in_entry", "sd_session", "sd_audit_entry"),
        "sd_given_answer",
    }
)


def ask(demo: DemoCollege, line: Line, who: str, token: str | None = None) -> TestResponse:
    """The answer to the caller; with a ``token`` instead of the cookie."""
    sent: dict[str, Any] = {"query_string": query_of(demo, line, who)}
    if line.method != "GET" and line.route in BODIES:
        sent |= BODIES[line.route](demo, line, who)
    path = path_of(demo, line, who)
    if token is not None:
        client, headers = demo.visitor(), {"Authorization": f"Bearer {token}"}
    else:
        client, headers = client_of(demo, who, unsafe=line.method != "GET")
    return client.open(path, method=line.method, headers=headers, buffered=True, **sent)


def client_of(demo: DemoCollege, who: str, *, unsafe: bool) -> tuple[FlaskClient, dict[str, str]]:
    """The caller's browser, and what its pages send along with unsafe requests."""
    username = CALLERS[who]
    if username is not None:
        caller = demo.caller(username)
        return caller.client, {"X-CSRFToken": caller.token}
    client = demo.visitor()
    return client, {"X-CSRFToken": token_of(client)} if unsafe else {}


def token_of_api(demo: DemoCollege, who: str) -> str:
    """A token of the caller's, which outlives the test like the sessions of the demo college."""
    tokens = demo.application.extensions.setdefault("tokens_of_tests", {})
    if who not in tokens:
        credentials = {"username": CALLERS[who], "password": PASSWORD, "provider": "db"}
        answer = demo.visitor().post("/api/v1/security/login", json=credentials)
        demo.keep_session()
        tokens[who] = answer.json["access_token"]
    return str(tokens[who])


@contextmanager
def noting_writes(demo: DemoCollege) -> Iterator[set[str]]:
    """The tables that are written to meanwhile, for good; logs aside. May be emptied in between."""
    written: set[str] = set()
    pending: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if (match := WRITES.match(statement)) and match[1] not in LOGS:
            pending.add(match[1])

    def keep(_connection: Any) -> None:
        written.update(pending)
        pending.clear()

    def forget(_connection: Any) -> None:
        pending.clear()

    listeners = {"before_cursor_execute": note, "commit": keep, "rollback": forget}
    for name, listener in listeners.items():
        event.listen(demo.engine, name, listener)
    try:
        yield written
    finally:
        for name, listener in listeners.items():
            event.remove(demo.engine, name, listener)


def path_of(demo: DemoCollege, line: Line, who: str) -> str:
    """The route with its parts filled in."""
    parts = {
        "table": TABLE,
        "department": DEPARTMENT.get(line.whose, ""),
        "code": DEPARTMENT.get(line.whose, ""),
        "item": ITEM,
        "position": "1",
        "verb": verb_of(line.what),
        "act": line.what,
        "kind": line.what,
        "identifier": RULE,
        "chapter": CHAPTER,
    }
    if "<row>" in line.route:
        parts["row"] = row_of(demo, line.whose)[0]
    if "<key>" in line.route:
        parts["key"] = f"of-{line.whose}" if "/jobs/" in line.route else "of-nobody"
    if "<year>" in line.route:
        # The year that is open: whoever may have its workbook is told at once that it is too early.
        is_consolidation = "consolidation" in line.route
        parts["year"] = demo.cycle.academic_year if is_consolidation else year_of(demo)
    if "<number>" in line.route:
        parts["number"] = str(number_of(demo, line, who))
    if "<part>" in line.route:
        parts["part"] = str(part_of(demo, line.whose))
    path = line.route
    for name, value in parts.items():
        path = path.replace(f"<{name}>", str(value))
    return path


def query_of(demo: DemoCollege, line: Line, who: str) -> Mapping[str, str]:
    """Parameters: the place that is asked for, the reference field of a picker."""
    query: dict[str, str] = {}
    if line.route.startswith(OF_A_TABLE) and line.route != "/data/<table>/<row>":
        query = {"period": demo.period(TABLE), "department": DEPARTMENT[line.whose]}
    if line.route.endswith(
        (
            *("/changes", "/bulk_edit", "/find", "/keys", "/imports", "/referring"),
            *("<row>", "/delete", "/errors.xlsx"),
        )
    ):
        query = {}
    if line.method == "POST" and line.route in PLACED_IN_BODY:
        query = {}
    if line.route.endswith(("/pick", "/options")):
        query = {"field": "staff_no", "q": ROW_OF[line.whose]}
    if line.route.endswith("/groups"):
        query["by"] = "staff_no"
    if line.route == "/submissions/steps":
        query = many(demo, line, who)["data"]
    if line.route.startswith("/rules/"):
        query = {"table": TABLE}
    if line.route.startswith(FEEDS) and line.route.endswith("/preview"):
        query = {"department": DEPARTMENT[line.whose]}
    if is_beside_a_row(line):
        query = {}
    if line.what == "dry_run":
        query = {"dry_run": "1"}
    return query


def is_beside_a_row(line: Line) -> bool:
    """Whether the address names the row itself, or the body the place."""
    if line.route.endswith("<table>/comments"):
        return line.method != "GET"
    return any(part in line.route for part in ("/rows/<row>/", "/materials/", "/comments/"))


def number_of(demo: DemoCollege, line: Line, who: str) -> int:
    """The id in the address."""
    area = line.route.removeprefix("/api/v1").split("/")[1]
    if area == "requests":
        return number_of_request(demo, line)
    if "/files/" in line.route:
        return file_of(demo)
    if "/training/sessions/" in line.route:
        return session_of_training(demo)
    found = (of for part, of in OF_DATA.items() if part in line.route)
    data = next(found, view_of)
    numbers: Mapping[str, Callable[[], int]] = {
        "data": lambda: data(demo, line.whose),
        "cooperation": lambda: cooperation_of(demo, line),
        **dict.fromkeys(OF_SUBMISSIONS, lambda: demo.submission(TABLE, DEPARTMENT[line.whose]).id),
        "people": lambda: person_of(demo, line).id,
        "account": lambda: session_of(demo, line.whose, who),
        "permissions": lambda: role_of(demo, line),
        "feeds": lambda: feed_of(demo),
        "receipts": lambda: receipt_of(demo, line),
        "releases": lambda: release_of(demo, line),
        "waivers": lambda: waiver_of(demo),
        "regulation": lambda: question_of(demo),
        "spot_checks": lambda: spot_check_of(demo, line.whose),
        "findings": lambda: waiver_of(demo),
        "notices": lambda: notice_of(demo),
    }
    return numbers.get(area, lambda: cycle_of(demo, line))()


def number_of_request(demo: DemoCollege, line: Line) -> int:
    """The request, or the submission or locked year that something is asked for about."""
    if "/submissions/" in line.route:
        return demo.submission(TABLE, DEPARTMENT[line.whose]).id
    if "/cycles/" in line.route:
        return demo.locked_cycle.id
    return request_of(demo, line.whose)


def cycle_of(demo: DemoCollege, line: Line) -> int:
    """The collection year that stands where the step begins."""
    if line.what == "former":
        return former_year_of(demo)
    if line.what in {"unlock", "archive"}:
        return demo.locked_cycle.id
    return newest(demo).id if begins_next_year(line) else demo.cycle.id


def session_of(demo: DemoCollege, whose: str, who: str) -> int:
    """The id of a session: the caller's own, or somebody else's."""
    name = CALLERS[who] or "admin"
    if whose != "own":
        name = "qa" if name == "admin" else "admin"
    demo.caller(name)
    query = select(SignInSession.id).where(SignInSession.username == name)
    with demo.session() as session:
        return session.scalars(query.order_by(SignInSession.id)).first() or 0


def role_of(demo: DemoCollege, line: Line) -> int:
    """The role of readers, or the one made by hand."""
    name = "reader" if line.route.endswith(("/edit", "/access/<table>")) else "试用"
    with demo.session() as session:
        return session.scalar(select(role.c.id).where(role.c.name == name)) or 0
