"""No page fails, whatever a table is like: every nasty table of every kind of database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.access.adopted_filter import UNORDERED, operators_of
from app.access.adopted_table import ADOPTED_ACTIONS
from app.access.person import Actor
from app.access.row_filter import Comparison
from app.actions.adopted_table import apply_adopted_changes
from app.actions.row_change import INSERT, UPDATE, Change
from app.catalogue.adopted_table import AdoptedColumn, ColumnKind
from app.models.adopted_table import LiveTable, live_tables
from app.models.audit_log import ChangeSet, RowChange
from app.models.database import Base, engine_options, prepare_engine
from app.models.inspection.reader import inspect_tables
from app.reports.adopted_count import adopted_count
from app.reports.adopted_table import AdoptedPage, AdoptedRequest, read_adopted_rows
from app.web import json_format
from app.web.api.adopted_table import adopted_row_shape
from tests import services
from tests.adopted import NOW
from tests.nasty import nasty_database

# Values no driver likes, in the words of each kind of database.
EXTREMES = {
    "sqlite": [
        "INSERT INTO kinds (id, i, dt, tm, d, bo, bl, js, v, big) VALUES"
        " (1, 'no number', 'no date', 25, 'abc', 7, 'text', '{', x'ff00', 9223372036854775807)",
        "INSERT INTO no_key VALUES (x'00ff', 1.5)",
    ],
    "mysql": [
        "SET SESSION sql_mode = ''",
        "INSERT INTO kinds (id, e, dt, dtm, ts, tm, y, dmax, b8, st, js, lb, p, tx, t1) VALUES"
        " (9223372036854775809, 'wrong', '0000-00-00', '2025-00-00', NULL, '-838:59:59', 1901,"
        " 99999999999999999999999999999999999.999999999999999999999999999999, b'10000001',"
        " '甲,丙', '{\"a\": 1}', REPEAT('x', 300000), Point(1, 2), REPEAT('长', 20001), 2)",
    ],
    "postgresql": [
        "INSERT INTO kinds (id, n, f8, mo, dt, ts, tz, iv, by, j, x, ia, r, p, e, nd, ck1, tx, b8)"
        " VALUES (1000, 'NaN', 'Infinity', 12.3, 'infinity', '4714-11-24 BC', '294276-12-31',"
        " '1 y', '\\x00ff', '{\"a\":1}', '<a/>', '{1,NULL}', '[1,3)', '(1,2)', 'it''s', 1, 'a',"
        " repeat('长', 20001), B'10000001')",
    ],
}
# A table of 300 columns of one kind is opened, but not tried column by column.
MOST_COLUMNS = 100
SAMPLES = {
    ColumnKind.NUMBER: "1",
    ColumnKind.FLOAT: "1.5",
    ColumnKind.BOOLEAN: "是",
    ColumnKind.DATE: "2025-09-01",
    ColumnKind.DATETIME: "2025-09-01 08:00",
    ColumnKind.TIME: "08:00",
    ColumnKind.JSON: '{"a": 2}',
    ColumnKind.UUID: "0190f5b2-0000-7000-8000-000000000001",
}


@dataclass
class Nasty:
    """The nasty database, adopted."""

    engine: Engine
    tables: dict[str, LiveTable]

    def ordinary(self) -> list[LiveTable]:
        """The tables that are not too wide to try every column."""
        return [t for t in self.tables.values() if len(t.spec.columns) <= MOST_COLUMNS]

    def actor(self) -> Actor:
        """Somebody who may do everything with every table."""
        pairs = {(f"can_{a}", table) for a in ADOPTED_ACTIONS for table in self.tables}
        return Actor("1", "某", "x", permissions=frozenset(pairs))

    def read(self, live: LiveTable, **wanted: object) -> AdoptedPage:
        """A page of rows."""
        request = AdoptedRequest(**wanted)  # type: ignore[arg-type]
        with Session(self.engine) as session:
            return read_adopted_rows(session, live, self.actor(), request)


@pytest.fixture(scope="module", params=services.ALL_DATABASES)
def nasty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nasty]:
    """The schema with extreme values in it, and the platform's change log."""
    with nasty_database(request.param, tmp_path_factory.mktemp("nasty")) as url:
        engine = prepare_engine(create_engine(url, **engine_options(url)))
        log = [Base.metadata.tables[each.__tablename__] for each in (ChangeSet, RowChange)]
        with engine.begin() as connection:
            Base.metadata.create_all(connection, tables=log)
            for statement in EXTREMES[connection.dialect.name]:
                connection.execute(text(statement.replace(":", "\\:")))
        engine.dispose()
        with engine.connect() as connection:
            found = inspect_tables(connection)
        yield Nasty(engine, live_tables({table.identifier: table for table in found.tables}))
        engine.dispose()


def sample(column: AdoptedColumn) -> object:
    """A value that the column takes."""
    if column.values:
        return column.values[0]
    if column.kind is ColumnKind.INTEGER:
        return max(1, column.minimum or 1)
    text_ = "x" * min(1, column.max_length if column.max_length is not None else 1)
    return SAMPLES.get(column.kind, text_)


def test_every_table_is_read_counted_and_written_as_json(nasty: Nasty) -> None:
    application = Flask("nasty")
    json_format.install(application)
    for table, live in nasty.tables.items():
        page = nasty.read(live, search="x")
        page = nasty.read(live)
        shapes = [adopted_row_shape(live.spec, row, place) for place, row in enumerate(page.rows)]
        assert len(json.loads(application.json.dumps(shapes))) == len(page.rows), table
        with Session(nasty.engine) as session:
            assert adopted_count(session, live, nasty.actor(), AdoptedRequest()).exact


def test_every_operator_works_on_every_column(nasty: Nasty) -> None:
    for live in nasty.ordinary():
        for column in live.spec.columns:
            for operator in operators_of(column):
                several = {"in": [sample(column)], "between": [sample(column)] * 2}
                value = several.get(operator, sample(column))
                nasty.read(live, filter=Comparison(column.code, operator, value), limit=1)


def test_every_column_that_may_be_sorted_by_gives_an_order(nasty: Nasty) -> None:
    for live in nasty.ordinary():
        for column in live.spec.columns:
            if column.kind not in UNORDERED:
                nasty.read(live, sort=(f"-{column.code}",), limit=1)


def test_every_column_that_may_be_typed_keeps_what_is_typed(nasty: Nasty) -> None:
    live = nasty.tables["kinds"]
    new = Change(
        INSERT, {c.code: sample(c) for c in live.spec.columns if c.required and c.editable}
    )
    with Session(nasty.engine) as session:
        made = apply_adopted_changes(session, live, [new], by=nasty.actor(), now=NOW).results[0]
    assert made.ok, [finding.message for finding in made.findings]
    faults = {}
    for column in live.spec.columns:
        if not column.editable or column.code in live.spec.key:
            continue
        change = Change(UPDATE, {column.code: sample(column)}, made.id, made.version)
        with Session(nasty.engine) as session:
            done = apply_adopted_changes(session, live, [change], by=nasty.actor(), now=NOW)
        made = done.results[0] if done.written else made
        if not done.written:
            faults[column.name] = [finding.message for finding in done.results[0].findings]
    # A list of one value stays a check that only the database knows.
    assert set(faults) <= {"ck1"}, faults
