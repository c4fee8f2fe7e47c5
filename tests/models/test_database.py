"""Types and transactions behave alike on every database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from app.models.assignment import Assignment
from app.models.database import (
    ExactDecimal,
    Timestamp,
    begin_write,
    engine_options,
    is_passing,
    prepare_engine,
    writing,
)
from app.models.readable_text import ReadableConnection
from app.models.setting import Setting
from tests import services
from tests.college import NOW, College

MONEY = Table(
    "money",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("amount", ExactDecimal(18, 2)),
    Column("at", Timestamp()),
)
AMOUNTS = st.lists(st.decimals(-(10**16) + 1, 10**16 - 1, places=2), min_size=1, max_size=12)
# One database is emptied by each example itself.
EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module", params=services.ALL_DATABASES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    with services.database(request.param, tmp_path_factory.mktemp("types")) as url:
        made = prepare_engine(create_engine(url, **engine_options(url)))
        MONEY.metadata.create_all(made)
        yield made
        made.dispose()


@given(AMOUNTS)
@EXAMPLES
def test_decimals_are_exact_in_value_order_and_sum(engine: Engine, amounts: list[Decimal]) -> None:
    with engine.connect() as connection:
        connection.execute(insert(MONEY), [{"amount": amount} for amount in amounts])
        ordered = connection.scalars(select(MONEY.c.amount).order_by(MONEY.c.amount)).all()
        total, least = connection.execute(
            select(func.sum(MONEY.c.amount), func.min(MONEY.c.amount))
        ).one()
        connection.rollback()

    assert ordered == sorted(amounts)
    assert (total, least) == (sum(amounts), min(amounts))
    assert {str(value) for value in ordered} <= {f"{amount:.2f}" for amount in amounts} | {"0.00"}


@given(AMOUNTS, st.decimals(-(10**16) + 1, 10**16 - 1, places=2))
@EXAMPLES
def test_decimals_are_compared_exactly(
    engine: Engine, amounts: list[Decimal], bound: Decimal
) -> None:
    with engine.connect() as connection:
        connection.execute(insert(MONEY), [{"amount": amount} for amount in amounts])
        more = connection.scalars(select(MONEY.c.amount).where(MONEY.c.amount > bound)).all()
        connection.rollback()

    assert sorted(more) == sorted(amount for amount in amounts if amount > bound)


def test_an_empty_decimal_stays_empty(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(insert(MONEY), {"amount": None, "at": None})

        assert connection.execute(select(MONEY.c.amount, MONEY.c.at)).one() == (None, None)


@given(st.datetimes(NOW.replace(1970, tzinfo=None)), st.integers(-12, 14))
@EXAMPLES
def test_an_instant_is_the_same_instant_to_the_microsecond(
    engine: Engine, moment: datetime, hours: int
) -> None:
    instant = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    with engine.connect() as connection:
        connection.execute(insert(MONEY), {"at": instant})
        [stored] = connection.scalars(select(MONEY.c.at)).all()
        connection.rollback()

    assert stored == instant
    assert stored.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    naive = NOW.replace(tzinfo=None)

    with engine.connect() as connection, pytest.raises(StatementError, match="time zone"):
        connection.execute(insert(MONEY), {"at": naive})


def test_foreign_keys_are_kept(college: College) -> None:
    session = college.session
    session.add(
        Assignment(
            cycle_id=999, table_identifier="course", department_code="A03", kind="responsible"
        )
    )

    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()


def test_what_is_raised_takes_the_transaction_back(college: College) -> None:
    def half() -> None:
        with writing(college.session):
            college.session.add(Setting(name="half", value="done"))
            college.session.flush()
            raise RuntimeError("in between")

    with pytest.raises(RuntimeError, match="in between"):
        half()

    assert [setting for setting in college.all(Setting) if setting.name == "half"] == []
    assert not college.session.in_transaction()


def test_what_is_not_committed_is_dropped(college: College) -> None:
    with writing(college.session):
        college.session.add(Setting(name="half", value="done"))

    assert [setting for setting in college.all(Setting) if setting.name == "half"] == []


def test_a_writer_sees_what_was_committed_after_it_first_read(college: College) -> None:
    with college.open_session() as reader, college.open_session() as writer:
        assert reader.get(Setting, "news") is None
        writer.add(Setting(name="news", value="1"))
        writer.commit()
        begin_write(reader)

        assert reader.get(Setting, "news") is not None


def test_sqlite_keeps_its_promises(sqlite_url: str) -> None:
    engine = prepare_engine(create_engine(sqlite_url, **engine_options(sqlite_url)))

    with engine.connect() as connection:
        pragmas = [
            connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()

    assert pragmas == ["wal", 2, 1]


def test_a_writer_on_sqlite_keeps_others_out_from_the_start(sqlite_url: str) -> None:
    options = {"connect_args": {"timeout": 0}}
    engine = prepare_engine(create_engine(sqlite_url, **options))

    with Session(engine) as first, Session(engine) as second:
        begin_write(first)
        with pytest.raises(Exception, match="locked"):
            begin_write(second)
        second.rollback()
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("sqlite:///x.db", {"connect_args": {"timeout": 30, "factory": ReadableConnection}}),
        (
            "postgresql+psycopg://x",
            {"isolation_level": "READ COMMITTED", "pool_pre_ping": True},
        ),
    ],
)
def test_every_database_gets_its_options(url: str, options: dict[str, object]) -> None:
    assert engine_options(url) == options


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Engine]:
    made = prepare_engine(create_engine(postgresql_url, **engine_options(postgresql_url)))
    yield made
    made.dispose()


def test_on_postgresql_a_text_with_nul_is_kept_readable_and_found_nowhere(
    postgresql: Engine,
) -> None:
    with postgresql.begin() as connection:
        connection.execute(text("CREATE TABLE word (said TEXT)"))
        connection.execute(
            text("INSERT INTO word VALUES (:said)"), [{"said": "a\0b"}, {"said": "ab"}]
        )
        looked_for = {"said": "ab\0"}

        found = connection.scalars(text("SELECT said FROM word WHERE said = :said"), looked_for)
        assert found.all() == []
        assert connection.scalars(text("SELECT said FROM word")).all() == ["a\ufffdb", "ab"]


def test_on_postgresql_a_lock_is_not_waited_for_without_end(
    postgresql: Engine,
) -> None:
    with postgresql.connect() as first, postgresql.connect() as second:
        first.execute(text("CREATE TABLE word (said TEXT)"))
        first.commit()
        first.execute(text("LOCK TABLE word"))
        assert second.scalar(text("SHOW lock_timeout")) == "30s"
        second.execute(text("SET lock_timeout = '10ms'"))

        with pytest.raises(OperationalError) as met:
            second.execute(text("SELECT * FROM word FOR UPDATE"))

    assert is_passing(met.value)


def test_mariadb_reads_what_is_committed_now() -> None:
    assert engine_options("mysql+pymysql://x")["isolation_level"] == "READ COMMITTED"
