"""Article 10: data are filled in where they arise."""

from datetime import timedelta

import pytest

from app.access.policies import why_not_write
from app.actions.row_change import UPDATE, Change
from app.catalogue.base_table import FilledBy, TableKind, TableSpec
from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.department import DepartmentKind
from app.domain.message import Refused
from app.domain.person import Function, TeacherKind
from app.domain.submission import Holder, Status, Verb, step_for
from app.domain.teacher_record import RecordStatus, RecordVerb, TeacherSection
from app.models.assignment import Assignment
from app.models.contributed_row import ContributedRow
from app.reports.cooperation import CooperationFilter, list_cooperations
from tests.access.test_policies import STORE, actor
from tests.college import College
from tests.cooperation import (
    LEAD,
    act,
    contribute,
    cooperation_at,
    ids_of,
    person,
)
from tests.factories import seed_catalogue
from tests.people import People
from tests.records import BASIS, PLACE, TABLE, introduced, standing_of, written
from tests.records import act as record_step
from tests.submissions import ANSWERS

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


def test_one_department_is_named_for_a_table_of_several(college: College) -> None:
    """「3．涉及跨部门的数据采集时，由质量监督管理办公室指定某一部门负责填报」"""
    owed = [each for each in college.all(Assignment) if each.table_identifier == "course"]

    assert [each.department_code for each in owed] == [LEAD]
    refused_as_not_assigned(college, "chen_gang")


def refused_as_not_assigned(college: College, name: str) -> None:
    """Whoever was not named nor asked adds no row."""
    with pytest.raises(Refused):
        contribute(college, 1, by=name)
    college.session.rollback()
    assert not college.rows("course")


def test_departments_concerned_co_operate_on_its_request(college: College) -> None:
    """「相关部门应密切配合」"""
    request = cooperation_at(college, CooperationStatus.SENT)

    ids_of(contribute(college, 1))
    answered = act(college, request, CooperationVerb.ANSWER, by="chen_gang")

    assert answered.status is CooperationStatus.ANSWERED
    assert college.rows("course")[0]["sys_department"] == LEAD


def test_nobody_shirks_without_a_reason_or_for_good(college: College) -> None:
    """「不得推诿」"""
    request = cooperation_at(college, CooperationStatus.SENT)
    with pytest.raises(Refused):
        act(college, request, CooperationVerb.REFUSE, by="chen_gang", reason=None)
    college.session.rollback()

    for verb, name in (("refuse", "chen_gang"), ("appeal", "li_jing"), ("order", "zhou_min")):
        request = act(college, request, CooperationVerb(verb), by=name)

    assert request.status is CooperationStatus.ORDERED
    assert ids_of(contribute(college, 1))


def test_silence_is_seen_by_the_office_and_both_heads(college: College) -> None:
    """「不得推诿」"""
    request = cooperation_at(college, CooperationStatus.SENT)
    college.now = request.due_at + timedelta(seconds=1)
    overdue = CooperationFilter(is_overdue=True)

    for name in ("zhou_min", "wang_qiang", "zhao_yong"):
        place = (college.session, college.store, person(college, name), college.cycle, overdue)
        assert [line.is_overdue for line in list_cooperations(*place, now=college.now)] == [True]


def test_whoever_contributes_a_row_answers_for_it(college: College) -> None:
    """「并对填报的数据负责」"""
    cooperation_at(college, CooperationStatus.SENT)
    [row_id] = ids_of(contribute(college, 1))
    change = Change(UPDATE, {"course_name": "改"}, row_id, "1")

    by_lead = college.change("course", change, by=person(college, "li_jing"))
    by_partner = college.change("course", change, by=person(college, "chen_gang"), department=LEAD)

    assert (by_lead.written, by_partner.written) == (False, True)
    assert college.all(ContributedRow)[0].contributor_code == "C01"


def test_the_lead_hands_over_the_whole_once_every_part_is_settled(college: College) -> None:
    """「由质量监督管理办公室指定某一部门负责填报」"""
    request = cooperation_at(college, CooperationStatus.SENT)
    contribute(college, 1)
    submission = college.submission("course")
    with pytest.raises(Refused):
        college.step(submission, Verb.FINISH, by=person(college, "li_jing"))
    college.session.rollback()

    for verb, name in (("answer", "chen_gang"), ("confirm", "li_jing")):
        request = act(college, request, CooperationVerb(verb), by=name)

    finished = college.step(submission, Verb.FINISH, by=person(college, "li_jing"))
    assert finished.status is Status.UNDER_REVIEW


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

    assert record_step(college, RecordVerb.SUBMIT, by=people.liu_yang) is RecordStatus.SUBMITTED


def test_the_steward_checks_what_teachers_have_filled_in(college: College, people: People) -> None:
    """「并负责本部门所有数据的核查与汇总」"""
    submission = college.submission(TABLE, PLACE)
    with pytest.raises(Refused):
        college.step(submission, Verb.FINISH, by=people.chen_gang, settles=False, **ANSWERS)
    college.session.rollback()

    record_step(college, RecordVerb.DECLARE, by=people.liu_yang)
    record_step(college, RecordVerb.ADOPT, by=people.chen_gang)

    college.step(submission, Verb.FINISH, by=people.chen_gang, settles=False, **ANSWERS)


def test_what_somebody_else_entered_is_told_with_its_basis(
    college: College, people: People
) -> None:
    """「所有数据表格均由数据产生源头直接填报」: who enters for somebody else says so."""
    introduced(college)
    written(college, by=people.chen_gang)
    record_step(college, RecordVerb.ADOPT, by=people.chen_gang, basis=BASIS)

    record = standing_of(college).record
    assert record is not None
    assert (record.entered_by, record.basis) == (people.chen_gang.name, BASIS)
    assert record.waits_for_confirmation
