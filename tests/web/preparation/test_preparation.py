"""The page of the preparation: the plan, the phases, what is lacking."""

from io import BytesIO

import pytest
from sqlalchemy import update

from app.models.cycle import Cycle
from tests.demo import DemoCollege
from tests.pages import text_of
from tests.web.assignment.years import NEXT_DUE, prepare


def test_the_plan_of_the_open_year_and_its_phases_are_shown(demo: DemoCollege) -> None:
    page = text_of(demo.caller("jwc_steward").get("/preparation/"))

    assert "一、工作目标" in page
    assert "核实个人基本信息" in page
    assert "拟定新的一版" not in page


@pytest.mark.parametrize("who", ["qa", "qcx_head"])
def test_the_page_takes_few_statements(demo: DemoCollege, who: str) -> None:
    caller = demo.caller(who)
    with demo.counting() as statements:
        assert caller.get("/preparation/").status_code == 200

    assert len(statements) <= 15, statements


def test_the_invented_due_date_of_a_provisional_year_is_shown_nowhere(demo: DemoCollege) -> None:
    year = prepare(demo).academic_year
    with demo.session() as session:
        session.execute(
            update(Cycle).where(Cycle.academic_year == year).values(is_provisional=True)
        )
        session.commit()

    page = text_of(demo.caller("qa").get(f"/preparation/?cycle={year}"))
    told = demo.caller("qa").get("/api/v1/cycles").json["cycles"]

    assert "还没有定" in page
    assert NEXT_DUE not in page
    assert [each["due_at"] for each in told if each["academic_year"] == year] == [None]


def test_a_document_is_attached_and_handed_out_to_be_saved(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    file = (BytesIO(b"%PDF-1.7\n%%EOF"), "方案.pdf")
    typed = {"version": "0", "published": "1", "text": "第二版", "act": "publish", "file": file}
    assert demo.caller("qa").post(f"/preparation/{cycle.id}/plan", data=typed).status_code == 303

    page = demo.caller("qcx_head").get("/preparation/", cycle=cycle.academic_year)
    address = page.get_data(as_text=True).split("/preparation/files/")[1].split('"')[0]
    answer = demo.caller("qcx_head").get(f"/preparation/files/{address}")

    assert answer.data == b"%PDF-1.7\n%%EOF"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_days_that_contradict_are_told_and_nothing_typed_is_lost(demo: DemoCollege) -> None:
    typed = {"version": str(demo.cycle.version), "begins-basic_data": "明天"}

    answer = demo.caller("qa").post(f"/preparation/{demo.cycle.id}/phases", data=typed)

    assert answer.status_code == 422
    assert "“明天”不是日期" in text_of(answer)
    assert 'value="明天"' in answer.get_data(as_text=True)


def test_no_phase_begins_long_before_its_year(demo: DemoCollege) -> None:
    days = {"begins-basic_data": "0001-01-01", "due-basic_data": "2026-12-01"}
    days |= {"begins-teaching_data": "2026-12-01", "due-teaching_data": "2026-12-02"}
    typed = {**days, "version": str(demo.cycle.version), "begins-department_data": "2026-12-02"}

    answer = demo.caller("qa").post(f"/preparation/{demo.cycle.id}/phases", data=typed)

    assert answer.status_code == 422
    assert "0001-01-01 对 " in text_of(answer)
