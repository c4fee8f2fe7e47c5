"""Explaining findings and ruling on explanations, in a real browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.demo import DemoCollege, on_one_database
from tests.web.api.test_finding import TABLE
from tests.web.finding.listed import SAID, act, listed

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]


def click_where_it_stood(page: Page, button: str) -> None:
    """Press and release at one place, as a hand does; nothing is waited for in between."""
    box = page.locator(button).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] - 4)
    page.mouse.down()
    page.wait_for_timeout(100)
    page.mouse.up()


def test_the_first_click_on_a_button_of_the_bar_counts(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    act(demo, "jwc_steward", listed(demo), "explain")
    page = open_page("qa", f"/findings/?state=explained&table={TABLE}")

    page.check('input[name="chosen"]')
    page.focus("#finding-text")
    page.keyboard.type("请附教材照片")
    click_where_it_stood(page, 'button[value="reject"]')

    expect(page.locator("#notices, .alert").first).to_contain_text("1 条说明未采纳")


def test_what_was_sent_is_not_offered_as_left_unsent(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    listed(demo)
    page = open_page("jwc_steward", f"/submissions/{demo.submission(TABLE, 'A03').id}")
    form = page.locator("form[data-keep^=findings-]")
    form.locator('input[name="chosen"]').first.check()
    form.locator("textarea").fill(SAID)

    form.locator('button[value="explain"]').click()

    expect(page.locator("main")).to_contain_text("已说明 1 条警告")
    expect(page.locator("main details.finding-group").first).not_to_have_attribute("open", "")
    expect(page.get_by_text("已恢复您上次填写但没有提交的内容")).to_have_count(0)


def test_a_long_rule_breaks_no_word_beside_it(demo: DemoCollege, open_page: OpenPage) -> None:
    listed(demo)
    page = open_page("jwc_steward", f"/submissions/{demo.submission(TABLE, 'A03').id}")
    page.set_viewport_size({"width": 390, "height": 844})

    page.locator(".finding-group > summary > span:first-child").evaluate_all(
        "spans => spans.forEach(span => span.after('请核对位数与单位；'.repeat(12)))"
    )
    words = page.locator(".finding-group > summary > span")
    heights = words.evaluate_all("spans => spans.map(span => span.getBoundingClientRect().height)")

    assert len(heights) >= 2
    assert max(heights) < 30
