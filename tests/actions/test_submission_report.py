"""Confirming, reporting, accepting and sending back (第五条, 第十一条, 第十二条)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.access.person import Actor, Appointed
from app.domain.message import Reason, Refused
from app.domain.person import Function
from app.domain.submission import Status, Verb
from app.models.snapshot import Snapshot
from tests.actions.test_submission import refused
from tests.college import NOW, College
from tests.people import People
from tests.submissions import ANSWERS, submission_at

APPROVALS = ("reviewed", "confirmed", "received", "accepted")


def also(actor: Actor, other: Actor, function: Function, department: str = "A03") -> Actor:
    """The actor who holds a function of somebody else too, with its rights."""
    held = (*actor.appointments, Appointed(function, department))
    return replace(actor, appointments=held, permissions=actor.permissions | other.permissions)


def approvals(submission) -> list[str]:
    return [name for name in APPROVALS if getattr(submission, f"{name}_at") is not None]


def test_the_head_confirms_only_after_proving_who_he_is(college: College, people: People) -> None:
    submission = submission_at(college, Status.AWAITING_CONFIRMATION)

    refusal = refused(college, submission, Verb.CONFIRM, by=people.wang_qiang)

    assert refusal.reason is Reason.INVALID


def test_a_confirmation_gives_a_receipt(college: College, people: People) -> None:
    submission = submission_at(college, Status.AWAITING_CONFIRMATION)

    reported = college.step(submission, Verb.CONFIRM, by=people.wang_qiang, reauthenticated=True)

    assert (reported.confirmed_by, reported.confirmed_at) == ("03001", NOW)
    assert reported.receipt_number.startswith("2025-2026-")
    assert reported.first_reported_at == NOW


def test_the_reviewer_cannot_confirm_what_he_reviewed(college: College, people: People) -> None:
    both = also(people.li_jing, people.wang_qiang, Function.HEAD)
    submission = submission_at(college, Status.AWAITING_CONFIRMATION)

    refusal = refused(college, submission, Verb.CONFIRM, by=both, reauthenticated=True)

    assert "cannot confirm" in refusal.message.msgid


def test_the_last_editor_cannot_confirm_what_he_edited(college: College, people: People) -> None:
    both = also(people.wang_qiang, people.li_jing, Function.DATA_STEWARD)
    college.add("course", 1, by=people.li_jing)
    college.add("course", 2, by=both)
    submission = college.submission("course")
    for verb in (Verb.FINISH, Verb.REVIEW):
        submission = college.step(submission, verb, by=people.li_jing, points=ANSWERS["points"])

    refused(college, submission, Verb.CONFIRM, by=both, reauthenticated=True)


def test_data_that_changed_behind_the_review_cannot_be_confirmed(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.AWAITING_CONFIRMATION, rows=1)
    table = college.store.tables["course"].table
    college.session.execute(update(table).values(course_name="换了名称"))
    college.session.commit()

    refusal = refused(college, submission, Verb.CONFIRM, by=people.wang_qiang, reauthenticated=True)

    assert refusal.reason is Reason.CONFLICT


def test_every_approval_names_the_hash_of_the_snapshot(college: College, people: People) -> None:
    submission = submission_at(college, Status.ACCEPTED, rows=2)

    [snapshot] = college.all(Snapshot)
    entries = college.entries(f"submission:{submission.id}")

    assert submission.content_hash == snapshot.content_hash
    assert [entry.content_hash for entry in entries] == [None, *[snapshot.content_hash] * 5]


def test_the_first_report_counts_even_after_a_return(college: College, people: People) -> None:
    first = submission_at(college, Status.RETURNED, rows=1)
    college.now = NOW + timedelta(days=9)
    college.add("course", 2, by=people.li_jing)

    second = college.submission("course")
    for verb, by in (
        (Verb.FINISH, people.li_jing),
        (Verb.REVIEW, people.li_jing),
        (Verb.CONFIRM, people.wang_qiang),
    ):
        second = college.step(second, verb, by=by, **ANSWERS)

    assert second.first_reported_at == first.first_reported_at == NOW
    assert second.confirmed_at == college.now
    assert second.receipt_number != first.receipt_number


@pytest.mark.parametrize(
    ("status", "verb", "name"),
    [
        (Status.AWAITING_CONFIRMATION, Verb.SEND_BACK, "wang_qiang"),
        (Status.SUBMITTED, Verb.WITHDRAW, "wang_qiang"),
        (Status.UNDER_QA_REVIEW, Verb.SEND_BACK, "zhou_min"),
        (Status.ACCEPTED, Verb.REOPEN, "zhou_min"),
    ],
)
def test_going_back_voids_every_approval(
    college: College, people: People, status: Status, verb: Verb, name: str
) -> None:
    before = submission_at(college, status, rows=1)
    other = submission_at(college, Status.SUBMITTED, "institutional_innovation")

    after = college.step(before, verb, by=getattr(people, name), reason="须更正")

    assert approvals(before)
    assert (approvals(after), after.points) == ([], None)
    assert approvals(college.submission("institutional_innovation")) == approvals(other)


def test_unchanged_data_are_not_reported_again_without_a_word(
    college: College, people: People
) -> None:
    returned = submission_at(college, Status.RETURNED, rows=1)

    refused(college, returned, Verb.FINISH, by=people.li_jing, reason=" ")
    explained = college.step(returned, Verb.FINISH, by=people.li_jing, reason="与原始凭证核对无误")

    assert (explained.status, explained.reason) == (Status.UNDER_REVIEW, "与原始凭证核对无误")
    assert explained.nil_reason is None
    assert len(college.all(Snapshot)) == 1


def test_changed_data_are_reported_again_without_a_reason(college: College, people: People) -> None:
    submission_at(college, Status.RETURNED, rows=1)
    college.add("course", 2, by=people.li_jing)

    finished = college.step(college.submission("course"), Verb.FINISH, by=people.li_jing)

    assert finished.status is Status.UNDER_REVIEW
    assert len(college.all(Snapshot)) == 2


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.UNDER_QA_REVIEW])
def test_the_quality_office_does_not_judge_what_its_member_handled(
    college: College, people: People, status: Status
) -> None:
    verb = {Status.SUBMITTED: Verb.RECEIVE, Status.UNDER_QA_REVIEW: Verb.ACCEPT}[status]
    submission = report_of_the_office(college, people, status)

    refusal = refused(college, submission, verb, by=people.he_fang)
    done = college.step(submission, verb, by=people.sun_li)

    assert "second person" in refusal.message.msgid
    assert done.version == submission.version + 1


def test_data_of_the_office_itself_need_two_of_its_people(college: College, people: People) -> None:
    submission = report_of_the_office(college, people, Status.UNDER_QA_REVIEW)

    refusal = refused(college, submission, Verb.ACCEPT, by=people.zhou_min)
    accepted = college.step(submission, Verb.ACCEPT, by=people.sun_li)

    assert "your own office" in refusal.message.msgid
    assert accepted.status is Status.ACCEPTED


def report_of_the_office(college: College, people: People, status: Status):
    """A table of the quality office itself, filled in by its own member 何芳."""
    submission = college.submission("supervision_staff", "A04")
    for verb, by in (
        (Verb.FINISH, people.he_fang),
        (Verb.REVIEW, people.he_fang),
        (Verb.CONFIRM, people.zheng_wei),
        (Verb.RECEIVE, people.zhou_min),
    ):
        if submission.status is not status:
            submission = college.step(submission, verb, by=by, **ANSWERS)
    return submission


def test_who_filled_a_row_does_not_accept_it_after_leaving_the_department(
    college: College, people: People
) -> None:
    moved = replace(people.zhou_min, number=people.li_jing.number)
    submission = submission_at(college, Status.UNDER_QA_REVIEW, rows=1)

    refused(college, submission, Verb.ACCEPT, by=moved)


def test_a_member_of_the_department_does_not_accept_its_data(
    college: College, people: People
) -> None:
    member = also(people.sun_li, people.ma_chao, Function.TEACHER)
    submission = submission_at(college, Status.UNDER_QA_REVIEW)

    refused(college, submission, Verb.ACCEPT, by=member)


def test_an_exempt_table_that_is_reopened_begins_anew(college: College, people: People) -> None:
    submission = submission_at(college, Status.EXEMPT)

    reopened = college.step(submission, Verb.REOPEN, by=people.zhou_min, reason="今年开课了")

    assert (reopened.status, reopened.reason) == (Status.NOT_STARTED, "今年开课了")
    college.add("course", 1, by=people.li_jing)
    assert college.submission("course").status is Status.ENTERING


@pytest.mark.parametrize("verb", [Verb.FINISH, Verb.SEND_BACK])
def test_a_step_that_cannot_be_recorded_is_not_taken(
    college: College, people: People, verb: Verb
) -> None:
    status, by = {
        Verb.FINISH: (Status.ENTERING, people.li_jing),
        Verb.SEND_BACK: (Status.UNDER_QA_REVIEW, people.zhou_min),
    }[verb]
    before = submission_at(college, status, rows=1)
    snapshots = len(college.all(Snapshot))

    with college.refusing("sd_audit_entry"), pytest.raises(Exception, match="full"):
        college.step(before, verb, by=by, reason="须更正")

    after = college.submission("course")
    assert (after.status, after.version) == (before.status, before.version)
    assert after.returned_hash is None
    assert len(college.all(Snapshot)) == snapshots


def test_a_refusal_leaves_no_open_transaction(college: College, people: People) -> None:
    submission = submission_at(college, Status.SUBMITTED)

    with pytest.raises(Refused):
        college.step(submission, Verb.ACCEPT, by=people.zhou_min)

    assert not college.session.in_transaction()
