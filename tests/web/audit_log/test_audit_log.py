"""The page of the audit log: what is found there, by whom, and verifying the chain."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from app.actions.job import begin_job
from app.domain.job import JobState
from app.domain.message import Message
from app.jobs.execution import carry_out
from app.models.audit_log import AuditEntry
from app.models.job import Job
from app.web.audit_log import verification
from app.web.audit_log.labels import DEEDS, OBJECTS, VERBS, reason_text
from tests.demo import DemoCollege
from tests.pages import text_of


def test_the_office_finds_who_did_what(demo: DemoCollege) -> None:
    page = demo.caller("qa").get("/audit/", about="submission", department="A08")

    text = text_of(page)
    assert "审核通过" in text
    assert "3.5 固定资产与教学科研仪器设备：" in text.replace(" ：", "：")


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "昨天"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"before": "x"},
        {"about": "'; DROP"},
    ],
)
def test_what_makes_no_sense_is_not_looked_for(demo: DemoCollege, asked: dict[str, str]) -> None:
    assert demo.caller("qa").get("/audit/", **asked).status_code == 200


def test_a_day_that_is_none_is_told(demo: DemoCollege) -> None:
    caller = demo.caller("qa")

    assert "“昨天”不是" in text_of(caller.get("/audit/", since="昨天", until="2099-01-01"))
    assert "不是一个日期" not in text_of(caller.get("/audit/", since="2020-01-01"))


def test_an_empty_answer_says_what_to_do(demo: DemoCollege) -> None:
    page = demo.caller("qa").get("/audit/", person="查无此人")

    assert "没有符合条件的留痕" in text_of(page)


def test_verifying_says_that_all_is_well_or_where_not(demo: DemoCollege) -> None:
    assert "留痕与写入时一致" in text_of(demo.caller("qa").post("/audit/verify"))

    with demo.session() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 5).values(reason="改过"))
        session.commit()

    text = text_of(demo.caller("admin").post("/audit/verify"))
    assert "不一致：1 处" in text
    assert "第 5 条：这一条与写入时不同" in text


def test_a_department_sees_its_own_and_cannot_verify(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_head")

    page = caller.get("/audit/")

    assert "核对留痕链" not in text_of(page)
    assert caller.post("/audit/verify").status_code == 403


def test_pages_ask_the_database_little(demo: DemoCollege) -> None:
    caller = demo.caller("qa")
    caller.get("/audit/")

    with demo.counting() as statements:
        caller.get("/audit/")

    assert len(statements) <= 10, statements


def test_whatever_the_story_of_the_demo_writes_has_a_name(demo: DemoCollege) -> None:
    with demo.session() as session:
        tags = set(session.query(AuditEntry.tag).distinct())

    for (tag,) in tags:
        about, _dot, verb = tag.partition(".")
        named = {str(each) for members in VERBS.get(about, ()) for each in members}
        assert about in OBJECTS, tag
        assert verb in named | set(DEEDS), tag


def test_what_a_program_keeps_as_reason_is_shown_to_nobody(demo: DemoCollege) -> None:
    with demo.session() as session:
        kept = {"tag": "data.export", "reason": '{"rows": 12, "q": "张三"}'}
        session.execute(update(AuditEntry).where(AuditEntry.id == 5).values(**kept))
        session.commit()

    page = text_of(demo.caller("qa").get("/audit/", about="data"))

    assert "导出" in page
    assert "张三" not in page
    assert "rows" not in page


def test_how_many_scores_changed_is_no_reason() -> None:
    assert reason_text("appraisal.appraise", "0") == ""
    assert reason_text("appraisal.adjust", "被上级表扬") == "被上级表扬"


@pytest.fixture
def long_log(demo: DemoCollege, monkeypatch: pytest.MonkeyPatch) -> DemoCollege:
    """The log of the demo college is long enough to be verified by a worker; one seems to run."""
    monkeypatch.setattr(verification, "AT_ONCE", 10)
    demo.application.extensions["queue"].beat_as_worker()
    return demo


def carry_out_all(demo: DemoCollege) -> None:
    """What the worker does, without a worker."""
    queue = demo.application.extensions["queue"]
    store = demo.application.extensions["store"]
    with demo.session() as session:
        for key in session.scalars(select(Job.key).where(Job.state == JobState.QUEUED)).all():
            assert begin_job(session, key, now=datetime.now(UTC))
            carry_out(session, store, queue, key, Message.english)


def test_a_long_log_is_verified_in_the_background_once(long_log: DemoCollege) -> None:
    caller = long_log.caller("qa")

    answers = [caller.post("/audit/verify").status_code for _ in range(2)]
    page = caller.get("/audit/")

    with long_log.session() as session:
        assert len(session.scalars(select(Job)).all()) == 1
    assert answers == [302, 302]
    assert "正在后台核对" in text_of(page)
    assert 'hx-trigger="every 2s"' in page.get_data(as_text=True)


def test_what_the_job_has_found_is_shown_to_those_who_may_verify(long_log: DemoCollege) -> None:
    with long_log.session() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 5).values(reason="改过"))
        session.commit()
    long_log.caller("qa").post("/audit/verify")
    carry_out_all(long_log)

    text = text_of(long_log.caller("admin").get("/audit/"))

    assert "不一致：1 处" in text
    assert "第 5 条：这一条与写入时不同" in text
    assert "不一致：1 处" in text_of(long_log.caller("qa").get("/jobs/"))
    assert "不一致" not in text_of(long_log.caller("jwc_head").get("/audit/"))


def test_without_a_worker_a_long_log_is_verified_while_the_person_waits(
    long_log: DemoCollege, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_log.application.extensions["queue"], "has_worker", lambda: False)

    assert "留痕与写入时一致" in text_of(long_log.caller("qa").post("/audit/verify"))
