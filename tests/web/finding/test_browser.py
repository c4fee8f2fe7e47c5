"""From a finding in the list to its cell in the grid, in a real browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.demo import DemoCollege, on_one_database
from tests.web.api.test_finding import TABLE
from tests.web.finding.listed import SAID, listed

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]


def test_a_click_leads_to_the_cell(demo: DemoCollege, open_page: OpenPage) -> None:
    listed(demo)
    page = open_page("jwc_steward", f"/findings/?table={TABLE}")

    page.click(".finding-where a.only-wide")

    active = page.locator(".slick-cell.active input")
    expect(active).to_have_value("1990")


def test_a_warning_is_explained_with_the_keyboard(demo: DemoCollege, open_page: OpenPage) -> None:
    listed(demo)
    page = open_page("jwc_steward", f"/findings/?table={TABLE}")

    page.focus('input[name="chosen"]')
    page.keyboard.press("Space")
    page.focus("#finding-text")
    page.keyboard.type(SAID)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".finding-said").first).to_contain_text(SAID)


def test_a_row_that_is_gone_is_told(demo: DemoCollege, open_page: OpenPage) -> None:
    period = demo.period(TABLE)

    page = open_page(
        "jwc_steward", f"/data/{TABLE}/?period={period}&department=A03&row=99999999&field=x"
    )

    expect(page.locator("#notices")).to_contain_text("这一行已不在")
