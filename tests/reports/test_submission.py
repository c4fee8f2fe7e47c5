"""What is read of submissions: lists, one in full, what may be done with it."""

from datetime import timedelta

import pytest

from app.domain.message import Reason, Refused
from app.domain.submission import Status, Verb
from app.models.cycle import Cycle
from app.reports.submission import SubmissionLine, list_submissions, read_submission
from tests.college import DUE, NOW, College
from tests.people import People
from tests.reports.statements import statements
from tests.submissions import submission_at


def listed(college: College, actor, **wanted) -> list[SubmissionLine]:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    return list_submissions(college.session, college.store, actor, cycle, **{"now": NOW, **wanted})


@pytest.mark.parametrize(
    ("name", "departments"),
    [
        ("li_jing", {"A03"}),
        ("wang_qiang", {"A03"}),
        ("chen_gang", {"C01"}),
        ("zhou_min", {"A02", "A03", "A04", "A07", "C01", "C02"}),
        ("leader", {"A02", "A03", "A04", "A07", "C01", "C02"}),
    ],
)
def test_everybody_sees_the_submissions_that_concern_him(
    college: College, people: People, name: str, departments: set[str]
) -> None:
    lines = listed(college, getattr(people, name))

    assert {line.submission.department_code for line in lines} == departments


@pytest.mark.parametrize("name", ["ma_chao", "administrator", "archivist", "reader"])
def test_who_has_no_submissions_is_refused(college: College, people: People, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        listed(college, getattr(people, name))

    assert refusal.value.reason is Reason.FORBIDDEN


def test_lists_are_in_printed_order_and_can_be_narrowed(college: College, people: People) -> None:
    submission_at(college, Status.SUBMITTED)
    keys = [line.spec.sort_key for line in listed(college, people.zhou_min)]

    assert keys == sorted(keys)
    for narrowed in (
        {"status": Status.SUBMITTED},
        {"table": "course"},
        {"department": "A03", "table": "course"},
    ):
        [line] = listed(college, people.zhou_min, **narrowed)
        assert (line.submission.table_identifier, line.department) == ("course", "教务处")


def test_a_line_says_what_may_be_done(college: College, people: People) -> None:
    submission_at(college, Status.UNDER_REVIEW)

    [line] = listed(college, people.li_jing, table="course")
    [other] = listed(college, people.zhou_min, table="course")

    assert line.permitted == (Verb.REVIEW, Verb.SEND_BACK, Verb.WITHDRAW)
    assert other.permitted == ()


@pytest.mark.parametrize(
    ("status", "now", "is_late"),
    [
        (Status.ENTERING, DUE, False),
        (Status.ENTERING, DUE + timedelta(seconds=1), True),
        (Status.RETURNED, DUE + timedelta(days=9), False),
        (Status.SUBMITTED, DUE + timedelta(days=9), False),
        (Status.EXEMPT, DUE + timedelta(days=9), False),
    ],
)
def test_lateness_counts_the_first_report(
    college: College, people: People, status: Status, now, is_late: bool
) -> None:
    submission_at(college, status)

    [line] = listed(college, people.zhou_min, table="course", now=now)

    assert line.is_late is is_late


def test_a_submission_in_full_has_its_history_and_findings(
    college: College, people: People
) -> None:
    college.add("course", 1, by=people.li_jing, course_name=None)
    submission = college.submission("course")

    page = read_submission(college.session, college.store, people.li_jing, submission.id, now=NOW)

    assert [entry.tag for entry in page.history] == ["submission.enter"]
    assert page.check is not None
    assert [finding.field for finding in page.check.errors] == ["course_name"]
    assert page.row_count == 1


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ACCEPTED])
def test_a_reported_table_counts_the_rows_of_its_snapshot(
    college: College, people: People, status: Status
) -> None:
    submission = submission_at(college, status, rows=3)

    page = read_submission(college.session, college.store, people.zhou_min, submission.id, now=NOW)

    assert (page.check, page.row_count) == (None, 3)


def test_every_way_on_is_told_with_the_reason_against_it(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_REVIEW, rows=1)

    page = read_submission(
        college.session, college.store, people.wang_qiang, submission.id, now=NOW
    )

    assert [move.verb for move in page.moves] == [Verb.REVIEW, Verb.SEND_BACK, Verb.WITHDRAW]
    assert all(move.refusal is not None for move in page.moves)
    assert [move.needs_reason for move in page.moves] == [False, True, False]


def test_what_moves_with_the_year_is_no_move_of_its_own(college: College, people: People) -> None:
    submission = submission_at(college, Status.ACCEPTED)

    page = read_submission(college.session, college.store, people.zhou_min, submission.id, now=NOW)

    assert [move.verb for move in page.moves] == [Verb.REOPEN]


@pytest.mark.parametrize("name", ["chen_gang", "ma_chao", "reader", "administrator"])
def test_a_submission_out_of_sight_does_not_exist(
    college: College, people: People, name: str
) -> None:
    submission = college.submission("course")

    with pytest.raises(Refused) as refusal:
        read_submission(
            college.session, college.store, getattr(people, name), submission.id, now=NOW
        )

    assert refusal.value.reason is Reason.NOT_FOUND


def test_the_list_costs_the_same_however_long_it_is(college: College, people: People) -> None:
    with statements(college) as seen:
        listed(college, people.zhou_min)

    assert len(seen) <= 2
