"""``init`` makes a database ready, again and again, and its demo only once."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.cli.conftest import Command, command_on


def test_init_makes_an_empty_database_ready(command_everywhere: Command) -> None:
    assert command_everywhere("init").exit_code == 0
    assert command_everywhere("permissions", "sync").exit_code == 0


def test_init_twice_changes_nothing(database_url: str, tmp_path: Path) -> None:
    command = command_on(database_url, tmp_path)
    command("init")
    engine = create_engine(database_url)
    tables = set(inspect(engine).get_table_names())

    again = command("init")

    assert again.exit_code == 0
    assert set(inspect(engine).get_table_names()) == tables
    engine.dispose()


def test_every_base_table_has_its_sql_table(sqlite_url: str, tmp_path: Path) -> None:
    command_on(sqlite_url, tmp_path)("init")

    engine = create_engine(sqlite_url)
    names = inspect(engine).get_table_names()

    assert sum(name.startswith("bt_") for name in names) == 108
    engine.dispose()


def test_init_without_demo_makes_no_account(sqlite_url: str, tmp_path: Path) -> None:
    command_on(sqlite_url, tmp_path)("init")

    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM ab_user")) == 0
        assert connection.scalar(text("SELECT count(*) FROM sd_person")) == 0
    engine.dispose()


def test_a_demo_that_was_interrupted_is_not_taken_for_complete(
    sqlite_url: str, tmp_path: Path
) -> None:
    command = command_on(sqlite_url, tmp_path)
    command("init")
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO sd_setting (name, value) VALUES ('demo_college', 'begun')")
        )
    engine.dispose()

    assert command("init", "--demo").exit_code == 1


def test_an_unreachable_database_is_told_in_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'missing' / 'statedata.db'}"

    result = command_on(url, tmp_path)("init")

    assert result.exit_code == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize("arguments", [["nosuch"], ["init", "--nosuch"], ["cycle", "open"], []])
def test_wrong_usage_ends_with_two(command: Command, arguments: list[str]) -> None:
    assert command(*arguments).exit_code == 2


LISTS_TEXTBOOKS = """
INSERT INTO ab_permission_view_role (id, role_id, permission_view_id)
SELECT 90000, 900, pv.id FROM ab_permission_view pv
JOIN ab_permission p ON p.id = pv.permission_id JOIN ab_view_menu v ON v.id = pv.view_menu_id
WHERE p.name = 'can_list' AND v.name = 'course_textbook'
"""
TOLD_OF_ROLE = "SELECT reason FROM sd_audit_entry WHERE subject = 'role:督导'"


def test_roles_made_before_the_right_to_pick_are_told_of_and_given_it_by_choice(
    sqlite_url: str, tmp_path: Path
) -> None:
    (command := command_on(sqlite_url, tmp_path))("init")
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO ab_role (id, name) VALUES (900, '督导')"))
        connection.execute(text(LISTS_TEXTBOOKS))

    told, granted, after = (
        command("permissions", "sync", *options).output for options in ([], ["--grant-picks"], [])
    )

    assert "督导" in told
    assert "--grant-picks" in told
    assert "选用的权限" in granted
    assert "督导" not in after
    with engine.connect() as connection:
        assert "+pick course" in connection.execute(text(TOLD_OF_ROLE)).scalar_one()
    engine.dispose()
