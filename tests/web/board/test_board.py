"""The page of the board: figures, dots, filters, and who sees what."""

import re

import pytest
from werkzeug.test import TestResponse

from app.domain.submission import Status
from tests.demo import DemoCollege
from tests.pages import links_of, text_of

DOT = re.compile(r'<a class="dot ([^"]+)" href="(/submissions/\d+)" title="([^"]+)"')
LEGEND = "图例"


def board(demo: DemoCollege, who: str, **query: str) -> TestResponse:
    answer = demo.caller(who).get("/board/", **query)
    assert answer.status_code == 200
    return answer


def dots(answer: TestResponse) -> dict[str, tuple[str, str]]:
    """Address of the submission → look and words of its dot."""
    found = DOT.findall(answer.get_data(as_text=True))
    return {address: (style, words) for style, address, words in found}


def figures(answer: TestResponse) -> list[int]:
    """Owed, reported, accepted, sent back, overdue."""
    found = re.findall(r'figure-count">(\d+)<', answer.get_data(as_text=True))
    return [int(number) for number in found]


@pytest.mark.parametrize("by", ["department", "table"])
def test_the_office_finds_every_table_of_the_college(demo: DemoCollege, by: str) -> None:
    listed = demo.caller("qa").get("submissions").json["submissions"]

    found = dots(board(demo, "qa", by=by))

    assert set(found) == {f"/submissions/{line['id']}" for line in listed}


def test_a_dot_tells_table_department_status_days_and_whose_move_it_is(demo: DemoCollege) -> None:
    submission = demo.submission("tuition_income_item", "A07")

    found = dots(board(demo, "qa"))
    style, words = found[f"/submissions/{submission.id}"]
    _style, awaited = found[f"/submissions/{demo.submission('course', 'A03').id}"]

    assert style == "state-returned"
    assert "5.1.2 学费收入" in words
    assert "财务处" in words
    assert re.search(r"已退回 \d+ 天，该由信息采集管理员办理", words)
    assert re.search(r"距截止 \d+ 天", awaited)


def test_the_figures_are_those_of_the_statuses(demo: DemoCollege) -> None:
    before = figures(board(demo, "qa"))
    lines = demo.caller("qa").get("submissions").json["submissions"]

    demo.set_status("course", "A03", Status.ACCEPTED)
    demo.set_status("major", "A03", Status.EXEMPT)
    after = figures(board(demo, "qa"))

    assert [new - old for old, new in zip(before, after, strict=True)] == [-1, 1, 1, 0, 0]
    exempt = [line for line in lines if line["status"] == "exempt"]
    assert f"另有 {len(exempt) + 1} 张不适用" in text_of(board(demo, "qa"))


@pytest.mark.parametrize(
    ("query", "table", "department"),
    [
        ({"status": "returned", "department": "A07"}, "tuition_income_item", "A07"),
        ({"q": "5.1.2"}, "tuition_income_item", "A07"),
        ({"q": "学费收入 财务处"}, "tuition_income_item", "A07"),
        ({"status": "submitted", "by": "table", "department": "B01"}, "library_collection", "B01"),
        ({"chapter": "3", "status": "mine", "department": "B01"}, "library_collection", "B01"),
        ({"department": "A01", "status": "under_qa_review"}, "institution_contact", "A01"),
    ],
)
def test_filters_leave_what_was_asked_for(
    demo: DemoCollege, query: dict[str, str], table: str, department: str
) -> None:
    found = dots(board(demo, "qa", **query))

    assert set(found) == {f"/submissions/{demo.submission(table, department).id}"}


def test_the_kind_of_department_is_a_filter(demo: DemoCollege) -> None:
    kinds = {spec.name: spec.kind.value for spec in demo.store.catalogue.departments}

    for kind in ("office", "teaching", "affiliated"):
        found = dots(board(demo, "qa", kind=kind)).values()
        names = {words.partition("\n")[0].rpartition(" · ")[2] for _style, words in found}
        assert {kinds[name] for name in names} == {kind}


