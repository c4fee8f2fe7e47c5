"""Submissions over JSON: one table goes all its way, and what is refused on it."""

from typing import Any

import pytest
from werkzeug.security import check_password_hash

from app.domain.submission import Status, Verb
from app.web.account import sign_in as sign_in_room
from tests.demo import PASSWORD, DemoCollege
from tests.findings import settle_findings_of
from tests.web.submission.steps import explained

WRONG_PASSWORD = "密码不正确，什么都没有改变。还可再试 4 次。"
POINTS = {"conformity": True, "completeness": True, "timeliness": True, "accuracy": True}
WAY: list[tuple[str, str, dict[str, Any], str]] = [
    ("jwc_steward", "finish", {}, "under_review"),
    ("jwc_steward", "review", {"points": POINTS}, "awaiting_confirmation"),
    ("jwc_head", "confirm", {"password": PASSWORD}, "submitted"),
    ("qa", "receive", {}, "under_qa_review"),
    ("qa", "send_back", {"reason": "请核对学分"}, "returned"),
    ("jwc_steward", "finish", {"reason": "已核对，无误"}, "under_review"),
    ("jwc_steward", "review", {"points": POINTS}, "awaiting_confirmation"),
    ("jwc_head", "confirm", {"password": PASSWORD}, "submitted"),
    ("qa2", "receive", {}, "under_qa_review"),
    ("qa2", "accept", {}, "accepted"),
]


def state_of(demo: DemoCollege) -> dict[str, str]:
    found = demo.submission("course", "A03")
    return {"id": str(found.id), "version": str(found.version)}


def step(demo: DemoCollege, username: str, verb: str, **body: Any) -> Any:
    state = state_of(demo)
    if verb in set(Verb):
        found = demo.submission("course", "A03")
        settle_findings_of(demo.engine, demo.store, found, Verb(verb), username)
    sent = {"version": state["version"], **body}
    return demo.caller(username).post(f"submissions/{state['id']}/{verb}", sent)


def test_a_table_goes_its_way_with_a_return(demo: DemoCollege) -> None:
    for username, verb, body, reached in WAY:
        answer = step(demo, username, verb, **body)

        assert answer.status_code == 200, (verb, answer.json)
        assert answer.json["status"] == reached
        assert {"id": answer.json["id"], "version": answer.json["version"]} == state_of(demo)


@pytest.mark.parametrize(
    ("username", "verb", "status", "words"),
    [
        ("jwc_head", "finish", 403, "权限"),
        ("jwc_steward", "accept", 403, "不能"),
        ("jwc_steward", "lock", 403, ""),
        ("qa", "finish", 403, "权限"),
        ("cwc_steward", "finish", 404, "没有"),
        ("t_full", "finish", 404, "没有"),
        ("jwc_steward", "enter", 403, ""),
        ("jwc_steward", "archive", 404, ""),
        ("jwc_steward", "NOSUCH", 404, ""),
    ],
)
def test_steps_of_others_and_steps_that_do_not_exist_are_refused(
    demo: DemoCollege, username: str, verb: str, status: int, words: str
) -> None:
    before = state_of(demo)

    answer = step(demo, username, verb)

    assert answer.status_code == status
    assert words in answer.json["detail"]
    assert state_of(demo) == before


def test_the_second_of_two_equal_clicks_is_told_that_it_is_done(demo: DemoCollege) -> None:
    state = state_of(demo)
    caller = demo.caller("jwc_steward")
    explained(demo, demo.submission("course", "A03"))

    answers = [
        caller.post(f"submissions/{state['id']}/finish", {"version": state["version"]})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert demo.submission("course", "A03").status is Status.UNDER_REVIEW


@pytest.mark.parametrize(
    ("password", "status", "words"),
    [(None, 422, "密码"), ("", 422, "密码"), ("wrong", 422, WRONG_PASSWORD), ("\ud83d", 400, "")],
)
def test_confirming_takes_the_own_password(
    demo: DemoCollege, password: str | None, status: int, words: str
) -> None:
    for username, verb, body, _reached in WAY[:2]:
        step(demo, username, verb, **body)

    answer = step(demo, "jwc_head", "confirm", password=password)

    assert answer.status_code == status
    assert words in answer.json["detail"]
    assert demo.submission("course", "A03").status is Status.AWAITING_CONFIRMATION


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"version": "one"},
        {"version": None},
        {"version": "1", "items": []},
        {"version": "1", "points": {"beauty": True}},
        {"version": "1", "points": {"accuracy": "yes"}},
        {"version": "1", "reason": "x" * 501},
        {"version": "1", "status": "accepted"},
    ],
    ids=str,
)
def test_a_malformed_step_is_refused(demo: DemoCollege, body: dict[str, Any]) -> None:
    number = state_of(demo)["id"]

    assert demo.caller("jwc_steward").post(f"submissions/{number}/finish", body).status_code == 400


def test_open_errors_block_finishing_and_are_named(demo: DemoCollege) -> None:
    new = {"op": "insert", "values": {"course_code": "NEW1"}}
    demo.caller("jwc_steward").changes("course", new)

    answer = step(demo, "jwc_steward", "finish")

    assert answer.status_code == 422
    assert "请填写“学分”。" in answer.json["details"]


