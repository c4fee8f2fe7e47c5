"""What holds for every endpoint: who gets in, what it costs, and that reading changes nothing."""

import json
import re
from typing import Any

import pytest
from flask import Flask

from app.web.api.endpoints import ENDPOINTS, PREFIX
from tests.demo import PASSWORD, DemoCollege

READS = [
    ("jwc_steward", "data/", 15),
    ("jwc_steward", "data/course/spec", 15),
    ("jwc_steward", "data/course/rows?department=A03", 7),
    ("qcx_steward", "data/full_time_teaching_load/rows?department=C01", 9),
    ("jwc_steward", "data/major_course/pick?field=course_code", 6),
    ("jwc_steward", "data/course/export.csv", 15),
    ("jwc_steward", "data/course/export.xlsx", 15),
    ("jwc_steward", "data/course/template.xlsx", 15),
    ("qa", "submissions", 15),
    ("qa", "submissions/{submission}", 15),
    ("qa", "board", 15),
    ("jwc_head", "board", 15),
    ("qa", "board/workbook.xlsx", 15),
    ("qa", "cycles", 15),
    ("qa", "assignments", 15),
    ("qa", "openapi.json", 15),
]
CHANGE = {"changes": [{"op": "insert", "values": {"course_code": "NEW1"}}]}
# Permission rows with a request that needs exactly this one, and who usually may send it.
RIGHTS: list[tuple[str, str, str, str, Any]] = [
    ("list", "course", "jwc_steward", "data/course/rows", None),
    ("export", "course", "jwc_steward", "data/course/export.csv", None),
    ("pick", "course", "jwc_steward", "data/major_course/pick?field=course_code", None),
    ("add", "course", "jwc_steward", "data/course/changes", CHANGE),
    ("read", "submission", "qa", "submissions", None),
    ("read", "board", "qa", "board", None),
    ("read", "cycle", "qa", "cycles", None),
    ("read", "assignment", "qa", "assignments", None),
    ("export", "consolidation", "qa", "consolidation/{locked}/workbook.xlsx", None),
]


def address_of(demo: DemoCollege, path: str) -> str:
    number = demo.submission("course", "A03").id
    return path.format(submission=number, locked=demo.locked_cycle.academic_year)


@pytest.mark.parametrize(("username", "path", "most"), READS)
def test_reading_takes_few_statements_and_changes_nothing(
    demo: DemoCollege, username: str, path: str, most: int
) -> None:
    caller, path = demo.caller(username), address_of(demo, path)
    caller.get(path)  # Who the caller is and what he may do is remembered from here on.
    demo.touched.clear()

    with demo.counting() as statements:
        answer = caller.get(path)

    assert answer.status_code == 200
    assert len(statements) <= most, statements
    # Whoever takes rows along leaves an entry; nothing else that is read does.
    assert demo.touched == ({"sd_audit_entry"} if "/export." in path else set())


def test_changing_rows_takes_few_statements(demo: DemoCollege) -> None:
    caller = demo.caller("qcx_steward")
    table, place = "full_time_teaching_load", {"department": "C01"}
    first, second = caller.rows(table, **place)[:2]
    named = [{"id": row["id"], "version": row["version"]} for row in (first, second)]
    changes = [
        {"op": "update", **named[0], "values": {"class_names": "改名"}},
        {"op": "delete", **named[1]},
        {"op": "insert", "values": {**second["values"], "class_names": "新班"}},
    ]

    with demo.counting() as statements:
        answer = caller.changes(table, *changes, period=demo.period(table), **place)

    assert answer.status_code == 200
    # The period of the request is asked for by the test itself; of a table that teachers fill in
    # one more asks what they have handed over, one which rows others have contributed, and one
    # whose word it is that has changed.
    assert len(statements) <= 15 + 1 + 1 + 1 + 1, statements


