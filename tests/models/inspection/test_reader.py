"""Whatever the database, its tables are read with their keys, and nothing is changed in it."""

from collections.abc import Mapping

import pytest

from app.catalogue.adopted_table import AdoptedTable, ForeignKey, Verdict, VerdictReason
from app.domain.message import Refused
from app.models.inspection.reader import Inspected, inspect_tables
from tests.models.inspection.conftest import by_name, inspect
from tests.nasty import MANY, definitions, engine_for

Tables = Mapping[str, AdoptedTable]
QUOTED = "quote`\"'d name. %s :x"
VERDICTS = {
    "部门": VerdictReason.NONE,
    "order": VerdictReason.NONE,
    QUOTED: VerdictReason.NONE,
    "UPPER": VerdictReason.NONE,
    "line": VerdictReason.NONE,
    "kinds": VerdictReason.NONE,
    "unique_key": VerdictReason.NONE,
    "no_key": VerdictReason.NO_KEY,
    "gaps_only": VerdictReason.NO_KEY,
    "wide": VerdictReason.NO_KEY,
    "binary_key": VerdictReason.KEY_UNREADABLE,
    "people": VerdictReason.VIEW,
}


def key_names(table: AdoptedTable) -> list[str]:
    return [table.by_code[code].name for code in table.key]


def test_every_table_gets_its_verdict(tables: Tables) -> None:
    assert {name: tables[name].why_limited for name in VERDICTS} == VERDICTS


def test_reading_changes_nothing(nasty_url: str) -> None:
    before = definitions(nasty_url)

    inspect(nasty_url)

    assert definitions(nasty_url) == before


def test_broken_view_is_told_and_stops_nothing(inspected: Inspected) -> None:
    told = [problem for problem in inspected.problems if problem.parameters["table"] == "broken"]

    assert len(told) == 1
    assert told[0].parameters["reason"]
    assert "broken" not in by_name(inspected)


def test_tables_of_the_platform_are_left_out(inspected: Inspected) -> None:
    assert set(inspected.own) == {"sd_mine", "alembic_version"}
    assert not {"sd_mine", "alembic_version"} & set(by_name(inspected))


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("部门", ["代码"]),
        ("order", ["select", "from"]),
        (QUOTED, ["a b"]),
        ("unique_key", ["b"]),
        ("gaps_only", []),
    ],
)
def test_key_is_the_primary_one_or_the_shortest_unique_one_without_gaps(
    tables: Tables, table: str, names: list[str]
) -> None:
    assert key_names(tables[table]) == names


def test_unique_keys_over_parts_of_rows_or_expressions_are_none(tables: Tables) -> None:
    table = tables["unique_key"]

    assert sorted(table.unique) == [("a",), ("b",), ("c", "d")]


def test_foreign_keys_name_other_tables_as_the_database_does(tables: Tables) -> None:
    department = tables["部门"]
    upper = department.columns[2].code

    assert set(tables["line"].foreign_keys) == {
        ForeignKey(("select", "from"), None, "order", ("select", "from")),
        ForeignKey(("dept",), None, "部门", ("代码",)),
    }
    assert department.foreign_keys == (ForeignKey((upper,), None, "部门", ("代码",)),)


def test_names_of_any_kind_are_kept_and_get_plain_codes(tables: Tables) -> None:
    table = tables[QUOTED]

    assert [column.name for column in table.columns] == ["a b", "c`d\"e'f", "A-B"]
    assert all(code.isascii() and code.isidentifier() for code in table.by_code)
    assert table.identifier == "table_ba0c6b53"
    assert tables["UPPER"].identifier.startswith("upper")


def test_three_hundred_columns_are_read_in_their_order(tables: Tables) -> None:
    assert [column.name for column in tables["wide"].columns] == [f"c{n}" for n in range(MANY)]


def test_known_tables_keep_identifiers_and_codes(nasty_url: str, inspected: Inspected) -> None:
    with engine_for(nasty_url).connect() as connection:
        again = inspect_tables(connection, known=inspected.tables, taken={"order", "kinds"})

    assert again.tables == inspected.tables


def test_no_identifier_is_taken_from_a_base_table(nasty_url: str) -> None:
    with engine_for(nasty_url).connect() as connection:
        found = inspect_tables(connection, taken={"order"})

    assert by_name(found)["order"].identifier == "order_2"


def test_patterns_choose_tables_and_one_that_fits_nothing_is_told(nasty_url: str) -> None:
    with engine_for(nasty_url).connect() as connection:
        found = inspect_tables(connection, choose=lambda _schema: ("no_k*", "线*"))

    assert list(by_name(found)) == ["no_key"]
    assert [problem.parameters for problem in found.problems] == [{"pattern": "线*"}]


def test_unknown_schema_is_refused(nasty_url: str) -> None:
    with pytest.raises(Refused, match="There is no schema 没有"):
        inspect(nasty_url, "没有")


def test_generated_and_counted_columns_need_no_value(tables: Tables) -> None:
    kinds = tables["kinds"].by_code

    assert kinds["id"].counted
    assert kinds["gs"].generated
    assert not kinds["gs"].editable
    assert not kinds["id"].required
    assert tables["line"].verdict is Verdict.EDITABLE


def test_checks_that_list_values_make_a_choice_and_others_stay_text(tables: Tables) -> None:
    table = tables["kinds"]

    assert table.by_code["ck"].values == ("优", "良", "it's")
    assert any("ck2" in check and ">" in check for check in table.checks)
