"""A text in another encoding makes its own cell unreadable and nothing else."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from app.models.adopted_table import live_tables
from app.models.database import engine_options, prepare_engine
from app.models.inspection.reader import inspect_tables
from app.models.readable_text import ReadableCursor
from app.reports.adopted_table import AdoptedRequest, iterate_adopted, read_adopted_rows
from tests.adopted import OldSystem

GBK = "王芳".encode("gbk")


@pytest.fixture
def system(tmp_path: Path) -> OldSystem:
    engine = opened(tmp_path)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE xs (xh INTEGER PRIMARY KEY, xm VARCHAR(20))"))
        for number in range(1, 2001):
            connection.execute(text("INSERT INTO xs VALUES (:n, '李强')"), {"n": number})
        change = text("UPDATE xs SET xm = CAST(:gbk AS TEXT) WHERE xh = 1500")
        connection.execute(change, {"gbk": GBK})
    with engine.connect() as connection:
        tables = {each.identifier: each for each in inspect_tables(connection).tables}
    return OldSystem(engine, live_tables(tables))


def opened(folder: Path) -> Engine:
    url = f"sqlite:///{folder / 'old.db'}"
    return prepare_engine(create_engine(url, **engine_options(url)))


def test_page_with_an_unreadable_text_is_shown(system: OldSystem) -> None:
    live, actor = system.tables["xs"], system.keeper("xs")
    wanted = AdoptedRequest(offset=1490, limit=20)
    with system.session() as session:
        rows = read_adopted_rows(session, live, actor, wanted).rows
    assert [row.values["xh"] for row in rows] == list(range(1491, 1511))
    assert "\ufffd" in str(rows[9].values["xm"])
    assert rows[10].values["xm"] == "李强"


def test_stream_goes_on_behind_an_unreadable_text(system: OldSystem) -> None:
    live, actor = system.tables["xs"], system.keeper("xs")
    with system.session() as session:
        rows = list(iterate_adopted(session, live, actor, AdoptedRequest()))
    assert [row.values["xh"] for row in rows] == list(range(1, 2001))


def test_what_writes_is_not_done_twice(system: OldSystem) -> None:
    with system.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        cursor = driver.cursor()
        assert isinstance(cursor, ReadableCursor)
        with pytest.raises(Exception, match="decode"):
            cursor.execute("UPDATE xs SET xh = xh + 9000 WHERE xh = 1500 RETURNING xm").fetchall()
        assert driver.execute("SELECT max(xh) FROM xs").fetchone() == (10500,)
