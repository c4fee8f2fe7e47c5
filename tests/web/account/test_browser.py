"""Signing in as people do: on a phone, with an initial password, after a long break."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.domain.submission import Status
from tests.demo import PASSWORD, DemoCollege, on_one_database
from tests.web.account.doors import INITIAL, NEW, age_session, hand_out

pytestmark = on_one_database


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("main button[type=submit]")


def overflow(page: Page) -> int:
    """By how much the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("width", [390, 1440])
def test_an_initial_password_is_changed_on_the_way_in(
    demo: DemoCollege, address: str, page: Page, width: int
) -> None:
    hand_out(demo, "t_part")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}/account/")
    sign_in(page, "t_part", INITIAL)
    page.fill("#present", INITIAL)
    page.fill("#new", "kurz")
    page.click("text=修改密码")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert overflow(page) <= 0

    for field, text in (("present", INITIAL), ("new", NEW), ("repeated", NEW)):
        page.fill(f"#{field}", text)
    page.click("text=修改密码")

    page.wait_for_url(f"{address}/account/")
    expect(page.get_by_role("status")).to_contain_text("密码已修改")
    assert overflow(page) <= 0


def test_what_was_typed_outlives_the_session(demo: DemoCollege, address: str, page: Page) -> None:
    demo.set_status("course", "A03", Status.AWAITING_CONFIRMATION)
    path = f"/submissions/{demo.submission('course', 'A03').id}"
    page.goto(f"{address}/login/?next={path}")
    sign_in(page, "jwc_head")
    page.click("details:has(form[action$=send_back]) summary")
    page.fill("#send_back-reason", "第三行学分不对")
    age_session(demo, "jwc_head", last_seen_at=timedelta(hours=3))

    page.click("form[action$=send_back] button")
    with page.context.expect_page() as opened:
        page.click("a:has-text('登录')")
    sign_in(opened.value, "jwc_head")
    opened.value.wait_for_url(f"{address}/")
    page.go_back()

    expect(page.locator("#send_back-reason")).to_be_visible()
    expect(page.locator("#send_back-reason")).to_have_value("第三行学分不对")
    page.click("form[action$=send_back] button")
    expect(page.get_by_role("status").first).to_contain_text("已退回")