def test_filters_stand_in_every_address_of_the_page(demo: DemoCollege) -> None:
    answer = board(demo, "qa", kind="teaching", chapter="6", q="教师", status="mine")

    links = links_of(answer)
    for way in ("/board/?", "/submissions/?", "/api/v1/board/workbook.xlsx?"):
        kept = [link for link in links if link.startswith(way)]
        assert any("kind=teaching" in link and "chapter=6" in link for link in kept), way


@pytest.mark.parametrize("who", ["jwc_steward", "jwc_head"])
def test_a_department_sees_its_own_and_the_college_in_shares(demo: DemoCollege, who: str) -> None:
    answer = board(demo, who)
    own = demo.caller(who).get("submissions").json["submissions"]

    page = text_of(answer)
    assert set(dots(answer)) == {f"/submissions/{line['id']}" for line in own}
    assert re.search(r"全校平均：已报 [<\d]+%，通过 [<\d]+%，退回 [<\d]+%，逾期 0%", page)
    assert "学费收入" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["qa", "leader"])
def test_who_overlooks_the_college_needs_no_average(demo: DemoCollege, who: str) -> None:
    assert "全校平均" not in text_of(board(demo, who))


@pytest.mark.parametrize("who", ["t_full", "archive", "reader", "admin"])
def test_everybody_else_is_told_why_not(demo: DemoCollege, who: str) -> None:
    answer = demo.caller(who).get("/board/")

    assert answer.status_code == 403
    assert "没有查看进度看板的权限" in text_of(answer)
    assert "/board/" not in links_of(demo.caller(who).get("/"))


def test_without_the_right_to_submissions_the_dots_lead_nowhere(demo: DemoCollege) -> None:
    demo.revoke("read", "submission")

    answer = board(demo, "leader")

    assert dots(answer) == {}
    assert 'class="dot state-returned"' in answer.get_data(as_text=True)
    assert not [link for link in links_of(answer) if link.startswith("/submissions")]


def test_one_permission_row_takes_page_button_and_workbook(demo: DemoCollege) -> None:
    demo.revoke("read", "board")

    for who in ("qa", "leader", "jwc_head", "jwc_steward"):
        caller = demo.caller(who)
        assert "/board/" not in links_of(caller.get("/"))
        assert caller.get("/board/").status_code == 403
        assert caller.get("board").status_code == 403
        assert caller.get("board/workbook.xlsx").status_code == 403
        assert caller.get("/submissions/").status_code == 200


@pytest.mark.parametrize("who", ["qa", "jwc_head", "leader"])
@pytest.mark.parametrize("by", ["department", "table"])
def test_the_board_asks_the_database_little(demo: DemoCollege, who: str, by: str) -> None:
    caller = demo.caller(who)
    caller.get("/board/")

    with demo.counting() as statements:
        caller.get("/board/", by=by)

    assert len(statements) <= 15, statements


def test_a_year_that_is_past_can_be_read(demo: DemoCollege) -> None:
    answer = board(demo, "qa", cycle=demo.locked_cycle.academic_year)

    owed, reported, accepted, returned, _late = figures(answer)
    assert owed == reported == accepted > 0
    assert returned == 0
    assert "100%" in text_of(answer)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"status": "nonsense", "by": "x", "kind": "y", "chapter": "%00", "q": "'\"<"}, 200),
        ({"q": "*" * 5000, "department": "Z" * 300, "chapter": "9" * 300}, 200),
        ({"cycle": "1999-2000"}, 404),
        ({"cycle": "'; DROP TABLE sd_cycle"}, 404),
    ],
)
def test_nonsense_in_the_address_is_harmless(
    demo: DemoCollege, query: dict[str, str], status: int
) -> None:
    assert demo.caller("qa").get("/board/", **query).status_code == status


def test_an_empty_filter_says_so_and_leads_back(demo: DemoCollege) -> None:
    answer = board(demo, "qa", q="没有这样的表")

    assert "没有符合条件的表" in text_of(answer) or "显示全部" in text_of(answer)
    assert LEGEND not in text_of(answer)


def test_a_visitor_is_asked_to_sign_in(demo: DemoCollege) -> None:
    assert demo.visitor().get("/board/").location == "/login/?next=/board/"
