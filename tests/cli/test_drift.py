"""``drift`` tells what changed in the database since it was adopted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.catalogue.adopted_file import OVERRIDES_FILE, TABLES_FILE
from app.models.database import Base
from app.models.table_access import TableAccess
from tests import services
from tests.cli.conftest import Command, command_on
from tests.nasty import run_all

STUDENTS = "CREATE TABLE students (id int NOT NULL PRIMARY KEY, name varchar(50), age int)"
Adopted = tuple[Command, str]


@pytest.fixture(params=services.ALL_DATABASES)
def adopted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Adopted]:
    """A command on an adopted database of one table, and the database's address."""
    with services.database(request.param, tmp_path) as url:
        run_all(url, [STUDENTS])
        command = command_on(url, tmp_path)
        assert command("adopt").exit_code == 0
        yield command, url


def test_database_that_stayed_the_same_is_no_drift(adopted: Adopted) -> None:
    assert adopted[0]("drift").exit_code == 0


@pytest.mark.parametrize(
    ("statements", "place"),
    [
        (["ALTER TABLE students ADD COLUMN major varchar(20)"], "students.major"),
        (["ALTER TABLE students DROP COLUMN age"], "students.age"),
        (["CREATE TABLE courses (id int)"], "courses"),
        (["DROP TABLE students", STUDENTS.replace("50", "20")], "students.name"),
        (["DROP TABLE students", STUDENTS.replace(" PRIMARY KEY", "")], "students"),
        (["ALTER TABLE students RENAME TO pupils"], "students"),
        (["CREATE UNIQUE INDEX one_name ON students (name)"], "students"),
    ],
)
def test_what_changed_is_told(
    adopted: Adopted, tmp_path: Path, statements: list[str], place: str
) -> None:
    command, url = adopted
    file = tmp_path / "adopted" / TABLES_FILE
    before = file.read_bytes()
    run_all(url, statements)

    result = command("drift")

    assert result.exit_code == 1
    assert f"✗ {place}: " in result.output
    assert file.read_bytes() == before

    assert command("adopt").exit_code == 0
    assert command("drift").exit_code == 0


def test_words_of_people_about_a_column_that_is_gone_are_told(
    adopted: Adopted, tmp_path: Path
) -> None:
    command, url = adopted
    words = {"tables": {"students": {"columns": {"age": {"label": "年龄"}}}}}
    (tmp_path / "adopted" / OVERRIDES_FILE).write_text(yaml.safe_dump(words))
    assert command("drift").exit_code == 0
    run_all(url, ["ALTER TABLE students DROP COLUMN age"])

    result = command("drift")

    assert result.exit_code == 1
    assert f"{OVERRIDES_FILE}: students" in result.output
    assert "age" in result.output


def test_mask_on_what_has_become_part_of_the_key_is_told(adopted: Adopted, tmp_path: Path) -> None:
    command, url = adopted
    engine = create_engine(url)
    kept = TableAccess(role_name="辅导员", table_identifier="students", masks={"name": "masked"})
    kept.changed_at = datetime(2026, 9, 15, tzinfo=UTC)
    with Session(engine) as session:
        Base.metadata.create_all(engine, tables=[Base.metadata.tables["sd_table_access"]])
        session.add(kept)
        session.commit()
    engine.dispose()
    assert command("drift").exit_code == 0
    words = {"tables": {"students": {"key": ["name"]}}}
    (tmp_path / "adopted" / OVERRIDES_FILE).write_text(yaml.safe_dump(words))

    result = command("drift")

    assert result.exit_code == 1
    assert "✗ students: name" in result.output
    assert "辅导员" in result.output


def test_view_that_broke_is_told(sqlite_url: str, tmp_path: Path) -> None:
    command = command_on(sqlite_url, tmp_path)
    run_all(sqlite_url, [STUDENTS, "CREATE VIEW names AS SELECT name FROM students"])
    assert command("adopt").exit_code == 0
    run_all(sqlite_url, ["DROP TABLE students"])

    assert "✗ names" in command("drift").output


def test_one_schema_may_be_asked_for(adopted: Adopted) -> None:
    assert adopted[0]("drift", "--schema", "没有").exit_code == 1
