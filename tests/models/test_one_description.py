"""Every field of every table of the catalogue is stored and read back as it was given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.access.person import Actor, Appointed
from app.access.roles import TABLE_ACTIONS
from app.actions.base_table import apply_changes
from app.actions.department import add_departments
from app.actions.row_change import INSERT, Change
from app.catalogue.base_table import FieldSpec, FieldType, TableKind, TableSpec
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus
from app.domain.person import Function
from app.models.assignment import Assignment
from app.models.base_table import Store, StoredTable, build_store, create_missing
from app.models.cycle import Cycle
from app.models.database import Base, engine_options, prepare_engine
from tests.college import DUE, NOW, YEAR
from tests.factories import plausible_row, plausible_value, seed_catalogue

CATALOGUE = seed_catalogue()
TABLES = list(CATALOGUE.tables)
DEPARTMENT = CATALOGUE.departments[0].code
# A character that takes four bytes.
WIDE = "𠮷"
STEWARD = Actor(
    "1",
    "某人",
    "somebody",
    appointments=(Appointed(Function.DATA_STEWARD, DEPARTMENT),),
    permissions=frozenset((f"can_{action}", name) for action in TABLE_ACTIONS for name in TABLES),
)


@dataclass(frozen=True)
class Whole:
    """A database with all tables of the catalogue, each assigned to one department."""

    session: Session
    store: Store

    def kept(self, table: str, rows: list[dict[str, object]]) -> list[dict[str, object]]:
        """The rows as they are read back after they were saved."""
        stored = self.store.tables[table]
        if stored.spec.kind is TableKind.SINGLE_ROW:
            return [found for row in rows for found in self.saved(stored, [row])]
        return self.saved(stored, rows)

    def saved(self, stored: StoredTable, rows: list[dict[str, object]]) -> list[dict[str, object]]:
        spec = stored.spec
        outcome = apply_changes(
            self.session,
            self.store,
            spec.identifier,
            [Change(INSERT, row) for row in rows],
            by=STEWARD,
            now=NOW,
            period=spec.period_in(YEAR).code,
            department=DEPARTMENT,
            way="import",
        )
        assert outcome.written, [r.findings for r in outcome.results if not r.ok]
        query = select(stored.table).order_by(*stored.identity)
        found = [stored.values_of(row) for row in self.session.execute(query).mappings()]
        self.session.execute(stored.table.delete())
        self.session.commit()
        return found


@pytest.fixture(scope="module")
def whole(module_database_url: str) -> Iterator[Whole]:
    engine = prepare_engine(
        create_engine(module_database_url, **engine_options(module_database_url))
    )
    store = build_store(CATALOGUE)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        create_missing(connection, list(store.tables.values()))
    with Session(engine) as session:
        add_departments(session, CATALOGUE.departments[:1])
        cycle = Cycle(academic_year=YEAR.code, status=CycleStatus.PREPARING, due_at=DUE)
        session.add(cycle)
        session.flush()
        kind = AssignmentKind.RESPONSIBLE
        place = {"cycle_id": cycle.id, "department_code": DEPARTMENT, "kind": kind}
        session.add_all(Assignment(table_identifier=name, **place) for name in TABLES)
        session.commit()
        yield Whole(session, store)
    engine.dispose()


@pytest.mark.parametrize("table", TABLES)
def test_every_field_is_read_back_as_it_was_given(whole: Whole, table: str) -> None:
    spec = CATALOGUE.tables[table]
    usual = [plausible_row(spec, CATALOGUE, number) for number in (1, 2)]
    full = {field.code: widest(field) for field in spec.fields}

    extremes = [full, empty_but_for_the_key(spec, full)]

    assert whole.kept(table, usual) == usual
    assert whole.kept(table, extremes) == extremes


def empty_but_for_the_key(spec: TableSpec, other: dict[str, object]) -> dict[str, object]:
    """A row of which only the key is filled, another key than that of ``other``."""
    keys = [field.code for field in spec.key_fields]
    rows = (plausible_row(spec, CATALOGUE, number) for number in range(3, 9))
    key = next(
        {code: row[code] for code in keys}
        for row in rows
        if not keys or any(row[code] != other[code] for code in keys)
    )
    return {field.code: key.get(field.code) for field in spec.fields}


def widest(field: FieldSpec) -> object:
    """The value of the field that takes the most room."""
    stored = CATALOGUE.stored_as(field)
    if stored.pattern or stored.format or stored.type is FieldType.BOOLEAN:
        return plausible_value(field, CATALOGUE, 1)
    digits = Decimal(10) ** ((stored.precision or 18) - (stored.scale or 0))
    most = digits - Decimal(1).scaleb(-(stored.scale or 0))
    if stored.maximum is not None:
        most = stored.maximum.quantize(Decimal(1).scaleb(-(stored.scale or 0)))
    codes = CATALOGUE.code_list_of(stored)
    return {
        FieldType.STRING: WIDE * (stored.max_length or 1000),
        FieldType.TEXT: WIDE * (stored.max_length or 16_000),
        FieldType.INTEGER: int(most),
        FieldType.NUMBER: most,
        FieldType.DATE: date(9999, 12, 31),
        FieldType.YEARMONTH: "9999-12",
        FieldType.CODE: max((item.code for item in codes.items), key=len) if codes else "",
    }[stored.type]
