"""One step for many submissions: choosing, what all of them need, and what became of each."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domain.finding import REVIEW_POINTS
from app.domain.submission import Status, Verb
from app.models.submission import Submission
from app.web.submission import batch
from tests.demo import PASSWORD, DemoCollege
from tests.pages import followed, pages_of, text_of
from tests.web.submission.steps import explained, take

BOX = re.compile(r'name="chosen" value="(\d+-\d+)"[^>]*?( checked)?>')
BUTTON = re.compile(r'name="verb" value="(\w+)"')
POINTS = {point.value: "yes" for point in REVIEW_POINTS}
REPORTED = (("library_collection", "B01"), ("course", "A03"), ("major", "A03"))


def boxes(answer: TestResponse) -> dict[str, bool]:
    """The lines that can be chosen, and whether they are."""
    found = BOX.findall(answer.get_data(as_text=True))
    return {value: bool(checked) for value, checked in found}


def pair(submission: Submission) -> str:
    return f"{submission.id}-{submission.version}"


def reported(demo: DemoCollege, *places: tuple[str, str]) -> list[Submission]:
    """Submissions that stand at the quality office's door."""
    for table, department in places or REPORTED:
        demo.set_status(table, department, Status.SUBMITTED)
    return [demo.submission(*place) for place in places or REPORTED]


def many(
    demo: DemoCollege, who: str, verb: Verb | str, chosen: list[str], **typed: Any
) -> TestResponse:
    """Send the second page, the one that acts."""
    form = {"chosen": chosen, **typed}
    return followed(demo, who, demo.caller(who).post(f"/submissions/steps/{verb}", data=form))


def prepared(demo: DemoCollege, who: str, verb: Verb | str, **form: Any) -> TestResponse:
    """Send the list with the button of the step."""
    return demo.caller(who).get("/submissions/steps", verb=str(verb), **form)


def statuses(demo: DemoCollege, *places: tuple[str, str]) -> list[Status]:
    return [demo.submission(*place).status for place in places or REPORTED]


def test_only_lines_with_a_step_for_many_can_be_chosen(demo: DemoCollege) -> None:
    lines = demo.caller("qa").get("submissions").json["submissions"]
    several = {verb.value for verb in batch.BATCH_VERBS}
    able = {f"{x['id']}-{x['version']}" for x in lines if several & set(x["permitted"])}

    pages = pages_of(demo, "qa", "/submissions/", status="all")

    assert {box for page in pages for box in boxes(page)} == able
    answer = pages[0]
    assert set(BUTTON.findall(answer.get_data(as_text=True))) == {
        verb for line in lines for verb in line["permitted"] if verb in several
    }


@pytest.mark.parametrize("who", ["leader", "jwc_head"])
def test_who_has_no_step_sees_no_boxes(demo: DemoCollege, who: str) -> None:
    answer = demo.caller(who).get("/submissions/")

    assert boxes(answer) == {}
    assert 'name="verb"' not in answer.get_data(as_text=True)


def test_what_was_chosen_is_shown_before_anything_changes(demo: DemoCollege) -> None:
    first, second, _third = reported(demo)
    accepted = demo.submission("institution_profile", "A01")
    stale = f"{second.id}-{second.version + 1}"

    answer = prepared(demo, "qa", "receive", chosen=[pair(first), stale, pair(accepted)])

    page = text_of(answer)
    assert boxes(answer) == {pair(first): True}
    assert "受理：1 张表" in page
    assert "这张表已经变动" in page
    assert "这张表现在是“审核通过”，不能“受理”" in page
    assert statuses(demo) == [Status.SUBMITTED] * 3


def test_all_of_the_list_means_the_list_as_it_is_filtered(demo: DemoCollege) -> None:
    _library, course, major = reported(demo)

    answer = prepared(demo, "qa", "receive", all="1", department="A03", status="submitted")

    assert boxes(answer) == {pair(course): True, pair(major): True}
    assert "department=A03" in answer.get_data(as_text=True)


