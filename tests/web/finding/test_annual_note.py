"""Accepted explanations become table 11.1, where somebody is responsible for it."""

from app.actions.annual_note import TABLE
from tests.demo import DemoCollege
from tests.pages import text_of
from tests.web.finding.listed import SAID, act, listed


def test_adopted_explanations_are_shown_before_anything_is_written(demo: DemoCollege) -> None:
    found = listed(demo)
    act(demo, "jwc_steward", found, "explain")
    waiting = demo.caller("qa").get("/findings/annual_note")
    act(demo, "qa", found, "adopt", "")

    answer = demo.caller("qa").get("/findings/annual_note")

    assert SAID not in text_of(waiting)
    assert f"教务处（1 处）：{SAID}" in text_of(answer)
    assert "教材版本超过10年" in text_of(answer)


def test_without_a_responsible_department_nothing_is_written(demo: DemoCollege) -> None:
    answer = demo.caller("qa").post("/findings/annual_note", data={})

    assert answer.status_code == 422
    assert "还没有责任部门" in text_of(answer)


def test_the_rows_are_written_once(demo: DemoCollege) -> None:
    found = listed(demo)
    act(demo, "jwc_steward", found, "explain")
    act(demo, "qa", found, "adopt", "")
    place = {"table": TABLE, "department": "A04", "kind": "responsible"}
    assigned = demo.caller("qa").post("assignments/assign", {"assignments": [place]})
    assert assigned.status_code == 200, assigned.json
    steward = demo.caller("qa_steward")

    answers = [steward.post("/findings/annual_note", data={}) for _again in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    [row] = demo.stored(TABLE)
    assert (row["target_table"], row["target_field"]) == ("7.2.3", "版本日期(年)")
    assert "已采纳" not in row["issue"]
    assert SAID in row["explanation"]
    assert "不变 1 行" in steward.get("/").get_data(as_text=True)
