"""Sums, averages and filled cells are those of the rows that are shown."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.access.person import Actor, Appointed
from app.access.row_filter import parse_filter
from app.domain.message import Refused
from app.domain.person import Function
from app.reports.adopted_table import AdoptedRequest
from app.reports.base_table import RowsRequest
from app.reports.totals import Total, Totals, total_adopted_rows, total_rows
from tests.adopted import OldSystem
from tests.demo import DemoCollege

STEWARD = Actor(
    "03002",
    "李静",
    "jwc_steward",
    appointments=(Appointed(Function.DATA_STEWARD, "A03"),),
    permissions=frozenset({("can_list", "course")}),
)

# Binary fractions of these add up to a little less.
TENTHS = """INSERT INTO "xs" ("xh", "xm", "jd") VALUES
    ('1', '张', 0.10), ('2', '张', 0.10), ('3', '张', 0.10), ('4', '张', 0.10),
    ('5', '张', 0.10), ('6', '张', 0.10), ('7', '张', 0.10), ('8', '张', 0.10)"""


def totals_of(system: OldSystem, table: str, **wanted: object) -> Totals:
    """What the keeper of an adopted table is told."""
    with system.session() as session:
        request = AdoptedRequest(**wanted)  # type: ignore[arg-type]
        return total_adopted_rows(session, system.tables[table], system.keeper(table), request)


def test_decimals_of_an_adopted_table_are_added_exactly(old_system: OldSystem) -> None:
    old_system.run(TENTHS)

    found = totals_of(old_system, "xs")

    assert found.rows == 11
    assert found.fields["jd"] == Total(10, Decimal("6.30"), Decimal("0.6300"))
    assert found.fields["xm"] == Total(11)
    assert found.fields["bz"].filled == 2


def test_totals_follow_the_filter_and_the_search(read_system: OldSystem) -> None:
    filtered = totals_of(read_system, "xs", filter=parse_filter(["jd", ">", "3"]))
    searched = totals_of(read_system, "xs", search="nothing of this")

    assert (filtered.rows, filtered.fields["jd"].sum) == (1, Decimal("3.50"))
    assert (searched.rows, searched.fields["jd"]) == (0, Total(0))


def test_totals_of_a_base_table_are_those_of_its_rows(demo: DemoCollege) -> None:
    rows = [r for r in demo.stored("course") if r["sys_period"] == demo.period("course")]
    points = [row["credit"] for row in rows if row["credit"] is not None]

    with Session(demo.engine) as session:
        request = RowsRequest(demo.period("course"), "A03", limit=1)
        found = total_rows(session, demo.store, "course", STEWARD, request)

    assert found.rows == len(rows)
    assert found.fields["credit"].filled == len(points)
    assert found.fields["credit"].sum == sum(points)
    assert found.fields["course_name"].sum is None


def test_a_masked_field_has_no_totals(demo: DemoCollege) -> None:
    answer = demo.caller("qa").get("data/staff/totals")

    assert "id_card_no" not in answer.json["fields"]
    assert answer.json["fields"]["name"]["filled"] == answer.json["rows"] > 0


def test_totals_cost_one_statement(demo: DemoCollege) -> None:
    request = RowsRequest(demo.period("course"), "A03")

    with Session(demo.engine) as session, demo.counting() as statements:
        total_rows(session, demo.store, "course", STEWARD, request)

    assert len(statements) == 1


def test_nobody_adds_up_what_he_may_not_read(read_system: OldSystem) -> None:
    live = read_system.tables["xs"]

    with read_system.session() as session, pytest.raises(Refused):
        total_adopted_rows(session, live, Actor("1", "无权", "nobody"), AdoptedRequest())


def test_a_masked_field_is_no_way_around_the_mask(demo: DemoCollege) -> None:
    tree = '["id_card_no", "starts_with", "3"]'

    assert demo.caller("qa").get("data/staff/totals", filter=tree).status_code == 403
