"""The workbench: what each person finds to do and to read."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.domain.cycle import CycleStatus
from app.domain.submission import Status, Verb
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.web.formats import moment_text
from app.web.home import SHOWN_TODOS
from tests.demo import PASSWORD, DemoCollege
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
    assert found == sorted(
        found, key=["returned", "late", "soon", "under_way", "not_started"].index
    )
    assert "请核对后更正" in text_of(answer)
    assert f"/submissions/{demo.submission('tuition_income_item', 'A07').id}" in links_of(answer)


def test_what_is_late_comes_before_what_is_under_way(demo: DemoCollege) -> None:
    with demo.session() as session:
        cycle = session.get_one(Cycle, demo.cycle.id)
        cycle.due_at -= timedelta(days=60)
        session.commit()

    assert set(urgencies(demo, "jwc_steward")) == {"late"}
    assert "仍可补报" in text_of(demo.caller("jwc_steward").get("/"))


def test_what_is_due_soon_says_how_long_there_is(demo: DemoCollege) -> None:
    with demo.session() as session:
        cycle = session.get_one(Cycle, demo.cycle.id)
        cycle.due_at = datetime.now(UTC) + timedelta(days=2)
        session.commit()

    assert set(urgencies(demo, "jwc_steward")) == {"soon"}
    assert re.search("距截止 [12] 天", text_of(demo.caller("jwc_steward").get("/")))


def test_what_came_back_tells_who_sent_it(demo: DemoCollege) -> None:
    for who in ("cwc_steward", "cwc_head", "qa"):
        assert "周敏" in text_of(demo.caller(who).get("/"))
    assert re.search(r"周敏 于 [\d-]+ [\d:]+ 退回", text_of(demo.caller("cwc_steward").get("/")))
    assert "退回人：周敏" in text_of(demo.caller("cwc_head").get("/"))


def test_the_office_sees_what_waits_by_step_and_who_is_behind(demo: DemoCollege) -> None:
    answer = demo.caller("qa").get("/")

    page = text_of(answer)
    waiting = [line["status"] for line in demo.caller("qa").get("submissions").json["submissions"]]
    counts = (waiting.count("submitted"), waiting.count("under_qa_review"))
    assert "受理 {} 审核通过 {}".format(*counts) in page
    assert "进度最慢的部门" in page
    assert any(link.startswith("/board/?department=") for link in links_of(answer))


def test_the_leader_sees_progress_only(demo: DemoCollege) -> None:
    page = text_of(demo.caller("leader").get("/"))

    assert "全校进度" in page
    assert "进度最慢的部门" in page
    assert "最近退回" not in page
    assert "我的待办" not in page


def test_a_department_is_not_told_who_is_behind(demo: DemoCollege) -> None:
    for who in ("jwc_steward", "jwc_head", "t_full", "archive"):
        assert "进度最慢的部门" not in text_of(demo.caller(who).get("/"))


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

    assert len(urgencies(demo, "qa")) == SHOWN_TODOS
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
    assert "/data/full_time_teacher/" not in links_of(demo.caller("t_visiting").get("/"))
    assert "/data/external_visiting_teacher/" in links_of(demo.caller("t_visiting").get("/"))


def test_a_teacher_reads_the_later_due_date_that_was_granted(demo: DemoCollege) -> None:
    later = demo.cycle.due_at + timedelta(days=40)
    with demo.session() as session:
        session.execute(update(Submission).values(due_at=later, status=Status.ENTERING))
        session.commit()

    page = text_of(demo.caller("t_full").get("/")).partition("我的数据")[2]

    assert moment_text(later) in page


def test_a_department_sees_nothing_of_another(demo: DemoCollege) -> None:
    page = text_of(demo.caller("jwc_steward").get("/"))

    assert "学费收入" not in page
    assert "全校进度" not in page


def test_without_work_the_next_step_is_shown(demo: DemoCollege) -> None:
    answer = demo.caller("jwc_head").get("/")

    assert "今天没有待办" in text_of(answer)
    assert re.search(r"轮到您时会出现在这里： 信息采集管理员 \d+ 张", text_of(answer))
    assert "/submissions/" in links_of(answer)


def test_the_menu_leads_where_one_may_go(demo: DemoCollege) -> None:
    expected = {
        "jwc_steward": {"/submissions/", "/board/", "/cycles/", "/assignments/"},
        "qa": {"/submissions/", "/board/", "/cycles/", "/assignments/", "/consolidation/"},
        "archive": {"/cycles/", "/assignments/", "/consolidation/"},
        "admin": {"/cycles/", "/assignments/"},
        "t_full": set(),
    }
    pages = {"/submissions/", "/board/", "/cycles/", "/assignments/", "/consolidation/"}
    for who, reached in expected.items():
        assert set(links_of(demo.caller(who).get("/logout/"))) & pages == set()
        page = demo.caller(who).get("/").get_data(as_text=True).partition("<main")[0]
        assert set(re.findall(r'href="([^"]+)"', page)) & pages == reached
        assert {path for path in pages if demo.caller(who).get(path).status_code == 200} == reached


def test_the_menu_groups_what_belongs_together(demo: DemoCollege) -> None:
    heading = re.compile(r'class="menu-heading">([^<]+)<')

    found = {
        who: heading.findall(demo.caller(who).get("/").get_data(as_text=True))
        for who in ("qa", "admin", "t_full")
    }

    assert found == {
        "qa": ["采集组织", "结果与考核", "人员与权限"],
        "admin": ["采集组织", "结果与考核", "人员与权限"],
        "t_full": ["结果与考核"],
    }


def test_a_step_shows_on_the_workbench_at_once(demo: DemoCollege) -> None:
    before = urgencies(demo, "jwc_head")
    submission = brought(demo, Status.AWAITING_CONFIRMATION)
    assert len(urgencies(demo, "jwc_head")) == len(before) + 1

    take(demo, "jwc_head", submission, Verb.CONFIRM, password=PASSWORD)

    assert urgencies(demo, "jwc_head") == before


def test_a_year_that_stands_still_counts_no_days(demo: DemoCollege) -> None:
    def told(status: CycleStatus) -> str:
        with demo.session() as session:
            cycle = session.merge(demo.cycle)
            cycle.status = status
            cycle.closed_at = datetime(2026, 3, 1, 2, tzinfo=UTC)
            session.commit()
        return text_of(demo.caller("qa").get("/"))

    assert "距截止" in told(CycleStatus.OPEN)
    closed = told(CycleStatus.CLOSED)
    assert "采集已于 2026-03-01 10:00 截止关闭" in closed
    assert "距截止" not in closed


def test_the_latest_notices_stand_beside_the_todos(demo: DemoCollege) -> None:
    take(demo, "qa", brought(demo, Status.UNDER_QA_REVIEW), Verb.SEND_BACK, reason="请核对")

    answer = demo.caller("jwc_steward").get("/")

    assert re.search("通知 [0-9]+ 教务处的“.*”被退回", text_of(answer))
    assert "/notices/" in links_of(answer)
    demo.caller("jwc_steward").post("/notices/read", data={})
    assert "被退回，请在" not in text_of(demo.caller("jwc_steward").get("/"))


def test_the_heading_tells_the_phase_and_its_days(demo: DemoCollege) -> None:
    page = text_of(demo.caller("t_full").get("/"))

    assert re.search(r"第[123]阶段：\S+，还剩 \d+ 天", page)


def test_questions_wait_for_the_office_alone(demo: DemoCollege) -> None:
    typed = {"place": "course", "text": "实践课算不算？"}
    assert demo.caller("jwc_steward").post("/regulation/ask", data=typed).status_code == 303

    assert "2 个关于数据表的提问等待答复" in text_of(demo.caller("qa").get("/"))
    assert "提问等待答复" not in text_of(demo.caller("jwc_steward").get("/"))
