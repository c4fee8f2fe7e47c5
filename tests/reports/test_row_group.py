"""Groups hold the rows that are shown, and their numbers are those of the database."""

from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.access.row_filter import parse_filter
from app.domain.message import Refused
from app.reports.adopted_table import AdoptedRequest
from app.reports.base_table import RowsRequest
from app.reports.row_group import (
    MOST_GROUPS,
    Grouping,
    RowGroup,
    RowGroups,
    group_adopted_rows,
    group_rows,
)
from app.reports.totals import Total
from tests.adopted import OldSystem
from tests.demo import DemoCollege
from tests.reports.test_adopted_reference import store
from tests.reports.test_totals import STEWARD


def groups_of(
    system: OldSystem, table: str, *by: str, of: str | None = None, **wanted: object
) -> RowGroups:
    live, request = system.tables[table], AdoptedRequest(**wanted)  # type: ignore[arg-type]
    with system.session() as session:
        actor, grouping = system.keeper(table), Grouping(by, of)
        return group_adopted_rows(session, store(system), live, actor, request, grouping)


def test_rows_of_an_adopted_table_are_put_together_by_a_column(read_system: OldSystem) -> None:
    found = groups_of(read_system, "xs", "dwdm", of="jd")

    assert [(group.keys[0], group.rows) for group in found.groups] == [("A01", 1), ("C01", 2)]
    assert found.groups[1].total == Total(1, Decimal("3.50"), Decimal("3.5000"))
    assert found.groups[1].distinct == 1
    assert not found.has_more


def test_groups_by_two_columns_follow_the_filter(read_system: OldSystem) -> None:
    tree = parse_filter(["dwdm", "=", "C01"])
    found = groups_of(read_system, "xs", "dwdm", "csrq", filter=tree)

    assert Counter({g.keys: g.rows for g in found.groups}) == Counter(
        {("C01", "2006-11-30"): 1, ("C01", "2007-03-05"): 1}
    )


def test_rows_without_a_value_make_a_group_of_their_own(read_system: OldSystem) -> None:
    found = groups_of(read_system, "xs", "csrq", of="bz")

    assert RowGroup((None,), 1, Total(1), 1) in found.groups


def test_groups_beyond_the_most_are_told(old_system: OldSystem) -> None:
    rows = ", ".join(f"('{number:04}', 'x')" for number in range(MOST_GROUPS + 1))
    old_system.run(f'INSERT INTO "rz" VALUES {rows}')  # noqa: S608

    found = groups_of(old_system, "rz", "sj")

    assert (len(found.groups), found.has_more) == (MOST_GROUPS, True)


def test_table_that_is_gone_is_told_in_words(old_system: OldSystem) -> None:
    old_system.run('DROP VIEW "v_xs"')

    with pytest.raises(Refused, match="drift"):
        groups_of(old_system, "v_xs", "xm")


@pytest.mark.parametrize("by", [(), ("nobody",), ("zp",), ("xh", "xh"), ("xh", "xm", "xb")])
def test_columns_that_make_no_groups_are_refused(
    read_system: OldSystem, by: tuple[str, ...]
) -> None:
    with pytest.raises(Refused):
        groups_of(read_system, "xs", *by)


def test_groups_of_a_base_table_are_those_of_its_rows(demo: DemoCollege) -> None:
    rows = [r for r in demo.stored("course") if r["sys_period"] == demo.period("course")]
    request = RowsRequest(demo.period("course"), "A03")
    by = Grouping(("is_core",), "credit")

    with Session(demo.engine) as session:
        found = group_rows(session, demo.store, "course", STEWARD, request, by)

    assert {g.keys[0]: g.rows for g in found.groups} == Counter(row["is_core"] for row in rows)
    for group in found.groups:
        points = [row["credit"] for row in rows if row["is_core"] == group.keys[0]]
        assert group.total is not None
        assert group.total.sum == sum(points)
        assert group.distinct == len(set(points))


@pytest.mark.parametrize("query", [{"by": "id_card_no"}, {"by": "name", "of": "id_card_no"}])
def test_a_masked_field_makes_no_groups(demo: DemoCollege, query: dict[str, str]) -> None:
    answer = demo.caller("qa").get("data/staff/groups", **query, measure="distinct")

    assert answer.status_code == 403


def test_groups_come_through_the_address_with_labels(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    found = caller.get("data/course/groups", by="is_core", of="credit", measure="sum").json
    wrong = caller.get("data/course/groups", by="is_core", measure="median")

    assert {"keys", "rows", "value"} == set(found["groups"][0])
    assert found["more"] is False
    assert wrong.status_code == 400
