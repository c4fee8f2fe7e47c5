"""Keys of the grid in a real browser: leaving it, going on in it, taking back."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.demo import on_one_database

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]


def choose_name(page: Page) -> str:
    """Select the name of the first course; answers the name."""
    cell = page.locator("#grid .slick-row").first.locator(".slick-cell").nth(2)
    name = cell.inner_text()
    cell.click()
    return name


def first_name(page: Page) -> str:
    """The name of the first course, typed or shown."""
    cell = page.locator("#grid .slick-row").first.locator(".slick-cell").nth(2)
    typed = cell.locator("input")
    return typed.input_value() if typed.count() else cell.inner_text()


def test_after_escape_what_was_typed_can_still_be_taken_back(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/")
    name = choose_name(page)

    page.keyboard.type("改过的")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert first_name(page) == "改过的"
    page.keyboard.press("Control+z")
    assert first_name(page) == name
    page.keyboard.press("Control+y")

    assert first_name(page) == "改过的"


def test_after_escape_the_cell_stays_for_the_keys_of_the_grid(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/")
    choose_name(page)

    page.keyboard.press("Escape")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#grid-summary")).to_contain_text("2 行")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("新名")

    second = page.locator("#grid .slick-row").nth(1).locator(".slick-cell").nth(2)
    expect(second.locator("input")).to_have_value("新名")


def test_escape_and_tab_leave_the_grid(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course/")
    choose_name(page)

    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#grid')") is None
    page.keyboard.press("Shift+Tab")

    assert page.evaluate("document.activeElement.closest('#grid') !== null")
