"""Article 10: data are filled in where they arise."""

import pytest

from app.catalogue.base_table import FilledBy, TableKind, TableSpec
from app.domain.department import DepartmentKind
from app.domain.message import Refused
from app.domain.person import TeacherKind
from app.domain.submission import Holder, Status, Verb, step_for
from app.domain.teacher_record import RecordStatus, RecordVerb, TeacherSection
from tests.college import College
from tests.factories import seed_catalogue
from tests.people import People
from tests.records import BASIS, PLACE, TABLE, act, introduced, standing_of, written
from tests.submissions import ANSWERS

CATALOGUE = seed_catalogue()
BY_TEACHERS = [t for t in CATALOGUE.tables.values() if t.filled_by is FilledBy.TEACHER]


def test_those_who_have_the_data_begin_to_fill_in() -> None:
    """「所有数据表格均由数据产生源头直接填报」"""
    step = step_for(Status.NOT_STARTED, Verb.ENTER)

    assert step is not None
    assert step.holder is Holder.FILLER


def test_the_steward_finishes_what_a_department_fills_in() -> None:
    """「由该部门信息采集管理员负责采集、核查和汇总」"""
    step = step_for(Status.ENTERING, Verb.FINISH)

    assert step is not None
    assert step.holder is Holder.STEWARD


def test_there_are_the_four_kinds_of_teacher() -> None:
    """「四类教师（校内专任教师、校内兼课教师、校外兼职教师、校外兼课教师）」"""
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


@pytest.mark.parametrize("kind", TeacherKind)
def test_each_of_the_four_kinds_has_the_three_groups_of_data(kind: TeacherKind) -> None:
    """「四类教师（校内专任教师、校内兼课教师、校外兼职教师、校外兼课教师）的基本信息、授课信息、其他信息」"""
    found = [table.section for table in BY_TEACHERS if kind in table.teacher_kinds]

    assert set(found) == set(TeacherSection)
    assert found.count(TeacherSection.BASIC) == found.count(TeacherSection.TEACHING) == 1


def test_a_teacher_fills_in_and_hands_over_by_himself(college: College, people: People) -> None:
    """「由教师直接通过网络进行填报」"""
    introduced(college)
    assert written(college, by=people.liu_yang).written

    assert act(college, RecordVerb.SUBMIT, by=people.liu_yang) is RecordStatus.SUBMITTED


def test_the_steward_checks_what_teachers_have_filled_in(college: College, people: People) -> None:
    """「并负责本部门所有数据的核查与汇总」"""
    submission = college.submission(TABLE, PLACE)
    with pytest.raises(Refused):
        college.step(submission, Verb.FINISH, by=people.chen_gang, settles=False, **ANSWERS)
    college.session.rollback()

    act(college, RecordVerb.DECLARE, by=people.liu_yang)
    act(college, RecordVerb.ADOPT, by=people.chen_gang)

    college.step(submission, Verb.FINISH, by=people.chen_gang, settles=False, **ANSWERS)


def test_what_somebody_else_entered_is_told_with_its_basis(
    college: College, people: People
) -> None:
    """「所有数据表格均由数据产生源头直接填报」: who enters for somebody else says so."""
    introduced(college)
    written(college, by=people.chen_gang)
    act(college, RecordVerb.ADOPT, by=people.chen_gang, basis=BASIS)

    record = standing_of(college).record
    assert record is not None
    assert (record.entered_by, record.basis) == (people.chen_gang.name, BASIS)
    assert record.waits_for_confirmation
