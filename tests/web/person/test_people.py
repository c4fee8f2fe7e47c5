"""The list of people and one person's page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models.account import Account
from app.models.permission import user
from app.models.person import Person
from tests.demo import DemoCollege, token_of
from tests.pages import form_of, links_of, text_of

ACTION = re.compile(r'action="/people/\d+/(\w+)"')
SECRET = re.compile(r'class="secret">([a-z0-9-]{14})<')
TODAY = datetime.now(UTC).date()
TEACHER, STEWARD, HEAD, ADMINISTRATOR = "t_full", "qcx_steward", "qcx_head", "admin"
OFFICE = "qa"


def stored(demo: DemoCollege, username: str) -> Person:
    with demo.session() as session:
        found = session.scalars(select(Person).where(Person.username == username)).one()
        assert found.appointments is not None
        return found


def act(demo: DemoCollege, who: str, whom: str, verb: str, **typed: object) -> TestResponse:
    found = stored(demo, whom)
    form = {"version": found.version, **typed}
    return demo.caller(who).post(f"/people/{found.id}/{verb}", data=form)


def page(demo: DemoCollege, who: str, whom: str) -> TestResponse:
    return demo.caller(who).get(f"/people/{stored(demo, whom).id}")


def password_hash(demo: DemoCollege, username: str) -> str:
    with demo.session() as session:
        return str(session.scalar(select(user.c.password).where(user.c.username == username)))


# Which buttons whose page has: (a teacher's, a steward's, one's own).
BUTTONS = {
    ADMINISTRATOR: (
        {"edit", "assign", "close", "reset", "disable"},
        {"edit", "assign", "reset", "disable"},
        {"edit"},
    ),
    OFFICE: ({"assign", "close", "reset"}, {"assign", "close"}, set()),
    HEAD: ({"assign"}, {"assign", "close"}, set()),
    STEWARD: ({"reset"}, None, None),
}


@pytest.mark.parametrize("who", list(BUTTONS))
def test_the_buttons_are_those_the_server_takes(demo: DemoCollege, who: str) -> None:
    for whom, expected in zip((TEACHER, STEWARD, who), BUTTONS[who], strict=True):
        answer = page(demo, who, whom)
        if expected is None:
            assert answer.status_code == 404
            continue
        assert set(ACTION.findall(answer.get_data(as_text=True))) == expected
        for verb in {"edit", "reset", "disable"} - expected:
            refused = act(demo, who, whom, verb, name="别名", department="C01", last_day=TODAY)
            assert refused.status_code == 403
    assert stored(demo, TEACHER).name != "别名"


@pytest.mark.parametrize("who", ["leader", "reader", "archive", "t_full"])
def test_others_have_no_page_of_people(demo: DemoCollege, who: str) -> None:
    caller = demo.caller(who)

    assert "/people/" not in links_of(caller.get("/"))
    for path in ("/people/", "/people/duties", "/people/new", "/people/import/", "/people/logins/"):
        assert caller.get(path).status_code == 403
    assert page(demo, who, HEAD).status_code == 403
    assert act(demo, who, HEAD, "reset").status_code == 404


def test_people_of_another_department_do_not_exist(demo: DemoCollege) -> None:
    for who in (HEAD, STEWARD):
        assert page(demo, who, "jdx_head").status_code == 404
        assert act(demo, who, "jdx_head", "reset").status_code == 404
        assert act(demo, who, "jdx_head", "assign", function="head").status_code in (404, 422)
    assert "机电工程系" not in text_of(demo.caller(HEAD).get("/people/"))


def test_the_list_is_searched_and_filtered_in_few_statements(demo: DemoCollege) -> None:
    caller = demo.caller(OFFICE)
    caller.get("/people/")
    with demo.counting() as statements:
        everybody = caller.get("/people/")
    assert everybody.status_code == 200
    assert len(statements) <= 15

    teacher = stored(demo, TEACHER)
    for query in ({"q": teacher.number}, {"q": teacher.name}, {"q": TEACHER.upper()}):
        assert teacher.name in text_of(caller.get("/people/", **query))
    heads = text_of(caller.get("/people/", function="head", department="C01"))
    assert stored(demo, HEAD).name in heads
    assert teacher.name not in heads
    assert "没有符合条件的人员" in text_of(caller.get("/people/", q="没有这个人"))


def test_a_page_of_one_person_takes_few_statements(demo: DemoCollege) -> None:
    page(demo, ADMINISTRATOR, HEAD)
    address = f"/people/{stored(demo, HEAD).id}"
    with demo.counting() as statements:
        demo.caller(ADMINISTRATOR).get(address)

    assert len(statements) <= 15


def test_a_deputy_is_appointed_by_the_head_with_a_last_day(demo: DemoCollege) -> None:
    wanted = {"function": "head", "place": "C01", "first_day": TODAY}
    last = TODAY + timedelta(days=9)

    endless = act(demo, HEAD, TEACHER, "assign", **wanted)
    done = act(demo, HEAD, TEACHER, "assign", **wanted, last_day=last)

    assert endless.status_code == 403
    assert form_of(endless, "assign-form")["first_day"] == TODAY.isoformat()
    assert done.status_code == 302
    told = text_of(page(demo, HEAD, TEACHER))
    assert f"{TODAY} 至 {last}" in told
    assert "代理" in text_of(demo.caller(HEAD).get("/people/duties"))


@pytest.mark.parametrize(
    "typed",
    [{"function": "king"}, {"first_day": "morgen"}, {"place": "X99"}, {"last_day": "2001-01-01"}],
)
def test_odd_words_come_back_with_a_reason(demo: DemoCollege, typed: dict[str, str]) -> None:
    wanted = {"function": "data_steward", "place": "C01", "first_day": TODAY.isoformat()}

    answer = act(demo, OFFICE, TEACHER, "assign", **{**wanted, **typed})

    assert answer.status_code == 422
    assert "data-error-summary" in answer.get_data(as_text=True)
    kept = form_of(answer, "assign-form")
    if "function" not in typed:
        assert kept["function"] == "data_steward"


def test_a_reset_password_is_shown_once_and_only_its_hash_is_kept(demo: DemoCollege) -> None:
    before = password_hash(demo, TEACHER)

    answer = act(demo, STEWARD, TEACHER, "reset")

    [secret] = SECRET.findall(answer.get_data(as_text=True))
    assert answer.headers["Cache-Control"] == "no-store"
    after = password_hash(demo, TEACHER)
    assert after != before
    assert secret not in after
    assert secret not in page(demo, STEWARD, TEACHER).get_data(as_text=True)
    with demo.session() as session:
        assert session.get_one(Account, TEACHER).must_change_password


def test_an_initial_password_opens_only_the_page_that_changes_it(demo: DemoCollege) -> None:
    answer = act(demo, STEWARD, TEACHER, "reset")
    [secret] = SECRET.findall(answer.get_data(as_text=True))
    browser = demo.visitor()
    form = {"username": TEACHER, "password": secret, "csrf_token": token_of(browser)}

    assert browser.post("/login/", data=form).status_code == 302
    assert browser.get("/data/").headers["Location"].startswith("/password/")


def test_a_stale_page_is_told_kindly(demo: DemoCollege) -> None:
    seen = stored(demo, TEACHER).version
    act(demo, STEWARD, TEACHER, "reset")

    again = act(demo, STEWARD, TEACHER, "reset", version=seen)

    assert again.status_code == 409
    assert "此人信息已被他人修改" in text_of(again)


def test_a_leaver_is_gone_at_once_and_comes_back(demo: DemoCollege) -> None:
    signed_in = demo.caller(TEACHER)
    assert signed_in.get("/").status_code == 200

    done = act(demo, ADMINISTRATOR, TEACHER, "disable", last_day=TODAY)

    assert done.status_code == 302
    assert signed_in.get("/").status_code == 302
    assert "已停用" in text_of(page(demo, ADMINISTRATOR, TEACHER))
    assert act(demo, ADMINISTRATOR, TEACHER, "disable", last_day=TODAY).status_code == 409
    assert act(demo, ADMINISTRATOR, TEACHER, "enable").status_code == 302
    assert stored(demo, TEACHER).is_active


def test_the_only_administrator_is_told_why_he_stays(demo: DemoCollege) -> None:
    given = {"function": "administrator", "place": "A01", "first_day": TODAY}
    [reads] = stored(demo, "reader").appointments
    over = {"appointment": reads.id, "last_day": TODAY - timedelta(days=1)}

    assert act(demo, ADMINISTRATOR, "reader", "assign", **given).status_code == 403
    act(demo, ADMINISTRATOR, "reader", "close", **over)
    act(demo, ADMINISTRATOR, "reader", "assign", **given)
    second = demo.caller("reader")
    first = stored(demo, ADMINISTRATOR)
    form = {"version": first.version, "last_day": TODAY}

    assert second.post(f"/people/{first.id}/disable", data=form).status_code == 302
    own = stored(demo, "reader")
    last = {"version": own.version, "last_day": TODAY}
    assert second.post(f"/people/{own.id}/disable", data=last).status_code == 403


def test_a_person_is_added_and_a_taken_number_comes_back(demo: DemoCollege) -> None:
    office = demo.caller(OFFICE)
    wanted = {"number": "88001", "name": "新人", "department": "C01", "teacher_kind": "in_house"}

    done = office.post("/people/new", data=wanted)
    again = office.post("/people/new", data={**wanted, "name": "别人"})

    assert done.status_code == 302
    assert again.status_code == 422
    assert form_of(again, "person-form")["name"] == "别人"
    assert "已属于新人" in text_of(again)


def test_no_permission_row_no_page(demo: DemoCollege) -> None:
    demo.revoke("read", "person")

    assert demo.caller(ADMINISTRATOR).get("/people/").status_code == 403


@pytest.mark.parametrize("verb", ["king", "passwords"])
def test_unknown_acts_are_not_found(demo: DemoCollege, verb: str) -> None:
    assert act(demo, ADMINISTRATOR, TEACHER, verb).status_code == 404
    assert demo.caller(ADMINISTRATOR).get("/people/999999").status_code == 404
