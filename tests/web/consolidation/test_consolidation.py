"""The page of the whole college's data."""

import pytest

from app.domain.cycle import CycleStatus
from app.models.cycle import Cycle
from tests.demo import DemoCollege
from tests.pages import links_of, text_of
from tests.web.assignment.years import prepare


def workbook_link(demo: DemoCollege, cycle: Cycle | None = None) -> str:
    year = (cycle or demo.locked_cycle).academic_year
    return f"/api/v1/consolidation/{year}/workbook.xlsx"


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


def test_a_year_that_is_not_locked_is_labelled_with_what_is_missing(demo: DemoCollege) -> None:
    answer = demo.caller("qa").get("/consolidation/", cycle=demo.cycle.academic_year)

    assert answer.status_code == 200
    assert "部分汇总" in text_of(answer)
    assert "还缺的报送" in text_of(answer)
    assert "未审 " not in text_of(answer)
    link = f"{workbook_link(demo, demo.cycle)}?reading=partial"
    assert link in links_of(answer)
    assert demo.caller("qa").get(link).status_code == 200


def test_unreviewed_data_are_labelled_and_for_leaders_only_when_let(demo: DemoCollege) -> None:
    address = {"cycle": demo.cycle.academic_year, "reading": "unreviewed"}
    path = f"/consolidation/{demo.cycle.academic_year}/unreviewed"

    assert "含未审数据" in text_of(demo.caller("qa").get("/consolidation/", **address))
    assert demo.caller("leader").get("/consolidation/", **address).status_code == 403
    assert demo.caller("leader").post(path, data={"shown": "yes"}).status_code == 403
    assert demo.caller("qa").post(path, data={"shown": "yes"}).status_code == 303
    answer = demo.caller("leader").get("/consolidation/", **address)

    assert (answer.status_code, "含未审数据" in text_of(answer)) == (200, True)
    assert demo.caller("reader").get("/consolidation/", **address).status_code == 403


def test_one_table_is_added_up(demo: DemoCollege) -> None:
    address = f"/consolidation/{demo.locked_cycle.academic_year}/course"

    answer = demo.caller("leader").get(address)

    assert "全院合计" in text_of(answer)
    assert f"/consolidation/?cycle={demo.locked_cycle.academic_year}" in links_of(answer)
    assert demo.caller("jwc_head").get(address).status_code == 403
    assert demo.caller("qa").get(f"{address}_of_nobody").status_code == 404


@pytest.mark.parametrize("year", ["1999-2000", "x", "'", "0" * 300])
def test_a_year_there_is_none_of_is_not_found(demo: DemoCollege, year: str) -> None:
    assert demo.caller("qa").get("/consolidation/", cycle=year).status_code == 404


def test_the_page_asks_the_database_little(demo: DemoCollege) -> None:
    caller = demo.caller("qa")
    caller.get("/consolidation/")

    with demo.counting() as statements:
        caller.get("/consolidation/")

    assert len(statements) <= 15, statements


def test_a_year_in_preparation_is_not_the_one_shown_first(demo: DemoCollege) -> None:
    prepare(demo)
    with demo.session() as session:
        session.get_one(Cycle, demo.locked_cycle.id).status = CycleStatus.CLOSED
        session.commit()

    page = text_of(demo.caller("leader").get("/consolidation/"))

    assert "部分汇总" in page
    assert "准备中" not in page
