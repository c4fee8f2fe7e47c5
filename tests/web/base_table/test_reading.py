"""What of a table is shown, in a real browser: filter, columns, and the address of both."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.demo import DemoCollege, on_one_database

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]


def open_course(open_page: OpenPage, address: str = "") -> Page:
    """The courses of the department, once their rows are there."""
    page = open_page("jwc_steward", f"/data/course/{address}")
    expect(page.locator("#grid .slick-row").first).to_be_visible()
    return page


def open_filter(page: Page, field: str, operator: str) -> Locator:
    """The panel with one condition begun."""
    page.click("[data-action=filter]")
    panel = page.locator("#filter-panel")
    panel.get_by_label("字段").last.select_option(label=field)
    panel.get_by_label("比较方式").last.select_option(label=operator)
    return panel


def shown_codes(page: Page) -> list[str]:
    """The course codes on screen."""
    codes = page.locator("#grid .slick-row .l1").all_inner_texts()
    return [code for code in codes if code.strip()]


def headings(page: Page) -> list[str]:
    """The headings on screen without the row numbers."""
    return page.locator("#grid .heading-text").all_inner_texts()


def credits_of(demo: DemoCollege, at_least: float) -> int:
    """How many courses of the open year have so many credits."""
    period = demo.period("course")
    rows = [row for row in demo.stored("course") if row["sys_period"] == period]
    return len([row for row in rows if row["credit"] is not None and row["credit"] >= at_least])


def test_a_filter_shows_its_rows_and_survives_loading_the_page_again(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = open_course(open_page)
    panel = open_filter(page, "学分", "大于等于")
    panel.get_by_label("比较的值").fill("4")
    panel.get_by_role("button", name="应用").click()

    told = f"共 {credits_of(demo, 4)} 行"
    expect(page.locator("#grid-summary")).to_contain_text(told)
    asked = parse_qs(urlsplit(page.url).query)["filter"][0]
    assert json.loads(asked) == {"and": [["credit", ">=", "4"]]}
    page.reload()
    expect(page.locator("#grid-summary")).to_contain_text(told)
    page.get_by_role("button", name="清除筛选").click()
    expect(page.locator("#grid-summary")).not_to_contain_text(told)
    assert "filter" not in page.url


def test_exports_carry_what_is_shown(open_page: OpenPage) -> None:
    page = open_course(open_page)
    panel = open_filter(page, "课程代码", "属于（可粘贴一列）")
    panel.get_by_role("textbox").fill("GG01\r\nGG02\tx\r\n")
    panel.get_by_role("button", name="应用").click()
    expect(page.locator("#grid-summary")).to_contain_text("共 2 行")

    link = page.locator("a[data-follows-rows]").last.get_attribute("href") or ""
    lines = page.request.get(link).text()

    assert "GG02" in lines
    assert "GG03" not in lines


def test_what_was_typed_stays_when_it_is_refused(open_page: OpenPage) -> None:
    page = open_course(open_page)
    panel = open_filter(page, "学分", "大于等于")
    panel.get_by_label("比较的值").fill("很多")
    panel.get_by_role("button", name="应用").click()

    expect(panel.get_by_role("alert")).to_contain_text("很多")
    expect(panel.get_by_label("比较的值")).to_have_value("很多")
    assert len(shown_codes(page)) > 5


def test_a_longer_list_than_the_server_takes_is_told_before_it_is_sent(
    open_page: OpenPage,
) -> None:
    page = open_course(open_page)
    panel = open_filter(page, "课程代码", "属于（可粘贴一列）")
    panel.get_by_role("textbox").fill("\n".join(f"K{number}" for number in range(201)))

    expect(panel).to_contain_text("201 个值太多，最多 200 个")


def test_a_filter_in_the_address_that_cannot_be_used_is_shown_with_its_reason(
    open_page: OpenPage,
) -> None:
    page = open_course(open_page, '?filter=["credit","=","viel"]')

    expect(page.locator("#filter-panel").get_by_role("alert")).to_contain_text("viel")
    expect(page.locator("#filter-panel").get_by_label("比较的值")).to_have_value("viel")


def test_groups_are_joined_by_another_word(open_page: OpenPage) -> None:
    page = open_course(open_page)
    panel = open_filter(page, "课程代码", "等于")
    panel.get_by_label("比较的值").fill("GG01")
    panel.get_by_role("button", name="添加条件组").click()
    panel.get_by_label("条件之间的关系").select_option(label="或者")
    panel.get_by_label("比较的值").last.fill("GG02")
    panel.get_by_role("button", name="应用").click()

    expect(page.locator("#grid-summary")).to_contain_text("共 2 行")
    assert shown_codes(page) == ["GG01", "GG02"]


def test_columns_are_hidden_and_kept_in_view(open_page: OpenPage) -> None:
    page = open_course(open_page)
    page.click("[data-action=columns]")
    panel = page.locator("#columns-panel")

    panel.get_by_label("课程类型").uncheck()
    line = panel.locator("[data-code=course_property]")
    line.get_by_role("button", name="冻结到此列").click()

    assert "课程类型" not in headings(page)
    frozen = page.locator("#grid .slick-header-columns-left .heading-text").all_inner_texts()
    assert frozen == ["课程代码", "课程名称", "课程属性"]
    panel.get_by_role("button", name="恢复默认").click()
    assert "课程类型" in headings(page)


def test_a_heading_is_dragged_to_another_place(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_course(open_page)
    heads = page.locator("#grid .slick-header-columns-right .slick-header-column")
    name = heads.nth(0).inner_text()
    heads.nth(0).drag_to(heads.nth(2), target_position={"x": 60, "y": 20})
    expect(heads.nth(0)).not_to_contain_text(name.strip("* \n"))

    page.click("[data-action=add-row]")
    page.keyboard.type("ZZ02")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+s")

    expect(page.locator("#save-status")).to_contain_text("已保存")
    assert "ZZ02" in [row["course_code"] for row in demo.stored("course")]


def test_a_cell_filters_by_its_value_and_another_period_keeps_the_filter(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = open_course(open_page)
    page.locator("#grid .slick-row .l1").nth(1).click()
    page.get_by_role("button", name="按此值筛选").click()
    expect(page.locator("#grid-summary")).to_contain_text("共 1 行")

    page.select_option("select[name=period]", demo.period("course", demo.locked_cycle))

    expect(page.locator("#lock-notice")).to_contain_text("已锁定")
    expect(page.locator("[data-action=filter] [data-count]")).to_have_text("1")


def test_a_table_opens_with_the_view_that_was_chosen(open_page: OpenPage) -> None:
    page = open_course(open_page, '?filter=["course_code","=","GG02"]&sort=-credit')
    page.click("[data-views-button]")
    page.click("text=另存为新视图")
    page.fill("#view-name", "一门课")
    page.click("text=本部门（教务处）")
    page.click("text=保存视图")
    page.click("[data-views-button]")
    page.click("text=设为打开本表时的默认视图")
    expect(page.locator(".notice").last).to_contain_text("今后打开本表")

    page.goto(page.url.partition("?")[0])

    expect(page.locator("#grid-summary")).to_contain_text("共 1 行")
    expect(page.locator("[data-views-name]")).to_have_text("一门课")
    assert shown_codes(page) == ["GG02"]
