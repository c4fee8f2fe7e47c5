"""What is wrong is said beside the cell while it is typed, and what was tidied is said at all."""

from collections.abc import Callable

from playwright.sync_api import Page, Request, expect

from tests.demo import DemoCollege, on_one_database

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]
HINT = ".typing-hint"


def cell_of(demo: DemoCollege, open_page: OpenPage, field: str) -> Page:
    """The grid of courses at a cell of its second row of the open year."""
    period = demo.period("course")
    row = [row for row in demo.stored("course") if row["sys_period"] == period][1]
    page = open_page("jwc_steward", f"/data/course/?row={row['sys_id']}&field={field}")
    expect(page.locator("#grid .slick-cell.active input")).to_be_focused()
    return page


def saves_of(page: Page) -> list[str]:
    """Grows with each request that asks the server to keep something."""
    kept: list[str] = []

    def note(request: Request) -> None:
        body = request.post_data or ""
        if request.url.endswith("/changes") and '"dry_run":true' not in body:
            kept.append(body)

    page.on("request", note)
    return kept


def test_a_fault_is_told_while_typing_in_the_words_of_the_server(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = cell_of(demo, open_page, "credit")
    kept = saves_of(page)

    page.keyboard.insert_text("abc")

    words = "“学分”应为数字，“abc”不是数字，请只填数字。"
    expect(page.locator(HINT)).to_have_text(words)
    expect(page.locator("#grid .slick-cell.active input")).to_be_focused()
    assert kept == []
    page.keyboard.press("Enter")
    expect(page.locator(HINT)).to_be_hidden()
    expect(page.locator("#save-status")).to_contain_text("未能保存")
    expect(page.locator("#error-bar")).to_contain_text(words)


def test_a_rule_of_the_row_is_told_while_typing(demo: DemoCollege, open_page: OpenPage) -> None:
    page = cell_of(demo, open_page, "course_code")
    kept = saves_of(page)

    page.keyboard.insert_text("GG01")

    expect(page.locator(HINT)).to_contain_text("GG01")
    page.keyboard.press("Escape")
    expect(page.locator(HINT)).to_be_hidden()
    assert kept == []


def test_spaces_and_units_are_said_to_be_tidied(demo: DemoCollege, open_page: OpenPage) -> None:
    page = cell_of(demo, open_page, "credit")

    page.keyboard.insert_text(" 7.5 学分 ")
    page.keyboard.press("Enter")

    expect(page.locator("#save-status")).to_contain_text("已保存")
    expect(page.get_by_text("存为“7.5”").first).to_be_visible()


def test_a_word_for_nothing_never_looks_wrong(demo: DemoCollege, open_page: OpenPage) -> None:
    page = cell_of(demo, open_page, "credit")

    page.keyboard.insert_text("无")

    expect(page.locator(HINT)).to_have_text("请填写“学分”。")
    page.keyboard.press("Enter")
    expect(page.locator("#error-bar")).to_contain_text("请填写“学分”")
    expect(page.get_by_text("按空白处理").first).to_be_visible()


def test_a_fault_is_told_in_the_form_on_a_phone(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/new")
    page.set_viewport_size({"width": 390, "height": 844})

    page.locator("#field-credit").press_sequentially("abc")

    told = page.locator("#field-credit-typed")
    expect(told).to_have_text("“学分”应为数字，“abc”不是数字，请只填数字。")
    expect(page.locator("#field-credit")).to_be_focused()
    page.locator("#field-credit").fill("2.5")
    expect(told).to_be_hidden()
