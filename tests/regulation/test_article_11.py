"""Article 11: each department reviews what it has filled in."""

from app.domain.submission import STEPS, Holder, Status, Verb, step_for, steps_from


def test_the_department_reviews_its_own_data() -> None:
    """「各部门负责对本部门填报的数据进行审核」"""
    reviewing = {step.holder for step in steps_from(Status.UNDER_REVIEW)}

    assert reviewing == {Holder.STEWARD}


def test_faulty_data_go_back_to_those_who_filled_them_in() -> None:
    """「如发现问题或错误，返回数据填报人更正」"""
    for status in (Status.UNDER_REVIEW, Status.AWAITING_CONFIRMATION):
        step = step_for(status, Verb.SEND_BACK)
        assert step is not None
        assert step.target is Status.RETURNED
        assert step.needs_reason
    assert Status.RETURNED.is_editable


def test_corrected_data_are_reviewed_again_before_they_are_reported() -> None:
    """「更正无误后，将电子数据报质量监督管理办公室」"""
    (again,) = steps_from(Status.RETURNED)

    assert (again.verb, again.target) == (Verb.FINISH, Status.UNDER_REVIEW)


def test_there_is_no_way_to_the_quality_office_around_the_review() -> None:
    """「各部门负责对本部门填报的数据进行审核」"""
    without_review = [step for step in STEPS if step.verb is not Verb.REVIEW]
    reached = {Status.NOT_STARTED}
    for _ in STEPS:
        reached |= {step.target for step in without_review if step.source in reached}

    assert Status.SUBMITTED not in reached
