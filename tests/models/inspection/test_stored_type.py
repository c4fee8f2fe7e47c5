"""Every type of a column is of some kind, with its limits."""

from collections.abc import Mapping

import pytest

from app.catalogue.adopted_table import AdoptedColumn, ColumnKind
from app.models.inspection.stored_type import (
    OPAQUE,
    ColumnType,
    mysql_type,
    postgresql_type,
    sqlite_type,
)
from tests.models.inspection.conftest import by_name, inspect
from tests.nasty import nasty_database

KINDS: Mapping[str, Mapping[ColumnKind, str]] = {
    "mariadb": {
        ColumnKind.STRING: "c c0 v tt latin df",
        ColumnKind.TEXT: "vlong tx mt lt",
        ColumnKind.INTEGER: "id t4 tu s su m i iu b y ck2 gv gs",
        ColumnKind.NUMBER: "dmax d n",
        ColumnKind.FLOAT: "f f2 dbl r",
        ColumnKind.BOOLEAN: "t1",
        ColumnKind.DATE: "dt",
        ColumnKind.DATETIME: "dtm ts dnow",
        ColumnKind.TIME: "tm",
        ColumnKind.CHOICE: "e ck",
        ColumnKind.CHOICES: "st",
        ColumnKind.JSON: "js",
        ColumnKind.BITS: "b1 b8",
        ColumnKind.UUID: "u",
        ColumnKind.BINARY: "bin vb tb bl mb lb",
        ColumnKind.OPAQUE: "g p po ip",
    },
    "postgresql": {
        ColumnKind.STRING: "c c1 nm v df",
        ColumnKind.TEXT: "vlong vany tx ci ck1",
        ColumnKind.INTEGER: "id s i b o ck2 gs",
        ColumnKind.NUMBER: "n n2 n0 nd",
        ColumnKind.FLOAT: "f4 f8",
        ColumnKind.BOOLEAN: "bo",
        ColumnKind.DATE: "dt",
        ColumnKind.DATETIME: "ts tz dnow",
        ColumnKind.TIME: "tm",
        ColumnKind.CHOICE: "e g ck",
        ColumnKind.JSON: "j jb",
        ColumnKind.BITS: "b1 b8 vb",
        ColumnKind.UUID: "u",
        ColumnKind.BINARY: "by",
        ColumnKind.OPAQUE: "mo ttz iv x tv h ip cd ma p ply r mr ia ta ea pr",
    },
    "sqlite": {
        ColumnKind.STRING: "none c v vc nv vany st df",
        ColumnKind.TEXT: "vlong tx cl",
        ColumnKind.INTEGER: "id i big ck2 gv gs",
        ColumnKind.NUMBER: "n d mo",
        ColumnKind.FLOAT: "r f dbl",
        ColumnKind.BOOLEAN: "t bo bi",
        ColumnKind.DATE: "dt",
        ColumnKind.DATETIME: "dtm ts dnow",
        ColumnKind.TIME: "tm",
        ColumnKind.CHOICE: "ck",
        ColumnKind.JSON: "js",
        ColumnKind.UUID: "u",
        ColumnKind.BINARY: "bl vb",
        ColumnKind.OPAQUE: "p iv geo own",
    },
}


@pytest.fixture(scope="module", params=list(KINDS))
def kinds(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Mapping[str, AdoptedColumn]]:
    """A kind of database, and the columns of its table with all types."""
    with nasty_database(request.param, tmp_path_factory.mktemp("kinds")) as url:
        return request.param, by_name(inspect(url))["kinds"].by_code


def test_every_type_of_a_column_has_its_kind(
    kinds: tuple[str, Mapping[str, AdoptedColumn]],
) -> None:
    database, columns = kinds
    expected = {code: kind for kind, codes in KINDS[database].items() for code in codes.split()}

    assert {code: column.kind for code, column in columns.items()} == expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("tinyint(3) unsigned", ColumnType(ColumnKind.INTEGER, minimum=0, maximum=255)),
        ("int unsigned", ColumnType(ColumnKind.INTEGER, minimum=0, maximum=2**32 - 1)),
        ("bigint", ColumnType(ColumnKind.INTEGER, minimum=-(2**63), maximum=2**63 - 1)),
        ("year", ColumnType(ColumnKind.INTEGER, minimum=1901, maximum=2155)),
        ("decimal(65,30)", ColumnType(ColumnKind.NUMBER, precision=65, scale=30)),
        ("varchar(1000)", ColumnType(ColumnKind.STRING, max_length=1000)),
        ("varchar(1001)", ColumnType(ColumnKind.TEXT, max_length=1001)),
        ("tinytext", ColumnType(ColumnKind.STRING, max_length=255)),
        (
            "enum('a','b''c','d\\\\e','f,)')",
            ColumnType(ColumnKind.CHOICE, values=("a", "b'c", "d\\e", "f,)")),
        ),
        ("set('x','')", ColumnType(ColumnKind.CHOICES, values=("x", ""))),
        ("vector(3)", OPAQUE),
        ("", OPAQUE),
    ],
)
def test_type_of_mysql_has_its_limits(stored: str, expected: ColumnType) -> None:
    assert mysql_type(stored) == expected


@pytest.mark.parametrize(
    ("name", "stored", "expected"),
    [
        ("int2", "smallint", ColumnType(ColumnKind.INTEGER, minimum=-32768, maximum=32767)),
        ("numeric", "numeric", ColumnType(ColumnKind.NUMBER)),
        ("numeric", "numeric(3,-2)", ColumnType(ColumnKind.NUMBER, precision=3, scale=-2)),
        ("varchar", "character varying", ColumnType(ColumnKind.TEXT)),
        ("bpchar", "character(3)", ColumnType(ColumnKind.STRING, max_length=3)),
        ("_int4", "integer[]", OPAQUE),
        ("tomorrow", "tomorrow(1)", OPAQUE),
    ],
)
def test_type_of_postgresql_has_its_limits(name: str, stored: str, expected: ColumnType) -> None:
    assert postgresql_type(name, stored) == expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("", ColumnType(ColumnKind.STRING)),
        ("VARCHAR(50)", ColumnType(ColumnKind.STRING, max_length=50)),
        ("DECIMAL(10, 2)", ColumnType(ColumnKind.NUMBER, precision=10, scale=2)),
        ("INT", ColumnType(ColumnKind.INTEGER, minimum=-(2**63), maximum=2**63 - 1)),
        ("TEXT(x", ColumnType(ColumnKind.TEXT)),
        ("))((", OPAQUE),
        ("whatever I like", OPAQUE),
    ],
)
def test_type_of_sqlite_has_its_limits(stored: str, expected: ColumnType) -> None:
    assert sqlite_type(stored) == expected
