"""The page of the whole college's data."""

import pytest

from tests.demo import DemoCollege
from tests.pages import links_of, text_of


def workbook_link(demo: DemoCollege) -> str:
    return f"/api/v1/consolidation/{demo.locked_cycle.academic_year}/workbook.xlsx"


@pytest.mark.parametrize("who", ["qa", "archive"])
def test_a_locked_year_is_shown_with_its_workbook(demo: DemoCollege, who: str) -> None:
    answer = demo.caller(who).get("/consolidation/")

    assert answer.status_code == 200
    assert str(demo.locked_cycle.content_hash) in answer.get_data(as_text=True)
    assert "开设课程基本信息" in text_of(answer)
    assert workbook_link(demo) in links_of(answer)
    assert demo.caller(who).get(workbook_link(demo)).status_code == 200


@pytest.mark.parametrize("who", ["leader", "reader"])
def test_who_may_only_read_gets_no_button(demo: DemoCollege, who: str) -> None:
    answer = demo.caller(who).get("/consolidation/")

    assert answer.status_code == 200
    assert workbook_link(demo) not in links_of(answer)
    assert demo.caller(who).get(workbook_link(demo)).status_code == 403


@pytest.mark.parametrize("who", ["jwc_steward", "jwc_head", "t_full", "admin"])
def test_everybody_else_is_refused(demo: DemoCollege, who: str) -> None:
    answer = demo.caller(who).get("/consolidation/")

    assert answer.status_code == 403
    assert "您没有查看汇总数据的权限" in text_of(answer)


def test_a_year_that_is_not_locked_says_so(demo: DemoCollege) -> None:
    answer = demo.caller("qa").get("/consolidation/", cycle=demo.cycle.academic_year)

    assert answer.status_code == 200
    assert "还没有锁定" in text_of(answer)
    assert not [link for link in links_of(answer) if link.endswith(".xlsx")]


@pytest.mark.parametrize("year", ["1999-2000", "x", "'", "0" * 300])
def test_a_year_there_is_none_of_is_not_found(demo: DemoCollege, year: str) -> None:
    assert demo.caller("qa").get("/consolidation/", cycle=year).status_code == 404


def test_the_page_asks_the_database_little(demo: DemoCollege) -> None:
    caller = demo.caller("qa")
    caller.get("/consolidation/")

    with demo.counting() as statements:
        caller.get("/consolidation/")

    assert len(statements) <= 15, statements
