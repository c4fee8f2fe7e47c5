"""Article 4: who is responsible for which table."""

from collections import Counter
from datetime import date

import pytest

from app.access.assignment import why_not_assign, why_not_plan
from app.access.roles import ROLES
from app.actions.assignment import proposal
from app.catalogue.base_table import Tier
from app.domain.assignment import AssignmentKind, TableAssignment
from app.domain.department import DepartmentKind
from app.domain.message import Refused
from app.domain.person import Function
from app.domain.request import RequestKind, RequestVerb
from app.domain.submission import STEPS, Holder, Status, Verb
from app.models.department import Department
from tests.access.test_policies import actor
from tests.college import College
from tests.factories import seed_catalogue
from tests.people import People
from tests.requests import ask_for, decide_on

CATALOGUE = seed_catalogue()
DUTIES = Counter(table for department in CATALOGUE.departments for table in department.owns)
OWN_STAFF = {
    table for department in CATALOGUE.departments for table in department.fills_for_own_staff
}


def test_every_table_has_a_department_that_is_responsible_for_it() -> None:
    """「各部门的数据采集具体分工按数据采集平台表格的特征归口负责」"""
    assert [table for table in CATALOGUE.tables if not DUTIES[table]] == []


def test_several_departments_share_a_table_only_where_each_reports_its_own_rows() -> None:
    """「按数据采集平台表格的特征归口负责」"""
    teaching = {
        department.code
        for department in CATALOGUE.departments
        if department.kind is DepartmentKind.TEACHING
    }

    for table in (name for name, count in DUTIES.items() if count > 1):
        owners = {d.code for d in CATALOGUE.departments if table in d.owns}
        assert owners <= teaching, table


def test_the_owner_of_tables_that_others_fill_gives_guidance_only() -> None:
    """「各部门的数据采集具体分工按数据采集平台表格的特征归口负责」"""
    assert AssignmentKind.OWN_STAFF.makes_submission
    assert not AssignmentKind.GUIDANCE.makes_submission
    assert {DUTIES[table] for table in OWN_STAFF} == {1}


def test_only_the_quality_office_excuses_a_department_from_a_table() -> None:
    """「由质量监督管理办公室负责具体分工安排」"""
    exempting = [step for step in STEPS if step.verb is Verb.EXEMPT]

    assert {step.holder for step in exempting} == {Holder.QA_OFFICE}
    assert all(step.needs_reason for step in exempting)


def test_only_the_quality_office_assigns_tables() -> None:
    """「由质量监督管理办公室负责具体分工安排」"""
    assigning = {spec.function for spec in ROLES if ("assign", "assignment") in spec.grants}

    assert assigning == {Function.QA_OFFICE}
    assert [f for f in Function if why_not_assign(actor(f)) is None] == [Function.QA_OFFICE]


def test_the_quality_office_is_where_the_office_of_data_collection_sits() -> None:
    """「为确保做好校本数据采集平台的管理和使用，学校成立数据采集管理办公室，办公室设在质量监督管理办公室」"""
    [office] = [d for d in CATALOGUE.departments if "质量监督管理办公室" in d.name]

    assert office.kind is DepartmentKind.OFFICE


def test_no_table_has_two_responsible_departments() -> None:
    """「各部门的数据采集具体分工按数据采集平台表格的特征归口负责」"""
    proposed = proposal(CATALOGUE, frozenset(Tier))
    responsible = Counter(
        item.table for item in proposed if item.kind is AssignmentKind.RESPONSIBLE
    )
    departments = {
        code: Department(code=code, name=code, kind=DepartmentKind.OFFICE) for code in ("A", "B")
    }
    both = TableAssignment("course", departments=("A", "B"))

    assert set(responsible.values()) == {1}
    assert why_not_plan(both, TableAssignment("course"), departments, date(2026, 9, 1)) is not None


def test_a_table_is_left_out_only_by_the_office_whether_asked_or_by_itself(
    college: College, people: People
) -> None:
    """「由质量监督管理办公室负责具体分工安排」"""
    request = ask_for(college, RequestKind.EXEMPTION, by=people.li_jing, reason="本学年未开课")
    for name in ("wang_qiang", "leader", "administrator"):
        with pytest.raises(Refused):
            decide_on(college, request, RequestVerb.ANSWER, by=getattr(people, name))

    decide_on(college, request, RequestVerb.ANSWER, by=people.zhou_min)
    direct = college.submission("quality_project")
    college.step(direct, Verb.EXEMPT, by=people.zhou_min, reason="本学年无项目")

    exempt = college.submission("course")
    assert (exempt.status, exempt.reason) == (Status.EXEMPT, "本学年未开课")
    assert college.submission("quality_project").status is Status.EXEMPT
    both = {entry.person_name for entry in college.entries(f"request:{request.id}")}
    assert both == {people.li_jing.name, people.zhou_min.name}
