"""Article 8: the plan and the training before the collection."""

import pytest
from sqlalchemy import delete

from app.access.training import why_not_edit_training
from app.actions.row_change import INSERT, Change
from app.actions.training import (
    SessionDraft,
    decide_no_training,
    plan_session,
    take_session_step,
)
from app.domain.cycle import CycleStatus
from app.domain.message import Refused
from app.domain.person import Function
from app.domain.training import SessionVerb
from app.models.cycle import Cycle
from app.models.work_plan import WorkPlan
from app.reports.training import read_training
from tests.access.test_policies import actor
from tests.college import NOW, College
from tests.people import People
from tests.rehearsals import end, rehearse, told


def test_no_year_opens_before_its_work_plan_is_published(college: College) -> None:
    """「数据采集前，质量监督管理办公室拟定数据采集工作方案，做好采集任务分工」"""
    year = college.next_year()
    college.session.execute(delete(WorkPlan).where(WorkPlan.cycle_id == year))
    college.session.commit()

    with pytest.raises(Refused) as refusal:
        college.open_year(year)

    message = refusal.value.message.english()
    assert message == "The work plan of the year has not been published yet."


def test_the_division_of_work_is_rehearsed_before_the_collection(college: College) -> None:
    """「做好采集任务分工」"""
    year = college.next_year()
    assert told(rehearse(college, year)) == []

    end("10002", Function.DATA_STEWARD)(college)

    assert "so that nobody fills in and reviews" in told(rehearse(college, year))[0]


def test_only_the_quality_office_organises_the_training() -> None:
    """「质量监督管理办公室将组织数据采集培训，讲解填写数据采集平台填报方法及项目内涵，进一步明确任务和要求」"""
    cycle = Cycle(academic_year="2025-2026", status=CycleStatus.PREPARING)
    organising = [f for f in Function if why_not_edit_training(actor(f), cycle) is None]

    assert organising == [Function.QA_OFFICE]


def test_whoever_collects_has_to_attend_and_to_make_up_for_it(
    college: College, people: People
) -> None:
    """「各相关部门的信息采集管理员务必参加培训」"""
    draft = SessionDraft("采集培训", NOW, "报告厅", "周敏")
    by = {"by": people.zhou_min, "now": NOW}
    number = plan_session(college.session, college.founded.cycle_id, draft, **by).id
    take_session_step(college.session, number, SessionVerb.HOLD, version=1, reason=None, **by)

    page = read_training(college.session, people.zhou_min, college.cycle, now=NOW)

    assert {each.number for each in page.trainees} >= {"03002", "10002", "20002"}
    assert all(each.must_make_up for each in page.trainees)


def test_whether_a_training_is_needed_is_decided_and_recorded(
    college: College, people: People
) -> None:
    """「根据工作需要，质量监督管理办公室将组织数据采集培训」"""
    year, by = college.founded.cycle_id, {"by": people.zhou_min, "now": NOW}
    with pytest.raises(Refused):
        decide_no_training(college.session, year, "  ", **by)

    decide_no_training(college.session, year, "各部门人员没有变动，上年已培训", **by)

    page = read_training(college.session, people.zhou_min, college.cycle, now=NOW)
    assert page.waiver is not None
    assert page.waiver.decided_by_name == people.zhou_min.name


def test_a_data_steward_collects_for_his_own_department_only(
    college: College, people: People
) -> None:
    """「并具体承担本部门的数据采集和管理工作」"""
    college.add("course", 1, by=people.li_jing)

    with pytest.raises(Refused):
        college.change("course", Change(INSERT, college.row("course", 2)), by=people.chen_gang)

    assert len(college.rows("course")) == 1
