"""A small college in a real database, for every test of stored data.

The college is founded once per run on SQLite and on MariaDB: some tables of
the seed catalogue, the people of ``tests.people`` and the open year 2025-2026.
After each test the tables that it wrote to are put back as they were.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, Table, create_engine, delete, event, insert, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.assignment import assign, proposal
from app.actions.base_table import apply_changes
from app.actions.cycle import CycleRequest, prepare_cycle, take_cycle_step
from app.actions.department import add_departments
from app.actions.permission import sync_permissions
from app.actions.person import sync_user_roles
from app.actions.request import Decision, decide
from app.actions.row_change import INSERT, Change, Outcome
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.catalogue.base_table import Tier
from app.catalogue.catalogue import Catalogue
from app.cli.migration import upgrade
from app.domain.cycle import CycleVerb
from app.domain.period import AcademicYear
from app.domain.person import Function
from app.domain.request import RequestVerb
from app.domain.submission import Verb, step_for
from app.models.audit_log import AuditEntry
from app.models.base_table import Store, build_store, create_missing
from app.models.cycle import Cycle
from app.models.database import Base, engine_options, prepare_engine
from app.models.request import Request
from app.models.submission import Submission
from tests import services
from tests.factories import plausible_row, seed_catalogue
from tests.findings import settle_findings
from tests.kept import Kept, kept
from tests.kinds import failing, without_foreign_keys
from tests.people import People, load_people, settle_people
from tests.preparation import publish_plan, read_all_notes
from tests.records import settle_records

# Marks a test that runs on the college of every kind of database.
on_all_databases = pytest.mark.parametrize("founded", services.ALL_DATABASES, indirect=True)
NOW = datetime(2026, 9, 15, 1, 30, tzinfo=UTC)
DUE = datetime(2026, 10, 15, 15, 59, 59, tzinfo=UTC)
YEAR = AcademicYear(2025)
MIGRATIONS = Path(__file__).parents[1] / "migrations"
TABLES = (
    "department",
    "staff",
    "fiscal_subsidy_item",
    "full_time_teacher",
    "full_time_publication",
    "course",
    "course_textbook",
    "supervision_staff",
    "institutional_innovation",
    "quality_project",
    "teaching_resource",
    "international_influence",
)
DEPARTMENTS = ("A02", "A03", "A04", "A07", "C01", "C02")
WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+[`\"]?(\w+)", re.IGNORECASE)


def small_catalogue() -> Catalogue:
    """The catalogue of the repository cut down to a dozen tables."""
    whole = seed_catalogue()
    departments = (
        replace(spec, owns=_kept(spec.owns), fills_for_own_staff=_kept(spec.fills_for_own_staff))
        for spec in whole.departments
        if spec.code in DEPARTMENTS
    )
    tables = {name: spec for name, spec in whole.tables.items() if name in TABLES}
    return replace(whole, tables=tables, departments=tuple(departments))


def _kept(tables: Sequence[str]) -> tuple[str, ...]:
    return tuple(table for table in tables if table in TABLES)


@dataclass
class Founded:
    """The database of a run, with what it held when the college was founded."""

    engine: Engine
    store: Store
    people: People
    cycle_id: int
    tables: Mapping[str, Table]
    contents: Mapping[str, Sequence[Mapping[str, Any]]]
    touched: set[str]

    def restore(self) -> None:
        """Put the tables that were written to back as they were.

        With them those that refer to them: their rows may have gone along.
        """
        for name, table in self.tables.items():
            if any(key.column.table.name in self.touched for key in table.foreign_keys):
                self.touched.add(name)
        names = [name for name in self.tables if name in self.touched]
        with self.engine.connect() as connection, without_foreign_keys(connection):
            for name in names:
                connection.execute(delete(self.tables[name]))
                if self.contents[name]:
                    connection.execute(insert(self.tables[name]), list(self.contents[name]))
            connection.commit()
        self.touched.clear()


@dataclass
class College:
    """The college at the beginning of a test; what is read is read anew."""

    founded: Founded
    session: Session
    now: datetime = NOW

    @property
    def store(self) -> Store:
        """The catalogue with its SQL tables."""
        return self.founded.store

    @property
    def cycle(self) -> Cycle:
        """The open year, as it is stored now."""
        with self.open_session() as session:
            return session.get_one(Cycle, self.founded.cycle_id)

    def open_session(self) -> Session:
        """A further session, as another request has it."""
        return Session(self.founded.engine, expire_on_commit=False)

    def period(self, table: str) -> str:
        """The period that the open year collects for the table."""
        return self.store.catalogue.tables[table].period_in(YEAR).code

    def row(self, table: str, number: int = 1, **values: object) -> dict[str, object]:
        """Field code → value of a good row of the table."""
        spec = self.store.catalogue.tables[table]
        return plausible_row(spec, self.store.catalogue, number) | values

    def change(
        self, table: str, *changes: Change, by: Actor, session: Session | None = None, **how: Any
    ) -> Outcome:
        """Change rows of the actor's own department in the open year, unless told otherwise."""
        place = {"period": self.period(table), "department": by.appointments[0].department}
        return apply_changes(
            session or self.session,
            self.store,
            table,
            changes,
            by=by,
            now=self.now,
            **{**place, **how},
        )

    def add(self, table: str, *numbers: int, by: Actor, **values: object) -> list[str]:
        """Add good rows of the actor's own department; returns their ids."""
        rows = [Change(INSERT, self.row(table, number, **values)) for number in numbers or (1,)]
        outcome = self.change(table, *rows, by=by)
        assert outcome.written, [f.message.english() for r in outcome.results for f in r.findings]
        return [str(result.id) for result in outcome.results]

    def step(self, submission: Submission, verb: Verb, *, by: Actor, **asked: Any) -> Submission:
        """Take a step on the submission as it was when it was read.

        Warnings are explained and teachers' records taken up before finishing, and explanations
        adopted before accepting, unless
        ``settles`` is false: for tests of that itself. A step that needs a second person is
        asked for by the other one of the quality office first, unless ``seconded`` is false.
        """
        step = step_for(submission.status, verb)
        if asked.pop("seconded", True) and step is not None and step.needs_second:
            self._ask_first(submission, verb, by, asked)
        if asked.pop("settles", True):
            settle_findings(self.session, self.store, submission, verb, by=by, now=self.now)
            settle_records(self.session, self.store, submission, verb, by=by, now=self.now)
        request = StepRequest(verb, asked.pop("version", submission.version), **asked)
        taken = take_step(self.session, self.store, submission.id, request, by=by, now=self.now)
        return self.submission(taken.table_identifier, taken.department_code)

    def _ask_first(
        self, submission: Submission, verb: Verb, by: Actor, asked: Mapping[str, Any]
    ) -> None:
        if not by.holds(Function.QA_OFFICE):
            return
        people = self.founded.people
        first = people.sun_li if by.number == people.zhou_min.number else people.zhou_min
        said = {name: asked[name] for name in asked if name not in {"version", "settles"}}
        request = StepRequest(verb, asked.get("version", submission.version), **said)
        take_step(self.session, self.store, submission.id, request, by=first, now=self.now)

    def unlock(self, *tables: str, reason: str = "更正") -> Cycle:
        """Let the quality office ask to unlock the year for these tables, and a leader grant it."""
        people = self.founded.people
        numbers = tuple(self.submission(table).id for table in tables)
        self.year_step(CycleVerb.UNLOCK, by=people.zhou_min, reason=reason, tables=numbers)
        request = self.all(Request)[-1]
        decision = Decision(RequestVerb.ANSWER, request.version)
        decide(self.session, self.store, request.id, decision, by=people.leader, now=self.now)
        return self.cycle

    def year_step(self, verb: CycleVerb, *, by: Actor, **asked: Any) -> Cycle:
        """Take a step of the open year as it stands now.

        Locking is asked for by the other one of the quality office first, unless ``seconded`` is
        false.
        """
        seconded = asked.pop("seconded", True) and verb is CycleVerb.LOCK
        request = CycleRequest(verb, asked.pop("version", self.cycle.version), **asked)
        if seconded and by.holds(Function.QA_OFFICE):
            people, place = self.founded.people, (self.session, self.store, self.founded.cycle_id)
            first = people.sun_li if by.number == people.zhou_min.number else people.zhou_min
            take_cycle_step(*place, request, by=first, now=self.now)
        take_cycle_step(
            self.session, self.store, self.founded.cycle_id, request, by=by, now=self.now
        )
        return self.cycle

    def next_year(self) -> int:
        """Prepare the year 2026-2027 with its assignments and its plan; returns its id."""
        office = self.founded.people.zhou_min
        cycle = prepare_cycle(
            self.session, YEAR.next, due_at=DUE.replace(year=2027), by=office, now=self.now
        )
        assign_all(self.session, self.store, cycle, by=office)
        self.session.commit()
        publish_plan(self.session, cycle.id, by=office, now=self.now)
        return cycle.id

    def open_year(self, year: int) -> Cycle:
        """Let the quality office open a prepared year. Raises Refused."""
        with self.open_session() as session:
            request = CycleRequest(CycleVerb.OPEN, session.get_one(Cycle, year).version)
        office = self.founded.people.zhou_min
        return take_cycle_step(self.session, self.store, year, request, by=office, now=self.now)

    def submission(self, table: str, department: str = "A03") -> Submission:
        """The submission as it is stored now."""
        return next(
            found
            for found in self.submissions()
            if (found.table_identifier, found.department_code) == (table, department)
        )

    def submissions(self) -> Sequence[Submission]:
        """All submissions as they are stored now, in the order they were made."""
        return self.all(Submission)

    def entries(self, subject: str | None = None) -> list[AuditEntry]:
        """The audit log, of one subject if named, in the order it was written."""
        found = self.all(AuditEntry)
        return [entry for entry in found if subject in (None, entry.subject)]

    def all(self, kind: Any) -> Sequence[Any]:
        """Every stored object of a mapped class, in the order of the keys."""
        with self.open_session() as session:
            return session.scalars(select(kind).order_by(*kind.__mapper__.primary_key)).all()

    def rows(self, table: str) -> list[Mapping[str, Any]]:
        """The stored rows of a base table with their system columns, in the order of the keys."""
        stored = self.store.tables[table]
        with self.open_session() as session:
            query = select(stored.table).order_by(*stored.identity)
            return [dict(row) for row in session.execute(query).mappings()]

    @contextmanager
    def refusing(self, table: str) -> Iterator[None]:
        """A database that fails whenever a row is added to the table."""
        with failing(self.founded.engine, "INSERT", table):
            try:
                yield
            finally:
                self.session.rollback()


