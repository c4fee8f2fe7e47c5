"""Article 1: what the regulation is for, and what it rests on."""

from datetime import timedelta

from app.catalogue.regulation import load_regulations
from app.domain.cycle import CycleVerb
from app.domain.submission import STEPS, Status
from tests.college import DUE, College
from tests.factories import SEED
from tests.people import People


def test_the_regulation_stands_in_the_system_with_what_it_rests_on() -> None:
    """What it rests on.

    「根据《教育部办公厅关于建立职业院校教学工作诊断与改进制度的通知》（教职成厅〔2015〕2号）」「特制定本办法」
    「启动相关工作的通知》（教职成司函〔2015〕168号）的要求」
    """
    [regulation] = load_regulations(SEED / "regulation.yaml")
    article = regulation.article(1)

    assert article is not None
    assert "教职成厅〔2015〕2号" in article.paragraphs[0]
    assert "教职成司函〔2015〕168号" in article.paragraphs[0]


def test_there_is_one_way_from_collecting_to_reporting() -> None:
    """「认真做好我校人才培养工作状态数据采集与管理平台（以下称“数据采集平台”）的数据采集与上报工作」

    From the first row to the accepted table without a gap.
    """
    reached = {Status.NOT_STARTED}
    for _round in STEPS:
        reached |= {step.target for step in STEPS if step.source in reached}

    assert reached == set(Status)


def test_collecting_is_an_everyday_matter(college: College, people: People) -> None:
    """「使数据采集常态化」: rows are entered on any day, after the due date of a year too."""
    college.now = DUE + timedelta(days=1)
    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)

    college.add("course", 1, by=people.li_jing)

    assert len(college.rows("course")) == 1
