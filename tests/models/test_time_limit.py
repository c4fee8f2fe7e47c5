"""A statement that takes too long is stopped on every database, and nothing else is."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.models.database import engine_options, prepare_engine
from app.models.time_limit import TooSlowError, time_limited

SLOW = {
    "sqlite": "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i FROM n) SELECT max(i) FROM n",
    "mysql": "SELECT count(*), SLEEP(20) FROM information_schema.columns",
    "postgresql": "SELECT pg_sleep(20)",
}


@pytest.fixture
def session(any_database_url: str) -> Iterator[Session]:
    engine = prepare_engine(create_engine(any_database_url, **engine_options(any_database_url)))
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_a_slow_statement_is_stopped_and_the_transaction_goes_on(session: Session) -> None:
    slow = SLOW[session.get_bind().dialect.name]
    with pytest.raises(TooSlowError), time_limited(session, 0.05):
        session.execute(text(slow)).all()
    with time_limited(session, 5):
        assert session.scalar(text("SELECT :one"), {"one": "100% 一"}) == "100% 一"
    assert session.scalar(text("SELECT 2")) == 2
