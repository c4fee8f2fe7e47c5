"""Article 17: every year the quality office scores the departments."""

from decimal import Decimal

from app.access.roles import APPRAISAL, ROLES
from app.catalogue.appraisal import load_scheme
from app.domain.appraisal import AppraisalVerb
from app.domain.person import Function
from app.models.evidence import read_evidence, score_of
from tests.appraisals import begun, cell, seed_scheme
from tests.college import College
from tests.factories import SEED


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

    「主要负责人对本部门数据平台建设的重视程度和组织措施」「数据采集与分析的完成时限」
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
