"""``statedata audit verify`` tells whether the audit log is as it was written."""

from pathlib import Path

from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from app.models.audit_log import AuditEntry
from tests.cli.conftest import command_on


def test_tampering_ends_with_exit_code_one(any_database_url: str, tmp_path: Path) -> None:
    command = command_on(any_database_url, tmp_path)
    assert command("init", "--demo").exit_code == 0
    assert command("audit", "verify").exit_code == 0
    engine = create_engine(any_database_url)
    with Session(engine) as session:
        number = session.scalars(select(AuditEntry.id).order_by(AuditEntry.id).offset(3)).first()
        session.execute(update(AuditEntry).where(AuditEntry.id == number).values(reason="改过"))
        session.commit()
    engine.dispose()

    found = command("audit", "verify")

    assert found.exit_code == 1
    assert f"#{number}" in found.output
