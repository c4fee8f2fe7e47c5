"""The small college beside an old system whose table it reports, on every kind of database.

The old system writes years with two digits (25-26) and has its own codes of departments.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.adopted_table import apply_adopted_changes
from app.actions.permission import sync_permissions
from app.actions.row_change import UPDATE, Change, Outcome
from app.catalogue.adopted_table import AdoptedTable, ColumnMapping
from app.catalogue.reported_table import with_reported
from app.catalogue.reporting import read_reporting
from app.models.adopted_row import AdoptedRow
from app.models.adopted_table import LiveTable
from app.models.inspection.reader import inspect_tables
from app.models.reported_table import build_whole_store
from app.models.submission import Submission
from app.reports.adopted_table import AdoptedRequest, read_adopted_rows
from tests.adopted import quoted
from tests.college import NOW, College, Founded
from tests.people import People, load_people

TABLE = "jl"
STATEMENTS = (
    """CREATE TABLE "jl" (
        "bh" VARCHAR(20) NOT NULL PRIMARY KEY, "xn" CHAR(8) NOT NULL,
        "dw" INTEGER DEFAULT 301 NOT NULL,
        "mc" VARCHAR(40) NOT NULL, "je" DECIMAL(8, 2), "rq" DATE, "bz" TEXT,
        "dj" VARCHAR(4) CHECK ("dj" IN ('国家', '省')))""",
    """INSERT INTO "jl" ("bh", "xn", "dw", "mc", "je", "rq", "dj") VALUES
        ('A1', '25-26', 301, '数学建模', 500.50, '2026-05-01', '省'),
        ('A2', '25-26', 301, '', 80, NULL, '国家'),
        ('A3', '24-25', 301, '英语演讲', NULL, NULL, NULL),
        ('B1', '25-26', 501, '汽车维修', 300, '2026-04-01', '省'),
        ('X1', '25-26', 999, '校友活动', NULL, NULL, NULL)""",
)
REPORT: Mapping[str, Any] = {
    "number": "2.50",
    "period": "academic_year",
    "written": "{start_short}-{end_short}",
    "departments": {"301": "A03", "501": "C01"},
    "required": ["dj"],
}


@dataclass
class Reporting:
    """The college with the old table, which nobody has been assigned yet."""

    college: College
    people: People

    @property
    def live(self) -> LiveTable:
        """The old table."""
        return self.college.store.adopted[TABLE]

    def actor(self, name: str, *more: str) -> Actor:
        """Somebody of the college with the rights he has now and ``more`` on the old table."""
        with self.college.open_session() as session:
            people = load_people(session, NOW.date())
        found: Actor = getattr(people, name)
        given = {(f"can_{action}", TABLE) for action in more}
        return replace(found, permissions=found.permissions | given)

    def rows(self, by: Actor | None = None) -> dict[str, AdoptedRow]:
        """The rows somebody reads in the console, by default 李静, by their key."""
        actor = by or self.actor("li_jing")
        with closing(self.college.open_session()) as session:
            page = read_adopted_rows(session, self.live, actor, AdoptedRequest())
        return {str(row.values["bh"]): row for row in page.rows}

    def change(self, *changes: Change, by: Actor | None = None, **how: Any) -> Outcome:
        """Change rows of the old table through the console, by default as 李静."""
        actor = by or self.actor("li_jing")
        with closing(self.college.open_session()) as session:
            return apply_adopted_changes(session, self.live, changes, by=actor, now=NOW, **how)

    def set(self, key: str, by: Actor | None = None, **values: object) -> Outcome:
        """Change values of one row through the console, by default as 李静."""
        row = self.rows(by)[key]
        return self.change(Change(UPDATE, values, row.id, row.version), by=by)

    def run(self, statement: str) -> None:
        """What another program does to the old table."""
        engine = self.college.founded.engine
        with engine.begin() as connection:
            connection.execute(text(quoted(statement, engine.dialect.name)))

    def submission(self, department: str = "A03") -> Submission:
        """The submission of the old table as it is stored now."""
        return self.college.submission(TABLE, department)


def reported(table: AdoptedTable, **words: Any) -> AdoptedTable:
    """The table as people mark it in overrides.yaml."""
    return replace(
        table,
        mapping=ColumnMapping(period="xn", department="dw"),
        group="学生工作系统",
        report=read_reporting({**REPORT, **words}),
    )


@pytest.fixture
def reporting(founded: Founded) -> Iterator[Reporting]:
    """The college whose catalogue has the old table; what a test changes is put back."""
    engine = founded.engine
    with engine.begin() as connection:
        for statement in STATEMENTS:
            connection.exec_driver_sql(quoted(statement, engine.dialect.name))
    with engine.connect() as connection:
        found = inspect_tables(connection, choose=lambda _schema: [TABLE])
    adopted = {TABLE: reported(found.tables[0])}
    catalogue = with_reported(founded.store.catalogue, adopted, "overrides.yaml")
    now = replace(founded, store=build_whole_store(catalogue, adopted))
    with Session(engine, expire_on_commit=False) as session:
        sync_permissions(session, now.store)
        session.commit()
        yield Reporting(College(now, session), founded.people)
    with engine.begin() as connection:
        connection.exec_driver_sql(quoted('DROP TABLE IF EXISTS "jl"', engine.dialect.name))
    founded.restore()
