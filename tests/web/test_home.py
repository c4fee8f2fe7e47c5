"""The workbench: what each person finds to do and to read."""

import re
from datetime import timedelta

import pytest

from app.domain.submission import Status, Verb
from app.models.cycle import Cycle
from tests.demo import DemoCollege
from tests.pages import links_of, text_of
from tests.web.submission.steps import brought, take

EVERYBODY = [
    *("jwc_steward", "jwc_head", "qa", "qa_steward", "leader", "archive", "reader", "admin"),
    *("t_full", "t_visiting"),
]
TODO = re.compile(r'<li class="todo todo-(\w+)">')


def urgencies(demo: DemoCollege, who: str) -> list[str]:
    return TODO.findall(demo.caller(who).get("/").get_data(as_text=True))


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_has_a_workbench_of_few_statements(demo: DemoCollege, who: str) -> None:
    caller = demo.caller(who)
    caller.get("/")

    with demo.counting() as statements:
        answer = caller.get("/")

    assert answer.status_code == 200
    assert "采集中" in text_of(answer)
    assert len(statements) <= 15, statements


def test_the_steward_finds_what_came_back_first(demo: DemoCollege) -> None:
    found = urgencies(demo, "cwc_steward")
    answer = demo.caller("cwc_steward").get("/")

    assert found[0] == "returned"
    assert found == sorted(found, key=["returned", "late", "under_way", "not_started"].index)
    assert "请核对后更正" in text_of(answer)
    assert f"/submissions/{demo.submission('tuition_income_item', 'A07').id}" in links_of(answer)


def test_what_is_late_comes_before_what_is_under_way(demo: DemoCollege) -> None:
    with demo.session() as session:
        cycle = session.get_one(Cycle, demo.cycle.id)
        cycle.due_at -= timedelta(days=60)
        session.commit()

    assert set(urgencies(demo, "jwc_steward")) == {"late"}
    assert "仍可补报" in text_of(demo.caller("jwc_steward").get("/"))


def test_the_buttons_lead_to_the_rows(demo: DemoCollege) -> None:
    links = links_of(demo.caller("jwc_steward").get("/"))

    assert f"/data/course/?period={demo.period('course')}&department=A03" in links


def test_the_head_finds_what_waits_for_his_confirmation(demo: DemoCollege) -> None:
    assert urgencies(demo, "jwc_head") == []

    brought(demo, Status.AWAITING_CONFIRMATION)

    assert urgencies(demo, "jwc_head") == ["under_way"]
    assert "去确认" in text_of(demo.caller("jwc_head").get("/"))


def test_the_office_finds_what_was_reported(demo: DemoCollege) -> None:
    page = text_of(demo.caller("qa").get("/"))

    assert len(urgencies(demo, "qa")) == 2
    assert "去受理" in page
    assert "去审核" in page
    assert "全校进度" in page


def test_whoever_may_not_see_submissions_sees_no_figures(demo: DemoCollege) -> None:
    for who in ("archive", "reader", "admin", "t_full"):
        answer = demo.caller(who).get("/")
        assert "state-returned" not in answer.get_data(as_text=True)
        assert "进度" not in text_of(answer)
        assert not [link for link in links_of(answer) if link.startswith("/submissions/")]


def test_a_teacher_finds_the_tables_about_himself(demo: DemoCollege) -> None:
    assert "/data/full_time_teacher/" in links_of(demo.caller("t_full").get("/"))


def test_a_department_sees_nothing_of_another(demo: DemoCollege) -> None:
    page = text_of(demo.caller("jwc_steward").get("/"))

    assert "学费收入" not in page
    assert "全校进度" not in page


def test_without_work_the_next_step_is_shown(demo: DemoCollege) -> None:
    answer = demo.caller("jwc_head").get("/")

    assert "今天没有待办" in text_of(answer)
    assert "/submissions/" in links_of(answer)


def test_the_menu_leads_where_one_may_go(demo: DemoCollege) -> None:
    expected = {
        "jwc_steward": {"/submissions/", "/cycles/", "/assignments/"},
        "qa": {"/submissions/", "/cycles/", "/assignments/", "/consolidation/"},
        "archive": {"/cycles/", "/assignments/", "/consolidation/"},
        "admin": {"/cycles/", "/assignments/"},
        "t_full": set(),
    }
    pages = {"/submissions/", "/cycles/", "/assignments/", "/consolidation/"}
    for who, reached in expected.items():
        assert set(links_of(demo.caller(who).get("/logout/"))) & pages == set()
        page = demo.caller(who).get("/").get_data(as_text=True).partition("<main")[0]
        assert set(re.findall(r'href="([^"]+)"', page)) & pages == reached
        assert {path for path in pages if demo.caller(who).get(path).status_code == 200} == reached


def test_a_step_shows_on_the_workbench_at_once(demo: DemoCollege) -> None:
    before = urgencies(demo, "qa")

    take(demo, "qa", demo.submission("library_collection", "B01"), Verb.RECEIVE)
    take(demo, "qa", demo.submission("library_collection", "B01"), Verb.ACCEPT)

    assert len(urgencies(demo, "qa")) == len(before) - 1
