"""Foreign keys of adopted tables: labels, a list to choose from, what names a row."""

import pytest

from app.catalogue.adopted_label import label_column
from app.catalogue.adopted_table import DeleteEffect
from app.domain.message import Refused
from app.models.adopted_table import live_tables
from app.models.base_table import Store
from app.models.inspection.reader import inspect_tables
from app.reports.adopted_reference import (
    adopted_labels,
    count_adopted_referring,
    deletion_reaches,
    is_named_by_others,
    pick_adopted,
)
from app.reports.adopted_table import AdoptedRequest, read_adopted_rows
from app.rules.row_findings import RowFindings
from tests.adopted import OldSystem
from tests.factories import seed_catalogue


def store(system: OldSystem) -> Store:
    catalogue = seed_catalogue()
    return Store(catalogue, {}, RowFindings(catalogue), system.tables)


def picked(system: OldSystem, text: str, *tables: str) -> list[tuple[str, str]]:
    with system.session() as session:
        live, actor = system.tables["xs"], system.reader(*tables)
        found = pick_adopted(session, store(system), live, actor, "dwdm", text, 20)
        return [(each.key.strip(), each.label) for each in found]


def test_row_is_called_by_its_name(read_system: OldSystem) -> None:
    label = label_column(read_system.tables["dw"].spec)
    assert label is not None
    assert label.name == "名 称"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("A01", "教务处"), ("C01", "汽车工程系")]),
        ("汽车", [("C01", "汽车工程系")]),
        ("a01", [("A01", "教务处")]),
        ("%", []),
        ("QCGC", [("C01", "汽车工程系")]),
        ("gcx", [("C01", "汽车工程系")]),
        ("zjw", []),
        (".*", []),
    ],
)
def test_picker_finds_by_key_and_label(
    read_system: OldSystem, text: str, found: list[tuple[str, str]]
) -> None:
    assert picked(read_system, text, "xs", "dw") == found


def test_row_of_exactly_this_key_comes_first(old_system: OldSystem) -> None:
    old_system.run("""INSERT INTO "dw" VALUES ('011', '一系', NULL), ('1', '二系', NULL)""")
    assert [key for key, _label in picked(old_system, "1", "xs", "dw")][:2] == ["1", "011"]


def test_nobody_picks_from_a_table_without_the_right(read_system: OldSystem) -> None:
    with pytest.raises(Refused):
        picked(read_system, "", "xs")


def test_keys_on_a_page_come_with_their_labels(read_system: OldSystem) -> None:
    live = read_system.tables["xs"]
    with read_system.session() as session:
        actor = read_system.reader("xs", "dw")
        rows = read_adopted_rows(session, live, actor, AdoptedRequest()).rows
        labels = adopted_labels(session, store(read_system), live, actor, rows)
        stranger = read_system.reader("xs")
        assert adopted_labels(session, store(read_system), live, stranger, rows) == {}
    assert labels == {"dwdm": {"C01": "汽车工程系", "A01": "教务处"}}


def test_rows_that_name_a_row_are_counted_before_it_is_deleted(read_system: OldSystem) -> None:
    live = read_system.tables["dw"]
    with read_system.session() as session:
        wanted = AdoptedRequest()
        rows = read_adopted_rows(session, live, read_system.reader("dw"), wanted).rows
        actor = read_system.reader("dw", "xs")
        found = count_adopted_referring(session, store(read_system), live, actor, rows)
    assert {each.table.identifier: each.rows for each in found} == {"xs": 3, "dw": 1}
    assert {each.effect for each in found} == {DeleteEffect.REFUSE}
    assert is_named_by_others(store(read_system), live)
    assert not is_named_by_others(store(read_system), read_system.tables["cj"])


CASCADES = (
    """CREATE TABLE "bj" ("bh" VARCHAR(5) PRIMARY KEY, "dm" CHAR(3),
        FOREIGN KEY ("dm") REFERENCES "dw" ("dm") ON DELETE CASCADE)""",
    """CREATE TABLE "zw" ("h" INTEGER PRIMARY KEY, "bh" VARCHAR(5),
        FOREIGN KEY ("bh") REFERENCES "bj" ("bh") ON DELETE CASCADE)""",
    """CREATE TABLE "sb" ("h" INTEGER PRIMARY KEY, "dm" CHAR(3),
        FOREIGN KEY ("dm") REFERENCES "dw" ("dm") ON DELETE SET NULL)""",
    """INSERT INTO "dw" VALUES ('D01', '新系', NULL)""",
    """INSERT INTO "bj" VALUES ('b1', 'D01'), ('b2', 'C01')""",
    """INSERT INTO "zw" VALUES (1, 'b1'), (2, 'b1'), (3, 'b2')""",
    """INSERT INTO "sb" VALUES (1, 'D01')""",
)


def test_what_a_deletion_takes_along_is_told_through_all_tables(old_system: OldSystem) -> None:
    for statement in CASCADES:
        old_system.run(statement)
    with old_system.engine.connect() as connection:
        tables = {each.identifier: each for each in inspect_tables(connection).tables}
    changed = OldSystem(old_system.engine, live_tables(tables))
    live, wanted = changed.tables["dw"], AdoptedRequest(search="D01")
    with changed.session() as session:
        rows = read_adopted_rows(session, live, changed.reader("dw"), wanted).rows
        actor = changed.reader("dw", "bj", "sb", "xs")
        found = count_adopted_referring(session, store(changed), live, actor, rows)
    assert deletion_reaches(store(changed), live)
    assert {(each.table.identifier, each.effect.value): each.rows for each in found} == {
        ("bj", "cascade"): 1,
        ("zw", "cascade"): None,
        ("sb", "set_null"): 1,
    }
