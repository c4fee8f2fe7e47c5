"""The rights of all roles as a file: exported, planned and applied."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine, text

from tests.cli.conftest import Command, command_on
from tests.nasty import run_all

Policy = dict[str, dict[str, list[str]]]
Edit = Callable[[Policy], object]


def install(command: Command, folder: Path) -> tuple[Command, Path]:
    """A platform with one administrator, and its policy as a file."""
    command("init")
    command("administrator", "00001", "张三")
    file = folder / "policy.yaml"
    assert command("policy", "export", str(file)).exit_code == 0
    return command, file


@pytest.fixture
def installed(command: Command, tmp_path: Path) -> tuple[Command, Path]:
    """A platform on SQLite with its policy."""
    return install(command, tmp_path)


@pytest.fixture
def installed_everywhere(command_everywhere: Command, tmp_path: Path) -> tuple[Command, Path]:
    """A platform with its policy, once on each kind of database."""
    return install(command_everywhere, tmp_path)


def read(file: Path) -> Policy:
    roles: Policy = yaml.safe_load(file.read_text(encoding="utf-8"))["roles"]
    return roles


def edit(file: Path, change: Edit) -> None:
    roles = read(file)
    change(roles)
    file.write_text(yaml.safe_dump({"roles": roles}, allow_unicode=True), encoding="utf-8")


def rows(url: str, query: str) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(text(query)))
    engine.dispose()
    return found


def supervise(roles: Policy) -> None:
    """A role made by hand, one right more and one less."""
    roles["教学督导"] = {"course": ["list", "list_all"], "board": ["read"]}
    roles["reader"] = {"cycle": ["read"], "board": ["read"]}


def test_what_was_exported_changes_nothing(installed: tuple[Command, Path]) -> None:
    command, file = installed

    planned = command("policy", "plan", str(file))

    assert planned.exit_code == 0
    assert planned.output.splitlines()[-1].startswith(("Nothing to change", "没有需要改动"))
    assert command("policy", "export").output == file.read_text(encoding="utf-8")


def test_applying_gives_and_takes_and_a_second_plan_is_empty(
    installed_everywhere: tuple[Command, Path],
) -> None:
    command, file = installed_everywhere
    edit(file, supervise)

    planned, applied = (command("policy", verb, str(file)) for verb in ("plan", "apply"))

    assert (planned.exit_code, applied.exit_code) == (0, 0)
    assert planned.output == applied.output
    assert "教学督导" in planned.output
    again = command("policy", "plan", str(file)).output
    assert "教学督导" not in again
    command("policy", "export", str(file.with_name("after.yaml")))
    assert read(file.with_name("after.yaml")) == read(file)


def take_the_key(roles: Policy) -> None:
    roles["administrator"]["permission"] = ["read"]


def give_data_to_the_administrator(roles: Policy) -> None:
    roles["administrator"]["course"] = ["list"]


def name_an_unknown_table(roles: Policy) -> None:
    roles["reader"]["no_such_table"] = ["list"]


def name_an_unknown_action(roles: Policy) -> None:
    roles["reader"]["course"] = ["burn"]


def name_an_unknown_department(roles: Policy) -> None:
    roles["X99.steward"] = {"course": []}


def name_a_role_badly(roles: Policy) -> None:
    roles["a,b"] = {}


MISTAKES: tuple[tuple[Edit, str], ...] = (
    (take_the_key, ""),
    (give_data_to_the_administrator, "administrator"),
    (name_an_unknown_table, "no_such_table"),
    (name_an_unknown_action, "burn"),
    (name_an_unknown_department, "X99.steward"),
    (name_a_role_badly, "a,b"),
)


def test_what_cannot_be_is_refused_and_nothing_is_changed(
    installed: tuple[Command, Path],
) -> None:
    command, file = installed
    before = file.read_text(encoding="utf-8")
    for mistake, named in MISTAKES:
        file.write_text(before, encoding="utf-8")
        edit(file, supervise)
        edit(file, mistake)

        planned, applied = (command("policy", verb, str(file)) for verb in ("plan", "apply"))

        assert (planned.exit_code, applied.exit_code) == (1, 1)
        assert named in applied.output
    assert command("policy", "export").output == before


def test_a_role_that_is_not_in_the_file_stays_as_it_is(installed: tuple[Command, Path]) -> None:
    command, file = installed
    edit(file, lambda roles: roles.pop("reader"))

    planned = command("policy", "plan", str(file))

    assert planned.exit_code == 0
    assert "reader" in planned.output
    command("policy", "apply", str(file))
    assert "reader" in yaml.safe_load(command("policy", "export").output)["roles"]


def test_permission_rows_of_what_is_gone_are_named_and_kept(
    sqlite_url: str, tmp_path: Path
) -> None:
    command = command_on(sqlite_url, tmp_path)
    command("init")
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE ab_view_menu SET name='old_table' WHERE name='course'"))
    engine.dispose()
    file = tmp_path / "policy.yaml"
    command("policy", "export", str(file))

    applied = command("policy", "apply", str(file))

    assert applied.exit_code == 0
    assert "old_table" in applied.output
    assert rows(sqlite_url, "SELECT id FROM ab_view_menu WHERE name = 'old_table'")


def test_it_stands_in_the_audit_log(sqlite_url: str, tmp_path: Path) -> None:
    command = command_on(sqlite_url, tmp_path)
    command("init")
    file = tmp_path / "policy.yaml"
    command("policy", "export", str(file))
    edit(file, supervise)

    command("policy", "apply", str(file))
    command("policy", "apply", str(file))

    told = rows(sqlite_url, "SELECT tag, subject, person_name FROM sd_audit_entry ORDER BY id")
    assert [tuple(row) for row in told] == [
        ("permission.edit", "role:reader", "服务器运维人员"),
        ("role.add", "role:教学督导", "服务器运维人员"),
        ("permission.edit", "role:教学督导", "服务器运维人员"),
    ]


def test_wrong_usage_is_told_apart(command: Command, tmp_path: Path) -> None:
    command("init")

    assert command("policy", "plan").exit_code == 2
    assert command("policy", "apply", str(tmp_path / "none.yaml")).exit_code == 2


def test_rights_on_adopted_tables_are_in_the_file_too(database_url: str, tmp_path: Path) -> None:
    command = command_on(database_url, tmp_path)
    run_all(database_url, ["CREATE TABLE students (id int NOT NULL PRIMARY KEY)"])
    assert command("adopt").exit_code == 0
    command("init")
    file = tmp_path / "policy.yaml"
    command("policy", "export", str(file))
    edit(file, lambda roles: roles["reader"].update(students=["list", "pick"]))

    assert "students" in command("policy", "apply", str(file)).output

    assert "students: [list, pick]" in command("policy", "export").output
