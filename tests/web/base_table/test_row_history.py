"""The history of a row: who changed what, told to those who see the row, masked like it."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.demo import Caller, DemoCollege
from tests.web.base_table.test_browser import OpenPage, saved


def change(caller: Caller, table: str, row: dict[str, Any], **values: object) -> None:
    sent = {"op": "update", "id": row["id"], "version": row["version"], "values": values}
    assert caller.changes(table, sent).status_code == 200


def history(caller: Caller, table: str, row: dict[str, Any], **query: str) -> list[dict[str, Any]]:
    answer = caller.get(f"data/{table}/rows/{row['id']}/history", **query)
    assert answer.status_code == 200, answer.json
    return list(answer.json["entries"])


def test_the_newest_change_comes_first_with_both_values(demo: DemoCollege) -> None:
    steward = demo.caller("jwc_steward")
    row = steward.rows("course")[0]

    change(steward, "course", row, course_name="高等数学（甲）")

    newest = history(steward, "course", row, field="course_name")[0]
    (cell,) = newest["cells"]
    assert (newest["operation_label"], newest["way"]) == ("修改", "在表格里")
    assert (cell["value"], cell["after"]) == (row["values"]["course_name"], "高等数学（甲）")


def test_masked_values_stay_masked_in_the_past(demo: DemoCollege) -> None:
    steward = demo.caller("qcx_steward")
    row = steward.rows("full_time_teacher")[0]
    change(steward, "full_time_teacher", row, mobile="13900001111")

    (of_qa, of_steward) = (
        history(demo.caller(who), "full_time_teacher", row, field="mobile")[0]["cells"][0]
        for who in ("qa", "qcx_steward")
    )

    assert (of_qa["after"], of_qa["hidden"]) == ("139****1111", True)
    assert "value" not in of_qa
    assert (of_steward["after"], of_steward["value"]) == ("13900001111", row["values"]["mobile"])


def test_a_row_out_of_scope_has_no_history(demo: DemoCollege) -> None:
    row = demo.caller("qcx_steward").rows("full_time_teacher")[0]
    path = f"data/full_time_teacher/rows/{row['id']}/history"

    assert demo.caller("jdx_steward").get(path).status_code == 404
    assert demo.caller("reader").get(path).status_code == 403
    assert demo.caller("qcx_steward").get(path, field="nothing").status_code == 422


def test_what_was_about_somebody_else_is_not_told_to_a_teacher(demo: DemoCollege) -> None:
    steward, table = demo.caller("qcx_steward"), "full_time_secondment"
    others = [row for row in steward.rows(table) if row["values"]["staff_no"] == "31005"]
    change(steward, table, others[0], post="旧岗位")
    current = next(row for row in steward.rows(table) if row["id"] == others[0]["id"])
    change(steward, table, current, staff_no="31003", started_on="2026-03-01")

    told = history(demo.caller("t_full"), table, current)

    assert [entry["cells"] for entry in told] == [[]]
    assert len(history(steward, table, current)) > 1


def open_section(page: Page, name: str) -> None:
    """Unfold a section of the panel."""
    section = page.locator(f"details[data-section={name}]")
    if section.get_attribute("open") is None:
        section.locator("> summary").click()


def test_a_value_of_the_past_is_put_back(demo: DemoCollege, open_page: OpenPage) -> None:
    steward = demo.caller("jwc_steward")
    row = steward.rows("course")[0]
    before = row["values"]["course_name"]
    change(steward, "course", row, course_name="改错了的名字")
    page = open_page("jwc_steward", "/data/course/")
    page.locator("#grid .slick-cell", has_text="改错了的名字").first.click()

    open_section(page, "history")
    page.locator("details[data-section=history]").get_by_role("button", name="放回").first.click()
    saved(page)

    assert before in [row["course_name"] for row in demo.stored("course")]


def test_the_panel_is_reached_and_left_by_keys(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/")
    page.locator("#grid .slick-row .slick-cell").nth(1).click()

    page.keyboard.press("Shift+Enter")
    expect(page.locator("#detail-panel")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")

    expect(page.locator("#detail-panel")).to_be_hidden()
