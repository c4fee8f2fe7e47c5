"""Rows inserted by the driver in one go are stored as SQLAlchemy stores them one by one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    select,
)
from sqlalchemy.engine import Connection

from app.actions.row_insert import FEW, insert_columns
from app.models.database import ExactDecimal, engine_options, prepare_engine

TABLE = Table(
    "inserted",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", String(40)),
    Column("amount", ExactDecimal(10, 2)),
    Column("day", Date),
    Column("is_so", Boolean),
    Column("after", JSON(none_as_null=True)),
    Column("filled", String(9), server_default="given"),
    Column("per cent %s", String(9)),
)
TEXTS = ("O'Brien", 'a "word"', "back\\slash", "100%", "%s %(text)s", "两\n行", "😀", "", None)


@pytest.fixture
def connection(any_database_url: str) -> Iterator[Connection]:
    engine = prepare_engine(create_engine(any_database_url, **engine_options(any_database_url)))
    with engine.begin() as connection:
        TABLE.create(connection)
        yield connection
    engine.dispose()


def _columns(count: int) -> Mapping[str, Sequence[object]]:
    texts = [TEXTS[number % len(TEXTS)] for number in range(count)]
    return {
        "number": list(range(count)),
        "text": texts,
        "amount": [None if number % 3 else Decimal(number) / 4 for number in range(count)],
        "day": [date(2025, 9, 1)] * count,
        "is_so": [number % 2 == 0 for number in range(count)],
        "after": [None if text is None else {"姓名": text, "is": True} for text in texts],
        "filled": [None] * count,
        "per cent %s": ["%"] * count,
    }


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 300])
def test_all_rows_come_back_as_they_were_given(connection: Connection, count: int) -> None:
    columns = _columns(count)

    insert_columns(connection, TABLE, columns)

    stored = connection.execute(select(*(TABLE.c[name] for name in columns)).order_by("number"))
    assert [tuple(row) for row in stored] == list(zip(*columns.values(), strict=True))


def test_a_column_with_nothing_in_it_stays_empty(connection: Connection) -> None:
    columns = {**_columns(FEW + 1), "text": [None] * (FEW + 1), "after": [None] * (FEW + 1)}

    insert_columns(connection, TABLE, columns)

    query = select(TABLE.c.number).where(TABLE.c.text.is_(None), TABLE.c.after.is_(None))
    assert len(connection.execute(query).all()) == FEW + 1
