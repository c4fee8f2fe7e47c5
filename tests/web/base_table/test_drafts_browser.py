"""What an earlier visit to the grid left unsaved: offered, and gone once it was saved otherwise."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.demo import DemoCollege, on_one_database

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]
OFFER = "还没有保存"


def credit_cell(demo: DemoCollege) -> str:
    """The way to the credits of a course of the open year."""
    period = demo.period("course")
    row = next(row for row in demo.stored("course") if row["sys_period"] == period)
    return f"/data/course/?row={row['sys_id']}&field=credit"


def left_behind(demo: DemoCollege, open_page: OpenPage) -> Page:
    """The grid once more, after a text that is no number was typed and the page was left."""
    page = open_page("jwc_steward", credit_cell(demo))
    page.on("dialog", lambda dialog: dialog.accept())
    type_into(page, "三")
    expect(page.locator("#save-status")).to_contain_text("未能保存")
    open_page("jwc_steward", credit_cell(demo))
    expect(page.locator("#error-bar")).to_contain_text(OFFER)
    return page


def type_into(page: Page, text: str) -> None:
    expect(page.locator("#grid .slick-cell.active input")).to_be_focused()
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")


def test_what_is_saved_otherwise_is_not_offered_again(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = left_behind(demo, open_page)

    type_into(page, "7.5")

    expect(page.locator("#save-status")).to_contain_text("已保存")
    expect(page.locator("#error-bar")).not_to_contain_text(OFFER)
    page.reload()
    expect(page.locator("[data-action=findings] [data-count]")).not_to_be_empty()
    expect(page.locator("#error-bar")).not_to_contain_text(OFFER)


def test_the_offer_hides_no_new_error(demo: DemoCollege, open_page: OpenPage) -> None:
    page = left_behind(demo, open_page)
    page.keyboard.press("ArrowDown")

    type_into(page, "四")

    expect(page.locator("#save-status")).to_contain_text("未能保存")
    expect(page.locator("#error-bar")).to_contain_text("“四”")
    expect(page.locator("#error-bar")).to_contain_text(OFFER)