def test_more_than_one_request_carries_are_left_for_the_next(
    demo: DemoCollege, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_STEPS", 2)
    chosen = [pair(submission) for submission in reported(demo)]

    answer = prepared(demo, "qa", "receive", all="1", status="submitted")
    many(demo, "qa", "receive", chosen)

    assert len(boxes(answer)) == 2
    assert "一次最多办理 2 张表" in text_of(answer)
    assert sorted(statuses(demo)).count(Status.SUBMITTED) == 1


def test_each_is_done_or_refused_for_itself(demo: DemoCollege) -> None:
    first, second, third = reported(demo)
    take(demo, "qa2", second, Verb.RECEIVE)

    answer = many(demo, "qa", "receive", [pair(first), pair(second), pair(third)])

    again = demo.submission("course", "A03")
    assert answer.status_code == 200
    assert "受理：已办 2 张，未办 1 张" in text_of(answer)
    assert "这张表已经变动" in text_of(answer)
    assert statuses(demo) == [Status.UNDER_QA_REVIEW] * 3
    # Only the refused one stays chosen, as it stands now, with what is possible now.
    assert boxes(answer) == {pair(again): True}
    assert set(BUTTON.findall(answer.get_data(as_text=True))) == {"accept", "send_back"}


def test_the_result_has_an_address_that_can_be_gone_back_to(demo: DemoCollege) -> None:
    chosen = [pair(submission) for submission in reported(demo)]

    sent = demo.caller("qa").post("/submissions/steps/receive", data={"chosen": chosen})
    pages = [text_of(demo.caller("qa").get(sent.location)) for _again in range(2)]

    assert sent.status_code == 303
    assert ["受理：已办 3 张，未办 0 张" in page for page in pages] == [True, True]


def test_a_result_is_for_its_person_only(demo: DemoCollege) -> None:
    chosen = [pair(submission) for submission in reported(demo)]
    sent = demo.caller("qa").post("/submissions/steps/receive", data={"chosen": chosen})

    for who, address in (("qa2", sent.location), ("qa", "/submissions/results?kept=none")):
        caller = demo.caller(who)
        answer = caller.get(address)
        assert answer.status_code == 302
        assert "这个页面已不再保留" in caller.get(answer.location).get_data(as_text=True)


def test_a_second_click_changes_nothing(demo: DemoCollege) -> None:
    chosen = [pair(submission) for submission in reported(demo)]
    many(demo, "qa", "receive", chosen)
    versions = [demo.submission(*place).version for place in REPORTED]

    answer = many(demo, "qa", "receive", chosen)

    assert "受理：已办 0 张，未办 3 张" in text_of(answer)
    assert [demo.submission(*place).version for place in REPORTED] == versions


def test_one_reason_goes_back_with_all(demo: DemoCollege) -> None:
    chosen = [pair(submission) for submission in reported(demo)]
    many(demo, "qa", "receive", chosen)
    now = [pair(demo.submission(*place)) for place in REPORTED]

    silent = many(demo, "qa", "send_back", now, reason=" ")
    many(demo, "qa", "send_back", now, phrase="missing", reason="请补齐附件")

    assert silent.status_code == 422
    assert "请写明理由" in text_of(silent)
    assert boxes(silent) == dict.fromkeys(now, True)
    reasons = {demo.submission(*place).reason for place in REPORTED}
    assert reasons == {"缺项漏项；请补齐附件"}


def test_a_reason_that_is_too_long_is_refused_and_kept(demo: DemoCollege) -> None:
    chosen = [pair(submission) for submission in reported(demo)]
    many(demo, "qa", "receive", chosen)
    now = [pair(demo.submission(*place)) for place in REPORTED]

    answer = many(demo, "qa", "send_back", now, reason="长" * 2001)

    assert answer.status_code == 422
    assert "长" * 2001 in answer.get_data(as_text=True)
    assert statuses(demo) == [Status.UNDER_QA_REVIEW] * 3


def entered(demo: DemoCollege, *tables: str) -> list[str]:
    """Bring tables of 教务处 to the head's desk, two steps for all of them at once."""
    explained(demo, *(demo.submission(table, "A03") for table in tables))
    for verb, typed in (("finish", {"reason": "本学年没有此项"}), ("review", POINTS)):
        now = [pair(demo.submission(table, "A03")) for table in tables]
        answer = many(demo, "jwc_steward", verb, now, **typed)
        assert f"已办 {len(tables)} 张" in text_of(answer)
    return [pair(demo.submission(table, "A03")) for table in tables]


def test_what_was_written_goes_along_to_the_next_try(demo: DemoCollege) -> None:
    [library] = reported(demo, ("library_collection", "B01"))
    take(demo, "qa", library, Verb.RECEIVE)

    refused = many(demo, "qa", "send_back", [pair(library)], reason="缺第3页")
    now = list(boxes(refused))
    kept = re.findall(r'name="kept" value="([^"]+)"', refused.get_data(as_text=True))
    again = prepared(demo, "qa", "send_back", chosen=now, kept=kept[0])

    assert "缺第3页" in text_of(refused)
    assert now == [pair(demo.submission("library_collection", "B01"))]
    assert ">缺第3页</textarea>" in again.get_data(as_text=True)


def test_one_password_confirms_all(demo: DemoCollege) -> None:
    chosen = entered(demo, "course", "major_leader")
    places = [("course", "A03"), ("major_leader", "A03")]

    for password in ("", "not-mine-1"):
        refused = many(demo, "jwc_head", "confirm", chosen, password=password)
        assert refused.status_code == 422
        assert "密码" in text_of(refused)
        assert "not-mine-1" not in refused.get_data(as_text=True)
    assert statuses(demo, *places) == [Status.AWAITING_CONFIRMATION] * 2
    many(demo, "jwc_head", "confirm", chosen, password=PASSWORD)

    assert statuses(demo, *places) == [Status.SUBMITTED] * 2


def test_all_four_points_are_met_or_nothing_is_reviewed(demo: DemoCollege) -> None:
    explained(demo, demo.submission("course", "A03"))
    now = [pair(demo.submission("course", "A03"))]
    many(demo, "jwc_steward", "finish", now)
    now = [pair(demo.submission("course", "A03"))]

    answer = many(demo, "jwc_steward", "review", now, conformity="yes", accuracy="yes")

    assert answer.status_code == 422
    assert "每张表的四项都符合" in text_of(answer)
    assert answer.get_data(as_text=True).count('value="yes" required checked') == 2
    assert statuses(demo, ("course", "A03")) == [Status.UNDER_REVIEW]


def test_an_empty_table_is_refused_with_its_reason(demo: DemoCollege) -> None:
    empty = ("full_time_patent", "E01")

    answer = many(demo, "gyxx_steward", "finish", [pair(demo.submission(*empty))])

    assert "已办 0 张，未办 1 张" in text_of(answer)
    assert "请写明空表理由" in text_of(answer)
    assert statuses(demo, empty) == [Status.NOT_STARTED]


@pytest.mark.parametrize("who", ["qcx_steward", "leader"])
def test_tables_of_others_are_not_touched(demo: DemoCollege, who: str) -> None:
    before = demo.submission("course", "A03")

    for verb in batch.BATCH_VERBS:
        many(demo, who, verb, [pair(before)], reason="理由", password=PASSWORD, **POINTS)

    after = demo.submission("course", "A03")
    assert (after.status, after.version) == (before.status, before.version)


@pytest.mark.parametrize("who", ["t_full", "archive", "reader", "admin"])
def test_who_sees_no_submissions_takes_no_steps(demo: DemoCollege, who: str) -> None:
    chosen = [pair(demo.submission("library_collection", "B01"))]

    assert prepared(demo, who, "receive", chosen=chosen).status_code == 403
    assert many(demo, who, "receive", chosen).status_code == 403
    assert statuses(demo, ("library_collection", "B01")) == [Status.SUBMITTED]


@pytest.mark.parametrize(
    "chosen", [[], ["x"], ["1-"], ["-"], ["999999-1"], ["9" * 40 + "-1"], ["²-1"]], ids=str
)
def test_nothing_that_can_be_read_is_nothing_chosen(demo: DemoCollege, chosen: list[str]) -> None:
    assert prepared(demo, "qa", "receive", chosen=chosen).status_code == 200
    assert many(demo, "qa", "receive", chosen).status_code in {200, 422}


def test_a_button_without_a_choice_says_what_to_do(demo: DemoCollege) -> None:
    assert "还没有选择数据表" in text_of(prepared(demo, "qa", "receive"))
    assert "请先选择数据表" in text_of(many(demo, "qa", "receive", []))


@pytest.mark.parametrize("verb", ["enter", "lock", "unlock", "erase", ""])
def test_other_verbs_are_no_steps_for_many(demo: DemoCollege, verb: str) -> None:
    assert prepared(demo, "qa", verb).status_code == 404
    assert many(demo, "qa", verb or "x", []).status_code == 404


def test_a_page_without_its_token_changes_nothing(demo: DemoCollege) -> None:
    chosen = pair(demo.submission("library_collection", "B01"))

    answer = demo.caller("qa").client.post("/submissions/steps/receive", data={"chosen": chosen})

    assert answer.status_code == 400
    assert statuses(demo, ("library_collection", "B01")) == [Status.SUBMITTED]


def test_preparing_asks_the_database_little(demo: DemoCollege) -> None:
    caller = demo.caller("qa")
    caller.get("/submissions/")

    with demo.counting() as statements:
        caller.post("/submissions/steps", data={"verb": "exempt", "all": "1"})

    assert len(statements) <= 15, statements
