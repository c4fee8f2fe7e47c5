"""What each kind of database says differently, for tests that prepare one by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, text

FOREIGN_KEYS_OFF = {
    "sqlite": "PRAGMA foreign_keys=0",
    "mysql": "SET FOREIGN_KEY_CHECKS=0",
    "postgresql": "SET session_replication_role = replica",
}
FOREIGN_KEYS_ON = {
    "sqlite": "PRAGMA foreign_keys=1",
    "mysql": "SET FOREIGN_KEY_CHECKS=1",
    "postgresql": "SET session_replication_role = origin",
}
# How a connection waits for a lock as shortly as it can.
IMPATIENCE = {
    "sqlite": "PRAGMA busy_timeout=0",
    "mysql": "SET SESSION innodb_lock_wait_timeout=1",
    "postgresql": "SET lock_timeout = '100ms'",
}
# Whatever adds to or changes the table fails with “full”.
FAILING = {
    "sqlite": [
        "CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when}"
        " BEGIN SELECT RAISE(ABORT, 'full'); END"
    ],
    "mysql": [
        "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW IF {when} THEN"
        " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'full'; END IF"
    ],
    "postgresql": [
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        " AS $$BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '58000'; END$$",
        "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({when})"
        " EXECUTE FUNCTION {name}()",
    ],
}
WORKING = {
    "sqlite": "DROP TRIGGER {name}",
    "mysql": "DROP TRIGGER {name}",
    "postgresql": "DROP FUNCTION {name} CASCADE",
}


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Rows of one table come back without those of others going away with their parents.

    Before the connection's first statement: SQLite cannot be told inside a transaction.
    """
    kind = connection.dialect.name
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor()
    cursor.execute(FOREIGN_KEYS_OFF[kind])
    yield
    cursor.execute(FOREIGN_KEYS_ON[kind])
    driver.commit()
    cursor.close()


@contextmanager
def failing(engine: Engine, verb: str, table: str, when: str = "1 = 1") -> Iterator[None]:
    """A database that fails whenever a row of the table is added or changed (``verb``).

    ``when`` is the condition on the new row.

    The failure is one of the database itself, no violated constraint.
    """
    kind = engine.dialect.name
    # Another name each time: SQLite takes a trigger for existing still where another connection has
    # dropped it.
    told = {"name": f"failing_{uuid4().hex[:12]}", "verb": verb, "table": table, "when": when}
    with engine.begin() as connection:
        for statement in FAILING[kind]:
            connection.execute(text(statement.format(**told)))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(WORKING[kind].format(**told)))
