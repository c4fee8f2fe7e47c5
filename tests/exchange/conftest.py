"""A small college with one department, an open year and every base table."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from app.access.person import Actor, Appointed
from app.access.roles import TABLE_ACTIONS
from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus
from app.domain.department import DepartmentKind
from app.domain.message import Message
from app.domain.period import AcademicYear
from app.domain.person import Function
from app.exchange.base_table import import_rows
from app.exchange.import_result import ImportResult
from app.exchange.layout import WantedLayout
from app.exchange.template_identity import Place
from app.exchange.uploaded_file import ImportMode
from app.models.assignment import Assignment
from app.models.base_table import Store, build_store, create_missing
from app.models.cycle import Cycle
from app.models.database import Base, engine_options, prepare_engine
from app.models.department import Department
from app.rules.base_table import key_of
from tests.factories import plausible_row

ROOT = Path(__file__).resolve().parents[2]
YEAR = AcademicYear(2025)
NOW = datetime(2025, 10, 8, 9, 0, tzinfo=UTC)
DEPARTMENT = "A03"
DEPARTMENT_NAME = "教务处"
# Tables without references: a list, one with codes, one with masks, a single row.
FEW_TABLES = ("campus", "course", "major_head", "enrollment_scale")


def place_of(spec: TableSpec) -> Place:
    return Place(spec.period_in(YEAR), DEPARTMENT, DEPARTMENT_NAME)


@dataclass(frozen=True)
class College:
    """An open year in which one steward fills every table for one department."""

    session: Session
    store: Store
    steward: Actor

    def store_row(self, table: str, number: int, department: str = DEPARTMENT) -> None:
        stored = self.store.tables[table]
        values = plausible_row(stored.spec, self.store.catalogue, number)
        key = key_of(values[f.code] for f in stored.spec.key_fields)
        row = {
            "sys_period": stored.spec.period_in(YEAR).code,
            "sys_department": department,
            "sys_version": 1,
            "sys_key": key if stored.spec.key_fields else "",
        }
        self.session.execute(insert(stored.table), [values | row])
        self.session.commit()

    def bring_in(
        self,
        table: str,
        content: bytes,
        *,
        file_name: str = "rows.xlsx",
        mode: ImportMode = ImportMode.UPSERT,
        dry_run: bool = True,
        partial: bool = False,
        digest: str | None = None,
        told: Callable[[int, int], None] = lambda _done, _total: None,
        layout: WantedLayout | None = None,
    ) -> ImportResult:
        return import_rows(
            self.session,
            self.store,
            table,
            content,
            file_name,
            by=self.steward,
            now=NOW,
            period=self.store.tables[table].spec.period_in(YEAR).code,
            department=DEPARTMENT,
            mode=mode,
            dry_run=dry_run,
            partial=partial,
            digest=digest,
            told=told,
            layout=layout,
        )


def open_college(url: str, catalogue: Catalogue, tables: Collection[str]) -> Iterator[College]:
    engine = prepare_engine(create_engine(url, **engine_options(url)))
    Base.metadata.create_all(engine)
    store = build_store(catalogue)
    with engine.begin() as connection:
        create_missing(connection, [store.tables[table] for table in tables])
    permissions = {(f"can_{action}", t) for t in store.tables for action in TABLE_ACTIONS}
    steward = Actor(
        number="20100001",
        name="李静",
        username="jwc_steward",
        appointments=(Appointed(Function.DATA_STEWARD, DEPARTMENT),),
        permissions=frozenset(permissions),
    )
    with Session(engine) as session:
        fill_college(session, store)
        yield College(session, store, steward)
    engine.dispose()


def fill_college(session: Session, store: Store) -> None:
    cycle = Cycle(academic_year=YEAR.code, status=CycleStatus.OPEN, version=1, due_at=NOW)
    names = ((DEPARTMENT, DEPARTMENT_NAME), ("A04", "学生工作处"))
    session.add_all(Department(code=c, name=n, kind=DepartmentKind.OFFICE) for c, n in names)
    session.add(cycle)
    session.flush()
    for table in store.tables:
        session.add(
            Assignment(
                cycle_id=cycle.id,
                table_identifier=table,
                department_code=DEPARTMENT,
                kind=AssignmentKind.RESPONSIBLE,
            )
        )
    session.commit()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "seed" / "catalogue")


@pytest.fixture(scope="session")
def chinese() -> Callable[[Message], str]:
    """Puts messages into Chinese as pages do."""
    files = [*(ROOT / "translations").rglob("*.po")]
    texts: dict[object, object] = {}
    for path in files:
        with path.open("rb") as stream:
            texts |= {entry.id: entry.string for entry in read_po(stream) if entry.string}

    def translate(message: Message) -> str:
        shown = {
            name: translate(value) if isinstance(value, Message) else value
            for name, value in message.parameters.items()
        }
        text = str(texts[message.msgid])
        return text % shown if shown else text

    return translate


@pytest.fixture
def college(database_url: str, catalogue: Catalogue) -> Iterator[College]:
    yield from open_college(database_url, catalogue, FEW_TABLES)


@pytest.fixture(scope="module")
def full_college(
    tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue
) -> Iterator[College]:
    """One row, with every field filled, in every base table."""
    url = f"sqlite:///{tmp_path_factory.mktemp('full') / 'statedata.db'}"
    for college in open_college(url, catalogue, catalogue.tables):
        for table in college.store.tables:
            college.store_row(table, 7)
        yield college
