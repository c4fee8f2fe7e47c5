"""Rows and masks of a role on one table: typed, compared, saved, explained, and felt everywhere."""

import html
import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.demo import DemoCollege
from tests.pages import text_of
from tests.web.permission.test_page import roles

TABLE, ROLE = "course", "教务处 · 信息采集管理员"
CARRIED = re.compile(r'name="setting" value="([^"]*)"')


def address(demo: DemoCollege, role: str = ROLE, table: str = TABLE) -> str:
    return f"/permissions/{roles(demo)[role]}/access/{table}"


def lines(*typed: tuple[str, str, str, str]) -> dict[str, list[str]]:
    columns = zip(*typed, strict=True)
    return {
        name: list(words)
        for name, words in zip(("field", "operator", "who", "value"), columns, strict=True)
    }


def send(demo: DemoCollege, **form: Any) -> TestResponse:
    return demo.caller("admin").post(address(demo), data=form)


def confirm(demo: DemoCollege, shown: TestResponse, version: int = 0, **more: str) -> TestResponse:
    found = CARRIED.search(shown.text)
    assert found, text_of(shown)
    return send(demo, setting=html.unescape(found[1]), version=str(version), **more)


def codes(demo: DemoCollege, field: str = "course_code") -> list[str]:
    answer = demo.caller("jwc_steward").get(f"data/{TABLE}/rows", limit=500)
    return [row["values"][field] for row in answer.json["rows"]]


def test_what_is_set_is_compared_first_and_then_holds_everywhere(demo: DemoCollege) -> None:
    every, names = codes(demo), codes(demo, "course_name")
    one = lines(("course_code", "in", "", f"{every[0]}，{every[1]}"))

    shown = send(demo, rows="rule", **one, **{"mask-course_name": "masked"})

    assert shown.status_code == 200
    assert f"是其中之一：{every[0]}、{every[1]}" in text_of(shown)
    assert codes(demo) == every
    assert confirm(demo, shown).status_code == 303
    assert codes(demo) == every[:2]
    assert_narrowed(demo, every, names)


def assert_narrowed(demo: DemoCollege, every: list[str], names: list[str]) -> None:
    """Description, export, totals and pages agree on two rows without their names."""
    steward = demo.caller("jwc_steward")
    spec = steward.get(f"data/{TABLE}/spec").json
    [name] = [field for field in spec["fields"] if field["code"] == "course_name"]
    assert (name["masked"], name["operators"], name["editable"]) == (True, [], False)
    file = steward.get(f"data/{TABLE}/export.csv").text
    assert every[0] in file
    assert every[2] not in file
    assert steward.get(f"data/{TABLE}/totals").json["rows"] == 2
    page = steward.get(f"/data/{TABLE}/", view="rows").text
    assert every[0] in page
    assert names[0] not in page + file


def test_the_page_is_chinese_and_shows_what_is_kept(demo: DemoCollege) -> None:
    typed = lines(("sys_department", "=", "departments", ""))
    confirm(demo, send(demo, rows="rule", joined_by="or", **typed))

    page = demo.caller("admin").get(address(demo))
    matrix = demo.caller("admin").get("/permissions/", role=roles(demo)[ROLE])

    assert "现为： 行所属的部门是其中之一：当前部门" in text_of(page)
    assert not re.search(r"[A-Za-z]{4,}", text_of(page))
    assert text_of(matrix).count("行范围与字段遮盖（已设）") == 1
    assert len(codes(demo)) > 2


