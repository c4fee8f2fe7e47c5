"""Article 10: data are filled in where they arise."""

import pytest

from app.access.policies import why_not_write
from app.catalogue.base_table import FilledBy, TableKind, TableSpec
from app.domain.department import DepartmentKind
from app.domain.person import Function, TeacherKind
from app.domain.submission import Holder, Status, Verb, step_for
from tests.access.test_policies import STORE, actor
from tests.factories import seed_catalogue

CATALOGUE = seed_catalogue()
BY_TEACHERS = [t for t in CATALOGUE.tables.values() if t.filled_by is FilledBy.TEACHER]


def test_those_who_have_the_data_begin_to_fill_in() -> None:
    """「所有数据表格均由数据产生源头直接填报」"""
    step = step_for(Status.NOT_STARTED, Verb.ENTER)

    assert step is not None
    assert step.holder is Holder.FILLER


def test_the_steward_finishes_what_a_department_fills_in() -> None:
    """「1. 学校各处、室等职能部门数据填报，由该部门信息采集管理员负责采集、核查和汇总」"""
    step = step_for(Status.ENTERING, Verb.FINISH)

    assert step is not None
    assert step.holder is Holder.STEWARD


def test_there_are_the_four_kinds_of_teacher() -> None:
    """「2. 学校各系（部）填报的数据」

    「涉及到四类教师（校内专任教师、校内兼课教师、校外兼职教师、校外兼课教师）」
    """
    assert len(TeacherKind) == 4


@pytest.mark.parametrize("kind", ["校内专任教师", "校内兼课", "校外兼职教师", "校外兼课教师"])
@pytest.mark.parametrize("part", ["基本情况", "授课情况", "其他情况"])
def test_each_kind_fills_in_its_basic_teaching_and_other_data(kind: str, part: str) -> None:
    """「基本信息、授课信息、其他信息，由教师直接通过网络进行填报」"""
    assert [table for table in BY_TEACHERS if table.name.startswith(kind) and part in table.name]


@pytest.mark.parametrize("spec", BY_TEACHERS, ids=lambda spec: spec.identifier)
def test_a_table_is_filled_in_by_one_of_the_four_kinds(spec: TableSpec) -> None:
    """「四类教师（校内专任教师、校内兼课教师、校外兼职教师、校外兼课教师）」"""
    titles = {
        TeacherKind.FULL_TIME: "校内专任教师",
        TeacherKind.IN_HOUSE: "校内兼课人员",
        TeacherKind.EXTERNAL_PART_TIME: "校外兼职教师",
        TeacherKind.EXTERNAL_VISITING: "校外兼课教师",
    }

    (kind,) = spec.teacher_kinds
    assert spec.name.startswith(titles[kind])


@pytest.mark.parametrize("spec", BY_TEACHERS, ids=lambda spec: spec.identifier)
def test_a_row_that_a_teacher_fills_in_names_the_teacher(spec: TableSpec) -> None:
    """「由教师直接通过网络进行填报」"""
    assert spec.kind is TableKind.LIST
    assert spec.person_field is not None
    assert spec.person_field.required


@pytest.mark.parametrize("spec", BY_TEACHERS, ids=lambda spec: spec.identifier)
def test_every_teaching_department_gathers_the_data_of_its_teachers(spec: TableSpec) -> None:
    """「负责本部门所有数据的核查与汇总」"""
    teaching = [d for d in CATALOGUE.departments if d.kind is DepartmentKind.TEACHING]

    lacking = [d.code for d in teaching if spec.identifier not in d.fills_for_own_staff]

    assert lacking == []


def test_what_is_no_teacher_s_own_is_filled_in_by_the_steward_alone() -> None:
    """「其他数据由信息采集管理员负责收集数据进行集中统一填报」"""
    others = [t for t in CATALOGUE.reported.values() if t.filled_by is not FilledBy.TEACHER]
    stored = STORE.tables["course"]

    assert stored.spec in others
    assert (
        why_not_write(actor(Function.DATA_STEWARD, "A03", "course"), stored, "add", "A03") is None
    )
    teacher = actor(Function.TEACHER, "A03", "course")
    assert why_not_write(teacher, stored, "add", "A03") is not None
