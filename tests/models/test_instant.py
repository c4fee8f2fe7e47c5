"""Moments compare by when they are, however SQLite was told to write them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, column, create_engine, insert, select, table, text
from sqlalchemy.orm import Session

from app.models.adopted_table import AsGiven
from app.models.database import engine_options, prepare_engine
from app.models.instant import compared_moment

EVENTS = table("events", column("id"), column("at", AsGiven()))
WRITTEN = (
    "2025-01-02T08:00",
    "2025-01-02 08:00:00.000",
    "2025-01-02T08:00:00Z",
    "2025-01-02 08:00:00+08:00",
    "2025-01-02 08:00:00.250",
    "2025-01-02",
    "2025-01-01T23:59:59",
    "2025-01-03T00:00:00",
    None,
)
AT_EIGHT = {1, 2, 3, 4}


@pytest.fixture(scope="module")
def events() -> Iterator[Engine]:
    engine = prepare_engine(create_engine("sqlite://"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME)"))
        connection.execute(insert(EVENTS), [{"at": each} for each in WRITTEN])
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("operator", "value", "found"),
    [
        ("=", "2025-01-02 08:00:00", AT_EIGHT),
        ("=", "2025-01-02 08:00:00.250000", {5}),
        ("=", "2025-01-02 00:00:00", {6}),
        ("!=", "2025-01-02 08:00:00", {5, 6, 7, 8, 9}),
        ("<", "2025-01-02 08:00:00", {6, 7}),
        ("<=", "2025-01-02 08:00:00", AT_EIGHT | {6, 7}),
        (">", "2025-01-02 08:00:00", {5, 8}),
        (">=", "2025-01-02 08:00:00", AT_EIGHT | {5, 8}),
        ("in", ["2025-01-02 00:00:00", "2025-01-03 00:00:00"], {6, 8}),
        ("between", ["2025-01-02 00:00:00", "2025-01-02 08:00:00"], AT_EIGHT | {6}),
    ],
)
def test_moments_compare_by_when_they_are(
    events: Engine, operator: str, value: object, found: set[int]
) -> None:
    wanted = compared_moment(EVENTS.c.at, operator, value)
    with Session(events) as session:
        assert set(session.scalars(select(EVENTS.c.id).where(wanted))) == found


def test_comparison_by_the_day_uses_an_index(events: Engine) -> None:
    wanted = select(EVENTS.c.id).where(compared_moment(EVENTS.c.at, "=", WRITTEN[1]))
    with events.begin() as connection:
        connection.execute(text("CREATE INDEX by_time ON events (at)"))
        compiled = wanted.compile(connection, compile_kwargs={"literal_binds": False})
        told = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {compiled}",
            tuple(compiled.params[n] for n in compiled.positiontup or ()),
        ).all()
    assert "by_time" in str(told)


def test_other_databases_compare_the_column_as_it_is(any_database_url: str) -> None:
    engine = prepare_engine(create_engine(any_database_url, **engine_options(any_database_url)))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE events (id INTEGER PRIMARY KEY, at TIMESTAMP(3))"))
        moments = ["2025-01-02 08:00:00.250", "2025-01-02 08:00:00"]
        connection.execute(insert(EVENTS), [{"id": n, "at": m} for n, m in enumerate(moments)])
        wanted = compared_moment(EVENTS.c.at, ">", "2025-01-02 08:00:00")
        assert connection.scalars(select(EVENTS.c.id).where(wanted)).all() == [0]
    engine.dispose()
