"""Article 12: the quality office checks and consolidates."""

from datetime import date

import pytest

from app.actions.release import ReleaseDraft, release_data
from app.domain.consolidation import Reading
from app.domain.cycle import CycleHolder, CycleStatus, CycleVerb, cycle_step_for
from app.domain.message import Refused
from app.domain.request import RequestKind, RequestVerb
from app.domain.return_item import ItemVerb
from app.domain.submission import STEPS, Holder, Status, Verb, step_for, steps_from
from app.models.cycle import Cycle
from app.reports.consolidation import consolidated_tables
from app.reports.difference import Against, read_difference
from app.reports.release import read_released
from tests.college import College
from tests.people import People
from tests.requests import ask_for, decide_on
from tests.returned import act, rename, returns, row_ids, sent_back, to_status
from tests.submissions import finish_again, locked, ready_to_lock, submission_at


def test_the_quality_office_takes_up_everything_that_is_reported() -> None:
    """「质量监督管理办公室对各部门报送的数据，进行全面核查」"""
    step = step_for(Status.SUBMITTED, Verb.RECEIVE)

    assert step is not None
    assert (step.target, step.holder) == (Status.UNDER_QA_REVIEW, Holder.QA_OFFICE)


def test_the_quality_office_sends_faulty_data_back_to_the_department() -> None:
    """「如发现问题，返回原填报部门更正」"""
    step = step_for(Status.UNDER_QA_REVIEW, Verb.SEND_BACK)

    assert step is not None
    assert (step.target, step.holder) == (Status.RETURNED, Holder.QA_OFFICE)
    assert step.needs_reason


def test_returned_data_pass_review_and_confirmation_once_more() -> None:
    """「返回原填报部门更正」"""
    path = [Status.RETURNED]
    for verb in (Verb.FINISH, Verb.REVIEW, Verb.CONFIRM, Verb.RECEIVE):
        step = step_for(path[-1], verb)
        assert step is not None
        path.append(step.target)

    assert path[-1] is Status.UNDER_QA_REVIEW


def test_only_accepted_data_are_consolidated() -> None:
    """「确认无误后对全院数据进行汇总」"""
    locking = [step for step in STEPS if step.target is Status.LOCKED]

    assert [(step.source, step.holder) for step in locking] == [(Status.ACCEPTED, Holder.CYCLE)]


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.LOCKED])
def test_nobody_changes_data_that_were_found_right(status: Status) -> None:
    """「确认无误后对全院数据进行汇总」"""
    assert not status.is_editable
    assert status.holder is Holder.NOBODY
    assert {step.holder for step in steps_from(status)} <= {Holder.QA_OFFICE, Holder.CYCLE}


def test_consolidating_is_the_quality_office_s() -> None:
    """「质量监督管理办公室」「确认无误后对全院数据进行汇总」"""
    step = cycle_step_for(CycleStatus.CLOSED, CycleVerb.LOCK)

    assert step is not None
    assert step.holder is CycleHolder.QA_OFFICE


def test_accepted_data_with_a_mistake_go_back_when_two_persons_agree(
    college: College, people: People
) -> None:
    """「如发现问题，返回原填报部门更正」"""
    accepted = submission_at(college, Status.ACCEPTED)
    wish = ask_for(college, RequestKind.REOPENING_WISH, by=people.wang_qiang, reason="人数有误")
    by_office = decide_on(college, wish, RequestVerb.ANSWER, by=people.zhou_min)
    assert college.submission("course").status is Status.ACCEPTED

    with pytest.raises(Refused):
        decide_on(college, by_office, RequestVerb.ANSWER, by=people.zhou_min)
    decide_on(college, by_office, RequestVerb.ANSWER, by=people.sun_li)

    returned = college.submission("course")
    assert (returned.status, returned.reason) == (Status.RETURNED, "人数有误")
    assert returned.department_code == accepted.department_code


