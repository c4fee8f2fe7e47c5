"""One chain of migrations makes exactly the tables that are declared, on every database."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    create_engine,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from app.cli.migration import (
    BrokenReferences,
    differences,
    downgrade,
    newest_revision,
    present_revision,
    upgrade,
)
from app.models.database import engine_options, prepare_engine
from tests.architecture.source import ROOT

FOLDER = ROOT / "migrations"
INSERT_ROLE = text("INSERT INTO ab_role (name) VALUES (:name)")

SOON = "2026-09-15 01:30:00"
APPOINTMENT = {
    "id": 1,
    "person_id": 1,
    "function": "data_steward",
    "department_code": "A03",
    "valid_from": "2020-09-01",
}
SUBMISSION = {
    "id": 1,
    "cycle_id": 1,
    "table_identifier": "course",
    "department_code": "A03",
    "period": "2025-2026",
    "version": 1,
    "status_since": SOON,
}
# A college as the second revision kept it: people, a year, and tables reported and not.
COLLEGE_OF_0002: tuple[tuple[str, dict[str, object]], ...] = (
    ("sd_department", {"code": "A03", "name": "教务处", "kind": "administrative", "duty": ""}),
    (
        "sd_person",
        {"id": 1, "number": "03002", "name": "李静", "department_code": "A03", "is_active": True},
    ),
    ("sd_appointment", APPOINTMENT),
    (
        "sd_cycle",
        {
            "id": 1,
            "academic_year": "2025-2026",
            "status": "open",
            "version": 3,
            "due_at": "2026-10-15 16:00:00",
        },
    ),
    (
        "sd_assignment",
        {
            "id": 1,
            "cycle_id": 1,
            "table_identifier": "course",
            "department_code": "A03",
            "kind": "responsible",
        },
    ),
    ("sd_submission", SUBMISSION | {"status": "submitted", "first_reported_at": SOON}),
    ("sd_submission", SUBMISSION | {"id": 2, "table_identifier": "staff", "status": "entering"}),
    (
        "sd_audit_entry",
        {
            "id": 1,
            "at": SOON,
            "person_number": "03002",
            "person_name": "李静",
            "tag": "submission.confirm",
            "subject": "submission:1",
            "reason": "二〇二六年",
        },
    ),
)


def insert_row(connection: Connection, table: str, row: dict[str, object]) -> None:
    columns = Table(table, MetaData(), *(Column(name) for name in row))
    connection.execute(insert(columns), [row])


def kept(connection: Connection, table: str, row: dict[str, object]) -> dict[str, object]:
    """The row as it is now, its days and times as texts."""
    key = next(iter(row))
    columns = Table(table, MetaData(), *(Column(name) for name in row))
    found = connection.execute(select(columns).where(columns.c[key] == row[key])).one()
    return {
        name: str(value)[:19] if isinstance(row[name], str) else value
        for name, value in found._mapping.items()
    }


@pytest.fixture
def engine(any_database_url: str) -> Iterator[Engine]:
    made = prepare_engine(create_engine(any_database_url, **engine_options(any_database_url)))
    yield made
    made.dispose()


def test_the_migrations_make_what_is_declared(engine: Engine) -> None:
    upgrade(engine, FOLDER)

    assert differences(engine, FOLDER) == []
    assert present_revision(engine) == newest_revision(FOLDER)


def test_a_database_at_the_first_revision_comes_to_the_newest_with_its_data(
    engine: Engine,
) -> None:
    upgrade(engine, FOLDER, "0001")
    with engine.begin() as connection:
        connection.execute(INSERT_ROLE, {"name": "head"})

    upgrade(engine, FOLDER)

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM ab_role")) == "head"
    assert present_revision(engine) == newest_revision(FOLDER)


@pytest.mark.parametrize("revision", ["0002", "0005"])
def test_a_college_that_is_under_way_comes_to_the_newest_with_its_data(
    engine: Engine, revision: str
) -> None:
    upgrade(engine, FOLDER, "0002")
    with engine.begin() as connection:
        for table, row in COLLEGE_OF_0002:
            insert_row(connection, table, row)
    upgrade(engine, FOLDER, revision)

    upgrade(engine, FOLDER)

    assert differences(engine, FOLDER) == []
    with engine.connect() as connection:
        for table, row in COLLEGE_OF_0002:
            assert row.items() <= kept(connection, table, row).items()


def test_what_the_migrations_make_of_old_rows(engine: Engine) -> None:
    upgrade(engine, FOLDER, "0002")
    with engine.begin() as connection:
        for table, row in COLLEGE_OF_0002:
            insert_row(connection, table, row)
        never = APPOINTMENT | {"id": 2, "valid_from": "2026-09-10", "valid_to": "2026-09-01"}
        insert_row(connection, "sd_appointment", never)

    upgrade(engine, FOLDER)

    with engine.connect() as connection:
        # Reported before due dates were kept: measured by the year's; the other by none of its own.
        due = connection.execute(text("SELECT id, due_at FROM sd_submission ORDER BY id")).all()
        assert [(number, str(at)[:19] if at else None) for number, at in due] == [
            (1, "2026-10-15 16:00:00"),
            (2, None),
        ]
        assert connection.scalar(text("SELECT version FROM sd_person")) == 1
        last = connection.scalar(text("SELECT valid_to FROM sd_appointment WHERE id = 2"))
        assert str(last) == "2026-09-10"


def test_all_migrations_can_be_taken_back(engine: Engine) -> None:
    upgrade(engine, FOLDER)

    downgrade(engine, FOLDER, "base")

    assert set(inspect(engine).get_table_names()) == {"alembic_version"}


def test_running_the_migrations_again_changes_nothing(engine: Engine) -> None:
    upgrade(engine, FOLDER)
    upgrade(engine, FOLDER)

    assert present_revision(engine) == newest_revision(FOLDER)


def test_base_tables_are_no_difference(engine: Engine) -> None:
    upgrade(engine, FOLDER)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bt_course (sys_id INTEGER PRIMARY KEY)"))

    assert differences(engine, FOLDER) == []


def test_a_table_that_was_altered_by_hand_is_noticed(engine: Engine) -> None:
    upgrade(engine, FOLDER)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE sd_setting ADD COLUMN note VARCHAR(10)"))

    assert any("note" in difference for difference in differences(engine, FOLDER))


def test_names_are_compared_exactly_and_numbered_without_sequences(engine: Engine) -> None:
    upgrade(engine, FOLDER)

    with engine.begin() as connection:
        for name in ("head", "HEAD", "héad"):
            connection.execute(INSERT_ROLE, {"name": name})

    # PostgreSQL numbers by sequences too, but each belongs to its column.
    assert engine.name != "mysql" or inspect(engine).get_sequence_names() == []
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(INSERT_ROLE, {"name": "head"})


def test_sqlite_enforces_foreign_keys_after_a_migration(sqlite_url: str) -> None:
    engine = prepare_engine(create_engine(sqlite_url))
    upgrade(engine, FOLDER)

    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO ab_user_role (user_id, role_id) VALUES (7, 7)"))
    engine.dispose()


def test_a_migration_that_leaves_broken_references_is_reported(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)  # not prepared: foreign keys are off
    upgrade(engine, FOLDER)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        connection.execute(text("INSERT INTO ab_user_role (user_id, role_id) VALUES (7, 7)"))

    with pytest.raises(BrokenReferences, match="ab_user_role"):
        upgrade(engine, FOLDER)
    engine.dispose()


def test_the_chain_has_one_head() -> None:
    assert len(ScriptDirectory(str(FOLDER)).get_heads()) == 1


def test_a_revision_without_changes_can_be_written(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import shutil, migrations.revise as r; "
        f"shutil.copytree('migrations', {str(tmp_path / 'm')!r}); "
        f"r.FOLDER = Path({str(tmp_path / 'm')!r}); r.revise('Change nothing')"
    )

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)

    written = sorted((tmp_path / "m" / "versions").glob("*_change_nothing.py"))
    assert "    pass" in written[0].read_text(encoding="utf-8")
