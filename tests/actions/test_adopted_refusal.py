"""A refusal of the database names the column, the rule or the table that stands in the way."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from app.actions.adopted_refusal import refusal_of
from app.actions.adopted_table import apply_adopted_changes
from app.actions.adopted_write import AdoptedPlace, insert_row
from app.actions.row_change import DELETE, INSERT, UPDATE, Change
from app.models.adopted_row import AdoptedRow
from app.models.adopted_table import LiveTable, live_tables
from app.models.inspection.reader import inspect_tables
from app.reports.adopted_table import AdoptedRequest, read_adopted_rows
from tests.adopted import NOW, OldSystem


def told(
    system: OldSystem, table: str, change: Change, *actions: str, **tables: LiveTable
) -> tuple[str | None, Mapping[str, object]]:
    """The field and the parameters of the only finding; nothing is written."""
    others = system.tables | tables
    by = system.keeper(table)
    by = replace(by, permissions=by.permissions | {("can_list", name) for name in actions})
    with system.session() as session:
        done = apply_adopted_changes(
            session, others[table], [change], by=by, now=NOW, dry_run=True, others=others
        )
    (finding,) = done.results[0].findings
    return finding.field, finding.message.parameters


def row(system: OldSystem, table: str, place: int) -> AdoptedRow:
    with system.session() as session:
        wanted = AdoptedRequest()
        page = read_adopted_rows(session, system.tables[table], system.keeper(table), wanted)
        return page.rows[place]


def coded(system: OldSystem, table: str, values: Mapping[str, object]) -> Change:
    codes = {column.name: column.code for column in system.tables[table].spec.columns}
    return Change(INSERT, {codes[name]: value for name, value in values.items()})


@pytest.mark.parametrize(
    ("table", "values", "column", "labels"),
    [
        ("xs", {"xh": "2025001", "xm": "重号"}, "xh", "xh"),
        ("dw", {"dm": "D01", "名 称": "教务处"}, "名 称", "名 称"),
        ("cj", {"xh": "2025001", "kc h": "高 数/1", "xn": 2025}, "xh", "xh + kc h + xn"),
        ("xs", {"xh": "9", "xm": "新", "dwdm": "Z99"}, "dwdm", "dwdm"),
        ("cj", {"xh": "2025001", "kc h": "x", "xn": 1, "cj": 101}, "cj", "cj"),
    ],
)
def test_column_at_fault_is_named_and_marked(
    read_system: OldSystem, table: str, values: Mapping[str, object], column: str, labels: str
) -> None:
    field, parameters = told(read_system, table, coded(read_system, table, values))
    assert field is not None
    assert read_system.tables[table].spec.by_code[field].name == column
    assert parameters["labels"] == labels


def test_value_that_names_nothing_is_told_with_its_table(read_system: OldSystem) -> None:
    change = coded(read_system, "xs", {"xh": "9", "xm": "新", "dwdm": "Z99"})
    _field, parameters = told(read_system, "xs", change)
    assert (parameters["value"], parameters["other"]) == ("Z99", "dw")


def test_table_that_blocks_is_named_and_counted_for_whoever_may_read_it(
    read_system: OldSystem,
) -> None:
    blocked = row(read_system, "dw", 1)
    deleting = Change(DELETE, id=blocked.id, version=blocked.version)
    assert told(read_system, "dw", deleting, "xs")[1] == {"other": "xs", "count": 2}
    assert told(read_system, "dw", deleting)[1] == {"other": "xs"}


def test_table_whose_rows_go_along_is_not_told_to_block(old_system: OldSystem) -> None:
    old_system.run(
        """CREATE TABLE "bj" ("bh" VARCHAR(5) PRIMARY KEY, "dm" CHAR(3),
            FOREIGN KEY ("dm") REFERENCES "dw" ("dm") ON DELETE CASCADE)"""
    )
    old_system.run("""INSERT INTO "bj" VALUES ('b1', 'C01')""")
    with old_system.engine.connect() as connection:
        found = inspect_tables(connection).tables
    system = OldSystem(old_system.engine, live_tables({each.identifier: each for each in found}))
    blocked = row(system, "dw", 1)
    deleting = Change(DELETE, id=blocked.id, version=blocked.version)
    assert told(system, "dw", deleting, "xs", "bj")[1] == {"other": "xs", "count": 2}


def test_changed_key_that_others_name_is_told_like_a_deletion(read_system: OldSystem) -> None:
    blocked = row(read_system, "xs", 0)
    change = Change(UPDATE, {"xh": "77"}, blocked.id, blocked.version)
    assert told(read_system, "xs", change, "cj")[1] == {"other": "cj", "count": 2}


def test_changed_key_that_rows_of_the_same_table_name_is_told(old_system: OldSystem) -> None:
    old_system.run("""UPDATE "xs" SET "dwdm" = NULL""")
    blocked = row(old_system, "dw", 0)
    change = Change(UPDATE, {"dm": "A09"}, blocked.id, blocked.version)
    assert told(old_system, "dw", change)[1] == {"other": "dw", "count": 1}


def test_hidden_column_is_not_named(read_system: OldSystem) -> None:
    spec = read_system.tables["xs"].spec
    columns = tuple(replace(each, hidden=each.code == "xh") for each in spec.columns)
    hidden = live_tables({"xs": replace(spec, columns=columns)})["xs"]
    with read_system.session() as session:
        place = AdoptedPlace(session, hidden, read_system.keeper("xs"), read_system.tables)
        with pytest.raises(DBAPIError) as refused, session.begin_nested():
            insert_row(place, {"xh": "2025001", "xm": "重号"})
        refusal = refusal_of(place, Change(INSERT, {}), refused.value)
    assert refusal.field is None
    assert "labels" not in refusal.message.parameters


@pytest.mark.parametrize(("values", "column"), [({"xh": "9", "xm": None}, "xm")])
def test_missing_value_is_told_at_its_column(
    read_system: OldSystem, values: dict[str, object], column: str
) -> None:
    live = read_system.tables["xs"]
    with read_system.session() as session:
        place = AdoptedPlace(session, live, read_system.keeper("xs"), read_system.tables)
        with pytest.raises(DBAPIError) as refused, session.begin_nested():
            insert_row(place, values)
        refusal = refusal_of(place, Change(INSERT, values), refused.value)
    assert (refusal.field, refusal.message.parameters) == (column, {"label": column})