def test_a_rule_put_together_in_the_builder_is_kept_and_shown_again(demo: DemoCollege) -> None:
    ours = ["sys_department", "in_departments"]
    tree = {"and": [ours, {"or": [["course_code", "=user"], ["course_code", "not_empty"]]}]}

    shown = send(demo, rows="rule", tree=json.dumps(tree))

    assert "是其中之一：当前部门，且（课程代码等于当前用户，或课程代码已填写）" in text_of(shown)
    assert confirm(demo, shown).status_code == 303
    page = demo.caller("admin").get(address(demo)).text
    built = re.search(r'data-tree="([^"]*)"', page)
    assert built
    assert json.loads(html.unescape(html.unescape(built[1]))) == tree
    assert len(codes(demo)) > 2


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"rows": "rule"}, "没有任何条件"),
        ({"rows": "rule", **lines(("course_code", "=", "", ""))}, "还没有填值"),
        ({"rows": "rule", **lines(("course_code", ">", "user", ""))}, "当前用户"),
        ({"rows": "person"}, "不对应到人"),
        ({"rows": "", "mask-course_code": "masked"}, "主键"),
        ({"rows": "", "mask-course_name": "hidden"}, "不能选“不显示”"),
        ({"rows": "everything"}, "重新"),
        ({"setting": "[]"}, "重新"),
        ({"rows": "rule", "tree": "null"}, "没有任何条件"),
        ({"rows": "rule", "tree": '["course_code", "=", {"current": "x"}]'}, "筛选条件"),
        ({"rows": "rule", "tree": "[" * 5000}, "重新"),
    ],
)
def test_what_does_not_fit_is_refused_and_kept_as_typed(
    demo: DemoCollege, form: dict[str, Any], told: str
) -> None:
    answer = send(demo, **form)

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert 'role="alert"' in answer.text
    for word in form.get("operator", []):
        assert f'<option value="{html.escape(word)}" selected>' in answer.text


def test_a_stale_page_changes_nothing(demo: DemoCollege) -> None:
    confirm(demo, send(demo, rows="department"))

    stale = confirm(demo, send(demo, rows="all"), version=0)

    assert stale.status_code == 409
    assert "刚刚被别人改过" in text_of(stale)


def test_only_who_changes_rights_sends_the_form(demo: DemoCollege) -> None:
    page = demo.caller("qa").get(address(demo))

    assert "查看将作的改动" not in text_of(page)
    assert demo.caller("qa").post(address(demo), data={"rows": "all"}).status_code == 403


def test_the_explanation_tells_role_by_role(demo: DemoCollege) -> None:
    row = demo.caller("jwc_steward").get(f"data/{TABLE}/rows", limit=1).json["rows"][0]["id"]
    confirm(demo, send(demo, rows="rule", **lines(("course_code", "=", "", "没有"))))

    asked = {"person": "jwc_steward", "table": TABLE, "row": row}
    page = text_of(demo.caller("admin").get("/permissions/why/", **asked))

    assert "没有一个角色的行范围包括它" in page
    assert "不在此角色的行范围内" in page


def test_a_persons_page_leads_to_the_explanation(demo: DemoCollege) -> None:
    people = demo.caller("admin").get("/people/", q="jwc_steward").text
    found = re.search(r'href="(/people/\d+)"', people)
    assert found

    page = demo.caller("admin").get(found[1])

    assert "/permissions/why/?person=" in page.text


def test_no_rule_tells_a_value_that_is_masked_for_the_role(demo: DemoCollege) -> None:
    steward, table = demo.caller("jwc_steward"), "major_course"
    row = next(row for row in steward.rows(table) if row["values"]["planned_hours"])
    mask(demo, table, "planned_hours")
    change = {"op": "update", "id": row["id"], "version": row["version"]}

    answer = steward.changes(table, {**change, "values": {"practice_hours": "999"}})
    form = text_of(steward.get(f"/data/{table}/{row['id']}"))

    (finding,) = answer.json["results"][0]["findings"]
    assert finding["message"] in form
    assert "999" not in finding["message"]


def mask(demo: DemoCollege, table: str, field: str) -> None:
    """Mask a field of the table for the role."""
    admin, page = demo.caller("admin"), address(demo, table=table)
    shown = admin.post(page, data={"rows": "", f"mask-{field}": "masked"})
    found = CARRIED.search(shown.text)
    assert found, text_of(shown)
    admin.post(page, data={"setting": html.unescape(found[1]), "version": "0"})
