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


def test_without_a_responsible_department_the_way_leads_to_the_choice_of_one(
    demo: DemoCollege,
) -> None:
    answer = demo.caller("qa").get("/findings/annual_note")

    assert f'href="/assignments/{demo.cycle.id}/tables/{TABLE}"' in answer.get_data(as_text=True)


def test_who_does_not_write_the_table_is_told_who_does(demo: DemoCollege) -> None:
    assert demo.caller("qa").post("assignments/assign", assigning(demo)).status_code == 200

    text = text_of(demo.caller("qa").get("/findings/annual_note"))

    assert "表11.1由“质量监督管理办公室”负责填报：请该部门的数据管理员打开本页写入" in text
    assert "如工作需要，请联系质管办" not in text


def test_the_rows_are_written_once(demo: DemoCollege) -> None:
    found = listed(demo)
    act(demo, "jwc_steward", found, "explain")
    act(demo, "qa", found, "adopt", "")
    assigned = demo.caller("qa").post("assignments/assign", assigning(demo))
    assert assigned.status_code == 200, assigned.json
    steward = demo.caller("qa_steward")

    assert steward.post("/findings/annual_note", data={}).status_code == 303
    written = demo.stored(TABLE)
    assert steward.post("/findings/annual_note", data={}).status_code == 303

    [row] = [row for row in written if row["target_table"] == "7.2.3"]
    assert row["target_field"] == "版本日期(年)"
    assert SAID in row["explanation"]
    assert demo.stored(TABLE) == written


def assigning(demo: DemoCollege) -> dict[str, object]:
    """What makes 质管办 itself responsible for table 11.1."""
    cycle = demo.cycle
    place = {"cycle": cycle.academic_year, "version": str(cycle.version), "reason": "补充分工"}
    return {**place, "assignments": [{"table": TABLE, "departments": ["A04"]}]}
