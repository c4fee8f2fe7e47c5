"""Rows are found by what the rows they name hold, as far as the actor sees those."""

import json
from dataclasses import replace

import pytest

from app.access.person import Actor
from app.access.row_filter import parse_filter
from app.catalogue.adopted_table import ColumnMapping
from app.domain.message import Refused
from app.models.adopted_table import live_tables
from app.reports.adopted_table import AdoptedRequest, read_adopted_rows
from app.reports.related_filter import related_columns
from tests.adopted import OldSystem, steward
from tests.demo import DemoCollege

TABLE = "full_time_secondment"


def found(system: OldSystem, table: str, tree: object, actor: Actor | None = None) -> list[object]:
    """The first part of the key of every row that fits."""
    live = system.tables[table]
    actor = actor or system.reader(*system.tables)
    with system.session() as session:
        request = AdoptedRequest(filter=parse_filter(tree))
        rows = read_adopted_rows(session, live, actor, request).rows
    return [row.values[live.spec.key[0]] for row in rows]


def name_of(system: OldSystem) -> str:
    """The code of the departments' names."""
    return next(c.code for c in system.tables["dw"].spec.columns if c.name == "名 称")


def test_rows_are_found_by_what_the_named_row_holds(read_system: OldSystem) -> None:
    name = name_of(read_system)
    tree = {"and": [[f"dwdm.{name}", "contains", "汽车"], ["xb", "=", "女"]]}

    assert found(read_system, "xs", tree) == ["2025001"]
    assert found(read_system, "xs", [f"dwdm.{name}", "!=", "教务处"]) == ["2025001", "2025002"]
    assert found(read_system, "cj", ["xh.jd", ">", 3]) == ["2025001", "2025001"]
    assert found(read_system, "cj", ["xh.csrq", "in", ["2006-11-30"]]) == []


def test_a_table_may_name_rows_of_its_own(read_system: OldSystem) -> None:
    name = name_of(read_system)

    assert found(read_system, "dw", [f"sjdm.{name}", "=", "教务处"]) == ["C01"]
    assert found(read_system, "dw", [f"sjdm.{name}", "empty"]) == ["A01"]
    assert found(read_system, "dw", [f"sjdm.{name}", "!=", "教务处"]) == ["A01"]


def test_search_finds_rows_by_what_stands_beside_their_keys(read_system: OldSystem) -> None:
    live = read_system.tables["xs"]
    lister = read_system.keeper("xs", "list")
    for actor, numbers in (
        (read_system.reader("xs", "dw"), ["2025001", "2025002"]),
        (lister, []),
    ):
        with read_system.session() as session:
            rows = read_adopted_rows(session, live, actor, AdoptedRequest("汽车")).rows
        assert [row.values["xh"] for row in rows] == numbers


@pytest.mark.parametrize("field", ["xh.dwdm.dm", "xh.nothing", "nothing.xm", "xh.zp", "xh.", "."])
def test_what_no_reference_leads_to_is_refused(read_system: OldSystem, field: str) -> None:
    with pytest.raises(Refused):
        found(read_system, "cj", [field, "=", "x"])


def test_whoever_may_only_pick_filters_by_key_and_label(read_system: OldSystem) -> None:
    granted = frozenset({("can_list", "cj"), ("can_pick", "xs")})
    picker = Actor("1", "某", "x", permissions=granted)

    assert set(related_columns(picker, read_system.tables["cj"])) == {"xh.xh", "xh.xm"}
    assert found(read_system, "cj", ["xh.xm", "=", "王芳"], picker) == ["2025001", "2025001"]
    with pytest.raises(Refused):
        found(read_system, "cj", ["xh.jd", ">", 3], picker)


def test_named_rows_out_of_reach_are_as_if_empty(read_system: OldSystem) -> None:
    specs = {name: live.spec for name, live in read_system.tables.items()}
    specs["dw"] = replace(specs["dw"], mapping=ColumnMapping(department="dm"))
    system = OldSystem(read_system.engine, live_tables(specs))

    def reached(department: str) -> list[object]:
        granted = steward("xs", department, "list").permissions
        actor = steward("dw", department, "list")
        actor = replace(actor, permissions=actor.permissions | granted)
        return found(system, "xs", ["dwdm.sjdm", "=", "A01"], actor)

    assert reached("C01") == ["2025001", "2025002"]
    assert reached("A01") == []


def test_masked_columns_of_either_table_are_no_condition(read_system: OldSystem) -> None:
    specs = {name: live.spec for name, live in read_system.tables.items()}
    for table, code, lost in (("xs", "jd", {"xh.jd"}), ("cj", "xh", {"xh.jd", "xh.xm"})):
        columns = tuple(replace(c, masked=c.code == code) for c in specs[table].columns)
        tables = live_tables(specs | {table: replace(specs[table], columns=columns)})
        system = OldSystem(read_system.engine, tables)
        actor = system.reader(*tables)
        assert not lost & set(related_columns(actor, tables["cj"]))
        with pytest.raises(Refused):
            found(system, "cj", ["xh.jd", ">", 3])


def test_rows_of_base_tables_are_found_by_the_rows_they_name(demo: DemoCollege) -> None:
    caller = demo.caller("qcx_steward")
    page = caller.get(f"data/{TABLE}/rows").json
    key, label = next(iter(page["labels"]["staff_no"].items()))
    tree = json.dumps(["staff_no.name", "=", label])

    rows = caller.rows(TABLE, filter=tree)

    wanted = {row["id"] for row in page["rows"] if row["values"]["staff_no"] == key}
    assert {row["id"] for row in rows} == wanted
    related = {f["code"]: f for f in caller.get(f"data/{TABLE}/spec").json["related"]}
    assert " › " in related["staff_no.name"]["label"]


def test_masked_fields_of_named_rows_are_no_condition(demo: DemoCollege) -> None:
    caller = demo.caller("qa")
    tree = json.dumps(["staff_no.id_card_no", "starts_with", "3"])

    assert caller.get(f"data/{TABLE}/rows", filter=tree).status_code == 422
    related = caller.get(f"data/{TABLE}/spec").json["related"]
    assert all(field["code"] != "staff_no.id_card_no" for field in related)


def test_a_view_keeps_conditions_on_named_rows_and_nothing_else_of_them(demo: DemoCollege) -> None:
    caller, tree = demo.caller("qcx_steward"), ["staff_no.name", "not_empty"]
    view = {"name": "有名有姓", "audience": "private", "content": {"filter": tree}}
    arranged = view | {"content": {"columns": [{"code": "staff_no.name"}]}}

    kept = caller.post(f"data/{TABLE}/views", view)

    assert kept.json["content"]["filter"] == tree
    assert kept.json["notes"] == []
    assert caller.post(f"data/{TABLE}/views", arranged).status_code == 422
