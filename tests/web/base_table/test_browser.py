"""The same pages in a real browser: the grid, the form on a phone, what scripts add."""

from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from playwright.sync_api import Page, expect

from tests.demo import DemoCollege

OpenPage = Callable[[str, str], Page]


def saved(page: Page) -> None:
    """Wait until the grid says that everything is stored."""
    expect(page.locator("#save-status")).to_contain_text("已保存")


def type_new_row(page: Page, *texts: str) -> None:
    """Type into the empty row at the end, from cell to cell."""
    page.click("[data-action=add-row]")
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def test_a_row_typed_into_the_grid_is_stored(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/")
    expect(page.locator("#grid .slick-row").first).to_contain_text("GG01")

    type_new_row(page, "ZZ01", "插花艺术")
    page.keyboard.press("Control+s")
    saved(page)

    stored = {row["course_code"]: row["course_name"] for row in demo.stored("course")}
    assert stored["ZZ01"] == "插花艺术"


def test_a_wrong_cell_shows_its_reason(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/")
    expect(page.locator("#grid .slick-row").first).to_contain_text("GG01")

    type_new_row(page, "GG01", "重复的课程")
    page.keyboard.press("Control+s")
    expect(page.locator("#save-status")).to_contain_text("1 行未能保存")
    page.keyboard.press("Home")

    expect(page.locator("#error-bar")).to_contain_text("GG01")
    assert "重复的课程" not in [row["course_name"] for row in demo.stored("course")]


def test_a_reader_cannot_type_into_the_grid(open_page: OpenPage) -> None:
    page = open_page("jwc_head", "/data/course/")

    page.locator("#grid .slick-row .slick-cell").nth(1).dblclick()

    expect(page.locator("#save-status")).to_contain_text("只读")
    expect(page.locator("#grid input.editor-text")).to_have_count(0)


def test_choosing_another_period_shows_it_at_once(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/")

    page.select_option("select[name=period]", demo.period("course", demo.locked_cycle))

    expect(page.locator("#lock-notice")).to_contain_text("已锁定")


def test_the_list_of_tables_is_searched_while_typing(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/")

    page.locator("#table-search").press_sequentially("教材")

    expect(page.locator("#tables")).not_to_contain_text("开设专业")
    expect(page.locator("#tables")).to_contain_text("课程使用教材")


def test_a_reference_field_suggests_what_it_may_name(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/major/new")

    page.locator("#field-dept_code").press_sequentially("汽车")

    option = page.locator("#field-dept_code-list option")
    expect(option).to_have_count(1)
    expect(option).to_have_attribute("value", "C01")


def test_the_single_row_is_filled_in_on_a_phone(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("cwc_steward", "/data/funding_income/")
    page.set_viewport_size({"width": 390, "height": 844})

    page.fill("#field-tuition_total", "abc")
    page.click("text=保存")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.fill("#field-tuition_total", "612.5")
    page.click("text=保存")

    expect(page.get_by_role("status").first).to_contain_text("已保存")
    assert "612.50" in [str(row["tuition_total"]) for row in demo.stored("funding_income")]


def test_a_phone_shows_cards_and_nothing_sticks_out(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/")
    page.set_viewport_size({"width": 390, "height": 844})

    for path in ("/data/", "/data/major/", "/data/major/new", "/data/course/import"):
        page.goto(page.url.partition("/data")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.goto(page.url.partition("/data")[0] + "/data/major/")
    expect(page.locator(".only-phone .row-title").first).to_be_visible()
    expect(page.locator("#grid")).to_be_hidden()


def test_what_was_typed_survives_leaving_the_form(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/new")
    page.on("dialog", lambda dialog: dialog.accept())

    page.locator("#field-course_name").press_sequentially("插花")
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()

    expect(page.locator("#field-course_name")).to_have_value("插花")
    expect(page.get_by_text("已恢复您上次填写")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).click(trial=True)


def test_deleting_asks_first(demo: DemoCollege, open_page: OpenPage) -> None:
    period = demo.period("course")
    row = next(row for row in demo.stored("course") if row["sys_period"] == period)
    page = open_page("jwc_steward", f"/data/course/{row['sys_id']}")

    page.click("text=删除这一行")
    page.locator("dialog").get_by_role("button", name="取消").click()
    assert row in demo.stored("course")
    page.click("text=删除这一行")
    page.locator("dialog button.btn-danger").click()

    expect(page.get_by_role("status").first).to_contain_text("已删除")
    assert row not in demo.stored("course")


def test_a_workbook_is_tried_out_and_then_imported(
    demo: DemoCollege, open_page: OpenPage, tmp_path: Path
) -> None:
    with xlsxwriter.Workbook(tmp_path / "课程.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["课程代码", "课程名称"])
        sheet.write_row(1, 0, ["ZZ01", "插花艺术"])
    page = open_page("jwc_steward", "/data/course/import")

    page.set_input_files("#import-file", tmp_path / "课程.xlsx")
    expect(page.locator("#import-result")).to_contain_text("插花艺术")
    assert "ZZ01" not in [row["course_code"] for row in demo.stored("course")]
    page.click("#import-result button.btn-primary")

    expect(page.locator("#import-result a.btn-primary")).to_be_visible()
    assert "ZZ01" in [row["course_code"] for row in demo.stored("course")]
