"""A right that the platform's own account lacks is told by statement and table."""

from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from app.models.database import engine_options
from app.models.database_fault import missing_right
from tests import services

GRANTS = {
    "mariadb": (
        "CREATE USER '{name}'@'%' IDENTIFIED BY '{name}'",
        "GRANT SELECT ON {database}.* TO '{name}'@'%'",
    ),
    "postgresql": (
        "CREATE ROLE {name} LOGIN PASSWORD '{name}'",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}",
    ),
}
REMOVALS = {
    "mariadb": ("DROP USER '{name}'@'%'",),
    "postgresql": ("DROP OWNED BY {name}", "DROP ROLE {name}"),
}
STATEMENTS = {
    "INSERT INTO sd_thing VALUES (1)": "INSERT",
    "UPDATE sd_thing SET id = 2": "UPDATE",
    "DELETE FROM sd_thing": "DELETE",
}


@pytest.mark.parametrize("kind", ["mariadb", "postgresql"])
def test_missing_right_is_told_by_statement_and_table(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = f"sd_poor_{uuid4().hex[:8]}"
    with services.database(kind, tmp_path_factory.mktemp("poor")) as url:
        owner = create_engine(url, **engine_options(url))
        _run(owner, ("CREATE TABLE sd_thing (id INTEGER)", *GRANTS[kind]), name)
        poor = create_engine(owner.url.set(username=name, password=name))
        try:
            for statement, right in STATEMENTS.items():
                with pytest.raises(DBAPIError) as refused, poor.connect() as connection:
                    connection.execute(text(statement))
                assert missing_right(refused.value) == (right, "sd_thing")
        finally:
            poor.dispose()
            _run(owner, REMOVALS[kind], name)
            owner.dispose()


def _run(engine: Engine, statements: tuple[str, ...], name: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            made = statement.format(name=name, database=engine.url.database)
            connection.execute(text(made))
