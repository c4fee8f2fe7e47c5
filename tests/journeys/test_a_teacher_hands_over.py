"""A teacher on a phone, from prefilled data to handing over; what was entered on his behalf."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from app.domain.teacher_record import RecordStatus
from tests.demo import DemoCollege, on_one_database
from tests.journeys.conftest import Visit, sign_in
from tests.web.teacher_record.test_own_data import record

MOST_TAPS = 40
PHONE = {"width": 390, "height": 844}


class Thumb:
    """Taps on a small screen, and counts them; every key that is typed is one as well."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, where: str) -> None:
        """Tap on the first such thing, which has to be big enough for a thumb."""
        found = self.page.locator(where).first
        box = found.bounding_box()
        assert box is not None
        assert box["height"] >= 36, where
        with self.page.expect_navigation():
            found.tap()
        self.taps += 1


@pytest.fixture
def thumb(address: str, browser: Browser) -> Callable[[str], Thumb]:
    def as_person(username: str) -> Thumb:
        context = browser.new_context(locale="zh-CN", viewport=PHONE, has_touch=True)
        page = context.new_page()
        sign_in(page, address, username)
        page.goto(f"{address}/my/")
        return Thumb(page)

    return as_person


# What the browser does is the same on every database.
pytestmark = on_one_database


def test_a_teacher_hands_over_everything_with_few_taps(
    demo: DemoCollege, thumb: Callable[[str], Thumb]
) -> None:
    """All three sections are prefilled: what is there is handed over, the rest is declared."""
    hand = thumb("t_full")
    page = hand.page
    hand.tap(".own-all button")
    while page.locator("form[action$='/declare'] button").count():
        hand.tap("form[action$='/declare'] button")
    while page.locator("form[action$='/submit'] .btn").count():
        hand.tap("form[action$='/submit'] .btn")
    hand.tap("form[action$='/confirm'] button")

    expect(page.locator(".page-title + p")).to_contain_text("已办完9张")
    assert hand.taps <= MOST_TAPS
    for table in ("full_time_teacher", "full_time_teaching_load", "full_time_patent"):
        found = record(demo, table)
        assert found is not None
        assert found.status is RecordStatus.SUBMITTED


def test_a_row_is_corrected_by_its_form_and_leads_back(
    demo: DemoCollege, thumb: Callable[[str], Thumb]
) -> None:
    hand = thumb("t_full")
    page = hand.page
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    hand.tap("#section-" + str(demo.submission("full_time_patent", "C01").id) + " .own-row")
    page.fill("#field-patent_name", "一种变速器总成快速拆装支架")
    page.get_by_role("button", name="保存", exact=True).tap()

    page.wait_for_url("**/my/**")
    expect(page.get_by_role("status").first).to_contain_text("已保存")


def test_entry_on_behalf_is_told_to_the_teacher_who_confirms_it(
    demo: DemoCollege, visit: Visit
) -> None:
    """The steward types a row, takes it up with a basis; the teacher sees by whom, and confirms."""
    place = f"/submissions/{demo.submission('external_part_time_teaching_load', 'C01').id}"
    page = visit("qcx_steward", f"{place}/teachers")
    expect(page.locator(".own-teachers")).to_contain_text("彭大勇")
    page.fill("#basis-all", "本人微信发来的课表")
    page.click(".own-all button")
    expect(page.locator(".alert-success")).to_be_visible()

    teacher = visit("t_part", "/my/")
    expect(teacher.locator(".own-note").first).to_contain_text("依据：本人微信发来的课表")
    teacher.click("form[action$='/confirm'] button")

    expect(teacher.locator(".alert-success")).to_contain_text("已确认")
    expect(visit("qcx_steward", f"{place}/teachers").locator(".own-teachers")).to_contain_text(
        "确认"
    )
