"""The page of the rehearsal: who sees it, what it says, where it leads."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from app.domain.person import Function
from app.domain.rehearsal import RemarkKind, Scenario
from app.models.cycle import Cycle
from app.models.person import Appointment
from app.reports.rehearsal import Rehearsal, read_rehearsal
from tests.demo import DemoCollege
from tests.pages import links_of, text_of
from tests.web.assignment.years import prepare


def address(cycle: Cycle) -> str:
    return f"/cycles/{cycle.id}/rehearsal"


def test_the_year_in_preparation_leads_to_its_rehearsal(demo: DemoCollege) -> None:
    cycle = prepare(demo)

    for page in ("/cycles/", f"/preparation/?cycle={cycle.academic_year}"):
        assert address(cycle) in links_of(demo.caller("qa").get(page))
        assert address(cycle) not in links_of(demo.caller("jwc_head").get(page))


def test_a_dead_end_is_told_with_the_way_to_mend_it(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    assert "没有会卡住的表" in text_of(demo.caller("qa").get(address(cycle)))
    ending = update(Appointment).where(
        Appointment.department_code == "C01", Appointment.function == Function.DATA_STEWARD
    )
    with demo.session() as session:
        session.execute(ending.values(valid_from=date(2020, 1, 1), valid_to=date(2020, 1, 2)))
        session.commit()

    answer = demo.caller("qa").get(address(cycle))

    assert "汽车工程系没有信息采集管理员（全年各节点）" in text_of(answer)
    assert "的任职到 2020-01-02 为止。" in text_of(answer)
    assert "/people/" in links_of(answer)


def test_a_leader_is_led_only_where_he_may_go(demo: DemoCollege) -> None:
    answer = demo.caller("leader").get(address(prepare(demo)))

    assert answer.status_code == 200
    assert "/people/" not in links_of(answer)


@pytest.mark.parametrize("who", ["jwc_steward", "jwc_head", "t_full", "admin", "archive"])
def test_others_are_told_why_not(demo: DemoCollege, who: str) -> None:
    answer = demo.caller(who).get(address(demo.cycle))

    assert answer.status_code == 403
    assert "演练" in answer.get_data(as_text=True) or "采集准备" in answer.get_data(as_text=True)


def test_a_locked_year_and_one_there_is_none_of_are_refused(demo: DemoCollege) -> None:
    locked = demo.caller("qa").get(address(demo.locked_cycle))

    assert locked.status_code == 409
    assert "只有准备中和采集中的年度可以演练" in locked.get_data(as_text=True)
    assert demo.caller("qa").get("/cycles/999999/rehearsal").status_code == 404


def test_the_assumptions_are_called_so_and_few_statements_are_needed(demo: DemoCollege) -> None:
    caller = demo.caller("qa")
    with demo.counting() as statements:
        page = text_of(caller.get(address(demo.cycle)))

    assert "这不是预测" in page
    assert "十分之一的表晚 3 天" in page
    assert len(statements) <= 15, statements


def test_programs_are_told_the_same(demo: DemoCollege) -> None:
    told = demo.caller("qa").get(f"cycles/{demo.cycle.id}/rehearsal").get_json()

    assert told["cycle"] == demo.cycle.academic_year
    assert {remark["kind"] for remark in told["remarks"]} <= set(RemarkKind)
    assert [each["scenario"] for each in told["assumptions"]] == list(Scenario)
    assert demo.caller("jwc_head").get(f"cycles/{demo.cycle.id}/rehearsal").status_code == 403


def test_an_all_clear_is_said_plainly(demo: DemoCollege, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_found(*place: Any, **how: Any) -> Rehearsal:
        return replace(read_rehearsal(*place, **how), remarks=[])

    monkeypatch.setattr("app.web.cycle.rehearsal.read_rehearsal", nothing_found)

    assert "一切就绪：每张表在每个日子都有人填报" in text_of(
        demo.caller("qa").get(address(demo.cycle))
    )
