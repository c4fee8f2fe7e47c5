"""Reminding from the board: whom, how many, and why not."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.models.notice import Reminder
from tests.demo import DemoCollege, on_one_database
from tests.pages import text_of

OpenPage = Callable[[str, str], Page]
WHERE = {"remind_department": "A03", "remind_table": ""}


def remind(demo: DemoCollege, who: str, **where: str) -> str:
    """The words on the board after somebody has reminded."""
    caller = demo.caller(who)
    answer = caller.post("/board/remind?by=department&status=late", data={**WHERE, **where})
    assert answer.status_code == 303, text_of(answer)
    assert answer.location == "/board/?by=department&status=late"
    return text_of(caller.get("/board/"))


def reminded(demo: DemoCollege) -> set[str]:
    with demo.session() as session:
        return {each.person_number for each in session.query(Reminder)}


def test_a_department_is_reminded_once_a_day(demo: DemoCollege) -> None:
    first = remind(demo, "qa")
    count = len(reminded(demo))
    again = remind(demo, "qa")

    assert re.search(r"已提醒 \d+ 人，涉及 \d+ 张表", first)
    assert re.search(r"没有提醒任何人。 ?\d+ 人今天已提醒过", again)
    assert len(reminded(demo)) == count > 0


def test_all_that_is_missing_can_be_reminded_of_at_once(demo: DemoCollege) -> None:
    told = remind(demo, "qa2", remind_department="")

    assert re.search(r"已提醒 \d\d 人", told)


def test_whoever_is_reminded_finds_it_behind_the_bell(demo: DemoCollege) -> None:
    remind(demo, "qa")

    page = text_of(demo.caller("jwc_steward").get("/notices/", show="reminder"))

    assert re.search(r"催报：.* 张表还没有报送", page)


def test_another_department_is_out_of_reach(demo: DemoCollege) -> None:
    told = remind(demo, "cwc_head")

    assert "没有提醒任何人" in told
    assert reminded(demo) == set()


@pytest.mark.parametrize(
    ("who", "finds"),
    [("qa", True), ("jwc_head", True), ("jwc_steward", True), ("leader", False)],
)
def test_the_button_is_there_for_whoever_may(demo: DemoCollege, who: str, finds: bool) -> None:
    page = demo.caller(who).get("/board/").get_data(as_text=True)

    assert ("/board/remind?" in page) is finds


def test_one_permission_row_takes_the_button_and_the_way(demo: DemoCollege) -> None:
    demo.revoke("remind", "reminder")

    assert "/board/remind?" not in demo.caller("qa").get("/board/").get_data(as_text=True)
    assert demo.caller("qa").post("/board/remind", data=WHERE).status_code == 403
    assert demo.caller("qa").post("reminders", {}).status_code == 403


def test_nobody_is_reminded_of_a_year_that_is_over(demo: DemoCollege) -> None:
    year = demo.locked_cycle.academic_year
    office = demo.caller("qa")

    assert "/board/remind?" not in office.get("/board/", cycle=year).get_data(as_text=True)
    answer = office.post("reminders", {"cycle": year})
    assert answer.status_code == 409
    assert "不在采集中" in answer.json["detail"]


def test_programs_are_told_how_many(demo: DemoCollege) -> None:
    answer = demo.caller("qa").post("reminders", {"department": "A03"})

    assert answer.status_code == 200
    assert answer.json["people"] >= 1
    assert set(answer.json) == {"people", "tables", "already", "nobody"}


def test_the_board_tells_who_never_signed_in_and_what_presses(demo: DemoCollege) -> None:
    demo.caller("jwc_steward")
    page = text_of(demo.caller("qa").get("/board/"))

    assert re.search(r"\d+ 人从未登录", page)
    assert re.search(r"需要关注 \d+", page)
    lines = demo.caller("qa").get("board", status="attention").json["departments"]
    tables = [table for each in lines for table in each["tables"]]
    assert tables
    assert all(table["needs_attention"] for table in tables)


@on_one_database
def test_a_click_reminds_and_the_bell_of_the_other_rings(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = open_page("qa", "/board/")
    page.get_by_role("button", name="催报：教务处").click()
    expect(page.get_by_role("status").first).to_contain_text("已提醒")

    page.context.clear_cookies()
    page = open_page("jwc_steward", "/")
    bell = page.locator("a.bell")
    expect(bell).to_have_attribute("aria-label", re.compile(r"通知，\d+ 条未读"))
    bell.click()
    expect(page.locator(".notice-line").first).to_contain_text("催报")
    page.locator(".notice-line button").first.click()
    expect(page).to_have_url(re.compile(r"/submissions/\?status=mine"))
