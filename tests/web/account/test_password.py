"""Setting another password: who has to, who may, what it ends."""

import re

import pytest

from tests.demo import PASSWORD, Caller, DemoCollege, token_of
from tests.pages import text_of
from tests.web.account.doors import INITIAL, NEW, bearer, browser, by_api, by_form, hand_out
from tests.web.test_guard import OPEN

LEFT_OPEN = OPEN | {"PasswordView.password"}
GOOD = {"present": PASSWORD, "new": NEW, "repeated": NEW}


def change(caller: Caller, path: str = "/password/", **typed: str):
    """Send the form of the page with what was typed."""
    return caller.post(path, data=GOOD | typed | {"csrf_token": caller.token})


def addresses(demo: DemoCollege) -> list[tuple[str, str]]:
    """An address of every route that is closed until a new password is set, with its method."""
    return [
        (re.sub(r"<[^>]+>", "1", rule.rule), method)
        for rule in demo.application.url_map.iter_rules()
        if rule.endpoint not in LEFT_OPEN
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_an_initial_password_opens_one_page_only(demo: DemoCollege) -> None:
    hand_out(demo, "jwc_steward")
    caller = browser(demo, "jwc_steward", INITIAL)

    for path, method in addresses(demo):
        answer = caller.client.open(path, method=method, headers={"X-CSRFToken": caller.token})

        if method == "GET" and not path.startswith("/api/"):
            assert (answer.status_code, answer.location[:10]) == (302, "/password/"), path
        else:
            assert answer.status_code == 403, (path, method)
        if path.startswith("/api/"):
            assert answer.mimetype == "application/problem+json"
            assert "设置新密码" in answer.json["detail"]


def test_with_a_new_password_the_way_goes_on(demo: DemoCollege) -> None:
    hand_out(demo, "jwc_steward")
    caller = browser(demo, "jwc_steward", INITIAL)
    led = caller.get("/data/?q=x")

    page = caller.get(led.location)
    answer = change(caller, led.location, present=INITIAL)

    assert led.location == "/password/?next=/data/?q%3Dx"
    assert "初始密码" in text_of(page)
    assert (answer.status_code, answer.location) == (302, "/data/?q=x")
    assert caller.get("/data/").status_code == 200
    assert by_form(demo, "jwc_steward", INITIAL).status_code == 401


def test_whoever_has_to_change_may_leave(demo: DemoCollege) -> None:
    hand_out(demo, "jwc_steward")
    caller = browser(demo, "jwc_steward", INITIAL)

    assert caller.post("/logout/", data={"csrf_token": caller.token}).location == "/login/"


def test_the_demo_accounts_need_no_new_password(demo: DemoCollege) -> None:
    assert browser(demo, "t_part").get("/").status_code == 200


def test_a_changed_password_ends_every_other_session_and_token(demo: DemoCollege) -> None:
    caller, other = browser(demo, "jwc_head"), browser(demo, "jwc_head")
    headers, stranger = bearer(demo, "jwc_head"), browser(demo, "qcx_head")

    answer = change(caller)

    assert (answer.status_code, answer.location) == (302, "/account/")
    assert "个会话已结束" in text_of(caller.get("/account/"))
    assert other.get("/").location == "/login/"
    assert demo.visitor().get("/api/v1/data/", headers=headers).status_code == 401
    assert stranger.get("/").status_code == 200
    assert by_api(demo, "jwc_head", PASSWORD).status_code == 401
    assert by_api(demo, "jwc_head", NEW).status_code == 200


def test_an_initial_password_ends_sessions_and_tokens(demo: DemoCollege) -> None:
    caller, headers = browser(demo, "jwc_head"), bearer(demo, "jwc_head")

    hand_out(demo, "jwc_head")

    assert caller.get("/").location == "/login/"
    assert demo.visitor().get("/api/v1/data/", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("typed", "status", "expected"),
    [
        ({"present": ""}, 422, ["请填写现在的登录密码"]),
        ({"present": "wrong"}, 422, ["还可再试 4 次"]),
        ({"new": "", "repeated": ""}, 422, ["请填写新密码"]),
        ({"repeated": NEW + "x"}, 422, ["不一样"]),
        ({"new": PASSWORD, "repeated": PASSWORD}, 422, ["人人都会先试", "与现在的密码相同"]),
        (
            {"present": "wrong", "new": "jwc_head", "repeated": ""},
            422,
            ["还可再试", "太短", "登录名", "不一样"],
        ),
    ],
)
def test_everything_that_is_missing_is_named_at_once(
    demo: DemoCollege, typed: dict[str, str], status: int, expected: list[str]
) -> None:
    caller = browser(demo, "jwc_head")

    answer = change(caller, **typed)

    text = text_of(answer)
    assert answer.status_code == status
    assert [words for words in expected if words not in text] == []
    assert NEW not in answer.get_data(as_text=True)
    assert by_api(demo, "jwc_head", PASSWORD).status_code == 200


def test_the_present_password_cannot_be_guessed_here(demo: DemoCollege) -> None:
    caller = browser(demo, "jwc_head")

    answers = [change(caller, present=f"wrong {number}") for number in range(5)]
    answers.append(change(caller))

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429, 429]
    assert "已锁定" in text_of(answers[5])


def test_a_second_click_is_answered_kindly(demo: DemoCollege) -> None:
    caller = browser(demo, "jwc_head")
    change(caller)

    answer = change(caller)

    assert answer.status_code == 422
    assert "密码不正确" in text_of(answer)


def test_a_page_for_strangers_is_none_of_this(demo: DemoCollege) -> None:
    visitor = demo.visitor()

    assert visitor.get("/password/").location == "/login/?next=/password/"
    assert (
        visitor.post("/password/", data=GOOD | {"csrf_token": token_of(visitor)}).status_code == 401
    )
