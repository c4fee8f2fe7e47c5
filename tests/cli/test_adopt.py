"""``adopt`` writes what it reads, keeps what was given before and touches nothing else."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from app.catalogue.adopted_file import OVERRIDES_FILE, TABLES_FILE, read_adopted
from tests import services
from tests.cli.conftest import Command, command_on
from tests.nasty import account, definitions, nasty_database, run_all

SMALL = [
    'CREATE TABLE "order" (id integer PRIMARY KEY)',
    "CREATE TABLE no_key (a int)",
    "CREATE TABLE unique_key (a int NOT NULL UNIQUE)",
    "CREATE TABLE line (id integer PRIMARY KEY, dept int)",
]


@pytest.fixture(params=services.ALL_DATABASES)
def nasty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a nasty database, once of each kind."""
    with nasty_database(request.param, tmp_path) as address:
        yield address


@pytest.fixture
def url(sqlite_url: str) -> str:
    """The address of a database of a few tables."""
    run_all(sqlite_url, SMALL)
    return sqlite_url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files are written."""
    return tmp_path / "adopted"


@pytest.fixture
def on(tmp_path: Path) -> Callable[[str], Command]:
    """Commands on the database at an address."""
    return cache(lambda address: command_on(address, tmp_path))


def ran(command: Command, *arguments: str) -> str:
    result = command(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_table_is_told_with_verdict_and_written(
    on: Callable[[str], Command], nasty_url: str, folder: Path
) -> None:
    before = definitions(nasty_url)

    told = ran(on(nasty_url), "adopt")

    tables = read_adopted(folder)
    assert all(f"{identifier}  " in told for identifier in tables)
    assert "✗ broken" in told
    assert (folder / TABLES_FILE).read_text(encoding="utf-8").startswith("# ")
    assert ran(on(nasty_url), "drift")
    assert definitions(nasty_url) == before


def test_adopting_again_keeps_codes_and_words_of_people(
    on: Callable[[str], Command], url: str, folder: Path
) -> None:
    ran(on(url), "adopt")
    text = (folder / TABLES_FILE).read_text(encoding="utf-8")
    (folder / TABLES_FILE).write_text(text.replace("unique_key", "other_name", 1))
    words = yaml.safe_dump({"tables": {"other_name": {"label": "换个叫法"}}})
    (folder / OVERRIDES_FILE).write_text(words)

    ran(on(url), "adopt")

    assert read_adopted(folder)["other_name"].name == "unique_key"
    assert read_adopted(folder)["other_name"].label == "换个叫法"
    assert (folder / OVERRIDES_FILE).read_text() == words


def test_choice_of_tables_is_remembered_until_there_is_another(
    on: Callable[[str], Command], url: str, folder: Path
) -> None:
    ran(on(url), "adopt", "--tables", "order, no_*key")
    assert set(read_adopted(folder)) == {"order", "no_key"}

    ran(on(url), "adopt")
    assert set(read_adopted(folder)) == {"order", "no_key"}
    ran(on(url), "drift")

    assert "order" in ran(on(url), "adopt", "--tables", "line")
    assert set(read_adopted(folder)) == {"line"}
    ran(on(url), "adopt", "--tables", "*")
    assert len(read_adopted(folder)) == len(SMALL)


def test_another_folder_is_written_on_demand(
    on: Callable[[str], Command], url: str, folder: Path, tmp_path: Path
) -> None:
    ran(on(url), "adopt", "--write", str(tmp_path / "elsewhere"))

    assert read_adopted(tmp_path / "elsewhere")
    assert not folder.exists()


def test_words_about_what_is_gone_are_told_and_fail_the_command(
    on: Callable[[str], Command], url: str, folder: Path
) -> None:
    ran(on(url), "adopt")
    words = {"tables": {"line": {"columns": {"dept": {"label": "部门"}}}, "gone": {}}}
    (folder / OVERRIDES_FILE).write_text(yaml.safe_dump(words))

    result = on(url)("adopt")

    assert result.exit_code == 1
    assert "gone" in result.output


def test_account_that_only_reads_is_enough(
    on: Callable[[str], Command], folder: Path, tmp_path: Path
) -> None:
    with nasty_database("postgresql", tmp_path) as address:
        grants = ("SELECT ON ALL TABLES IN SCHEMA public", 'USAGE ON SCHEMA "other 库"')
        with account(address, *grants, 'SELECT ON "other 库".plain') as reader:
            ran(on(reader), "adopt")
            ran(on(reader), "adopt", "--schema", "other 库")
            ran(on(reader), "drift")

    tables = read_adopted(folder)
    assert {table.schema for table in tables.values()} == {None, "other 库"}
    assert {table.granted for table in tables.values()} == {()}


@pytest.mark.parametrize(
    "address",
    [
        "mysql+pymysql://nobody:wrong@127.0.0.1:1/x",
        "postgresql+psycopg://nobody@127.0.0.1:1/x",
        "sqlite:////nowhere/x.db",
    ],
)
@pytest.mark.parametrize("name", ["adopt", "drift"])
def test_database_out_of_reach_is_told(
    on: Callable[[str], Command], folder: Path, address: str, name: str
) -> None:
    folder.mkdir()
    (folder / TABLES_FILE).write_text("tables: [{identifier: a, name: a, label: a, columns: []}]")

    result = on(address)(name)

    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.output.strip()


def test_unknown_schema_and_empty_database_are_told(
    on: Callable[[str], Command], folder: Path, any_database_url: str
) -> None:
    run_all(any_database_url, ["CREATE TABLE sd_mine (id int)"])

    assert on(any_database_url)("adopt", "--schema", "没有").exit_code == 1
    assert on(any_database_url)("adopt").exit_code == 1
    assert on(any_database_url)("drift").exit_code == 1
    assert not folder.exists()


def test_wrong_usage_ends_with_two(on: Callable[[str], Command], sqlite_url: str) -> None:
    assert on(sqlite_url)("adopt", "--table", "x").exit_code == 2
