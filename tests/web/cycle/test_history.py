"""Former years: made and filled by the quality office, marked everywhere, counted nowhere."""

from io import BytesIO
from typing import Any

import xlsxwriter
from werkzeug.test import TestResponse

from app.domain.cycle import CycleStatus
from app.models.cycle import Cycle
from tests.demo import DemoCollege


def former(demo: DemoCollege) -> Cycle:
    """The year as it is stored, made first."""
    year = demo.locked_cycle.year.previous.code
    made = demo.caller("qa").post("/cycles/history", data={"year": year})
    assert made.status_code == 303
    with demo.session() as session:
        return session.query(Cycle).filter(Cycle.is_history).one()


def bring_in(demo: DemoCollege, cycle: Cycle, **typed: Any) -> TestResponse:
    """Send a workbook with one readable course and one of an unknown kind."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["部门", "课程代码", "课程名称", "课程类型"])
        sheet.write_row(1, 0, ["教务处", "A1", "高等数学", "没有的类型"])
    content.seek(0)
    sent = {"table": "course", "act": "import", "file": (content, "旧表.xlsx"), **typed}
    return demo.caller("qa").post(f"/cycles/{cycle.id}/history", data=sent)


def test_what_cannot_be_read_is_told_before_anything_is_written(demo: DemoCollege) -> None:
    cycle = former(demo)

    page = bring_in(demo, cycle).get_data(as_text=True)

    assert "没有写入" in page
    assert "没有的类型" in page
    assert "还没有数据" in page


def test_a_workbook_is_brought_in_and_shown_as_former_data(demo: DemoCollege) -> None:
    cycle = former(demo)

    page = bring_in(demo, cycle, leaves_out="1").get_data(as_text=True)
    place = {"period": cycle.academic_year, "department": "A03"}
    table = demo.caller("qa").get("/data/course/", **place).get_data(as_text=True)

    assert "已导入 1 行" in page
    assert f"{cycle.academic_year} 学年（历史数据）" in table
    (row,) = demo.caller("qa").rows("course", **place)
    assert row["values"]["course_name"] == "高等数学"
    assert row["states"] == {}


def test_former_years_stand_on_no_board_and_in_no_appraisal(demo: DemoCollege) -> None:
    cycle = former(demo)
    bring_in(demo, cycle, leaves_out="1")

    board = demo.caller("qa").get("/board/", cycle=cycle.academic_year)
    appraisal = demo.caller("qa").get("/appraisal/").get_data(as_text=True)
    step = demo.caller("qa").post(
        f"/cycles/{cycle.id}/unlock", data={"version": "1", "reason": "改"}
    )

    assert cycle.status is CycleStatus.LOCKED
    assert board.status_code == 404
    assert f"考核{cycle.year.start_year}—" not in appraisal
    assert "不能办理这一步" in step.get_data(as_text=True)


def test_a_year_that_is_collected_here_is_refused_with_the_reason(demo: DemoCollege) -> None:
    year = demo.locked_cycle.academic_year

    sent = demo.caller("qa").post("/cycles/history", data={"year": year}, follow_redirects=True)

    assert "不能作历史数据" in sent.get_data(as_text=True)
    with demo.session() as session:
        assert session.query(Cycle).filter(Cycle.is_history).count() == 0
