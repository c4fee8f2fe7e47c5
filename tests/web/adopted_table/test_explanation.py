"""Why somebody may or may not do something with a row of a table that was there before us."""

from datetime import UTC, datetime

import pytest

from app.domain.message import Message
from app.reports.explanation import Asked, explain, find_actor
from app.web.fab.database import database
from tests.web.adopted_table.conftest import Console


def reasons(console: Console, table: str, row: str | None) -> dict[str, Message | None]:
    with console.application.app_context():
        session, store = database.session(), console.application.extensions["store"]
        actor = find_actor(session, "steward", datetime.now(UTC).date())
        told = explain(session, store, actor, console.tables[table], Asked(row=row))
        database.session.remove()
    return {answer.action: answer.refusal for answer in told.answers}


def test_a_row_in_reach_may_be_changed(console: Console) -> None:
    row = str(console.rows("xs")[0]["id"])

    assert set(reasons(console, "xs", row).values()) == {None}


@pytest.mark.parametrize("action", ["list", "edit", "delete"])
def test_a_row_that_is_not_there_is_told(console: Console, action: str) -> None:
    assert reasons(console, "xs", "nothing")[action] is not None


def test_a_view_is_read_only_whoever_asks(console: Console) -> None:
    told = reasons(console, "v_xs", None)

    assert told["list"] is None
    assert None not in (told["add"], told["edit"], told["delete"])
