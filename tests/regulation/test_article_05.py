"""Article 5: duties of the quality office, the stewards and the heads."""

from app.access.roles import ASSIGNMENT, CYCLE, ROLES, SUBMISSION
from app.actions.batch import take_steps
from app.actions.receipt import add_scan, issue_receipts
from app.actions.submission_step import StepRequest
from app.actions.supporting_material import MaterialDraft
from app.domain.finding import REVIEW_POINTS, Dimension
from app.domain.person import COLLEGE_WIDE, Function
from app.domain.submission import STEPS, Holder, Status, Verb, step_for, steps_from
from tests.college import NOW, College
from tests.people import People
from tests.submissions import submission_at


def test_the_review_has_the_four_points_of_the_regulation() -> None:
    """「审核的内容包括数据填报格式的规范性、数据及字段的完整性、及时性和准确性等」"""
    assert REVIEW_POINTS == (
        Dimension.CONFORMITY,
        Dimension.COMPLETENESS,
        Dimension.TIMELINESS,
        Dimension.ACCURACY,
    )


def test_the_department_s_own_steward_collects_and_reviews() -> None:
    """「各处室、各系（部）及有关单位指定专人（信息采集管理员）负责本单位数据的采集、汇总和审核」"""
    for verb in (Verb.FINISH, Verb.REVIEW):
        assert {step.holder for step in STEPS if step.verb is verb} == {Holder.STEWARD}
    assert Function.DATA_STEWARD not in COLLEGE_WIDE


def test_nothing_is_reported_without_the_confirmation_of_the_head() -> None:
    """「各处室、各系（部）及有关单位负责人为本部门信息数据采集工作的第一责任人」"""
    reporting = [step for step in STEPS if step.target is Status.SUBMITTED]

    assert [(step.verb, step.holder) for step in reporting] == [(Verb.CONFIRM, Holder.HEAD)]


def test_confirmation_comes_after_collecting_and_review() -> None:
    """「各填报单位在完成初始数据的采集、汇总、审核确认后，将电子数据报质量监督管理办公室」"""
    path = [Status.NOT_STARTED]
    for verb in (Verb.ENTER, Verb.FINISH, Verb.REVIEW, Verb.CONFIRM):
        step = step_for(path[-1], verb)
        assert step is not None
        path.append(step.target)

    assert path[-1] is Status.SUBMITTED
    assert Status.SUBMITTED.holder is Holder.QA_OFFICE


def test_only_the_quality_office_runs_the_collection() -> None:
    """「数据采集平台由质量监督管理办公室统一管理，具体负责全院数据采集的组织工作」"""
    running = {
        spec.function
        for spec in ROLES
        for action, resource in spec.grants
        if (action, resource) in {("open", CYCLE), ("assign", ASSIGNMENT), ("accept", SUBMISSION)}
    }

    assert running == {Function.QA_OFFICE}


def test_the_last_review_is_the_quality_office_s() -> None:
    """「对各部门报送的数据进行最终汇总、审核」"""
    steps = steps_from(Status.UNDER_QA_REVIEW)

    assert {step.holder for step in steps} == {Holder.QA_OFFICE}
    assert Function.QA_OFFICE in COLLEGE_WIDE


def test_the_head_answers_for_all_that_he_confirmed_with_one_sheet_to_sign(
    college: College, people: People
) -> None:
    """「负责人为本部门信息数据采集工作的第一责任人」「审核确认后，将电子数据报质量监督管理办公室」"""
    tables = ("course", "institutional_innovation")
    for table in tables:
        submission_at(college, Status.AWAITING_CONFIRMATION, table)
    seen = [(one.id, one.version) for one in map(college.submission, tables)]
    asked = StepRequest(Verb.CONFIRM, 0, reauthenticated=True)
    how = {"by": people.wang_qiang, "now": NOW}

    taken = take_steps(college.session, college.store, seen, asked, **how)
    [sheet] = issue_receipts(college.session, [one.submission_id for one in taken], **how)
    scan = MaterialDraft("签字盖章.pdf", "pdf", b"%PDF-1.4", None)
    kept = add_scan(college.session, sheet.id, scan, by=people.li_jing, now=NOW)

    assert {college.submission(table).status for table in tables} == {Status.SUBMITTED}
    assert (sheet.issued_by, sheet.table_count) == (people.wang_qiang.number, len(tables))
    assert kept.receipt_hash == sheet.content_hash
