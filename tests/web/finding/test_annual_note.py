"""Accepted explanations become table 11.1, where somebody is responsible for it."""

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
