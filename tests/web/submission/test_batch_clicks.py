"""How many clicks many tables cost in a real browser (the budget stands in the contract)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domain.submission import Status, Verb
from app.models.submission import Submission
from tests.demo import PASSWORD, DemoCollege, on_one_database
from tests.web.submission.steps import adopted, explained
from tests.web.submission.test_batch import POINTS, many, pair

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]
OFFICE, HEAD = 20, 10
DO = ".batch-form button[type=submit]"


@dataclass
class Mouse:
    """Clicks as a person does, and counts them."""

    page: Page
    clicks: int = 0

    def click(self, selector: str) -> None:
        """One click."""
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()
        self.clicks += 1


@pytest.fixture
def awaiting(demo: DemoCollege) -> list[str]:
    """Every table of 教务处 that the rules find nothing against lies on the head's desk."""
    explained(demo, *own(demo, Status.ENTERING))
    for verb, status, typed in (
        ("finish", Status.ENTERING, {}),
        ("finish", Status.NOT_STARTED, {"reason": "本学年没有此项"}),
        ("review", Status.UNDER_REVIEW, POINTS),
    ):
        many(demo, "jwc_steward", verb, [pair(each) for each in own(demo, status)], **typed)
    found = [each.table_identifier for each in own(demo, Status.AWAITING_CONFIRMATION)]
    assert len(found) > 5
    return found


def own(demo: DemoCollege, status: Status) -> Sequence[Submission]:
    """The submissions of 教务处 that stand in the status."""
    return [each for each in standing_in(demo, status) if each.department_code == "A03"]


def standing_in(demo: DemoCollege, status: Status) -> Sequence[Submission]:
    """The submissions of all departments that stand in the status."""
    query = select(Submission).where(
        Submission.cycle_id == demo.cycle.id, Submission.status == status
    )
    with demo.session() as session:
        return session.scalars(query).all()


def confirm_all(head: Mouse, tables: int) -> None:
    """The head confirms the whole list with his password and gets the sheet that he signs."""
    all_of_the_list(head, "mine", Verb.CONFIRM)
    head.click("#batch-password")
    head.page.keyboard.type(PASSWORD)
    head.click(DO)
    expect(head.page.locator("h1")).to_contain_text(f"已办 {tables} 张，未办 0 张")
    the_sheet_is_one_click_away(head, tables)


def the_sheet_is_one_click_away(head: Mouse, tables: int) -> None:
    """All that was confirmed stands on it, and the hash it is signed for."""
    head.click('main a[href^="/receipts/"]')
    expect(head.page.locator(".sheet-table tbody tr")).to_have_count(tables)
    expect(head.page.locator(".sheet-hash code")).to_have_text(re.compile("[0-9a-f]{64}"))


def standing(demo: DemoCollege, tables: list[str]) -> set[Status]:
    return {demo.submission(table, "A03").status for table in tables}


def all_of_the_list(mouse: Mouse, chip: str, verb: Verb) -> None:
    """From anywhere: the list, the chip, all of it, the step."""
    mouse.click('nav a[href="/submissions/"]')
    mouse.click(f'.chips a[href*="status={chip}"]')
    mouse.click(".batch-all")
    mouse.click(f"button[value={verb}]")


def test_a_head_and_the_office_deal_with_all_tables_in_few_clicks(
    demo: DemoCollege, open_page: OpenPage, awaiting: list[str]
) -> None:
    head = Mouse(open_page("jwc_head", "/"))
    confirm_all(head, len(awaiting))
    assert (standing(demo, awaiting), head.clicks <= HEAD) == ({Status.SUBMITTED}, True)

    head.page.context.clear_cookies()
    office = Mouse(open_page("qa", "/"))
    for chip, verb in ((Status.SUBMITTED, Verb.RECEIVE), (Status.UNDER_QA_REVIEW, Verb.ACCEPT)):
        if verb is Verb.ACCEPT:
            adopted(demo, standing_in(demo, Status.UNDER_QA_REVIEW))
        all_of_the_list(office, chip, verb)
        office.click(DO)
        expect(office.page.locator("h1")).to_contain_text("未办 0 张")
    assert (standing(demo, awaiting), office.clicks <= OFFICE) == ({Status.ACCEPTED}, True)


def test_the_bar_tells_how_many_are_ticked(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("qa", "/submissions/?status=all")
    told, boxes = page.locator(".ticked-count"), page.locator("input[name=chosen]")

    expect(told).to_have_text("已选 0 项")
    for place in range(3):
        boxes.nth(place).check()
    expect(told).to_have_text("已选 3 项")
    page.locator("[data-tick-page]").check()
    expect(told).to_have_text(f"已选 {boxes.count()} 项")
    page.locator("input[name=all]").check()
    expect(told).to_have_text(re.compile(r"已选全部 \d{3} 项"))


def test_the_way_back_from_the_result_is_open_and_ticks_nothing(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = open_page("qa", "/submissions/?status=submitted")
    page.locator("input[name=chosen]").first.check()
    page.locator("button[value=receive]").click()
    page.locator(DO).click()
    expect(page.locator("h1")).to_contain_text("已办 1 张")

    page.locator("main table a").first.click()
    page.go_back()
    expect(page.locator("h1")).to_contain_text("已办 1 张")
    page.go_back()
    page.go_back()
    expect(page.locator(".ticked-count")).to_have_text("已选 0 项")
