"""``remind`` reminds by the rules; run again it reminds nobody twice."""

import re

from sqlalchemy import create_engine, text

from tests.cli.conftest import Command


def test_reminding_on_a_new_platform_is_nothing_wrong(command: Command) -> None:
    assert command("init").exit_code == 0

    result = command("remind")

    assert result.exit_code == 0
    assert re.search("免打扰时间|提醒了 0 人", result.output)


def test_a_second_run_reminds_nobody(command_on_demo: Command, sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        for name in ("begins", "ends"):
            told = {"name": f"reminder.{name}", "value": "00:00"}
            connection.execute(text("INSERT INTO sd_setting VALUES (:name, :value)"), told)
        connection.execute(text("INSERT INTO sd_setting VALUES ('reminder.weekends', '0')"))
        connection.execute(text("UPDATE sd_cycle SET due_at = datetime('now', '+1 day')"))
        connection.execute(text("UPDATE sd_submission SET phase_due_at = NULL, due_at = NULL"))
    engine.dispose()

    first, again = command_on_demo("remind").output, command_on_demo("remind").output

    assert re.search(r"提醒了 [1-9]\d* 人", first)
    assert "提醒了 0 人" in again
