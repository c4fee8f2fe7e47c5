"""What each step of a submission asks for and leaves behind."""

import pytest

from app.domain.message import Reason, Refused
from app.domain.submission import Status, Verb
from app.models.snapshot import Snapshot, read_snapshot
from tests.college import NOW, College
from tests.people import People
from tests.submissions import ANSWERS, submission_at

POINTS = ANSWERS["points"]


def refused(college: College, submission, verb: Verb, **asked) -> Refused:
    """The refusal of a step, after nothing was changed."""
    entries = len(college.entries())
    with pytest.raises(Refused) as refusal:
        college.step(submission, verb, **asked)
    stored = college.submission(submission.table_identifier, submission.department_code)
    assert (stored.version, stored.status) == (submission.version, submission.status)
    assert len(college.entries()) == entries
    return refusal.value


@pytest.mark.parametrize("reason", [None, "", "  \n"])
@pytest.mark.parametrize(
    ("status", "verb", "name"),
    [
        (Status.NOT_STARTED, Verb.EXEMPT, "zhou_min"),
        (Status.ENTERING, Verb.EXEMPT, "zhou_min"),
        (Status.NOT_STARTED, Verb.FINISH, "li_jing"),
        (Status.ENTERING, Verb.FINISH, "li_jing"),
        (Status.UNDER_REVIEW, Verb.SEND_BACK, "li_jing"),
        (Status.AWAITING_CONFIRMATION, Verb.SEND_BACK, "wang_qiang"),
        (Status.SUBMITTED, Verb.WITHDRAW, "wang_qiang"),
        (Status.UNDER_QA_REVIEW, Verb.SEND_BACK, "zhou_min"),
        (Status.RETURNED, Verb.FINISH, "li_jing"),
        (Status.ACCEPTED, Verb.REOPEN, "zhou_min"),
        (Status.EXEMPT, Verb.REOPEN, "zhou_min"),
    ],
)
def test_a_step_that_needs_a_reason_is_refused_without_one(
    college: College, people: People, status: Status, verb: Verb, name: str, reason: str | None
) -> None:
    submission = submission_at(college, status)

    refusal = refused(college, submission, verb, by=getattr(people, name), reason=reason)

    assert refusal.reason is Reason.INVALID


def test_a_returned_table_keeps_its_reason(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_QA_REVIEW)

    returned = college.step(
        submission, Verb.SEND_BACK, by=people.zhou_min, reason=" 学分合计与上年不符 "
    )

    assert returned.reason == "学分合计与上年不符"
    assert college.entries()[-1].reason == "学分合计与上年不符"


def test_a_reason_that_is_too_long_is_refused(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_QA_REVIEW)

    refusal = refused(college, submission, Verb.SEND_BACK, by=people.zhou_min, reason="理" * 2001)

    assert refusal.reason is Reason.INVALID


def test_a_stale_page_is_told_that_somebody_was_faster(college: College, people: People) -> None:
    seen = submission_at(college, Status.SUBMITTED)
    taken = college.step(seen, Verb.RECEIVE, by=people.zhou_min)

    refusal = refused(college, taken, Verb.RECEIVE, by=people.sun_li, version=seen.version)

    assert refusal.reason is Reason.CONFLICT


def test_a_submission_nobody_has_does_not_exist(college: College, people: People) -> None:
    submission = college.submission("course")
    submission.id = 999_999

    with pytest.raises(Refused) as refusal:
        college.step(submission, Verb.ENTER, by=people.li_jing)

    assert refusal.value.reason is Reason.NOT_FOUND


def test_another_departments_submission_does_not_exist(college: College, people: People) -> None:
    submission = college.submission("course")

    refusal = refused(college, submission, Verb.ENTER, by=people.chen_gang)

    assert refusal.reason is Reason.NOT_FOUND