def answer_to(demo: DemoCollege, username: str, path: str, body: Any) -> Any:
    caller, path = demo.caller(username), address_of(demo, path)
    return caller.get(path) if body is None else caller.post(path, body)


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: f"{right[0]} {right[1]}")
def test_one_permission_row_taken_away_takes_exactly_that_right(
    demo: DemoCollege, right: tuple[str, str, str, str, Any]
) -> None:
    demo.revoke(*right[:2])

    refused = answer_to(demo, *right[2:])

    assert refused.status_code == 403
    assert re.search("[\u4e00-\u9fff]", refused.json["detail"])
    # Who may not see a table may do nothing else in it either, but pick from it.
    rest = [
        other
        for other in RIGHTS
        if other != right and (right[0] != "list" or other[0] == "pick" or other[1] != right[1])
    ]
    for other in rest:
        assert answer_to(demo, *other[2:]).status_code == 200, other[:2]


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_the_rights_to_edit_and_delete_are_two(demo: DemoCollege, action: str) -> None:
    demo.revoke(action, "course")
    caller = demo.caller("jwc_steward")
    row = caller.rows("course", limit=1)[0]
    named = {"id": row["id"], "version": row["version"]}
    edit = {"op": "update", **named, "values": {"course_name": "改名"}}

    statuses = {
        "delete": caller.changes("course", {"op": "delete", **named}).status_code,
        "edit": caller.changes("course", edit).status_code,
    }

    assert statuses.pop(action) == 403
    assert 403 not in statuses.values()
    rights = caller.get("data/course/spec").json["rights"]
    assert [name for name, reason in rights.items() if reason] == [action]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "submissions/{number}", None),
        ("POST", "submissions/{number}/finish", {"version": "1"}),
        ("POST", "cycles/{number}/close", {"version": "1"}),
    ],
)
@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**40], ids=["largest", "beyond", "far"])
def test_a_number_that_no_database_keeps_is_not_found(
    demo: DemoCollege, method: str, path: str, body: Any, number: int
) -> None:
    caller, path = demo.caller("qa"), path.format(number=number)

    answer = caller.get(path) if method == "GET" else caller.post(path, body)

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_ids_in_addresses_are_described_as_whole_numbers(demo: DemoCollege) -> None:
    paths = demo.caller("reader").get("openapi.json").json["paths"]

    step = paths["/api/v1/submissions/{number}/{verb}"]["post"]["parameters"]

    in_path = [each["schema"]["type"] for each in step if each["in"] == "path"]
    assert in_path == ["integer", "string"]


def test_a_visitor_is_told_to_sign_in(demo: DemoCollege) -> None:
    for endpoint in ENDPOINTS:
        path = re.sub(r"<[^>]+>", "1", endpoint.path)
        answer = demo.visitor().open(f"{PREFIX}/{path}", method=endpoint.method)

        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), path


def test_a_session_needs_the_token_of_its_page(demo: DemoCollege) -> None:
    caller, foreign = demo.caller("jwc_steward"), demo.caller("qa").token
    path = f"{PREFIX}/data/course/changes"

    for headers in ({}, {"X-CSRFToken": "nonsense"}, {"X-CSRFToken": foreign}):
        answer = caller.client.post(path, json=CHANGE, headers=headers)
        assert answer.status_code == 400, headers

    assert caller.rows("course", q="NEW1") == []


def test_a_bearer_token_needs_no_other(demo: DemoCollege) -> None:
    visitor = demo.visitor()
    body = {"username": "jwc_steward", "password": PASSWORD, "provider": "db"}
    token = visitor.post(f"{PREFIX}/security/login", json=body).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    answer = visitor.post(f"{PREFIX}/data/course/changes", json=CHANGE, headers=headers)

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_only_json_is_taken_where_json_is_asked_for(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    answers = [
        caller.post("data/course/changes", data="op=insert"),
        caller.post("data/course/changes", data=json.dumps(CHANGE), content_type="text/plain"),
    ]

    assert [answer.status_code for answer in answers] == [415, 415]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    demo: DemoCollege, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(demo.application.config, "MAX_CONTENT_LENGTH", 2**20)
    caller = demo.caller("jwc_steward")

    answer = caller.post(
        "data/course/changes", data=b" " * (2**20 + 1), content_type="application/json"
    )

    assert answer.status_code == 413
    assert "1 MB" in answer.json["detail"]


def test_every_route_is_described_and_every_description_is_a_route(demo: DemoCollege) -> None:
    described = demo.caller("reader").get("openapi.json").json["paths"]

    assert routes_of(demo.application) == {
        (path, method.upper()) for path, item in described.items() for method in item
    }


def routes_of(application: Flask) -> set[tuple[str, str]]:
    return {
        (re.sub(r"<(?:int\([^)]*\):)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(PREFIX)
    }


def test_descriptions_are_in_chinese_and_name_each_operation_once(demo: DemoCollege) -> None:
    document = demo.caller("reader").get("openapi.json").json
    operations = [item for path in document["paths"].values() for item in path.values()]

    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(re.search("[\u4e00-\u9fff]", operation["summary"]) for operation in operations)
    body = document["paths"]["/api/v1/data/{table}/changes"]["post"]["requestBody"]
    assert "changes" in body["content"]["application/json"]["schema"]["properties"]
