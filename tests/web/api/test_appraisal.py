"""The appraisal over JSON and as a workbook."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.demo import DemoCollege


@pytest.fixture
def begun(demo: DemoCollege) -> DemoCollege:
    answer = demo.caller("qa").post(f"/appraisal/{year_of(demo)}/draft", data={})
    assert answer.status_code == 302
    return demo


def year_of(demo: DemoCollege) -> int:
    return demo.locked_cycle.year.start_year + 1


def read(demo: DemoCollege, who: str = "qa") -> Any:
    answer = demo.caller(who).get(f"appraisals/{year_of(demo)}")
    assert answer.status_code == 200, answer.json
    return answer.json


def test_departments_and_items_come_with_score_evidence_and_links(begun: DemoCollege) -> None:
    answer = read(begun)

    assert (answer["year"], answer["status"]) == (year_of(begun), "draft")
    assert len(answer["departments"]) > 20
    department = next(one for one in answer["departments"] if one["code"] == "A01")
    late = next(one for one in department["items"] if one["item"] == "C2.1")
    assert (Decimal(late["score"]), late["is_counted"]) == (12, True)
    assert late["evidence_count"] == len(late["links"]["submissions"]) > 0
    assert late["links"]["page"].endswith("/departments/A01/C2.1")
    for link in (late["links"]["page"], *late["links"]["submissions"][:2]):
        assert begun.caller("qa").get(link).status_code == 200


def test_the_scheme_comes_along(begun: DemoCollege) -> None:
    scheme = read(begun)["scheme"]
    weights = [item["weight"] for one in scheme["criteria"] for item in one["items"]]

    assert sum(map(Decimal, weights)) == Decimal(scheme["full_score"]) == 100


def test_what_waits_has_no_score(begun: DemoCollege) -> None:
    department = read(begun)["departments"][0]
    waiting = next(one for one in department["items"] if one["item"] == "C4.3")

    assert (waiting["score"], waiting["is_pending"], waiting["does_not_apply"]) == (
        None,
        True,
        False,
    )
    assert department["pending"] == 8


def test_a_department_gets_its_own_preview(begun: DemoCollege) -> None:
    answer = read(begun, "jwc_head")

    assert (answer["is_preview"], answer["status"]) == (True, None)
    assert [one["code"] for one in answer["departments"]] == ["A03"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("leader", 200), ("jwc_steward", 200), ("t_full", 403), ("reader", 403), ("admin", 403)],
)
def test_others_are_refused(begun: DemoCollege, who: str, status: int) -> None:
    assert begun.caller(who).get(f"appraisals/{year_of(begun)}").status_code == status


def test_without_the_permission_row_nobody_reads(demo: DemoCollege) -> None:
    demo.revoke("read", "appraisal")

    for ending in ("", "/workbook.xlsx"):
        assert demo.caller("qa").get(f"appraisals/{year_of(demo)}{ending}").status_code == 403


@pytest.mark.parametrize("year", ["1999", "0", "99999", "x"])
def test_a_year_there_is_none_of_is_not_found(demo: DemoCollege, year: str) -> None:
    assert demo.caller("qa").get(f"appraisals/{year}").status_code == 404


def test_the_workbook_is_for_those_who_see_stored_scores(begun: DemoCollege) -> None:
    address = f"appraisals/{year_of(begun)}/workbook.xlsx"

    answer = begun.caller("leader").get(address)

    book = openpyxl.load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["评分表", "计分依据", "评分办法表"]
    assert begun.caller("jwc_head").get(address).status_code == 404
    assert begun.caller("t_full").get(address).status_code == 403


@pytest.mark.parametrize("ending", ["", "/workbook.xlsx"])
def test_reading_takes_few_statements(begun: DemoCollege, ending: str) -> None:
    caller, address = begun.caller("qa"), f"appraisals/{year_of(begun)}{ending}"
    caller.get(address)

    with begun.counting() as statements:
        caller.get(address)

    assert len(statements) <= 15, statements
