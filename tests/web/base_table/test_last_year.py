"""Copying last year in a real browser: marks, one click for what is unchanged, then finishing."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.domain.submission import Status
from tests.demo import DemoCollege

OpenPage = Callable[[str, str], Page]
TABLE, DEPARTMENT = "cooperating_company", "C02"
ADDRESS = f"/data/{TABLE}/"


def copied(open_page: OpenPage) -> Page:
    """The grid after last year's five rows were taken over."""
    page = open_page("jdx_steward", ADDRESS)
    page.click("#grid-empty-carry a")
    expect(page.locator(".carry-counts")).to_contain_text("5")
    page.click("#carry-form button")
    expect(page.locator("#carried-notice")).to_contain_text("5 行复制自上年")
    return page


def test_last_year_is_copied_confirmed_and_finished(demo: DemoCollege, open_page: OpenPage) -> None:
    page = copied(open_page)
    expect(page.locator("#grid .row-number.is-carried")).to_have_count(5)

    page.click("[data-action=unchanged-all]")
    expect(page.locator("#carried-notice")).to_be_hidden()
    expect(page.locator("#grid .is-carried")).to_have_count(0)

    page.click("a:has-text('提交审核')")
    page.click(".step-forward button")
    expect(page.locator("body")).to_contain_text("部门审核中")
    assert demo.submission(TABLE, DEPARTMENT).status is Status.UNDER_REVIEW


def test_the_selected_row_is_confirmed_and_a_corrected_one_too(open_page: OpenPage) -> None:
    page = copied(open_page)
    page.locator("#grid .slick-row").nth(1).locator(".slick-cell").nth(1).click()

    page.click("[data-action=unchanged-selected]")
    expect(page.locator("#carried-notice")).to_contain_text("4 行")
    page.locator("#grid .grid-canvas-right .slick-row").first.locator(".slick-cell").nth(1).click()
    page.keyboard.type("2012-01")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")

    expect(page.locator("#save-status")).to_contain_text("已保存")
    expect(page.locator("#carried-notice")).to_contain_text("3 行")


def test_only_rows_that_wait_are_shown_until_none_does(open_page: OpenPage) -> None:
    page = copied(open_page)
    page.locator("#grid .slick-row").nth(1).locator(".slick-cell").nth(1).click()
    page.click("[data-action=unchanged-selected]")
    expect(page.locator("#carried-notice")).to_contain_text("4 行")

    page.click("[data-action=only-waiting]")
    # The row below the last one is for a new row.
    expect(page.locator("#grid .grid-canvas-right .slick-row")).to_have_count(4 + 1)
    page.reload()
    expect(page.locator("[data-action=only-waiting]")).to_have_attribute("aria-pressed", "true")
    page.click("[data-action=unchanged-all]")

    expect(page.locator("#carried-notice")).to_be_hidden()
    expect(page.locator("#grid .grid-canvas-right .slick-row")).to_have_count(5 + 1)


def test_last_years_value_stands_under_a_cell_that_differs(open_page: OpenPage) -> None:
    page = open_page("jwc_steward", "/data/course_textbook/")
    expect(page.locator("#grid .slick-row").first).to_contain_text("GG01")

    page.click("[data-action=compare-last-year]")

    changed = page.locator("#grid .slick-cell.is-changed .last-value")
    expect(changed.first).to_contain_text("上年 2019")
    page.click("[data-action=compare-last-year]")
    expect(changed).to_have_count(0)


def test_a_phone_confirms_everything_with_one_tap(open_page: OpenPage) -> None:
    page = copied(open_page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.locator(".only-phone .row-list .unchanged-form button").first.click()
    expect(page.locator(".only-phone .carried-notice")).to_contain_text("4 行")
    page.locator(".only-phone .carried-notice button").click()

    expect(page.locator(".only-phone .carried-notice")).to_have_count(0)


def test_the_form_shows_what_stood_there_last_year(open_page: OpenPage) -> None:
    page = copied(open_page)

    page.goto(page.url.partition("?")[0] + "?view=rows")
    page.locator(".row-list .row-title a").first.click()

    expect(page.locator(".field-last").first).to_contain_text("上年")
    page.click(".carried-notice button")
    expect(page.locator(".carried-notice")).to_contain_text("4 行")


def test_a_teacher_confirms_all_that_is_prefilled_with_few_taps(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    """At most forty: here two for a table, of which a teacher has up to nine."""
    teacher = demo.caller("t_full")
    (own,) = teacher.rows("full_time_teacher")
    gone = {"op": "delete", "id": own["id"], "version": own["version"]}
    teacher.changes("full_time_teacher", gone)
    teacher.post("data/full_time_teacher/carry_forward", {})
    page = open_page("t_full", "/data/full_time_teacher/")
    page.set_viewport_size({"width": 390, "height": 844})

    page.locator(".only-phone .carried-notice button").click()

    expect(page.locator(".only-phone .carried-notice")).to_have_count(0)
