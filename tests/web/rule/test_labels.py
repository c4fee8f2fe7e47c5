"""Every part that a rule can have is called something on pages."""

import pytest

from app.catalogue.quality_rule import Judged, Measure, Year
from app.web.rule.labels import JUDGED, MEASURES, YEARS
from tests.demo import DemoCollege, on_one_database
from tests.pages import text_of


def test_every_measure_year_and_scope_has_a_label() -> None:
    assert (set(MEASURES), set(YEARS), set(JUDGED)) == (set(Measure), set(Year), set(Judged))


@on_one_database
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("QR.MAJOR.STUDENTS_TOTAL.50", "字段的中位数：“在校生数总人数”"),
        ("QR.FULL_TIME_TEACHING_LOAD.CLASS_NAMES.26", "取本行“授课班级”里所列的名称"),
        ("QR.STUDENT_AWARD.STUDENTS.29", "也不在：10.1 学生基本信息 · 上年 · “姓名”"),
    ],
)
def test_a_rule_tells_in_words_what_it_compares_with(
    demo: DemoCollege, rule: str, said: str
) -> None:
    page = demo.caller("qa").get(f"/rules/{rule}")

    assert page.status_code == 200
    assert said in text_of(page)
