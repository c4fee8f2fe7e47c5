"""``statedata audit verify`` tells whether the audit log is as it was written."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, update
from sqlalchemy.orm import Session

from app.actions.audit_log import Deed, record_all
from app.domain.person import Function
from app.models.audit_log import AuditEntry
from tests.access.test_policies import actor
from tests.cli.conftest import command_on

DEEDS = [Deed("saved_view.add", f"saved_view:{number}", "A03") for number in range(3)]


def test_tampering_ends_with_exit_code_one(any_database_url: str, tmp_path: Path) -> None:
    command, engine = command_on(any_database_url, tmp_path), create_engine(any_database_url)
    assert command("init").exit_code == 0
    with Session(engine) as session:
        record_all(session, DEEDS, by=actor(Function.DATA_STEWARD), now=datetime.now(UTC))
        session.commit()
        assert command("audit", "verify").exit_code == 0
        forged = update(AuditEntry).where(AuditEntry.subject == DEEDS[1].subject)
        session.execute(forged.values(reason="改过"))
        session.commit()
    engine.dispose()

    found = command("audit", "verify")

    assert found.exit_code == 1
    assert found.output.count("✗") == 1
