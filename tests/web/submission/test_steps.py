"""The steps of a submission, taken by the forms of its page."""

import pytest

from app.domain.submission import Status, Verb
from app.models.submission import Submission
from tests.demo import PASSWORD, DemoCollege
from tests.pages import text_of
from tests.web.submission.steps import ALL_YES, brought, offered, page_of, take

# Nobody has begun with this table.
EMPTY = ("full_time_patent", "E01")


def test_a_table_goes_from_entry_to_acceptance(demo: DemoCollege) -> None:
    accepted = brought(demo, Status.ACCEPTED)

    page = text_of(page_of(demo, "qa", accepted))
    assert accepted.receipt_number is not None
    assert accepted.receipt_number in page
    for name in ("李静", "王强", "周敏"):
        assert name in page


def test_beginning_leads_to_the_grid(demo: DemoCollege) -> None:
    submission = demo.submission(*EMPTY)

    answer = take(demo, "gyxx_steward", submission, Verb.ENTER)

    period = demo.period("full_time_patent")
    assert answer.location == f"/data/full_time_patent/?period={period}&department=E01"
    assert demo.submission(*EMPTY).status is Status.ENTERING


def test_an_empty_table_is_reported_with_a_reason_only(demo: DemoCollege) -> None:
    submission = demo.submission(*EMPTY)

    refused = take(demo, "gyxx_steward", submission, Verb.FINISH)
    assert refused.status_code == 422
    assert "请写明空表理由" in text_of(refused)

    take(demo, "gyxx_steward", submission, Verb.FINISH, reason="本学年没有专利")
    finished = demo.submission(*EMPTY)
    assert (finished.status, finished.nil_reason) == (Status.UNDER_REVIEW, "本学年没有专利")


def test_a_second_click_changes_nothing_and_loses_nothing(demo: DemoCollege) -> None:
    submission = brought(demo, Status.UNDER_QA_REVIEW)
    reason = {"phrase": "missing", "reason": "第3行缺学时"}

    first = take(demo, "qa", submission, Verb.SEND_BACK, **reason)
    second = take(demo, "qa", submission, Verb.SEND_BACK, **reason)

    stored = demo.submission("course", "A03")
    assert (first.status_code, second.status_code) == (302, 409)
    assert (stored.version, stored.reason) == (submission.version + 1, "缺项漏项；第3行缺学时")
    assert "这张表已经变动" in text_of(second)
    assert text_of(second).count("缺项漏项；第3行缺学时") >= 2


def test_sending_back_needs_a_reason(demo: DemoCollege) -> None:
    submission = brought(demo, Status.UNDER_QA_REVIEW)

    answer = take(demo, "qa", submission, Verb.SEND_BACK, reason="  ")

    assert answer.status_code == 422
    assert "请写明理由" in text_of(answer)
    assert demo.submission("course", "A03").status is Status.UNDER_QA_REVIEW


def test_all_four_points_are_answered_and_a_no_is_explained(demo: DemoCollege) -> None:
    submission = brought(demo, Status.UNDER_REVIEW)
    doubtful = {**ALL_YES, "accuracy": "no", "timeliness_reason": "按时"}

    missing = take(demo, "jwc_steward", submission, Verb.REVIEW, conformity="yes")
    silent = take(demo, "jwc_steward", submission, Verb.REVIEW, **doubtful)

    assert (missing.status_code, silent.status_code) == (422, 422)
    assert "请写明“准确性”为什么不符合" in text_of(silent)
    assert 'value="按时"' in silent.get_data(as_text=True)
    take(demo, "jwc_steward", submission, Verb.REVIEW, **doubtful, accuracy_reason="两门课待核")
    stored = demo.submission("course", "A03")
    assert stored.points is not None
    assert not stored.points["accuracy"]
    assert stored.reason == "准确性：两门课待核"


@pytest.mark.parametrize("password", ["", "not-mine-1"])
def test_the_head_proves_who_he_is(demo: DemoCollege, password: str) -> None:
    submission = brought(demo, Status.AWAITING_CONFIRMATION)

    answer = take(demo, "jwc_head", submission, Verb.CONFIRM, password=password)

    assert answer.status_code == 422
    assert "密码" in text_of(answer)
    assert "not-mine-1" not in answer.get_data(as_text=True)
    assert demo.submission("course", "A03").status is Status.AWAITING_CONFIRMATION


