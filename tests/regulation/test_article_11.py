"""Article 11: each department reviews what it has filled in."""

import pytest

from app.domain.message import Refused
from app.domain.return_item import ItemVerb
from app.domain.submission import STEPS, Holder, Status, Verb, step_for, steps_from
from tests.college import College
from tests.people import People
from tests.returned import act, items, rename, row_ids, sent_back, to_status


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


def test_every_item_goes_to_the_person_who_filled_it_in(college: College, people: People) -> None:
    """「返回数据填报人更正」"""
    sent_back(college, level=Status.UNDER_REVIEW)

    [item] = items(college)
    assert item.addressee_number == people.li_jing.number
    assert item.reason


def test_what_was_not_put_right_does_not_go_on(college: College, people: People) -> None:
    """「更正无误后，将电子数据报质量监督管理办公室」"""
    returned = sent_back(college, level=Status.UNDER_REVIEW)

    with pytest.raises(Refused):
        college.step(returned, Verb.FINISH, by=people.li_jing)

    rename(college, row_ids(college)[0], "程序设计")
    act(college, ItemVerb.CHANGE, by=people.li_jing)
    assert to_status(college, Status.UNDER_REVIEW).status is Status.UNDER_REVIEW