@pytest.fixture(scope="session")
def all_founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept[Founded]]:
    """The college's databases of a run, one of each kind."""

    def make(url: str, _folder: Path, stack: ExitStack) -> Founded:
        engine = prepare_engine(create_engine(url, **engine_options(url)))
        stack.callback(engine.dispose)
        return found_college(engine)

    with kept(make, tmp_path_factory) as colleges:
        yield colleges


@pytest.fixture(scope="session", params=services.DATABASES)
def founded(request: pytest.FixtureRequest, all_founded: Kept[Founded]) -> Founded:
    """The college's database, made once per run and kind of database."""
    return all_founded(request.param)


@pytest.fixture
def college(founded: Founded) -> Iterator[College]:
    """The college; what the test changes is put back afterwards."""
    with Session(founded.engine, expire_on_commit=False) as session:
        yield College(founded, session)
    founded.restore()


@pytest.fixture
def people(college: College) -> People:
    """The people of the college."""
    return college.founded.people


def found_college(engine: Engine) -> Founded:
    """Make the tables, the people and the open year."""
    store = build_store(small_catalogue())
    upgrade(engine, MIGRATIONS)
    with engine.begin() as connection:
        create_missing(connection, list(store.tables.values()))
    with Session(engine) as session:
        cycle_id = settle(session, store)
        people = load_people(session, NOW.date())
    of_framework = MetaData()
    of_framework.reflect(engine, only=lambda name, _metadata: name.startswith("ab_"))
    tables = {table.name: table for table in of_framework.sorted_tables}
    tables |= {table.name: table for table in Base.metadata.sorted_tables}
    tables |= {stored.table.name: stored.table for stored in store.tables.values()}
    with engine.connect() as connection:
        contents = {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in tables.items()
        }
    founded = Founded(engine, store, people, cycle_id, tables, contents, set())

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if match := WRITES.match(statement):
            founded.touched.add(match[1])

    return founded


def assign_all(session: Session, store: Store, cycle: Cycle, *, by: Actor) -> None:
    """Assign every table, those of the extension too."""
    wanted = proposal(store.catalogue, frozenset(Tier))
    assign(session, store, cycle, wanted, by=by, now=NOW)


def settle(session: Session, store: Store) -> int:
    """Departments, people, assignments and the open year; returns its id."""
    add_departments(session, store.catalogue.departments)
    sync_permissions(session, store)
    settle_people(session, NOW)
    session.commit()
    office = load_people(session, NOW.date()).zhou_min
    cycle = prepare_cycle(session, YEAR, due_at=DUE, by=office, now=NOW)
    assign_all(session, store, cycle, by=office)
    sync_user_roles(session, NOW.date())
    session.commit()
    publish_plan(session, cycle.id, by=office, now=NOW)
    request = CycleRequest(CycleVerb.OPEN, cycle.version)
    take_cycle_step(session, store, cycle.id, request, by=office, now=NOW)
    people = load_people(session, NOW.date())
    for steward in vars(people).values():
        if steward.holds(Function.DATA_STEWARD):
            read_all_notes(session, store.catalogue, steward, NOW)
    return cycle.id
