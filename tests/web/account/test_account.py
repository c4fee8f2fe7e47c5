"""One's own account: where one is signed in, ending it elsewhere, what happened."""

import re

import pytest

from app.models.account import SignInSession
from app.web.account.client import client_text
from tests.demo import DemoCollege
from tests.pages import text_of
from tests.web.account.doors import bearer, browser, by_form

ENDINGS = re.compile(r'action="(/account/sessions/\d+/end)"')


def test_the_page_lists_ones_sessions_and_marks_this_one(demo: DemoCollege) -> None:
    caller = browser(demo, "jwc_head")
    browser(demo, "jwc_head"), bearer(demo, "jwc_head"), browser(demo, "qcx_head")

    page = caller.get("/account/")

    text = text_of(page)
    assert page.status_code == 200
    assert text.count("正在使用") == 1
    assert "127.0.0.1" in text
    assert len(ENDINGS.findall(page.get_data(as_text=True))) == len(living(demo, "jwc_head")) - 1


def living(demo: DemoCollege, username: str) -> list[int]:
    with demo.session() as session:
        found = session.query(SignInSession).filter_by(username=username, ended_at=None)
        return [row.id for row in found]


def test_one_session_is_ended_elsewhere(demo: DemoCollege) -> None:
    caller, other = browser(demo, "jwc_head"), browser(demo, "jwc_head")
    newest = max(living(demo, "jwc_head"))

    answers = [
        caller.post(f"/account/sessions/{newest}/end", data={"csrf_token": caller.token})
        for _ in range(2)
    ]

    assert {answer.location for answer in answers} == {"/account/"}
    assert other.get("/").location == "/login/"
    text = text_of(caller.get("/account/"))
    assert "会话已结束" in text
    assert "已经结束了" in text


def test_nobody_ends_the_session_of_another(demo: DemoCollege) -> None:
    caller, other = browser(demo, "jwc_head"), browser(demo, "qcx_head")
    [*_, foreign] = living(demo, "qcx_head")

    caller.post(f"/account/sessions/{foreign}/end", data={"csrf_token": caller.token})
    caller.post("/account/sessions/end", data={"csrf_token": caller.token})

    assert other.get("/").status_code == 200


def test_all_others_are_ended_at_once(demo: DemoCollege) -> None:
    caller, other = browser(demo, "jwc_head"), browser(demo, "jwc_head")
    headers = bearer(demo, "jwc_head")

    caller.post("/account/sessions/end", data={"csrf_token": caller.token})

    assert caller.get("/").status_code == 200
    assert other.get("/").location == "/login/"
    assert demo.visitor().get("/api/v1/data/", headers=headers).status_code == 401


def test_the_page_tells_of_wrong_passwords(demo: DemoCollege) -> None:
    caller = browser(demo, "jwc_head")
    by_form(demo, "jwc_head", "wrong")
    by_form(demo, "qcx_head", "wrong")

    text = text_of(caller.get("/account/"))

    assert text.count("密码错误") == 1


def test_the_page_costs_few_statements(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_head")
    caller.get("/account/")

    with demo.counting() as statements:
        assert caller.get("/account/").status_code == 200

    assert len(statements) <= 5, statements


@pytest.mark.parametrize(
    ("client", "shown"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "微软浏览器 · Windows 电脑",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
            " Mobile/15E148 MicroMessenger/8.0.49",
            "微信 · 苹果手机",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
            "火狐浏览器 · Linux 电脑",
        ),
        ("python-requests/2.32", "未知程序"),
        ("<script>alert(1)</script>", "未知程序"),
        ("", "未知程序"),
        (None, "未知程序"),
    ],
)
def test_programs_are_called_by_names_people_know(
    demo: DemoCollege, client: str | None, shown: str
) -> None:
    with demo.application.test_request_context():
        assert client_text(client) == shown
