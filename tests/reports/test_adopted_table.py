"""Rows of tables that were there before us, on every kind of database."""

import pytest

from app.access.row_filter import parse_filter
from app.domain.message import Refused
from app.reports.adopted_table import (
    AdoptedRequest,
    read_adopted_row,
    read_adopted_rows,
)
from tests.adopted import OldSystem, steward


def keys(system: OldSystem, table: str, code: str, **wanted: object) -> list[object]:
    live = system.tables[table]
    with system.session() as session:
        request = AdoptedRequest(**wanted)  # type: ignore[arg-type]
        page = read_adopted_rows(session, live, system.keeper(table), request)
        return [row.values[code] for row in page.rows]


def test_every_table_and_view_is_read(read_system: OldSystem) -> None:
    with read_system.session() as session:
        for table, live in read_system.tables.items():
            page = read_adopted_rows(session, live, read_system.keeper(table), AdoptedRequest())
            assert page.rows, table


def test_values_are_shown_as_the_database_means_them(read_system: OldSystem) -> None:
    live = read_system.tables["xs"]
    with read_system.session() as session:
        row = read_adopted_rows(session, live, read_system.keeper("xs"), AdoptedRequest()).rows[0]
    assert row.values["xm"] == "王芳"
    assert row.values["csrq"] == "2007-03-05"
    assert float(str(row.values["jd"])) == 3.5
    assert row.values["zp"] is None


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        (["xm", "=", "王芳"], ["2025001"]),
        (["xm", "contains", "neil"], ["2025003"]),
        (["bz", "contains", "%"], ["2025003"]),
        (["csrq", "<", "2007-01-01"], ["2025002"]),
        (["csrq", "empty"], ["2025003"]),
        (["csrq", "not_empty"], ["2025001", "2025002"]),
        (["bz", "not_empty"], ["2025001", "2025003"]),
        (["jd", ">=", "2"], ["2025001", "2025003"]),
        (["xh", "in", ["2025001", "2025003", "nobody"]], ["2025001", "2025003"]),
        (["xh", "between", ["2025002", "2025009"]], ["2025002", "2025003"]),
        (["xh", "starts_with", "2025"], ["2025001", "2025002", "2025003"]),
        (
            {"or": [["xb", "=", "男"], {"and": [["xb", "empty"], ["jd", "=", 2]]}]},
            ["2025002", "2025003"],
        ),
        ({"and": []}, ["2025001", "2025002", "2025003"]),
    ],
)
def test_filter_finds_the_rows_that_fit(
    read_system: OldSystem, tree: object, found: list[str]
) -> None:
    assert keys(read_system, "xs", "xh", filter=parse_filter(tree)) == found


@pytest.mark.parametrize(
    "tree",
    [
        ["nobody", "=", 1],
        ["xm", "~", "x"],
        ["csrq", "<", "gestern"],
        ["jd", "=", "viel"],
        ["zp", "=", "x"],
        ["xm", "contains", None],
        ["xm", "contains", "\x00"],
        ["xh", "between", ["1"]],
    ],
)
def test_filter_that_does_not_fit_is_refused_in_words(read_system: OldSystem, tree: object) -> None:
    with pytest.raises(Refused):
        keys(read_system, "xs", "xh", filter=parse_filter(tree))


def test_search_looks_into_every_text(read_system: OldSystem) -> None:
    assert keys(read_system, "xs", "xh", search="班长") == ["2025001"]
    assert keys(read_system, "xs", "xh", search="nothing of this") == []


def test_rows_come_in_the_wanted_order_and_page_by_page(read_system: OldSystem) -> None:
    assert keys(read_system, "xs", "xh", sort=("-xh",), limit=2) == ["2025003", "2025002"]
    assert keys(read_system, "xs", "xh", sort=("-xh",), limit=2, offset=2) == ["2025001"]
    with pytest.raises(Refused):
        keys(read_system, "xs", "xh", sort=("zp",))


def test_row_with_a_composite_key_is_found_again_by_its_id(read_system: OldSystem) -> None:
    live, keeper = read_system.tables["cj"], read_system.keeper("cj")
    with read_system.session() as session:
        for row in read_adopted_rows(session, live, keeper, AdoptedRequest()).rows:
            assert read_adopted_row(session, live, keeper, row.id) == row


@pytest.mark.parametrize("row_id", ["1", "~W10", "~", "%", "~WyJhIiwiYiIsImMiXQ"])
def test_id_of_no_row_is_not_found(read_system: OldSystem, row_id: str) -> None:
    with read_system.session() as session, pytest.raises(Refused):
        read_adopted_row(session, read_system.tables["cj"], read_system.keeper("cj"), row_id)


def test_table_without_key_is_read_without_ids(read_system: OldSystem) -> None:
    with read_system.session() as session:
        live = read_system.tables["rz"]
        page = read_adopted_rows(session, live, read_system.keeper("rz"), AdoptedRequest())
    assert [row.id for row in page.rows] == ["", ""]


def test_nobody_reads_without_the_right(read_system: OldSystem) -> None:
    actor = steward("dw", "C01", "list")
    with read_system.session() as session, pytest.raises(Refused):
        read_adopted_rows(session, read_system.tables["xs"], actor, AdoptedRequest())


def test_table_that_is_gone_is_told_in_words(old_system: OldSystem) -> None:
    old_system.run('DROP VIEW "v_xs"')
    live = old_system.tables["v_xs"]
    with old_system.session() as session, pytest.raises(Refused, match="drift"):
        read_adopted_rows(session, live, old_system.keeper("v_xs"), AdoptedRequest())
