"""Article 9: departments are called together, data stewards study the notes."""

import pytest
from sqlalchemy import delete

from app.catalogue.guidance import notes_of
from app.domain.message import Refused
from app.domain.submission import Verb
from app.models.guidance import GuidanceAcknowledgement
from app.reports.training import read_training
from tests.college import NOW, College
from tests.factories import seed_catalogue
from tests.people import People


def test_a_department_that_held_no_meeting_is_shown(college: College, people: People) -> None:
    """「各部门要及时召开动员会议，做好组织宣传工作」"""
    page = read_training(college.session, people.zhou_min, college.cycle, now=NOW)

    assert page.meetings
    assert page.without_meeting == len(page.meetings)


def test_a_data_steward_reads_the_notes_before_he_hands_a_table_over(
    college: College, people: People
) -> None:
    """「各信息采集管理员要认真研究数据采集平台项目内涵，仔细阅读注释，把握标准，高效工作」"""
    college.session.execute(delete(GuidanceAcknowledgement))
    college.session.commit()
    college.add("course", 1, by=people.li_jing)

    with pytest.raises(Refused) as refusal:
        college.step(college.submission("course"), Verb.FINISH, by=people.li_jing)

    assert "Read the notes" in refusal.value.message.english()


def test_the_quality_office_provides_the_base_tables_with_their_notes() -> None:
    """「数据采集前，由质量监督管理办公室统一向各数据采集部门提供数据采集平台的基础数据表」"""
    catalogue = seed_catalogue()
    noted = [chapter for chapter in catalogue.chapters if notes_of(catalogue, chapter)]

    assert noted == list(catalogue.chapters)
