"""The list of tables: whose they are, how they stand, what to do next."""

import pytest

from app.domain.submission import Status
from tests.demo import DemoCollege
from tests.pages import links_of, text_of

MOST_STATEMENTS = 15


def test_a_steward_sees_first_what_his_department_reports(demo: DemoCollege) -> None:
    answer = demo.caller("jwc_steward").get("/data/")

    text = text_of(answer)
    assert "7.2.1 开设课程基本信息 2025-2026 学年 教务处 填报中 继续填报" in text
    assert "8.5 专职督导人员基本情况" not in text


def test_all_tables_begin_with_those_of_the_own_department(demo: DemoCollege) -> None:
    text = text_of(demo.caller("jwc_steward").get("/data/", show="all"))

    assert text.index("8.9 重大制度创新") < text.index("6.1.2 校内专任教师授课情况")


def test_tables_of_other_departments_are_not_listed(demo: DemoCollege) -> None:
    text = text_of(demo.caller("qcx_steward").get("/data/", show="all"))

    assert "经费收入" not in text


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (Status.NOT_STARTED, "开始填报"),
        (Status.ENTERING, "继续填报"),
        (Status.RETURNED, "去修改"),
        (Status.UNDER_REVIEW, "查看"),
        (Status.ACCEPTED, "查看"),
    ],
)
def test_the_button_names_the_next_thing_to_do(
    demo: DemoCollege, status: Status, action: str
) -> None:
    set_status(demo, status)

    text = text_of(demo.caller("jwc_steward").get("/data/", q="7.2.1"))

    assert text.rstrip().endswith(action)


def set_status(demo: DemoCollege, status: Status) -> None:
    if status is not Status.RETURNED:
        demo.set_status("course", "A03", status)
        return
    with demo.session() as session:
        submission = session.merge(demo.submission("course", "A03"))
        submission.status, submission.reason = status, "第2行学分有误"
        session.commit()


def test_a_head_is_offered_to_look_only(demo: DemoCollege) -> None:
    text = text_of(demo.caller("jwc_head").get("/data/"))

    assert "查看" in text
    assert "填报中 继续填报" not in text


def test_the_quality_office_sees_every_table_and_how_it_stands(demo: DemoCollege) -> None:
    text = text_of(demo.caller("qa").get("/data/"))

    assert f"全部 {len(demo.store.tables)}" in text
    day = demo.period("institution_profile")
    assert f"院校名称、性质与评估状态 截至 {day} 党政办公室 审核通过 查看" in text
    assert "已通过 0/" in text


@pytest.mark.parametrize("wanted", ["7.2.1", "表7.2.1", "课程基本"])
def test_tables_are_found_by_number_and_name(demo: DemoCollege, wanted: str) -> None:
    answer = demo.caller("jwc_steward").get("/data/", q=wanted)

    assert [link for link in links_of(answer) if link.startswith("/data/")][-1] == "/data/course/"
    assert "7.1.1" not in text_of(answer)


def test_a_search_without_hits_says_what_to_try(demo: DemoCollege) -> None:
    text = text_of(demo.caller("jwc_steward").get("/data/", q="<b>没有"))

    assert "没有与“<b>没有”相符的表" in text


def test_who_may_see_no_table_learns_whom_to_ask(demo: DemoCollege) -> None:
    answer = demo.caller("admin").get("/data/")

    assert "联系质管办" in text_of(answer)
    assert "/data/" not in links_of(answer)


@pytest.mark.parametrize("username", ["jwc_steward", "qa", "leader", "t_full"])
def test_the_list_costs_few_statements(demo: DemoCollege, username: str) -> None:
    caller = demo.caller(username)

    with demo.counting() as statements:
        assert caller.get("/data/", show="all").status_code == 200

    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)
