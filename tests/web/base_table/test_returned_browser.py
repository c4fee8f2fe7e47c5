"""What came back, in the grid: marked, reached by a key, answered there; put there by reviewers."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.domain.submission import Status, Verb
from tests.demo import DemoCollege, on_one_database
from tests.web.submission.steps import brought, take

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]
REASON = "课程名称与教务系统不一致"


def send_back_a_cell(demo: DemoCollege) -> None:
    """The courses of 教务处 come back with one item on a cell of the third row."""
    submission = brought(demo, Status.UNDER_QA_REVIEW)
    row = demo.caller("jwc_steward").rows("course")[2]
    item = json.dumps({"row": row["id"], "field": "course_name", "reason": REASON})
    take(demo, "qa", submission, Verb.SEND_BACK, item=item)


def test_an_item_is_reached_by_a_key_and_answered_in_place(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    send_back_a_cell(demo)
    page = open_page("jwc_steward", "/data/course/")
    expect(page.locator("#grid .has-return")).to_have_count(1)

    page.keyboard.press("Shift+F8")
    expect(page.locator("#grid .slick-cell.active")).to_have_class(re.compile(r"\bhas-return\b"))
    section = page.locator("[data-section=returned]")
    expect(section).to_contain_text(REASON)
    section.get_by_role("button", name="已改").click()
    expect(section.get_by_role("alert")).to_contain_text("这里与退回时相同")
    section.locator("textarea").fill("按新大纲命名")
    section.get_by_role("button", name="说明").click()

    expect(section).to_contain_text("按新大纲命名")
    expect(page.locator(".only-wide #returned-banner")).to_contain_text("退回意见已全部答复")


def test_what_a_reviewer_collects_in_the_grid_goes_along(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    submission = brought(demo, Status.UNDER_QA_REVIEW)
    page = open_page("qa", "/data/course/?department=A03")
    page.locator("#grid .slick-row .slick-cell.l2").nth(1).click()
    section = page.locator("[data-section=returned]")
    section.locator("textarea").fill(REASON)
    section.get_by_role("button", name="对这一格").click()
    expect(section).to_contain_text("已攒下，尚未发出")

    section.get_by_role("link", name="退回").click()
    expect(page.locator("#step-send_back")).to_contain_text(REASON)
    page.locator("#step-send_back button[type=submit]").click()

    expect(page.locator(".state").first).to_contain_text("已退回")
    assert demo.submission("course", "A03").reason == REASON
    assert submission.version + 1 == demo.submission("course", "A03").version
