"""What the database account may do is found out, and what it may not read breaks nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from app.catalogue.adopted_table import Verdict, VerdictReason
from app.models.inspection.mysql import grants_in
from tests import services
from tests.models.inspection.conftest import by_name, inspect
from tests.nasty import account, definitions, nasty_database, run_all

SERVERS = ["mariadb", "postgresql"]


@pytest.fixture(scope="module", params=SERVERS)
def server_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A nasty database on a server that knows accounts."""
    with nasty_database(request.param, tmp_path_factory.mktemp("rights")) as url:
        yield url


def all_tables(url: str, words: str) -> str:
    """The middle of a GRANT on every table."""
    return f"{words} ON *" if url.startswith("mysql") else f"{words} ON ALL TABLES IN SCHEMA public"


def test_account_that_only_reads_finds_everything_and_may_change_nothing(server_url: str) -> None:
    with account(server_url, all_tables(server_url, "SELECT")) as url:
        before = definitions(server_url)
        found = inspect(url)
        assert definitions(server_url) == before

    whole = by_name(inspect(server_url))
    assert {table.granted for table in found.tables} == {()}
    assert by_name(found)["order"].why_limited is VerdictReason.NO_GRANT
    everything = ("INSERT", "UPDATE", "DELETE")
    assert [replace(table, granted=everything) for table in found.tables] == [*whole.values()]


def test_statements_granted_on_the_table_are_found(server_url: str) -> None:
    grants = ("SELECT, INSERT, DELETE ON line", "SELECT, INSERT, UPDATE, DELETE ON no_key")

    with account(server_url, *grants) as url:
        tables = by_name(inspect(url))

    assert tables["line"].granted == ("INSERT", "DELETE")
    assert tables["line"].verdict is Verdict.INSERT_ONLY
    assert tables["no_key"].granted == ("INSERT", "UPDATE", "DELETE")


def test_statements_granted_by_a_role_are_found(server_url: str) -> None:
    role = f"sd_test_{uuid4().hex[:12]}"
    run_all(server_url, [f"CREATE ROLE {role}", f"GRANT SELECT, UPDATE, DELETE ON line TO {role}"])
    try:
        with account(server_url) as url:
            user = url.partition("//")[2].partition("@")[0]
            mysql = url.startswith("mysql")
            given = f"GRANT {role} TO '{user}'@'%'" if mysql else f"GRANT {role} TO {user}"
            default = [f"SET DEFAULT ROLE {role} FOR '{user}'@'%'"] if mysql else []
            run_all(server_url, [given, *default])
            assert by_name(inspect(url))["line"].granted == ("UPDATE", "DELETE")
    finally:
        gone = [] if server_url.startswith("mysql") else [f"DROP OWNED BY {role}"]
        run_all(server_url, [*gone, f"DROP ROLE {role}"])


def test_columns_the_account_may_not_read_are_left_out(server_url: str) -> None:
    with account(server_url, "SELECT (a, b) ON unique_key", "INSERT ON unique_key") as url:
        found = inspect(url)

    table = by_name(found)["unique_key"]
    assert [column.name for column in table.columns] == ["a", "b"]
    assert ("c", "d") not in table.unique
    # Nobody could give the hidden columns their values.
    assert table.granted == ()


def test_half_of_a_key_is_no_key(server_url: str) -> None:
    quote = "`" if server_url.startswith("mysql") else '"'
    name, first = (f"{quote}{word}{quote}" for word in ("order", "select"))

    with account(server_url, f"SELECT ({first}) ON {name}") as url:
        table = by_name(inspect(url))["order"]

    assert (table.key, table.why_limited) == ((), VerdictReason.NO_KEY)


def test_table_without_a_readable_column_is_told(mariadb_url: str) -> None:
    run_all(mariadb_url, ["CREATE TABLE t (a int)"])

    with account(mariadb_url, "INSERT ON t") as url:
        found = inspect(url)

    assert found.tables == ()
    assert [problem.parameters for problem in found.problems] == [{"table": "t"}]


def test_file_opened_for_reading_only_may_not_be_changed(tmp_path: Path) -> None:
    with nasty_database("sqlite", tmp_path) as url:
        path = url.removeprefix("sqlite:///")
        tables = by_name(inspect(f"sqlite:///file:{path}?mode=ro&uri=true"))

    assert tables["order"].granted == ()


@pytest.mark.parametrize(
    ("line", "covered"),
    [
        ("GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION", True),
        ("GRANT SELECT, DELETE ON `sch\\_l`.* TO `a`@`%`", True),
        ("GRANT DELETE ON `sch%`.* TO `a`@`%`", True),
        ("GRANT DELETE ON `sch_l`.`stu``dent` TO `a`@`%`", True),
        ('GRANT DELETE ON "sch_l"."stu`dent" TO "a"@"%"', True),
        ("GRANT DELETE ON `schXl`.* TO `a`@`%`", False),
        ("GRANT DELETE ON `schXl`.`stu``dent` TO `a`@`%`", False),
        ("GRANT SELECT (`DELETE`), UPDATE (`a`, `)`) ON `sch_l`.`stu``dent` TO `a`@`%`", False),
        ("GRANT DELETE HISTORY ON `sch_l`.* TO `a`@`%`", False),
        ("GRANT EXECUTE ON PROCEDURE `sch_l`.`stu``dent` TO `a`@`%`", False),
        ("GRANT `role` TO `a`@`%`", False),
    ],
)
def test_grant_of_mysql_covers_the_table(line: str, covered: bool) -> None:
    grants = grants_in([line])

    assert any(grant.covers("DELETE", "sch_l", "stu`dent") for grant in grants) is covered


def test_every_kind_of_server_is_tried() -> None:
    assert set(SERVERS) == set(services.ALL_DATABASES) - {"sqlite"}