def test_what_was_consolidated_is_unlocked_by_office_and_leader_for_the_named_tables(
    college: College, people: People
) -> None:
    """「返回原填报部门更正，确认无误后对全院数据进行汇总」"""
    locked(college, "course", rows=1)
    first = college.cycle.content_hash

    college.unlock("course", reason="上级退回")
    college.add("course", 2, by=people.li_jing)
    finish_again(college)
    college.year_step(CycleVerb.LOCK, by=people.zhou_min)

    assert college.cycle.content_hash not in {None, first}
    kept = [e.content_hash for e in college.entries() if e.tag == "cycle.lock"]
    assert kept == [first, college.cycle.content_hash]


def test_the_office_says_what_is_wrong_and_accepts_only_what_was_put_right(
    college: College, people: People
) -> None:
    """「如发现问题，返回原填报部门更正，确认无误后对全院数据进行汇总」"""
    sent_back(college)
    [returned] = returns(college)
    assert (returned.number, returned.level) == (1, Holder.QA_OFFICE)

    rename(college, row_ids(college)[0], "程序设计")
    act(college, ItemVerb.CHANGE, by=people.li_jing)
    again = to_status(college, Status.UNDER_QA_REVIEW)
    with pytest.raises(Refused):
        college.step(again, Verb.ACCEPT, by=people.zhou_min)
    act(college, ItemVerb.CLOSE, by=people.zhou_min)

    assert college.step(again, Verb.ACCEPT, by=people.zhou_min).status is Status.ACCEPTED


def test_the_office_sees_exactly_what_changed(college: College, people: People) -> None:
    """「对各部门报送的数据，进行全面核查」"""
    returned = sent_back(college)
    rename(college, row_ids(college)[0], "程序设计")
    act(college, ItemVerb.CHANGE, by=people.li_jing)
    to_status(college, Status.UNDER_QA_REVIEW)

    with college.open_session() as session:
        number, office = returned.id, people.zhou_min
        page = read_difference(session, college.store, office, number, Against.REPORT)

    assert (page.counts.rows, page.counts.cells) == (1, 1)


def test_functional_departments_are_provided_with_accepted_data(
    college: College, people: People
) -> None:
    """「向相关职能部门提供数据平台的数据支撑」"""
    submission_at(college, Status.ACCEPTED, rows=2)
    wanted = ReleaseDraft(college.founded.cycle_id, "course", "A02", "人事年报", date(2026, 10, 31))

    place = (college.session, college.store, wanted)
    release = release_data(*place, by=people.zhou_min, now=college.now)
    found = read_released(*place[:2], people.xu_lei, release.id, now=college.now)

    assert (found.table.row_count, found.table.spec.identifier) == (2, "course")
    with pytest.raises(Refused):
        read_released(*place[:2], people.wang_qiang, release.id, now=college.now)


def test_before_everything_is_found_right_the_whole_is_told_to_be_in_part(
    college: College, people: People
) -> None:
    """「确认无误后对全院数据进行汇总」"""
    submission_at(college, Status.SUBMITTED, rows=1)
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    place = (college.session, college.store, people.zhou_min, cycle)

    with pytest.raises(Refused):
        list(consolidated_tables(*place, with_rows=False))
    found = list(consolidated_tables(*place, with_rows=False, reading=Reading.PARTIAL))

    assert sum(table.row_count for table in found) == 0
    assert len([part for table in found for part in table.missing]) == len(college.submissions())


def test_one_of_the_office_alone_does_not_consolidate(college: College, people: People) -> None:
    """「确认无误后对全院数据进行汇总」"""
    ready_to_lock(college)

    college.year_step(CycleVerb.LOCK, by=people.zhou_min, seconded=False)
    assert college.cycle.status is CycleStatus.CLOSED
    college.year_step(CycleVerb.LOCK, by=people.sun_li, seconded=False)

    assert college.cycle.status is CycleStatus.LOCKED
