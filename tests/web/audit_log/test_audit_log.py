"""The page of the audit log: what is found there, by whom, and verifying the chain."""

import pytest
from sqlalchemy import update

from app.models.audit_log import AuditEntry
from app.web.audit_log.labels import DEEDS, OBJECTS, VERBS
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
