"""Article 6: everybody answers for his part."""

from datetime import timedelta

import openpyxl

from app.domain.message import Message
from app.domain.person import Function
from app.domain.submission import Status
from app.exchange.appraisal import appraisal_workbook
from app.models.person import Appointment
from app.reports.appraisal import (
    appraisal_years,
    find_year,
    read_panel,
    read_panel_evidence,
)
from app.reports.responsibility import read_responsibility
from tests.appraisals import begun, seed_scheme
from tests.college import NOW, College
from tests.people import People
from tests.submissions import submission_at


def test_one_page_tells_who_answers_for_a_table_after_he_has_left_too(
    college: College, people: People
) -> None:
    """「数据采集工作实施工作责任制」"""
    submission_at(college, Status.UNDER_QA_REVIEW)
    heads = {"department_code": "A03", "function": Function.HEAD}
    for appointment in college.session.query(Appointment).filter_by(**heads):
        appointment.valid_to = NOW.date()
    college.session.commit()

    place = (college.session, college.store, people.zhou_min, college.cycle, "A03")
    sheet = read_responsibility(*place, day=(NOW + timedelta(days=1)).date())

    title = college.store.catalogue.tables["course"].title
    [course] = [each for each in sheet.tables if each.title == title]
    who = (course.finished_by, course.confirmed_by, course.received_by)
    assert who == (people.li_jing.name, people.wang_qiang.name, people.zhou_min.name)
    [head] = [each for each in sheet.persons if each.function is Function.HEAD]
    assert (head.name, head.is_present) == (people.wang_qiang.name, False)


def test_the_scores_can_be_handed_to_the_college_s_own_appraisal(
    closed: College, people: People
) -> None:
    """「纳入各部门工作目标绩效考核」"""
    begun(closed)
    how, now = (closed.session, people.zhou_min), {"now": closed.now}
    year = find_year(appraisal_years(*how), 2026)
    panel = read_panel(*how, year, seed_scheme(), **now)
    evidence = read_panel_evidence(closed.session, panel, **now)

    book = appraisal_workbook(
        panel, evidence, closed.store.catalogue, translate=Message.english, **now
    )

    with book as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]
    assert "教务处" in {cell.value for row in sheet.iter_rows() for cell in row}
