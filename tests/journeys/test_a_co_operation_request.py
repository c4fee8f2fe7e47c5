"""A co-operation request from asking over contributed rows to confirmation, with three people.

李静 of 教务处 asks 机电工程系 for its part of her table; its data steward types a row into the grid
and answers; she sees whose row it is, cannot change it, confirms with a rating and hands the table
to review; the quality office reads all of it.
"""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.demo import DemoCollege
from tests.journeys.conftest import Visit

TABLE, DEPARTMENT = "institutional_innovation", "A03"
STEWARD, PARTNER, OFFICE = "jwc_steward", "jdx_steward", "qa"
WANTED = "请填写贵系本学年的重大制度创新"
ROW = ("现场工程师联合培养", "校企双导师共管", "2025-11", "覆盖两个专业")


def test_a_part_goes_from_asking_to_confirmation(demo: DemoCollege, visit: Visit) -> None:
    place = f"/submissions/{demo.submission(TABLE, DEPARTMENT).id}"
    ask(visit(STEWARD, place))
    expect(visit(STEWARD, place).locator("form[action$='/finish']")).to_have_count(0)

    contribute(visit(PARTNER, "/cooperation/?show=awaited"))
    answer(visit(PARTNER, "/cooperation/?show=awaited"))

    assert_fixed(visit(STEWARD, f"/data/{TABLE}/"))
    confirm(visit(STEWARD, "/cooperation/?show=awaited"))
    expect(visit(STEWARD, place).locator("form[action$='/finish']")).to_have_count(1)
    assert_read(visit(OFFICE, "/cooperation/"))


def ask(page: Page) -> None:
    """From the page of the table: who, what, by when."""
    page.get_by_role("link", name="请其他部门提供数据").click()
    page.select_option("#partner", label="机电工程系")
    page.fill("#wanted", WANTED)
    page.fill("#due-on", (datetime.now(UTC) + timedelta(days=9)).date().isoformat())
    page.get_by_role("button", name="发出请求").click()
    expect(page.locator(".cooperation-sent").first).to_be_visible()


def contribute(page: Page) -> None:
    """From the list to the request, from there into the grid: one row."""
    open_request(page)
    page.get_by_role("link", name="填写本部门的行").click()
    expect(page.locator("#save-status")).to_contain_text("修改会自动保存")
    expect(page.locator(".contributed-notice").first).to_contain_text("本部门的部分")
    page.click("[data-action=add-row]")
    for text in ROW:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Control+s")
    expect(page.locator("#save-status")).to_contain_text("已保存")


def answer(page: Page) -> None:
    """Say that the part is done."""
    open_request(page)
    page.fill("#reason-answer", "已填一行")
    page.click("form[action$='/answer'] button[type=submit]")
    expect(page.locator(".cooperation-answered").first).to_be_visible()


def assert_fixed(page: Page) -> None:
    """The lead sees whose row it is, and types nothing into it."""
    expect(page.locator(".contributed-notice").first).to_contain_text("机电工程系")
    expect(page.locator("#grid .row-number.is-contributed")).to_have_count(1)
    row = page.locator("#grid .slick-row", has=page.locator(".row-number.is-contributed"))
    row.locator(".slick-cell").nth(1).dblclick()
    expect(page.locator("#grid input.editor-text")).to_have_count(0)
    expect(page.locator(".detail-contributed")).to_contain_text("机电工程系")


def confirm(page: Page) -> None:
    """Confirm with a rating."""
    open_request(page)
    page.check("input[name=rating][value='5']")
    page.click("form[action$='/confirm'] button[type=submit]")
    expect(page.locator(".cooperation-confirmed").first).to_be_visible()


def assert_read(page: Page) -> None:
    """The quality office finds all that was said, and the rating."""
    open_request(page)
    expect(page.locator("main")).to_contain_text("已填一行")
    expect(page.locator(".facts")).to_contain_text("5 分")


def open_request(page: Page) -> None:
    """The request in the list."""
    page.locator(".cooperation-list li", has_text=WANTED).locator("a").first.click()
    expect(page.locator("main")).to_contain_text(WANTED)
