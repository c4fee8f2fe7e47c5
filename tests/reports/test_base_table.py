"""Rows are read in scope, in a stable order, counted no further than needed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.access.row_filter import parse_filter
from app.actions.row_change import INSERT, Change
from app.domain.message import Reason, Refused
from app.models.row_id import encode_row_id
from app.reports import base_table
from app.reports.base_table import RowsPage, RowsRequest, iterate_rows, read_row, read_rows
from tests.college import College
from tests.people import People
from tests.reports.statements import statements

PUBLICATION = "full_time_publication"
WANTED = RowsRequest("2025-2026")


@pytest.fixture
def filled(college: College, people: People) -> College:
    """Three publications: two of C01, one of them of 刘洋, and one of C02."""
    college.add(PUBLICATION, 1, by=people.chen_gang, staff_no="10021", published_on="2026-01")
    college.add(PUBLICATION, 2, by=people.chen_gang, staff_no="10022")
    college.add(PUBLICATION, 3, by=people.luo_lin, staff_no="20021")
    return college


def read(college: College, table: str, actor, **wanted) -> RowsPage:
    request = replace(WANTED, **wanted)
    return read_rows(college.session, college.store, table, actor, request)


def codes(page: RowsPage, field: str = "course_code") -> list[object]:
    return [row.values[field] for row in page.rows]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("chen_gang", ["10021", "10022"]),
        ("luo_lin", ["20021"]),
        ("liu_yang", ["10021"]),
        ("zhou_min", ["10021", "10022", "20021"]),
    ],
)
def test_everybody_reads_his_own_scope(
    filled: College, people: People, name: str, numbers: list[str]
) -> None:
    page = read(filled, PUBLICATION, getattr(people, name))

    assert codes(page, "staff_no") == numbers
    assert (page.count, page.count_exact, page.has_more) == (len(numbers), True, False)


def test_a_department_named_narrows_the_scope_and_never_widens_it(
    filled: College, people: People
) -> None:
    office = read(filled, PUBLICATION, people.zhou_min, department="C02")
    steward = read(filled, PUBLICATION, people.chen_gang, department="C02")

    assert codes(office, "staff_no") == ["20021"]
    assert (codes(steward), steward.count) == ([], 0)


@pytest.mark.parametrize("name", ["li_jing", "administrator", "leader", "archivist", "reader"])
def test_who_has_no_rows_to_read_is_refused(filled: College, people: People, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(filled, PUBLICATION, getattr(people, name))

    assert refusal.value.reason is Reason.FORBIDDEN


def test_a_row_carries_its_values_version_and_findings(filled: College, people: People) -> None:
    [first, _] = read(filled, PUBLICATION, people.chen_gang).rows

    [stored, *_] = filled.rows(PUBLICATION)
    assert (first.id, first.version, first.department) == (str(stored["sys_id"]), "1", "C01")
    assert first.values == filled.row(PUBLICATION, 1, staff_no="10021", published_on="2026-01")
    assert [finding.field for finding in first.findings] == ["staff_no"]


def test_findings_stand_at_the_rows_of_a_later_page(college: College, people: People) -> None:
    college.add("course", 1, 2, by=people.li_jing)
    college.add("course", 3, by=people.li_jing, course_name=None)

    page = read(college, "course", people.li_jing, offset=2)

    assert [[f.field for f in row.findings] for row in page.rows] == [["course_name"]]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("100%", ["K00001"]),
        ("a_b", ["K00002"]),
        ("A_B", ["K00002"]),
        ("k0000", ["K00001", "K00002", "K00003"]),
        (" 制图 ", ["K00003"]),
        ("%", ["K00001"]),
        ("_", ["K00002"]),
        ("没有", []),
        ("  ", ["K00001", "K00002", "K00003"]),
    ],
)
def test_search_looks_into_every_text_and_takes_marks_literally(
    college: College, people: People, search: str, expected: list[str]
) -> None:
    names = ["达标100%", "a_b", "机械制图"]
    rows = [college.row("course", n, course_name=name) for n, name in enumerate(names, start=1)]
    college.change("course", *(Change(INSERT, row) for row in rows), by=people.li_jing)

    page = read(college, "course", people.li_jing, search=search)

    assert codes(page) == expected


def test_a_table_without_texts_finds_nothing(college: College, people: People) -> None:
    college.add("teaching_resource", by=people.li_jing)

    page = read(college, "teaching_resource", people.li_jing, search="1")

    assert (page.rows, page.count) == ([], 0)


def test_rows_are_sorted_and_ties_keep_their_order(college: College, people: People) -> None:
    values = ["2.0", "1.0", "2.0", "10.0"]
    rows = [college.row("course", n, credit=value) for n, value in enumerate(values, start=1)]
    college.change("course", *(Change(INSERT, row) for row in rows), by=people.li_jing)

    up = read(college, "course", people.li_jing, sort=("credit",))
    down = read(college, "course", people.li_jing, sort=("-credit", "-course_code"))

    assert codes(up) == ["K00002", "K00001", "K00003", "K00004"]
    assert codes(down) == ["K00004", "K00003", "K00001", "K00002"]
    assert up.rows[0].values["credit"] == Decimal("1.0")


@pytest.mark.parametrize("word", ["nothing", "sys_id", "--credit", ""])
def test_what_is_no_field_is_not_sorted_by(college: College, people: People, word: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(college, "course", people.li_jing, sort=(word,))

    assert refusal.value.reason is Reason.INVALID


def test_pages_follow_each_other_without_gap_or_repetition(
    college: College, people: People
) -> None:
    college.add("course", *range(1, 8), by=people.li_jing, credit="1")

    pages = [
        read(college, "course", people.li_jing, sort=("credit",), offset=offset, limit=3)
        for offset in (0, 3, 6, 9)
    ]

    assert [row for page in pages for row in codes(page)] == [f"K0000{n}" for n in range(1, 8)]
    assert [page.has_more for page in pages] == [True, True, False, False]
    assert {(page.count, page.count_exact) for page in pages} == {(7, True)}


def test_a_page_has_at_least_one_and_at_most_500_rows(college: College, people: People) -> None:
    college.add("course", *range(1, 503), by=people.li_jing)

    sizes = [len(read(college, "course", people.li_jing, limit=n).rows) for n in (-1, 0, 9999)]

    assert sizes == [1, 1, 500]


def test_counting_stops_where_nobody_needs_the_number(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_table, "COUNTED", 3)
    college.add("course", *range(1, 6), by=people.li_jing)

    page = read(college, "course", people.li_jing, limit=2)

    assert (page.count, page.count_exact) == (3, False)


def test_a_filter_narrows_page_and_count(college: College, people: People) -> None:
    college.add("course", *range(1, 6), by=people.li_jing)
    wanted = parse_filter({"or": [["course_code", "=", "K00002"], ["course_code", ">", "K00003"]]})

    page = read(college, "course", people.li_jing, filter=wanted, limit=2)

    assert (codes(page), page.count, page.has_more) == (["K00002", "K00004"], 3, True)


def test_another_period_has_its_own_rows(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing)
    college.next_year()
    change = Change(INSERT, college.row("course", 2))
    college.change("course", change, by=people.li_jing, period="2026-2027")

    pages = [
        read(college, "course", people.li_jing, period=period)
        for period in ("2025-2026", "2026-2027", "1999-2000")
    ]

    assert [codes(page) for page in pages] == [["K00001"], ["K00002"], []]


def test_an_export_has_every_row_of_the_scope(filled: College, people: People) -> None:
    rows = iterate_rows(filled.session, filled.store, PUBLICATION, people.chen_gang, WANTED)

    assert [row["staff_no"] for row in rows] == ["10021", "10022"]


def test_one_row_is_read_with_its_period(filled: College, people: People) -> None:
    row_id = str(filled.rows(PUBLICATION)[0]["sys_id"])

    found = read_row(filled.session, filled.store, PUBLICATION, people.liu_yang, row_id)

    assert (found.period, found.row.department) == ("2025-2026", "C01")
    assert found.row.values["staff_no"] == "10021"


@pytest.mark.parametrize("name", ["liu_yang", "luo_lin"])
def test_a_row_out_of_scope_does_not_exist(filled: College, people: People, name: str) -> None:
    row_id = str(filled.rows(PUBLICATION)[1]["sys_id"])

    with pytest.raises(Refused) as refusal:
        read_row(filled.session, filled.store, PUBLICATION, getattr(people, name), row_id)

    assert refusal.value.reason is Reason.NOT_FOUND


@pytest.mark.parametrize(
    "row_id", ["999999", "x", "~", encode_row_id(["a"]), encode_row_id([1, 2])]
)
def test_what_names_no_row_is_not_found(college: College, people: People, row_id: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_row(college.session, college.store, "course", people.li_jing, row_id)

    assert refusal.value.reason is Reason.NOT_FOUND


def test_one_row_of_a_table_out_of_reach_is_refused(college: College, people: People) -> None:
    with pytest.raises(Refused) as refusal:
        read_row(college.session, college.store, "staff", people.li_jing, "1")

    assert refusal.value.reason is Reason.FORBIDDEN


def test_a_page_needs_few_statements(college: College, people: People) -> None:
    college.add("quality_project", *range(1, 30), by=people.li_jing)

    with statements(college) as seen:
        read(college, "quality_project", people.li_jing, limit=10, search="1")

    assert len(seen) <= 6


@pytest.mark.parametrize(
    "wanted",
    [
        {"sort": ("mobile",)},
        {"filter": parse_filter(["mobile", "starts_with", "139"])},
    ],
)
def test_what_a_mask_hides_is_not_told_by_order_or_number(
    college: College, people: People, wanted: dict[str, object]
) -> None:
    college.add("staff", 1, 2, by=people.wu_fan)

    with pytest.raises(Refused):
        read(college, "staff", people.zhou_min, period="2026-08-31", **wanted)

    assert read(college, "staff", people.wu_fan, period="2026-08-31", **wanted) is not None


def test_what_a_mask_hides_is_not_searched(college: College, people: People) -> None:
    college.add("staff", 1, by=people.wu_fan)
    mobile = str(college.rows("staff")[0]["mobile"])
    wanted = {"period": "2026-08-31", "search": mobile}

    assert read(college, "staff", people.zhou_min, **wanted).count == 0
    assert read(college, "staff", people.wu_fan, **wanted).count == 1
