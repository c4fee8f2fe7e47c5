"""The page of one submission: what it shows to whom."""

import pytest

from app.domain.submission import Status, Verb
from tests.demo import DemoCollege
from tests.pages import links_of, text_of
from tests.web.submission.steps import brought, offered, page_of, take


def test_the_steward_sees_rows_findings_and_whose_move_it_is(demo: DemoCollege) -> None:
    submission = demo.submission("course", "A03")

    answer = page_of(demo, "jwc_steward", submission)

    period = demo.period("course")
    rows = [row for row in demo.stored("course") if row["sys_period"] == period]
    page = text_of(answer)
    assert offered(answer) == {"finish"}
    assert "现在该由信息采集管理员办理" in page
    assert f"{len(rows)} 行数据将提交部门审核" in page
    assert "课程未填写使用教材" in page
    assert any(link.startswith("/data/course/?") for link in links_of(answer))


def test_a_step_that_is_not_ours_says_why(demo: DemoCollege) -> None:
    submission = brought(demo, Status.AWAITING_CONFIRMATION)

    steward = page_of(demo, "jwc_steward", submission)
    head = page_of(demo, "jwc_head", submission)

    assert offered(steward) == set()
    assert "现在该由部门负责人办理：确认并报送" in text_of(steward)
    assert "您没有“确认并报送”的权限" not in text_of(steward)
    assert any(link.endswith("status=mine") for link in links_of(steward))
    assert offered(head) == {"confirm", "send_back"}
    assert "确认数据真实、准确、完整" in text_of(head)


def test_the_leader_reads_the_state_but_no_rows(demo: DemoCollege) -> None:
    submission = demo.submission("course", "A03")

    answer = page_of(demo, "leader", submission)

    assert answer.status_code == 200
    assert offered(answer) == set()
    assert "<table" not in answer.get_data(as_text=True)
    assert "您没有查看表" in text_of(answer)


def test_personal_fields_are_masked_for_the_quality_office(demo: DemoCollege) -> None:
    submission = demo.submission("full_time_teacher", "C01")
    masked = [f.code for f in demo.store.catalogue.tables["full_time_teacher"].fields if f.mask]
    place = (demo.period("full_time_teacher"), "C01")
    rows = demo.stored("full_time_teacher")
    shown = [row for row in rows if (row["sys_period"], row["sys_department"]) == place]
    # Short ones, codes, may stand on any page.
    values = [str(row[code]) for row in shown for code in masked if len(str(row[code])) > 7]

    office = page_of(demo, "qa", submission).get_data(as_text=True)

    assert values
    assert not [value for value in values if value in office]
    assert "****" in office


def test_a_returned_table_shows_the_reason(demo: DemoCollege) -> None:
    submission = demo.submission("tuition_income_item", "A07")

    answer = page_of(demo, "cwc_steward", submission)

    assert "请核对后更正" in text_of(answer)
    assert offered(answer) == {"finish"}


def test_the_history_tells_steps_and_refused_attempts(demo: DemoCollege) -> None:
    demo.caller("jwc_steward").changes(
        "course", {"op": "insert", "values": {"course_code": "ZZ99"}}, partial=True
    )
    take(demo, "jwc_steward", demo.submission("course", "A03"), Verb.FINISH)

    page = text_of(page_of(demo, "jwc_steward", demo.submission("course", "A03")))

    assert "提交审核未成功，有 " in page


@pytest.mark.parametrize("who", ["jwc_steward", "jwc_head", "qa", "leader"])
def test_the_page_asks_the_database_little(demo: DemoCollege, who: str) -> None:
    submission = demo.submission("course", "A03")
    caller = demo.caller(who)
    caller.get(f"/submissions/{submission.id}")

    with demo.counting() as statements:
        caller.get(f"/submissions/{submission.id}")

    assert len(statements) <= 20, statements


@pytest.mark.parametrize("path", ["x", "-1", "0", "9" * 30, "1%00", "1.5"])
def test_an_address_of_no_submission_is_not_found(demo: DemoCollege, path: str) -> None:
    assert demo.caller("qa").get(f"/submissions/{path}").status_code == 404


def test_a_visitor_is_asked_to_sign_in(demo: DemoCollege) -> None:
    assert demo.visitor().get("/submissions/1").location == "/login/?next=/submissions/1"
