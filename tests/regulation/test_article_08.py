"""Article 8: the plan and the training before the collection."""

import pytest
from sqlalchemy import delete

from app.actions.cycle import CycleRequest, take_cycle_step
from app.domain.cycle import CycleVerb
from app.domain.message import Refused
from app.models.cycle import Cycle
from app.models.work_plan import WorkPlan
from tests.college import NOW, College
from tests.people import People


def opening(college: College, people: People, year: int) -> Cycle:
    request = CycleRequest(CycleVerb.OPEN, college.session.get_one(Cycle, year).version)
    return take_cycle_step(
        college.session, college.store, year, request, by=people.zhou_min, now=NOW
    )


def test_no_year_opens_before_its_work_plan_is_published(college: College, people: People) -> None:
    """「数据采集前，质量监督管理办公室拟定数据采集工作方案，做好采集任务分工」"""
    year = college.next_year()
    college.session.execute(delete(WorkPlan).where(WorkPlan.cycle_id == year))
    college.session.commit()

    with pytest.raises(Refused) as refusal:
        opening(college, people, year)

    message = refusal.value.message.english()
    assert message == "The work plan of the year has not been published yet."
