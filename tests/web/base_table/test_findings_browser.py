"""What the rules say of the whole table, beside the cells of the grid and under a row's form."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.demo import DemoCollege, on_one_database

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]
WRITING = "#detail-panel .finding-form"


def grid_of(open_page: OpenPage, query: str = "") -> Page:
    """The courses of the office of academic affairs, once their findings are known."""
    page = open_page("jwc_steward", f"/data/course/{query}")
    expect(page.locator("#grid .slick-row").first).to_be_visible()
    expect(page.locator("[data-action=findings] [data-count]")).not_to_be_empty()
    return page


def open_findings(demo: DemoCollege) -> list[dict[str, object]]:
    answer = demo.caller("jwc_steward").get("data/course/findings")
    return [each for each in answer.json["findings"] if each["state"] == "open"]


def go_to_first(page: Page) -> None:
    page.keyboard.press("F8")
    expect(page.locator(f"{WRITING} textarea")).to_be_visible()


def test_findings_across_tables_stand_at_their_cells(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    count = len(open_findings(demo))

    page = grid_of(open_page)

    expect(page.locator("#error-bar")).to_contain_text(f"{count} 处警告")
    expect(page.locator("[data-action=findings]")).to_contain_text(str(count))
    go_to_first(page)
    active = page.locator("#grid .slick-cell.active")
    expect(active).to_have_class(re.compile(r"\bis-warning\b"))
    expect(page.locator("#detail-panel")).to_contain_text("使用教材")
    rule = page.locator("#detail-panel .finding-rule a")
    assert demo.caller("jwc_steward").get(str(rule.get_attribute("href"))).status_code == 200


def test_an_explained_warning_is_open_no_more_and_keeps_a_sign(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    count = len(open_findings(demo))
    page = grid_of(open_page)
    go_to_first(page)

    page.fill(f"{WRITING} textarea", "按教务处备案的自编讲义授课。")
    page.locator(WRITING).get_by_role("button", name="保存说明").click()

    panel = page.locator("#detail-panel .finding")
    expect(panel).to_contain_text("已说明")
    expect(panel).to_contain_text("按教务处备案的自编讲义授课。")
    expect(page.locator("#error-bar")).to_contain_text(f"{count - 1} 处警告")
    page.keyboard.press("Escape")
    expect(page.locator("#grid .stands-explained").first).to_be_visible()
    assert len(open_findings(demo)) == count - 1


def test_one_text_explains_all_of_the_rule(demo: DemoCollege, open_page: OpenPage) -> None:
    page = grid_of(open_page)
    go_to_first(page)

    page.fill(f"{WRITING} textarea", "均用自编讲义。")
    page.locator(WRITING).get_by_role("checkbox").check()
    page.locator(WRITING).get_by_role("button", name="保存说明").click()

    expect(page.locator("[data-action=findings] [data-count]")).to_have_text("0")
    assert open_findings(demo) == []


def test_what_was_typed_stays_when_sending_fails_and_when_another_cell_is_looked_at(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = grid_of(open_page)
    go_to_first(page)

    def refuse(route: Route) -> None:
        route.fulfill(status=500, json={"detail": "服务器出错，没有保存。"})

    page.route("**/explanations", refuse)
    page.fill(f"{WRITING} textarea", "自编讲义。")
    page.locator(WRITING).get_by_role("button", name="保存说明").click()
    expect(page.locator(WRITING)).to_contain_text("服务器出错，没有保存。")
    expect(page.locator(f"{WRITING} textarea")).to_have_value("自编讲义。")

    page.keyboard.press("Escape")
    page.keyboard.press("F8")
    expect(page.locator(f"{WRITING} textarea")).to_have_value("")
    page.locator("#grid .slick-cell.is-warning:not(.row-number)").first.click()
    expect(page.locator(f"{WRITING} textarea")).to_have_value("自编讲义。")


def test_the_list_leads_to_the_cell_by_keys_alone(open_page: OpenPage) -> None:
    page = grid_of(open_page)

    page.click("[data-action=findings]")
    panel = page.locator("#findings-panel")
    expect(panel.locator("summary").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    line = panel.locator(".finding-line").nth(1)
    expect(line).to_be_focused()
    place = line.locator("strong").inner_text()
    page.keyboard.press("Enter")

    expect(page.locator("#detail-panel .detail-place")).to_have_text(place.split(" · ")[0])
    page.locator("#findings-panel [data-choice=errors]").click()
    expect(panel).to_contain_text("没有这类问题")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_list_leads_out_of_a_filter(open_page: OpenPage) -> None:
    page = grid_of(open_page, "?q=GG01")
    # One row, drawn in two halves.
    expect(page.locator("#grid .slick-row:not(.is-placeholder)")).to_have_count(2)

    page.click("[data-action=findings]")
    page.locator("#findings-panel .finding-line").first.click()

    expect(page.locator("#detail-panel .finding")).to_be_visible()
    assert page.locator("#grid .slick-row").count() > 4


def test_review_is_not_begun_before_warnings_are_explained(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    count = len(open_findings(demo))
    page = grid_of(open_page)

    page.click("[data-finish]")

    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("还不能提交审核")
    dialog.get_by_role("button", name=f"看 {count} 处警告").click()
    expect(page.locator("#findings-panel .finding-line").first).to_be_visible()
    expect(page.locator("[data-choice=warnings]")).to_have_attribute("aria-pressed", "true")


def test_whoever_may_not_explain_reads_why_not(open_page: OpenPage) -> None:
    page = open_page("jwc_head", "/data/course/")
    expect(page.locator("[data-action=findings] [data-count]")).not_to_be_empty()

    page.keyboard.press("F8")

    expect(page.locator("#detail-panel .finding")).to_be_visible()
    expect(page.locator(WRITING)).to_have_count(0)


def test_text_that_was_tidied_is_said_beside_the_cell(open_page: OpenPage) -> None:
    page = grid_of(open_page)

    page.locator("#grid .slick-cell", has_text="思想道德与法治").first.click()
    page.keyboard.type("无")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")

    expect(page.locator("#notices")).to_contain_text("填的是“无”，按空白处理")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#detail-panel .detail-tidied")).to_contain_text("无")


def test_the_form_of_a_row_shows_and_explains_its_findings(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    first = open_findings(demo)[0]
    page = open_page("jwc_steward", "/")
    page.set_viewport_size({"width": 390, "height": 844})
    base = page.url.rstrip("/")

    page.goto(f"{base}/data/course/{first['row_id']}")

    section = page.locator("[data-section=findings]")
    expect(section).to_contain_text(str(first["message"]))
    section.locator("textarea").fill("自编讲义。")
    section.get_by_role("button", name="保存说明").click()
    expect(section).to_contain_text("已说明")
    assert first["mark"] not in [each["mark"] for each in open_findings(demo)]
