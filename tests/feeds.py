"""The old teaching-affairs system beside the college, and a feed from it into the courses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.feed import FeedDraft
from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind
from app.exchange.feed import run_feed
from app.exchange.feed_definition import define_feed
from app.exchange.feed_difference import Decisions
from app.exchange.feed_open import open_feed
from app.exchange.feed_result import DepartmentResult, FeedResult
from app.models.adopted_table import live_tables
from app.models.base_table import Store
from app.models.feed import FeedRow, FeedRun
from tests.college import College, Founded

COURSES = "jw_kc"
DDL = (
    "CREATE TABLE jw_kc (kch VARCHAR(20) NOT NULL PRIMARY KEY, kcm VARCHAR(100),"
    " kclb VARCHAR(2), xf DECIMAL(4, 1), hx INTEGER, xn VARCHAR(12), dw VARCHAR(6))"
)
# Columns by name: of a table that was made anew a connection may still count those it knew.
INSERT = """INSERT INTO jw_kc (kch, kcm, kclb, xf, hx, xn, dw)
    VALUES (:kch, :kcm, :kclb, :xf, :hx, :xn, :dw)"""
ROWS = (
    ("K1", "机械制图", "1", "3.5", 1, "2025-2026", "301"),
    ("K2", "汽车构造", "2", "4.0", 0, "2025-2026", "301"),
    ("K9", "旧课", "1", "1.0", 0, "2024-2025", "301"),
)
CONTENT: Mapping[str, Any] = {
    "fields": {
        "course_code": {"column": "kch"},
        "course_name": {"column": "kcm"},
        "course_type": {"column": "kclb", "translate": {"1": "A", "2": "B"}},
        "credit": {"column": "xf"},
        "is_core": {"column": "hx"},
        "is_co_developed": {"value": "否"},
    },
    "department": {"column": "dw", "codes": {"301": "A03"}},
    "period": {"column": "xn", "pattern": "{start}-{end}"},
}


def courses(masked: str = "", **other: ColumnKind) -> AdoptedTable:
    """The table of courses as it was adopted; columns of another kind, or one of them masked."""
    kinds = {"xf": ColumnKind.NUMBER, "hx": ColumnKind.INTEGER, **other}
    columns = tuple(
        AdoptedColumn(
            code,
            code,
            label,
            kinds.get(code, ColumnKind.STRING),
            "varchar",
            masked=code == masked,
        )
        for code, label in (
            *(("kch", "课程号"), ("kcm", "课程名"), ("kclb", "课程类别"), ("xf", "学分")),
            *(("hx", "是否核心"), ("xn", "学年"), ("dw", "开课单位")),
        )
    )
    return AdoptedTable(COURSES, COURSES, "教务课程库", columns, key=("kch",))


@dataclass
class Feeding:
    """The college with the old system, a feed of its courses and those who have to do with it."""

    college: College
    store: Store
    office: Actor
    steward: Actor
    number: int = 0
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.college.now

    def source(self, statement: str, **values: object) -> None:
        """What the old system's own program does."""
        with self.college.founded.engine.begin() as connection:
            connection.execute(text(statement), values)

    def add(self, *row: object) -> None:
        """The old system gets one more course."""
        names = ("kch", "kcm", "kclb", "xf", "hx", "xn", "dw")
        self.source(INSERT, **dict(zip(names, row, strict=True)))

    def define(self, **more: Any) -> int:
        """Set the feed up, or another one with other ``content``, ``name`` or ``by``."""
        by = more.pop("by", self.office)
        draft = FeedDraft(
            more.pop("name", "课程"),
            more.pop("source", COURSES),
            more.pop("target", "course"),
            {**CONTENT, **more.pop("content", {})},
        )
        return define_feed(self.college.session, self.store, draft, by=by, now=self.now, **more)

    def run(self, **more: Any) -> FeedResult:
        """A preview, or a run with ``dry_run=False``."""
        by = more.pop("by", self.steward)
        department = more.pop("department", None)
        number = more.pop("number", self.number)
        opened = open_feed(self.college.session, self.store, number, by=by, department=department)
        self.now += timedelta(minutes=1)
        return run_feed(self.college.session, self.store, opened, by=by, now=self.now, **more)

    def write(self, **more: Any) -> DepartmentResult:
        """Run it for the one department it feeds; ``choices`` decide about conflicts."""
        decisions = {"A03": Decisions(**more.pop("choices", {}))}
        result = self.run(dry_run=False, decisions=decisions, **more)
        return result.departments[0]

    def course(self, code: str) -> Mapping[str, Any]:
        """The stored row of a course."""
        return next(r for r in self.college.rows("course") if r["course_code"] == code)

    def memory(self, code: str) -> FeedRow:
        """What the feed remembers of a course."""
        row_id = str(self.course(code)["sys_id"])
        return next(row for row in self.college.all(FeedRow) if row.row_id == row_id)

    def runs(self) -> list[FeedRun]:
        """All runs as they are kept."""
        return list(self.college.all(FeedRun))


def with_right(actor: Actor, *pairs: tuple[str, str]) -> Actor:
    """The same person with more rights."""
    granted = {(f"can_{action}", resource) for action, resource in pairs}
    return replace(actor, permissions=actor.permissions | granted)


@pytest.fixture
def feeding(founded: Founded) -> Iterator[Feeding]:
    """The feed, set up and not run yet."""
    store = replace(founded.store, adopted=live_tables({COURSES: courses()}))
    listing = ("list", COURSES)
    office = with_right(founded.people.zhou_min, listing)
    steward = with_right(founded.people.li_jing, listing)
    with Session(founded.engine, expire_on_commit=False) as session:
        made = Feeding(College(founded, session), store, office, steward)
        made.source(DDL)
        try:
            for row in ROWS:
                made.add(*row)
            made.number = made.define()
            yield made
        finally:
            session.close()
            made.source("DROP TABLE IF EXISTS jw_kc")
            founded.restore()