def test_errors_are_listed_where_they_keep_a_table_from_being_finished(demo: DemoCollege) -> None:
    demo.caller("jwc_steward").changes(
        "course", {"op": "insert", "values": {"course_code": "ZZ99"}}, partial=True
    )
    submission = demo.submission("course", "A03")

    answer = take(demo, "jwc_steward", submission, Verb.FINISH)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="findings"' in page
    assert 'href="/data/course/' in page
    assert "finding-error" in page


@pytest.mark.parametrize("who", ["cwc_steward", "qcx_head", "t_full", "archive", "reader", "admin"])
def test_people_of_other_departments_know_nothing_of_a_submission(
    demo: DemoCollege, who: str
) -> None:
    submission = demo.submission("course", "A03")

    assert page_of(demo, who, submission).status_code == 404
    assert take(demo, who, submission, Verb.FINISH).status_code == 404
    assert demo.submission("course", "A03").version == submission.version


STORY = [
    EMPTY,
    ("course", "A03"),
    ("tuition_income_item", "A07"),
    ("on_campus_base", "B03"),
    ("leader", "A02"),
    ("library_collection", "B01"),
    ("institution_contact", "A01"),
    ("institution_profile", "A01"),
]


@pytest.mark.parametrize("place", STORY, ids=lambda place: place[0])
def test_the_page_offers_exactly_what_the_server_takes(
    demo: DemoCollege, place: tuple[str, str]
) -> None:
    people = ("jwc_steward", "jwc_head", "cwc_steward", "cwc_head", "gyxx_steward", "qa", "leader")
    for who in people:
        submission = demo.submission(*place)
        page = page_of(demo, who, submission)
        if page.status_code == 404:
            continue
        for verb in set(Verb) - offered(page):
            refused = take(demo, who, submission, verb, reason="试一试", password=PASSWORD)
            assert refused.status_code == 403, (who, verb)
            assert 'role="alert"' in refused.get_data(as_text=True)
        assert demo.submission(*place).version == submission.version
        assert_takes(demo, who, submission, offered(page))


def assert_takes(demo: DemoCollege, who: str, submission: Submission, verbs: set[str]) -> None:
    """Each form leads past the policies; most then want more than an empty form has."""
    for verb in verbs:
        answer = take(demo, who, submission, verb)
        assert answer.status_code in {302, 422}, (who, verb)
        demo.restore()


@pytest.mark.parametrize(
    ("path", "status"),
    [("1/erase", 404), ("99999999999999999999/finish", 404), ("x/finish", 404), ("0/finish", 404)],
)
def test_addresses_of_nothing_are_not_found(demo: DemoCollege, path: str, status: int) -> None:
    assert demo.caller("qa").post(f"/submissions/{path}", data={}).status_code == status


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "²"])
def test_a_version_that_cannot_be_read_is_an_old_one(demo: DemoCollege, version: str) -> None:
    submission = demo.submission("course", "A03")

    answer = take(demo, "jwc_steward", submission, Verb.FINISH, version=version)

    assert answer.status_code == 409
    assert demo.submission("course", "A03").version == submission.version


def test_a_page_without_its_token_changes_nothing(demo: DemoCollege) -> None:
    submission = demo.submission("course", "A03")
    client = demo.caller("jwc_steward").client

    answer = client.post(f"/submissions/{submission.id}/finish", data={"version": 1})

    assert answer.status_code == 400
    assert demo.submission("course", "A03").version == submission.version


def test_what_was_typed_is_shown_as_text(demo: DemoCollege) -> None:
    submission = demo.submission("course", "A03")

    answer = take(demo, "jwc_steward", submission, Verb.EXEMPT, reason="<script>alert(1)</script>")

    assert answer.status_code == 403
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert "&lt;script&gt;alert" in answer.get_data(as_text=True)


def test_a_reason_that_is_too_long_is_refused_and_kept(demo: DemoCollege) -> None:
    submission = brought(demo, Status.UNDER_QA_REVIEW)

    answer = take(demo, "qa", submission, Verb.SEND_BACK, reason="长" * 2001)

    assert answer.status_code == 422
    assert "长" * 2001 in answer.get_data(as_text=True)