def test_several_submissions_take_a_step_each_for_itself(demo: DemoCollege) -> None:
    good, late = state_of(demo), demo.submission("major", "A03")
    explained(demo, demo.submission("course", "A03"))
    stale = {"id": late.id, "version": late.version + 1}

    answer = demo.caller("jwc_steward").post("submissions/finish", {"submissions": [good, stale]})

    first, second = answer.json["results"]
    assert (first["ok"], first["status"]) == (True, "under_review")
    assert (second["ok"], second["refusal"]["status"]) == (False, 409)
    assert demo.submission("major", "A03").status is late.status


@pytest.mark.parametrize(
    "item",
    [{"id": "one", "version": "1"}, {"id": "1", "version": "one"}, {"id": "-1", "version": "1"}],
    ids=str,
)
def test_a_malformed_item_keeps_the_others_from_moving(
    demo: DemoCollege, item: dict[str, str]
) -> None:
    before = state_of(demo)

    answer = demo.caller("jwc_steward").post("submissions/finish", {"submissions": [before, item]})

    assert answer.status_code == 400
    assert state_of(demo) == before


def states_of(demo: DemoCollege) -> list[dict[str, str]]:
    found = [demo.submission(table, "A03") for table in ("course", "major_course")]
    return [{"id": str(one.id), "version": str(one.version)} for one in found]


def waiting_for_the_head(demo: DemoCollege) -> list[dict[str, str]]:
    caller = demo.caller("jwc_steward")
    explained(demo, *(demo.submission(table, "A03") for table in ("course", "major_course")))
    for verb, more in (("finish", {}), ("review", {"points": POINTS})):
        answer = caller.post(f"submissions/{verb}", {"submissions": states_of(demo), **more})
        assert all(result["ok"] for result in answer.json["results"]), answer.json
    return states_of(demo)


def test_the_password_is_proved_once_for_several_submissions(
    demo: DemoCollege, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved: list[str] = []

    def counted(stored: str, given: str) -> bool:
        proved.append(given)
        return check_password_hash(stored, given)

    monkeypatch.setattr(sign_in_room, "check_password_hash", counted)
    body = {"submissions": waiting_for_the_head(demo), "password": PASSWORD}

    answer = demo.caller("jwc_head").post("submissions/confirm", body)

    assert [result["status"] for result in answer.json["results"]] == ["submitted"] * 2
    assert proved == [PASSWORD]


def test_a_wrong_password_confirms_none_of_several_submissions(demo: DemoCollege) -> None:
    waiting = waiting_for_the_head(demo)

    answer = demo.caller("jwc_head").post(
        "submissions/confirm", {"submissions": waiting, "password": "wrong"}
    )

    assert (answer.status_code, answer.json["detail"]) == (422, WRONG_PASSWORD)
    assert states_of(demo) == waiting


def test_the_list_shows_what_one_may_do_and_why_not_else(demo: DemoCollege) -> None:
    found = demo.caller("jwc_steward").get("submissions").json["submissions"]

    assert {line["department"]["code"] for line in found} == {"A03"}
    course = next(line for line in found if line["table"]["identifier"] == "course")
    assert course["permitted"] == [Verb.FINISH.value]
    assert "权限" in course["refused"]["exempt"]


def test_the_list_is_filtered_by_what_is_asked_for(demo: DemoCollege) -> None:
    caller = demo.caller("qa")

    def tables(**query: str) -> set[str]:
        found = caller.get("submissions", **query).json["submissions"]
        return {line["table"]["identifier"] for line in found}

    assert "tuition_income_item" in tables(status="returned")
    assert "course" not in tables(status="returned")
    assert "course" in tables(department="A03")
    assert "staff" not in tables(department="A03")
    assert tables(table="course") == {"course"}
    assert tables(cycle=demo.locked_cycle.academic_year, status="entering") == set()
    assert caller.get("submissions", status="lost").status_code == 400
    assert caller.get("submissions", cycle="1999-2000").status_code == 404


def test_one_submission_tells_its_history_to_those_it_concerns(demo: DemoCollege) -> None:
    number = demo.submission("tuition_income_item", "A07").id

    page = demo.caller("cwc_steward").get(f"submissions/{number}").json

    assert [entry["tag"] for entry in page["history"]][:2] == [
        "submission.send_back",
        "submission.receive",
    ]
    assert page["row_count"] == 3
    assert demo.caller("jwc_steward").get(f"submissions/{number}").status_code == 404
    assert demo.caller("reader").get("submissions").status_code == 403


def test_findings_are_kept_from_whoever_may_not_read_the_rows(demo: DemoCollege) -> None:
    new = {"op": "insert", "values": {"course_code": "NEW1"}}
    demo.caller("jwc_steward").changes("course", new)
    path = f"submissions/{state_of(demo)['id']}"

    steward, leader = (demo.caller(name).get(path).json for name in ("jwc_steward", "leader"))

    assert steward["finding_count"] == len(steward["findings"]) > 0
    assert (leader["findings"], leader["finding_count"]) == (None, None)
    assert leader["row_count"] == steward["row_count"]