def test_a_nil_return_says_why_and_has_an_empty_snapshot(college: College, people: People) -> None:
    submission = college.submission("course")

    finished = college.step(submission, Verb.FINISH, by=people.li_jing, reason="本年未开课")

    [snapshot] = college.all(Snapshot)
    assert (finished.nil_reason, finished.finished_by) == ("本年未开课", "03002")
    assert (snapshot.row_count, snapshot.content_hash) == (0, finished.content_hash)


def test_a_table_that_gets_rows_after_a_nil_return_is_none_any_more(
    college: College, people: People
) -> None:
    submission_at(college, Status.RETURNED)
    college.add("course", 1, by=people.li_jing)

    finished = college.step(college.submission("course"), Verb.FINISH, by=people.li_jing)

    assert (finished.status, finished.nil_reason) == (Status.UNDER_REVIEW, None)


def test_finish_keeps_the_rows_as_they_are(college: College, people: People) -> None:
    submission_at(college, Status.UNDER_REVIEW, rows=3)

    [snapshot] = college.all(Snapshot)
    with college.open_session() as session:
        frame = read_snapshot(session, snapshot.id)

    rows = [college.row("course", number) for number in (1, 2, 3)]
    assert frame.to_dicts() == rows
    assert (snapshot.taken_by, snapshot.taken_at, snapshot.row_count) == ("03002", NOW, 3)


def test_finish_is_refused_while_there_are_errors_and_the_attempt_is_recorded(
    college: College, people: People
) -> None:
    college.add("course", 1, 2, by=people.li_jing, course_name=None)
    submission = college.submission("course")

    with pytest.raises(Refused) as refusal:
        college.step(submission, Verb.FINISH, by=people.li_jing)

    after, entry = college.submission("course"), college.entries()[-1]
    assert (refusal.value.reason, len(refusal.value.details)) == (Reason.INVALID, 2)
    assert (after.status, after.version) == (Status.ENTERING, submission.version)
    assert (entry.tag, entry.reason) == ("submission.finish_refused", "2")
    assert (entry.before, entry.after) == ("entering", "entering")
    assert college.all(Snapshot) == []


def test_an_attempt_counts_once_as_long_as_nothing_is_mended(
    college: College, people: People
) -> None:
    college.add("course", 1, by=people.li_jing, course_name=None)

    for _ in range(3):
        with pytest.raises(Refused):
            college.step(college.submission("course"), Verb.FINISH, by=people.li_jing)

    tags = [entry.tag for entry in college.entries()]
    assert tags.count("submission.finish_refused") == 1


def test_a_reference_that_was_taken_away_keeps_a_table_from_being_finished(
    college: College, people: People
) -> None:
    college.add("course_textbook", 1, by=people.li_jing)

    with pytest.raises(Refused) as refusal:
        college.step(college.submission("course_textbook"), Verb.FINISH, by=people.li_jing)

    assert len(refusal.value.details) == 1


@pytest.mark.parametrize("missing", list(POINTS))
def test_all_four_points_of_the_review_are_answered(
    college: College, people: People, missing: str
) -> None:
    submission = submission_at(college, Status.UNDER_REVIEW)
    points = {point: True for point in POINTS if point != missing}

    refusal = refused(
        college, submission, Verb.REVIEW, by=people.li_jing, points=points, reason="都好"
    )

    assert "four points" in refusal.message.msgid


def test_a_point_that_is_not_met_needs_a_reason(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_REVIEW)
    points = POINTS | {"timeliness": False}

    refused(college, submission, Verb.REVIEW, by=people.li_jing, points=points, reason=" ")
    passed = college.step(
        submission, Verb.REVIEW, by=people.li_jing, points=points, reason="系统停机两天"
    )

    assert passed.points == points
    assert (passed.reviewed_by, passed.reviewed_at) == ("03002", NOW)


def test_an_answer_that_is_neither_yes_nor_no_is_no_answer(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.UNDER_REVIEW)

    points = POINTS | {"accuracy": "false"}

    refused(college, submission, Verb.REVIEW, by=people.li_jing, points=points, reason="都好")
