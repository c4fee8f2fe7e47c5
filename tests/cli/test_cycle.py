"""``cycle`` moves a collection year in the name of a person who may."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.cli.conftest import Command, command_on


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """Commands on a demo college, whose open year is under way.

    It is made on MariaDB as colleges make it; ``tests/bootstrap/test_run.py`` does so on SQLite.
    """
    folder: Path = tmp_path_factory.mktemp("demo")
    with services.mariadb_database() as url:
        command = command_on(url, folder)
        assert command("init", "--demo").exit_code == 0
        yield command


def years(demo: Command) -> list[str]:
    return [line.split()[0] for line in demo("cycle", "status").output.splitlines()]


def test_the_demo_has_a_locked_and_an_open_year(demo: Command) -> None:
    assert len(years(demo)) == 2


def test_making_the_demo_again_leaves_it_as_it_is(demo: Command) -> None:
    before = demo("cycle", "status").output

    assert demo("init", "--demo").exit_code == 0
    assert demo("cycle", "status").output == before


def test_a_year_is_not_closed_by_a_data_steward(demo: Command) -> None:
    before = demo("cycle", "status").output

    result = demo("cycle", "close", years(demo)[0], "--by", "jwc_steward")

    assert result.exit_code == 1
    assert demo("cycle", "status").output == before


@pytest.mark.parametrize("by", ["nobody", "QA", "t_nosuch"])
def test_a_year_is_not_closed_by_a_stranger(demo: Command, by: str) -> None:
    assert demo("cycle", "close", years(demo)[0], "--by", by).exit_code == 1


def test_a_year_that_does_not_exist_is_told(demo: Command) -> None:
    assert demo("cycle", "close", "1999-2000", "--by", "qa").exit_code == 1


def test_a_year_that_is_locked_is_not_opened(demo: Command) -> None:
    assert demo("cycle", "open", years(demo)[1], "--by", "qa").exit_code == 1


def test_the_quality_office_closes_the_open_year_once(demo: Command) -> None:
    closing = ("cycle", "close", years(demo)[0], "--by", "qa")

    assert demo(*closing).exit_code == 0
    assert demo(*closing).exit_code == 1


def test_a_year_with_open_tables_is_not_locked(demo: Command) -> None:
    result = demo("cycle", "lock", years(demo)[0], "--by", "qa2")

    assert result.exit_code == 1
    assert "不能锁定" in result.output
