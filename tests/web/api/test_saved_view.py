"""Views over JSON; through none of them anybody sees more than without."""

import json
from typing import Any

from tests.demo import Caller, DemoCollege

TABLE = "full_time_teacher"
EVERYBODY = {"sort": "-name", "q": "", "filter": {"and": [["name", "not_empty"]]}}


def keep(caller: Caller, table: str = TABLE, **more: Any) -> Any:
    body = {"name": "全部", "audience": "private", "content": EVERYBODY, **more}
    return caller.post(f"data/{table}/views", body)


def put(caller: Caller, path: str, body: Any) -> Any:
    headers = {"X-CSRFToken": caller.token}
    return caller.client.put(f"/api/v1/{path}", json=body, headers=headers)


def rows_through(caller: Caller, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that a grid asks for with the view, in all departments."""
    tree = json.dumps(content["filter"])
    return caller.rows(TABLE, filter=tree, sort=content["sort"], q=content["q"], limit=500)


def test_a_view_of_everybody_shows_each_his_own_rows(demo: DemoCollege) -> None:
    assert keep(demo.caller("qa"), audience="everyone").status_code == 200

    reached = {}
    for username in ("qa", "qcx_steward", "jdx_steward", "t_full"):
        caller = demo.caller(username)
        (view,) = caller.get(f"data/{TABLE}/views").json["views"]
        through = {row["id"] for row in rows_through(caller, view["content"])}
        assert through == {row["id"] for row in caller.rows(TABLE, limit=500)}
        reached[username] = through
    assert reached["t_full"] < reached["qcx_steward"] < reached["qa"]
    assert not reached["qcx_steward"] & reached["jdx_steward"]


def test_a_view_by_a_masked_field_is_not_shared_and_shows_the_quality_office_nothing(
    demo: DemoCollege,
) -> None:
    by_mobile = {"filter": ["mobile", "starts_with", "1"], "columns": [{"code": "mobile"}]}
    steward = demo.caller("qcx_steward")

    shared = keep(steward, audience="department", department="C01", content=by_mobile)
    own = keep(steward, name="自用", content=by_mobile)

    assert shared.status_code == 422
    assert "不是每个人都能看到" in shared.json["detail"]
    assert own.status_code == 200
    kept = keep(demo.caller("qa"), name="自用", content=by_mobile)
    assert kept.json["content"]["filter"] is None
    assert len(kept.json["notes"]) == 1


def test_a_view_is_changed_chosen_and_deleted(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    made = keep(caller, "course", content={"sort": "-credit", "q": "数学"}).json
    path = f"data/course/views/{made['id']}"
    body = {"version": made["version"], "name": "改名", "audience": "private", "content": {}}

    assert put(caller, path, body).json["name"] == "改名"
    assert put(caller, path, body).status_code == 409
    assert put(caller, "data/course/default_view", {"view": made["id"]}).status_code == 200
    (found,) = caller.get("data/course/views").json["views"]
    assert (found["default"], found["own"], found["why_not_change"]) == (True, True, None)
    deleted = caller.client.delete(f"/api/v1/{path}", headers={"X-CSRFToken": caller.token})
    assert deleted.status_code == 200
    assert caller.get("data/course/views").json["views"] == []


def test_what_is_no_view_is_refused_in_words(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    for content, status in (
        ({"filter": {"nor": []}}, 422),
        ({"filter": ["nothing", "=", 1]}, 422),
        ({"columns": [{"code": "nothing"}]}, 422),
        ({"colour": "red"}, 400),
        ({"columns": [{"width": 3}]}, 400),
    ):
        answer = keep(caller, "course", content=content)
        assert answer.status_code == status, content
        assert answer.json["detail"]


def test_it_is_told_with_whom_one_may_share(demo: DemoCollege) -> None:
    steward = demo.caller("qcx_steward").get(f"data/{TABLE}/views").json
    office = demo.caller("qa").get(f"data/{TABLE}/views").json

    assert [each["code"] for each in steward["departments"]] == ["C01"]
    assert "质管办" in steward["why_not_everyone"]
    assert office["why_not_everyone"] is None


def test_views_cost_few_statements(demo: DemoCollege) -> None:
    caller = demo.caller("qcx_steward")
    for number in range(5):
        keep(caller, name=f"视图 {number}")

    with demo.counting() as statements:
        assert len(caller.get(f"data/{TABLE}/views").json["views"]) == 5

    assert len(statements) <= 4
