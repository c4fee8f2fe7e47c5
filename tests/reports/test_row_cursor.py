"""Walking a table from mark to mark gives every row once, on every kind of database."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.models.adopted_table import LiveTable, live_tables
from app.models.database import engine_options, prepare_engine
from app.models.inspection.reader import inspect_tables
from app.reports.adopted_table import AdoptedPage, AdoptedRequest, read_adopted_rows
from app.reports.row_cursor import RowCursor
from tests import services
from tests.adopted import quoted

TABLE = """CREATE TABLE "walked" (
    "part" VARCHAR(20) NOT NULL, "no" INTEGER NOT NULL, "count" INTEGER, "price" DECIMAL(12, 4),
    "size" {float}, "word" VARCHAR(200), "filled" CHAR(3) NOT NULL, "long" TEXT, "day" DATE,
    "moment" TIMESTAMP NULL, "clock" TIME, "yes" BOOLEAN, "mark" {mark},
    PRIMARY KEY ("part", "no"))"""
COLUMNS = ("count", "price", "size", "word", "filled", "long", "day", "moment", "clock", "yes")
FLOAT = {"sqlite": "REAL", "mysql": "FLOAT", "postgresql": "REAL"}
MARK = {
    "sqlite": "NUMERIC",
    "mysql": "ENUM('z', 'b', 'a')",
    "postgresql": "mark",
}
WORDS = ("王芳", "a", "A", "a ", "", "ä", "ß", "%_", "O'Neil", "z" * 101, "z" * 150, "\\", None)
MARKS = ("a", "b", "z", None)


@dataclass
class Walked:
    """The table with its rows."""

    engine: Engine
    live: LiveTable

    def page(self, sort: tuple[str, ...], limit: int, cursor: RowCursor | None) -> AdoptedPage:
        """A page from a mark on."""
        actor = Actor("1", "某", "x", permissions=frozenset({("can_list", "walked")}))
        request = AdoptedRequest(sort=sort, limit=limit, cursor=cursor)
        with Session(self.engine) as session:
            return read_adopted_rows(session, self.live, actor, request)

    def walk(self, sort: tuple[str, ...], limit: int) -> tuple[list[str], AdoptedPage]:
        """The ids of all pages one after another, and the last page."""
        page = self.page(sort, limit, None)
        found = [row.id for row in page.rows]
        while page.next is not None:
            page = self.page(sort, limit, page.next)
            assert page.offset == len(found)
            found += [row.id for row in page.rows]
        return found, page

    def walk_back(
        self, sort: tuple[str, ...], limit: int, page: AdoptedPage
    ) -> tuple[list[str], int]:
        """The ids up to the end of ``page``, read backwards, and how far marks have led."""
        found = [row.id for row in page.rows]
        while page.previous is not None:
            page = self.page(sort, limit, page.previous)
            found = [row.id for row in page.rows] + found
        return found, page.offset


@pytest.fixture(scope="module", params=services.ALL_DATABASES)
def walked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walked]:
    """A table with many equal and many missing values in every column."""
    with services.database(request.param, tmp_path_factory.mktemp("walked")) as url:
        engine = prepare_engine(create_engine(url, **engine_options(url)))
        kind = engine.dialect.name
        with engine.begin() as connection:
            if kind == "postgresql":
                connection.execute(text("CREATE TYPE mark AS ENUM ('z', 'b', 'a')"))
            table = TABLE.format(float=FLOAT[kind], mark=MARK[kind])
            connection.execute(text(quoted(table, kind)))
            names = ["part", "no", *COLUMNS, "mark"]
            columns = ", ".join(f'"{name}"' for name in names)
            marks = ", ".join(f":{name}" for name in names)
            statement = quoted(f'INSERT INTO "walked" ({columns}) VALUES ({marks})', kind)  # noqa: S608
            connection.execute(text(statement), [_row(number, kind) for number in range(60)])
        with engine.connect() as connection:
            found = inspect_tables(connection)
        yield Walked(engine, live_tables({t.identifier: t for t in found.tables})["walked"])
        engine.dispose()


def _row(number: int, kind: str) -> dict[str, object]:
    missing = number % 4 == 0
    odd = "no number" if kind == "sqlite" and number % 11 == 0 else number % 3
    return {
        "part": f"{'aB'[number % 2]} {number % 5}",
        "no": number,
        "count": None if missing else odd,
        "price": None if number % 7 == 0 else f"{number % 6}.0001",
        "size": None if number % 9 == 0 else (number % 8) / 10,
        "word": WORDS[number % len(WORDS)],
        "filled": "xyz"[: number % 4],
        "long": WORDS[-number % len(WORDS)],
        "day": None if missing else f"2025-0{number % 4 + 1}-01",
        "moment": None if number % 5 else f"2025-09-0{number % 3 + 1} 08:00:00.5",
        "clock": None if number % 6 == 0 else f"0{number % 7}:30:00",
        "yes": None if number % 3 == 0 else bool(number % 2),
        "mark": MARKS[number % len(MARKS)],
    }


@pytest.mark.parametrize("falling", ["", "-"])
@pytest.mark.parametrize("code", ["", "part", "no", *COLUMNS, "mark"])
def test_marks_lead_through_every_order_and_back(walked: Walked, code: str, falling: str) -> None:
    sort = (f"{falling}{code}",) if code else ()
    everything = [row.id for row in walked.page(sort, 500, None).rows]
    assert len(set(everything)) == 60
    found, last = walked.walk(sort, 7)
    assert found == everything
    back, offset = walked.walk_back(sort, 7, last)
    assert back == everything[offset:]


def test_marks_lead_through_orders_of_several_columns(walked: Walked) -> None:
    for first, second in permutations(("count", "word", "day", "filled"), 2):
        for sort in ((first, f"-{second}"), (f"-{first}", second, "-part")):
            everything = [row.id for row in walked.page(sort, 500, None).rows]
            found, last = walked.walk(sort, 11)
            assert found == everything, sort
            back, offset = walked.walk_back(sort, 11, last)
            assert back == everything[offset:]


def test_rows_in_order_of_exact_values_are_found_by_key(walked: Walked) -> None:
    for code in ("part", "no", "count", "price", "filled", "day", "clock"):
        page = walked.page((code,), 7, None)
        assert page.next is not None
        assert page.next.values is not None, code


def test_values_that_cannot_be_compared_exactly_are_counted_to(walked: Walked) -> None:
    kind = walked.engine.dialect.name
    for code in {"sqlite": [], "mysql": ["size", "mark"], "postgresql": ["size"]}[kind]:
        page = walked.page((code,), 7, None)
        assert page.next == RowCursor(7), code


def test_row_that_comes_in_before_the_mark_shifts_nothing(walked: Walked) -> None:
    first = walked.page(("no",), 7, None)
    with walked.engine.begin() as connection:
        words = 'INSERT INTO "walked" ("part", "no", "filled") VALUES (\'x\', -1, \'\')'
        connection.execute(text(quoted(words, connection.dialect.name)))
    second = walked.page(("no",), 7, first.next)
    with walked.engine.begin() as connection:
        words = 'DELETE FROM "walked" WHERE "no" = -1'
        connection.execute(text(quoted(words, connection.dialect.name)))
    assert [row.values["no"] for row in second.rows] == list(range(7, 14))
