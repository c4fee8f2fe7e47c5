"""The board over JSON and as a workbook."""

from typing import Any

import pytest

from app.domain.submission import Status
from tests.demo import DemoCollege
from tests.exchange.books import opened


def lines_of(answer: Any) -> list[tuple[str, str, str]]:
    """Department, table and status of every line."""
    return [
        (department["code"], line["table"]["identifier"], line["status"])
        for department in answer.json["departments"]
        for line in department["tables"]
    ]


def test_the_office_reads_figures_and_lines(demo: DemoCollege) -> None:
    answer = demo.caller("qa").get("board")

    figures = answer.json["figures"]
    assert answer.status_code == 200
    assert answer.json["cycle"] == demo.cycle.academic_year
    assert ("A07", "tuition_income_item", "returned") in lines_of(answer)
    assert figures["owed"] == len(lines_of(answer)) - figures["exempt"]
    assert figures["returned"] == sum(line[2] == "returned" for line in lines_of(answer))
    [library] = [d for d in answer.json["departments"] if d["code"] == "B01"]
    assert library["tables"][0]["next"] == "receive"
    assert library["figures"]["reported"] == 1


def test_a_department_reads_its_own_and_shares_only(demo: DemoCollege) -> None:
    answer = demo.caller("jwc_head").get("board")

    assert {code for code, _table, _status in lines_of(answer)} == {"A03"}
    assert set(answer.json["college"]) == {"reported", "accepted", "returned", "late"}
    assert answer.json["college"] == demo.caller("qa").get("board").json["college"]


def test_filters_are_those_of_the_page(demo: DemoCollege) -> None:
    caller = demo.caller("qa")

    returned = lines_of(caller.get("board", status="returned", department="A07"))
    assert returned == [("A07", "tuition_income_item", "returned")]
    assert lines_of(caller.get("board", q="5.1.2", kind="teaching")) == []
    year = demo.locked_cycle.academic_year
    assert {status for _d, _t, status in lines_of(caller.get("board", cycle=year))} <= {
        "locked",
        "exempt",
    }


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"kind": "x"}, 400),
        ({"status": "x"}, 400),
        ({"cycle": "1999-2000"}, 404),
        ({"x": "1"}, 400),
    ],
)
def test_what_cannot_be_understood_is_refused(
    demo: DemoCollege, query: dict[str, str], status: int
) -> None:
    assert demo.caller("qa").get("board", **query).status_code == status


@pytest.mark.parametrize("who", ["t_full", "archive", "reader", "admin"])
@pytest.mark.parametrize("path", ["board", "board/workbook.xlsx"])
def test_others_are_refused(demo: DemoCollege, who: str, path: str) -> None:
    assert demo.caller(who).get(path).status_code == 403


def test_the_workbook_holds_what_the_filter_leaves(demo: DemoCollege) -> None:
    demo.set_status("course", "A03", Status.ACCEPTED)

    answer = demo.caller("jwc_head").get("board/workbook.xlsx", status="accepted")

    book = opened(answer.data)
    assert book.sheetnames == ["按部门", "数据表×部门", "明细"]
    lines = list(book["明细"].iter_rows(min_row=4, values_only=True))
    assert ("7.2.1", "教务处", "审核通过") in [(line[1], line[3], line[5]) for line in lines]
    assert {(line[3], line[5]) for line in lines} == {("教务处", "审核通过")}
