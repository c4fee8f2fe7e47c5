"""Wrong passwords at every door: how many are left, when it is locked, what stays open."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models.account import SignInEntry
from tests.demo import PASSWORD, DemoCollege
from tests.pages import text_of
from tests.web.account.doors import (
    INITIAL,
    age_lock,
    age_session,
    bearer,
    browser,
    by_api,
    by_form,
    by_step,
    hand_out,
)

DOORS = {"form": by_form, "api": by_api, "step": by_step}
# door: what is answered to a wrong password, to one that comes too late and to the right one,
# which leads a step on to its next question: whether the data are still those reviewed
STATUSES = {"form": (401, 429, 302), "api": (401, 429, 200), "step": (422, 423, 409)}


CLOCK = re.compile(r"\d{1,2}:\d{2}")


def told(answer: TestResponse) -> str:
    """What an answer says to whoever reads it."""
    return str(answer.json["detail"]) if answer.json else text_of(answer)


def lock(demo: DemoCollege, username: str = "jwc_head") -> None:
    for number in range(5):
        by_api(demo, username, f"wrong {number}")


@pytest.mark.parametrize("door", DOORS)
def test_five_wrong_passwords_lock_the_door(demo: DemoCollege, door: str) -> None:
    wrong, locked, _right = STATUSES[door]

    answers = [DOORS[door](demo, "jwc_head", f"wrong {number}") for number in range(5)]
    answers.append(DOORS[door](demo, "jwc_head", PASSWORD))

    assert [answer.status_code for answer in answers] == [*[wrong] * 4, locked, locked]
    for left, answer in zip((4, 3, 2, 1), answers, strict=False):
        assert f"还可再试 {left} 次" in told(answer)
    assert all("连续输错 5 次" in told(answer) for answer in answers[4:])


@pytest.mark.parametrize(
    ("counted", "asked", "is_open"),
    [
        ("form", "form", False),
        ("form", "api", False),
        ("form", "step", True),  # whoever is signed in goes on working
        ("api", "form", False),
        ("api", "api", False),
        ("api", "step", True),
        ("step", "form", False),
        ("step", "api", False),
        ("step", "step", False),
    ],
)
def test_a_lock_is_asked_at_every_door(
    demo: DemoCollege, counted: str, asked: str, is_open: bool
) -> None:
    for _ in range(5):
        DOORS[counted](demo, "jwc_head", "wrong")

    answer = DOORS[asked](demo, "jwc_head", PASSWORD)

    _wrong, locked, right = STATUSES[asked]
    assert answer.status_code == (right if is_open else locked), told(answer)


@pytest.mark.parametrize("door", ["form", "api"])
def test_a_name_that_nobody_has_is_told_the_same(demo: DemoCollege, door: str) -> None:
    known, unknown = (
        [DOORS[door](demo, name, "wrong") for _ in range(6)] for name in ("jwc_head", "jwc_haed")
    )

    # The clock goes on between the two: the hour that is named may differ by a minute.
    words = [[CLOCK.sub("", told(answer)) for answer in answers] for answers in (known, unknown)]
    assert words[0] == words[1]
    assert [a.status_code for a in known] == [a.status_code for a in unknown]
    assert ["Retry-After" in a.headers for a in known] == [
        "Retry-After" in a.headers for a in unknown
    ]


def test_an_account_opens_again_after_a_quarter_of_an_hour(demo: DemoCollege) -> None:
    lock(demo)
    age_lock(demo, "jwc_head")

    assert by_form(demo, "jwc_head", PASSWORD).status_code == 302


def test_a_lock_ends_no_session_and_no_token(demo: DemoCollege) -> None:
    head, headers = browser(demo, "jwc_head"), bearer(demo, "jwc_head")
    lock(demo)

    assert head.get("/").status_code == 200
    assert demo.visitor().get("/api/v1/data/", headers=headers).status_code == 200


def test_who_enters_the_right_one_begins_anew(demo: DemoCollege) -> None:
    for _ in range(4):
        by_form(demo, "jwc_head", "wrong")
    by_form(demo, "jwc_head", PASSWORD)

    assert "还可再试 4 次" in told(by_api(demo, "jwc_head", "wrong"))


@pytest.mark.parametrize("password", ["\ud83d", "x" * 2_000_000, "\x00", ""])
def test_a_strange_password_is_a_wrong_one(demo: DemoCollege, password: str) -> None:
    assert by_api(demo, "jwc_head", password).status_code == 401


@pytest.mark.parametrize("username", ["\ud83d", "名" * 10_000, "\x00", "jwc_head\x00", "' OR 1=1"])
def test_a_strange_name_is_an_unknown_one(demo: DemoCollege, username: str) -> None:
    assert by_api(demo, username, PASSWORD).status_code == 401


def test_wrong_passwords_are_kept_nowhere(demo: DemoCollege) -> None:
    by_form(demo, "jwc_head", "my-other-secret")
    by_api(demo, "my-other-secret", "my-other-secret")

    with demo.session() as session:
        rows = session.execute(select(SignInEntry.__table__)).all()
    assert "jwc_head" in str(rows[0])
    assert "my-other-secret" not in str(rows[0])


@pytest.mark.parametrize(
    ("seen", "created", "is_open"),
    [
        (timedelta(minutes=110), timedelta(hours=11), True),
        (timedelta(minutes=121), timedelta(hours=3), False),
        (timedelta(minutes=1), timedelta(hours=12, minutes=1), False),
    ],
)
def test_a_session_ends_when_nobody_comes_and_at_the_end_of_the_day(
    demo: DemoCollege, seen: timedelta, created: timedelta, is_open: bool
) -> None:
    head = browser(demo, "jwc_head")
    age_session(demo, "jwc_head", last_seen_at=seen, created_at=created)

    answers = head.get("/"), head.get("/api/v1/data/"), head.post("submissions/1/confirm", {})

    expected = [200, 200, 422] if is_open else [302, 401, 401]
    assert [answer.status_code for answer in answers][:2] == expected[:2]
    assert (answers[2].status_code == 401) is not is_open


def test_being_there_keeps_a_session_alive_with_few_writes(demo: DemoCollege) -> None:
    head = browser(demo, "jwc_head")
    age_session(demo, "jwc_head", last_seen_at=timedelta(minutes=110))

    with demo.counting() as statements:
        for _ in range(3):
            head.get("/api/v1/data/")

    assert sum("UPDATE sd_session" in statement for statement in statements) == 1


def test_a_request_is_recognised_by_one_statement(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_head")
    caller.get("/logout/")

    with demo.counting() as statements:
        caller.get("/logout/")

    assert len(statements) == 1


def test_a_program_does_not_sign_in_with_an_initial_password(demo: DemoCollege) -> None:
    hand_out(demo, "jwc_head")

    answer = by_api(demo, "jwc_head", INITIAL)

    assert answer.status_code == 403
    assert "设置新密码" in told(answer)


def test_an_initial_password_does_not_last_for_ever(demo: DemoCollege) -> None:
    hand_out(demo, "jwc_head", ago=timedelta(days=31))

    answer = by_form(demo, "jwc_head", INITIAL)

    assert answer.status_code == 403
    assert "已经失效" in told(answer)
