"""``doctor`` names what is wrong and what to do."""

from pathlib import Path

from sqlalchemy import create_engine, text

from tests.cli.conftest import Command, command_on


def faults(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("✗")]


def test_a_fresh_installation_is_sound(command_everywhere: Command) -> None:
    command_everywhere("init")

    result = command_everywhere("doctor")

    assert faults(result.output) == []
    assert result.exit_code == 0


def test_a_database_that_was_never_set_up_is_told(command: Command) -> None:
    result = command("doctor")

    assert result.exit_code == 1
    assert any("None" in line for line in faults(result.output))


def test_a_base_table_that_is_missing_is_named(sqlite_url: str, tmp_path: Path) -> None:
    command = command_on(sqlite_url, tmp_path)
    command("init")
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE bt_course"))
    engine.dispose()

    assert "bt_course" in "".join(faults(command("doctor").output))


def test_tables_of_another_system_are_no_fault_but_altered_ones_of_ours(
    sqlite_url: str, tmp_path: Path
) -> None:
    command = command_on(sqlite_url, tmp_path)
    command("init")
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE xs (xh VARCHAR(9) DEFAULT 'x')"))
        connection.execute(text("ALTER TABLE sd_department ADD COLUMN remark VARCHAR(9)"))
    engine.dispose()

    told = command("doctor").output

    assert "sd_department.remark" in told
    assert "xs" not in told
    assert "Column(" not in told
