"""Statements that may take only so long: a page never waits for a count or a search.

Every database stops such a statement by itself; on SQLite the driver asks between steps.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

# SQLite asks after so many steps of its machine, about a millisecond.
STEPS = 10_000
# MariaDB's and MySQL's errors for a statement that was stopped.
STOPPED_NUMBERS = frozenset({1969, 3024, 1317})
STOPPED_STATE = "57014"


class TooSlowError(Exception):
    """A statement was stopped because it took too long."""


@contextmanager
def time_limited(session: Session, seconds: float) -> Iterator[None]:
    """Stop whatever statement inside takes longer than ``seconds``; raises TooSlowError.

    The transaction goes on as if the statement had not been asked for.
    """
    dialect = session.get_bind().dialect
    limit = {"postgresql": _postgresql, "sqlite": _sqlite}.get(dialect.name, _mysql)
    with session.begin_nested() if dialect.name == "postgresql" else session.no_autoflush:
        try:
            with limit(session, seconds):
                yield
        except DBAPIError as error:
            if not _was_stopped(error):
                raise
            raise TooSlowError from error


def _was_stopped(error: DBAPIError) -> bool:
    cause: Any = error.orig
    if getattr(cause, "sqlstate", None) == STOPPED_STATE:
        return True
    number = cause.args[0] if cause is not None and cause.args else None
    return number in STOPPED_NUMBERS or number == "interrupted"


@contextmanager
def _postgresql(session: Session, seconds: float) -> Iterator[None]:
    # Local to the savepoint: rolled back with it, and set back by hand where it is kept.
    session.execute(
        text("SELECT set_config('statement_timeout', :limit, true)"), _milliseconds(seconds)
    )
    yield
    session.execute(text("SELECT set_config('statement_timeout', '0', true)"))


def _milliseconds(seconds: float) -> dict[str, str]:
    return {"limit": str(int(seconds * 1000))}


@contextmanager
def _mysql(session: Session, seconds: float) -> Iterator[None]:
    # Which of the two it is, the dialect knows once it is connected.
    session.connection()
    if getattr(session.get_bind().dialect, "is_mariadb", False):
        with _mariadb(session, seconds):
            yield
        return
    limit = {"limit": int(seconds * 1000)}
    session.execute(text("SET SESSION max_execution_time = :limit"), limit)
    try:
        yield
    finally:
        # Back to what the server's keeper has set for everybody.
        session.execute(text("SET SESSION max_execution_time = DEFAULT"))


@contextmanager
def _mariadb(session: Session, seconds: float) -> Iterator[None]:
    """The limit stands before the statement itself, which spares two more for every page."""
    connection = session.connection()
    words = f"SET STATEMENT max_statement_time = {seconds:g} FOR "

    def limited(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any
    ) -> tuple[str, Any]:
        return words + statement, parameters

    event.listen(connection, "before_cursor_execute", limited, retval=True)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", limited)


@contextmanager
def _sqlite(session: Session, seconds: float) -> Iterator[None]:
    connection: Any = session.connection().connection.driver_connection
    end = monotonic() + seconds
    connection.set_progress_handler(lambda: monotonic() > end, STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
