"""The bell, the list of one's own notices, and when people are reminded."""

import re

import pytest

from app.domain.submission import Status, Verb
from app.models.notice import Notice
from tests.demo import PASSWORD, DemoCollege
from tests.pages import links_of, text_of
from tests.web.submission.steps import brought, take

BELL = re.compile(r'<a class="nav-link px-2 bell" href="/notices/" aria-label="([^"]+)"')
OPEN = re.compile(r'action="(/notices/\d+/open)"')
DAYS = "2026-10-01\n2026-10-02"
SETTINGS = {"begins": "21:30", "ends": "06:30", "days_off": DAYS, "on": "before"}
TOO_MANY = " ".join(f"2026-{month:02}-{day:02}" for month in (1, 3, 5) for day in range(1, 30))


def unread(demo: DemoCollege, who: str) -> int:
    """The number on the bell."""
    [words] = BELL.findall(demo.caller(who).get("/account/").get_data(as_text=True))
    found = re.search(r"(\d+) 条未读", words)
    return int(found[1]) if found else 0


def send_back(demo: DemoCollege) -> None:
    """The courses of 教务处 come back from the quality office."""
    take(demo, "qa", brought(demo, Status.UNDER_QA_REVIEW), Verb.SEND_BACK, reason="课程名称不一致")


def test_what_is_sent_back_rings_the_bell_of_the_department(demo: DemoCollege) -> None:
    before = {who: unread(demo, who) for who in ("jwc_steward", "jwc_head", "cwc_steward")}

    send_back(demo)

    more = {who: unread(demo, who) - count for who, count in before.items()}
    assert (more["jwc_steward"], more["cwc_steward"]) == (1, 0)
    page = text_of(demo.caller("jwc_steward").get("/notices/"))
    assert re.search(r"教务处的“.* 开设课程基本信息”被退回，请在 [\d-]+ [\d:]+ 前更正", page)
    assert "课程名称不一致" not in page


def test_opening_a_notice_leads_to_the_table_and_notes_that_it_was_read(demo: DemoCollege) -> None:
    send_back(demo)
    steward = demo.caller("jwc_steward")
    before = unread(demo, "jwc_steward")
    address = OPEN.findall(steward.get("/notices/").get_data(as_text=True))[0]

    answer = steward.post(address, data={})

    assert answer.status_code == 303
    assert answer.location == f"/submissions/{demo.submission('course', 'A03').id}"
    assert unread(demo, "jwc_steward") == before - 1


def test_all_are_marked_as_read_at_once(demo: DemoCollege) -> None:
    send_back(demo)
    steward = demo.caller("jwc_steward")

    assert steward.post("/notices/read", data={}).status_code == 303

    assert unread(demo, "jwc_steward") == 0
    assert "全部标为已读" not in text_of(steward.get("/notices/"))


def test_the_next_step_makes_the_notice_of_the_last_one_old(demo: DemoCollege) -> None:
    submission = brought(demo, Status.AWAITING_CONFIRMATION)
    waiting = unread(demo, "jwc_head")

    take(demo, "jwc_head", submission, Verb.CONFIRM, password=PASSWORD)

    assert unread(demo, "jwc_head") == waiting - 1


def test_filters_leave_what_was_asked_for(demo: DemoCollege) -> None:
    send_back(demo)
    steward = demo.caller("jwc_steward")

    assert "被退回" in text_of(steward.get("/notices/", show="return"))
    assert "被退回" not in text_of(steward.get("/notices/", show="rule"))
    assert "被退回" in text_of(steward.get("/notices/", show="unread"))
    assert steward.get("/notices/", show="'\"<", page="999999").status_code == 200


def test_the_bell_costs_no_statement_and_the_list_few(demo: DemoCollege) -> None:
    send_back(demo)
    steward = demo.caller("jwc_steward")
    steward.get("/notices/")

    with demo.counting() as of_account:
        steward.get("/password/")
    with demo.counting() as of_list:
        steward.get("/notices/")

    assert sum("sd_notice" in statement for statement in of_account) == 1
    assert all("sd_session" in s for s in of_account if "sd_notice" in s)
    assert len(of_list) <= 6, of_list


def test_programs_read_and_mark_them(demo: DemoCollege) -> None:
    send_back(demo)
    steward = demo.caller("jwc_steward")
    told = steward.get("notices", unread="1").json

    [first, *_rest] = told["notices"]
    answer = steward.post("notices/read", {"notices": [first["id"]]}).json

    assert first["link"].startswith("/submissions/")
    assert first["kind"] == "return"
    assert answer == {"read": 1}
    assert steward.get("notices").json["unread"] == told["unread"] - 1
    assert demo.caller("qa").post("notices/read", {"notices": [first["id"]]}).json == {"read": 0}


def test_the_office_sets_when_people_are_reminded(demo: DemoCollege) -> None:
    office = demo.caller("qa")

    assert office.post("/notices/settings", data=SETTINGS).status_code == 303

    page = office.get("/notices/settings").get_data(as_text=True)
    assert 'value="21:30"' in page
    assert "2026-10-02" in page
    assert re.search(r'value="before" checked', page)
    assert not re.search(r'value="overdue" checked', page)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"begins": "25:00"}, "免打扰时间请写成"),
        ({"ends": "七点"}, "免打扰时间请写成"),
        ({"days_off": "2026-02-30"}, "不是日期"),
        ({"days_off": "国庆"}, "不是日期"),
        ({"days_off": TOO_MANY}, "60"),
    ],
)
def test_nonsense_is_told_and_nothing_typed_is_lost(
    demo: DemoCollege, typed: dict[str, str], told: str
) -> None:
    answer = demo.caller("qa").post("/notices/settings", data={**SETTINGS, **typed})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in page
    assert next(iter(typed.values())) in page
    assert re.search(r'value="before" checked', page)
    assert 'value="21:30"' not in demo.caller("qa").get("/notices/settings").get_data(as_text=True)


def test_the_administrator_looks_after_channels_and_sets_nothing(demo: DemoCollege) -> None:
    page = demo.caller("admin").get("/notices/settings").get_data(as_text=True)

    assert "没有设置外发渠道" in page
    assert '<fieldset class="mb-3" disabled>' in page
    assert "保存" not in page


def test_a_notice_of_a_table_that_has_left_the_catalogue_is_still_told(demo: DemoCollege) -> None:
    send_back(demo)
    with demo.session() as session:
        for notice in session.query(Notice):
            notice.facts = {**notice.facts, "table": "gone", "department": "Z9"}
        session.commit()

    assert "gone" in text_of(demo.caller("jwc_steward").get("/notices/", show="return"))


def test_everybody_finds_the_bell(demo: DemoCollege) -> None:
    for who in ("qa", "jwc_steward", "t_full", "leader", "reader", "archive", "admin"):
        assert "/notices/" in links_of(demo.caller(who).get("/"))
