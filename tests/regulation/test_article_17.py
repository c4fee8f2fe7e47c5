"""Article 17: every year the quality office scores the departments."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.access.roles import APPRAISAL, ROLES
from app.catalogue.appraisal import load_scheme
from app.domain.appraisal import AppraisalVerb
from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.evidence import Reported
from app.domain.measurement import Measurement
from app.domain.person import Function
from app.domain.request import Cause, RequestKind, RequestVerb
from app.domain.submission import Status, Verb
from app.models.cooperation import Cooperation
from app.models.evidence import read_evidence, score_of
from tests.appraisals import begun, cell, seed_scheme
from tests.college import DUE, College
from tests.cooperation import act, cooperation_at
from tests.factories import SEED
from tests.people import People
from tests.requests import LATER, ask_for, decide_on
from tests.submissions import submission_at, submission_from


def test_only_the_quality_office_appraises() -> None:
    """「质量监督管理办公室每年年终对各部门上一学年数据平台建设情况进行量化考核」"""
    scoring = {
        spec.function
        for spec in ROLES
        for verb, resource in spec.grants
        if resource == APPRAISAL and verb in set(AppraisalVerb)
    }

    assert scoring == {Function.QA_OFFICE}


def test_the_year_end_looks_back_on_the_academic_year_before(closed: College) -> None:
    """「每年年终对各部门上一学年数据平台建设情况进行量化考核」"""
    appraisal = begun(closed)

    assert (appraisal.year, closed.cycle.academic_year) == (2026, "2025-2026")


def test_the_scheme_has_the_four_contents_of_the_article() -> None:
    """What is appraised.

    「考核内容包括：主要负责人对本部门数据平台建设的重视程度和组织措施」「数据采集与分析的完成时限」
    「数据采集与分析的完整性、准确性、真实性、规范性」
    「数据分析报告撰写过程中与相关部门的协调性」
    """
    scheme = load_scheme(SEED / "appraisal.yaml")

    assert [one.name for one in scheme.criteria] == [
        "主要负责人的重视程度和组织措施",
        "数据采集与分析的完成时限",
        "数据采集与分析的完整性、准确性、真实性、规范性",
        "数据分析报告撰写过程中与相关部门的协调性",
    ]


def test_the_score_is_a_number_out_of_hundred() -> None:
    """「进行量化考核」"""
    scheme = load_scheme(SEED / "appraisal.yaml")

    assert sum(item.weight for item in scheme.items.values()) == Decimal(100)


def test_the_result_can_be_relied_on_because_it_can_be_counted_again(closed: College) -> None:
    """「考核结果作为各部门年终工作考核的重要依据」"""
    appraisal, scheme = begun(closed), seed_scheme()
    evidence = read_evidence(
        closed.session,
        closed.cycle,
        taken_at=appraisal.evidence_at,
        due_at=appraisal.due_at,
        correction_days=scheme.correction_days,
    )

    for name, item in scheme.items.items():
        measured = evidence.measure("A03", item)
        if measured is not None:
            assert score_of(item, measured) == cell(closed, name).automatic_score


def reported(college: College, days: int) -> Reported:
    """What the appraisal knows of the table some days after the due date."""
    evidence = read_evidence(
        college.session,
        college.cycle,
        taken_at=DUE + timedelta(days=days),
        due_at=DUE,
        correction_days=3,
    )
    number = college.submission("course").id
    [found] = [t for t in evidence.records["A03"].tables if t.submission_id == number]
    return found


def test_more_time_that_was_granted_in_time_costs_no_points(
    college: College, people: People
) -> None:
    """「数据采集与分析的完成时限」"""
    submission_at(college, Status.AWAITING_CONFIRMATION)
    request = ask_for(college, RequestKind.EXTENSION, by=people.li_jing)
    assert reported(college, 30).due_at == DUE

    decide_on(college, request, RequestVerb.ANSWER, by=people.zhou_min)
    college.now = LATER
    submission_from(college, Verb.CONFIRM)

    found = reported(college, 30)
    assert found.due_at == found.first_reported_at == LATER


@pytest.mark.parametrize(
    ("cause", "counts"),
    [(Cause.DEPARTMENT, True), (Cause.QA_OFFICE, False), (Cause.AUTHORITY, False), (None, False)],
)
def test_only_what_the_department_caused_counts_after_an_opening(
    college: College, people: People, cause: Cause | None, counts: bool
) -> None:
    """「数据采集与分析的完整性、准确性、真实性、规范性」"""
    table = submission_at(college, Status.ACCEPTED)
    college.step(table, Verb.REOPEN, by=people.sun_li, reason="核查发现", cause=cause)

    steps = reported(college, 30).counting

    assert (steps[-1].verb == Verb.REOPEN) == counts


def coordination(college: College, item: str, days: int = 30) -> Measurement | None:
    """What an item on co-ordination comes to for the department that was asked."""
    evidence = read_evidence(
        college.session,
        college.cycle,
        taken_at=DUE + timedelta(days=days),
        due_at=DUE,
        correction_days=3,
    )
    return evidence.measure("C01", seed_scheme().items[item])


@pytest.mark.parametrize(
    ("status", "value"),
    [
        (CooperationStatus.ANSWERED, 1),
        (CooperationStatus.CONFIRMED, 1),
        (CooperationStatus.SENT, 0),
        (CooperationStatus.REFUSED, 0),
        (CooperationStatus.ORDERED, 0),
        (CooperationStatus.APPEALED, None),
        (CooperationStatus.RELEASED, None),
        (CooperationStatus.WITHDRAWN, None),
    ],
)
def test_answering_other_departments_in_time_is_counted(
    college: College, status: CooperationStatus, value: int | None
) -> None:
    """「与相关部门的协调性」"""
    cooperation_at(college, status)

    found = coordination(college, "C4.1")

    assert found is not None
    assert found.value == value


def test_only_the_office_makes_a_bad_mark_of_a_refusal(college: College) -> None:
    """「与相关部门的协调性」"""
    cooperation_at(college, CooperationStatus.REFUSED)
    before = coordination(college, "C4.3")

    request = college.all(Cooperation)[-1]
    for verb, name in (("appeal", "li_jing"), ("order", "zhou_min")):
        request = act(college, request, CooperationVerb(verb), by=name)
    after = coordination(college, "C4.3")

    assert before is not None
    assert after is not None
    assert (before.value, after.value) == (0, 1)


def test_what_happens_after_the_evidence_was_taken_changes_no_score(college: College) -> None:
    """「考核结果作为各部门年终工作考核的重要依据」"""
    request = cooperation_at(college, CooperationStatus.SENT)
    before = coordination(college, "C4.1", days=1)

    college.now = DUE + timedelta(days=2)
    act(college, request, CooperationVerb.CANCEL, by="li_jing")

    assert coordination(college, "C4.1", days=1) == before
    later = coordination(college, "C4.1", days=3)
    assert later is not None
    assert later.value is None


def test_without_any_request_the_office_settles_it_by_hand(college: College) -> None:
    """「与相关部门的协调性」"""
    assert coordination(college, "C4.1") is None
