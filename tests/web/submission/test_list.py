"""The list of submissions: chips, filters, and whose lines it has."""

import re
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from app.domain.submission import Status
from app.models.submission import Submission
from tests.demo import DemoCollege
from tests.pages import links_of, pages_of, text_of

LINE = re.compile(r'<td class="card-number" data-label="[^"]*">([\d.]+)</td>')


def numbers(demo: DemoCollege, who: str, **query: str) -> list[str]:
    """The printed numbers on the list."""
    answers = pages_of(demo, who, "/submissions/", **query)
    assert {answer.status_code for answer in answers} == {200}
    return [number for one in answers for number in LINE.findall(one.get_data(as_text=True))]


def submissions(demo: DemoCollege) -> Sequence[Submission]:
    with demo.session() as session:
        return session.scalars(select(Submission).where(Submission.cycle_id == demo.cycle.id)).all()


def owed(demo: DemoCollege, *departments: str) -> list[str]:
    tables = demo.store.catalogue.tables
    found = [s for s in submissions(demo) if not departments or s.department_code in departments]
    return [tables[s.table_identifier].number for s in found]


def standing(demo: DemoCollege, *statuses: Status) -> list[str]:
    """The printed numbers of the tables that stand in one of the statuses."""
    tables = demo.store.catalogue.tables
    found = [s for s in submissions(demo) if s.status in statuses]
    return [tables[s.table_identifier].number for s in found]


def test_a_department_sees_its_own_tables(demo: DemoCollege) -> None:
    assert sorted(numbers(demo, "jwc_steward")) == sorted(owed(demo, "A03"))
    assert sorted(numbers(demo, "jwc_head")) == sorted(owed(demo, "A03"))


@pytest.mark.parametrize("who", ["qa", "leader"])
def test_who_overlooks_the_college_sees_all(demo: DemoCollege, who: str) -> None:
    assert sorted(numbers(demo, who, status="all")) == sorted(owed(demo))


def test_the_quality_office_begins_with_what_waits_for_it(demo: DemoCollege) -> None:
    answer = demo.caller("qa").get("/submissions/")

    assert sorted(numbers(demo, "qa")) == sorted(numbers(demo, "qa", status="mine"))
    assert any("status=all" in link for link in links_of(answer))
    # Whoever only watches has nothing waiting, and a limit that was asked for is kept to.
    assert sorted(numbers(demo, "leader")) == sorted(owed(demo))
    assert sorted(numbers(demo, "qa", department="A03")) == sorted(owed(demo, "A03"))


def test_all_is_shown_where_nothing_waits(demo: DemoCollege) -> None:
    year = demo.locked_cycle.academic_year

    assert numbers(demo, "qa", cycle=year) == numbers(demo, "qa", cycle=year, status="all") != []


def test_a_page_has_fifty_lines_and_its_links_keep_the_filter(demo: DemoCollege) -> None:
    answers = pages_of(demo, "qa", "/submissions/", status="all", q="表 系")
    whole = pages_of(demo, "qa", "/submissions/", status="all")

    lengths = [len(LINE.findall(answer.get_data(as_text=True))) for answer in whole]
    assert lengths[:-1] == [50] * (len(owed(demo)) // 50)
    others = [link for answer in [*answers, *whole] for link in links_of(answer) if "page=" in link]
    assert others
    assert all("status=all" in link and "cycle=" in link for link in others)


@pytest.mark.parametrize("who", ["t_full", "archive", "reader", "admin"])
def test_everybody_else_is_told_why_not(demo: DemoCollege, who: str) -> None:
    answer = demo.caller(who).get("/submissions/")

    assert answer.status_code == 403
    assert "您没有查看报送情况的权限" in text_of(answer)


def test_chips_count_and_select(demo: DemoCollege) -> None:
    returned = numbers(demo, "qa", status=Status.RETURNED.value)
    mine = numbers(demo, "qa", status="mine")

    assert sorted(returned) == sorted(standing(demo, Status.RETURNED))
    assert sorted(mine) == sorted(standing(demo, Status.SUBMITTED, Status.UNDER_QA_REVIEW))
    chip = rf"已退回\s*{len(returned)}\b"
    assert re.search(chip, text_of(demo.caller("qa").get("/submissions/")))


def test_lines_are_found_by_number_name_and_department(demo: DemoCollege) -> None:
    assert numbers(demo, "qa", q="5.1.2") == ["5.1.2"]
    assert numbers(demo, "qa", q="学费收入 财务处") == ["5.1.2"]
    assert numbers(demo, "qa", department="A03", q="课程基本") == ["7.2.1"]
    assert numbers(demo, "qa", q="没有这样的表") == []


def test_a_year_that_is_past_can_be_read(demo: DemoCollege) -> None:
    year = demo.locked_cycle.academic_year

    assert len(numbers(demo, "jwc_steward", cycle=year, status="locked")) > 0
    assert numbers(demo, "jwc_steward", cycle=year, status="mine") == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"status": "nonsense", "q": "%\x00'\"<", "department": "Z" * 300}, 200),
        ({"status": ["a", "b"], "q": "*" * 5000}, 200),
        ({"cycle": "1999-2000"}, 404),
        ({"cycle": "'; DROP TABLE sd_cycle"}, 404),
    ],
)
def test_nonsense_in_the_address_is_harmless(
    demo: DemoCollege, query: dict[str, str], status: int
) -> None:
    assert demo.caller("qa").get("/submissions/", **query).status_code == status


@pytest.mark.parametrize("who", ["qa", "jwc_steward"])
def test_the_list_asks_the_database_little(demo: DemoCollege, who: str) -> None:
    caller = demo.caller(who)
    caller.get("/submissions/")

    with demo.counting() as statements:
        caller.get("/submissions/")

    assert len(statements) <= 15, statements
