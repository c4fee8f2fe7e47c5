"""All rules over a college's whole year, and over one very large table.

The year is that of the demo college, checked as the job checks it: every table of all departments
judged and the register brought up to date. The large table is one of 50,000 teachers with as many
rows in the list of staff, which its rules compare them with. ``python -m benchmarks.findings``
measures these alone.
"""

import gc
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.actions.department import add_departments
from app.actions.finding_register import check_table
from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import Year
from app.catalogue.revision import pack_catalogue
from app.cli.demo import tell_demo
from app.cli.migration import upgrade
from app.domain.cycle import CycleStatus
from app.domain.period import AcademicYear
from app.models.base_table import Store, build_store, create_missing
from app.models.cycle import Cycle
from app.models.database import engine_options, prepare_engine
from app.reports.finding_due import due_tables
from app.rules.base_table import check_rows
from app.rules.coercion import coerce, raw_frame
from app.rules.quality_rule import judge
from app.rules.rule_book import rule_book
from app.rules.term_figures import Collected
from benchmarks import finish
from benchmarks.measure import Line, cpu_seconds, peak_over, resident, seconds, table
from tests.factories import plausible_row

ROOT = Path(__file__).resolve().parent.parent
TABLE, BESIDE = "full_time_teacher", "staff"
YEAR_TARGET = 20.0
TABLE_TARGET = 2.0
MEMORY_TARGET = 500
ROWS = 50_000
# As many rows as no department has yet.
FINISHED = 200_000
SOUND: dict[str, object] = {
    "staff_category": "1",
    "title_date": "2010-01",
    "birth_date": "1970-03-05",
    "graduated_on": "1995-06",
    "het_date": "1999-09",
    "cert_date": "1998-01",
    "dual_recognised_on": "2009-05",
}
MEBIBYTE = 1024 * 1024
YEAR = AcademicYear(2025)


def measures(rows: int) -> Iterator[Line]:
    """Seconds of processor time for the year; seconds and MiB for the tables."""
    catalogue = load_catalogue(ROOT / "seed" / "catalogue")
    yield from _of_table(catalogue, rows)
    for count in (rows, FINISHED):
        yield from finish.measures(count)
    with tempfile.TemporaryDirectory() as folder:
        yield from _of_year(catalogue, Path(folder))


def _of_table(catalogue: Catalogue, rows: int) -> Iterator[Line]:
    """What is measured begins with typed text of rows and ends with all their findings."""
    spec = catalogue.tables[TABLE]
    raw = {name: _raw(catalogue, name, rows) for name in (TABLE, BESIDE)}
    book = rule_book(catalogue).of(TABLE)
    rules, across = book.compiled, book.across
    period = spec.period_in(YEAR)
    typed = {
        name: coerce(catalogue.tables[name], catalogue, frame).frame for name, frame in raw.items()
    }
    collected = Collected(
        {Year.THIS: period, Year.PREVIOUS: spec.period_in(YEAR.previous)},
        {(name, Year.THIS): frame for name, frame in typed.items()},
    )

    def ask_rules() -> None:
        judge(rules, catalogue, TABLE, collected)

    def ask_everything() -> None:
        check_rows(spec, catalogue, raw[TABLE], {}, period=period)
        judge(across, catalogue, TABLE, collected)

    what = f"{rows} rows of {TABLE}"
    gc.collect()
    peak = peak_over(resident(), ask_everything) / MEBIBYTE
    yield Line(f"memory for that over {what}", peak, None, "MiB", MEMORY_TARGET)
    findings = len(judge(rules, catalogue, TABLE, collected).findings)
    for text, work in (
        (f"the {len(rules)} quality rules over {what}, {findings} findings", ask_rules),
        (f"these and the rules of its fields over {what}", ask_everything),
    ):
        yield Line(text, seconds(work, 3), None, "s", TABLE_TARGET)
        yield Line(f"{text}, CPU", cpu_seconds(work, 3), None, "s", TABLE_TARGET)


def _raw(catalogue: Catalogue, name: str, rows: int) -> pl.DataFrame:
    spec = catalogue.tables[name]
    made = [plausible_row(spec, catalogue, number) for number in range(rows)]
    # Plausible by the field alone; together they are as a college has them, with some errors left.
    return raw_frame(
        spec, [row | {code: SOUND[code] for code in SOUND.keys() & row} for row in made]
    )


def _of_year(catalogue: Catalogue, folder: Path) -> Iterator[Line]:
    url = f"sqlite:///{folder / 'statedata.db'}"
    engine = prepare_engine(create_engine(url, **engine_options(url)))
    store = build_store(catalogue)
    upgrade(engine, ROOT / "migrations")
    with engine.begin() as connection:
        create_missing(connection, list(store.tables.values()))
    with Session(engine, expire_on_commit=False) as session:
        _tell(session, store)
        query = select(Cycle).where(Cycle.status == CycleStatus.OPEN)
        cycle = session.scalars(query).one()
        tables = due_tables(session, store, cycle, now=datetime.now(UTC), whole=True)
        found = 0

        def check() -> None:
            nonlocal found
            now = datetime.now(UTC)
            found = sum(
                check_table(session, store, cycle, table, now=now).found for table in tables
            )

        taken = cpu_seconds(check, 1)
    engine.dispose()
    what = f"the year of the demo college, {len(tables)} tables, {found} findings, CPU"
    yield Line(what, taken, None, "s", YEAR_TARGET)


def _tell(session: Session, store: Store) -> None:
    add_departments(session, store.catalogue.departments)
    session.commit()
    tell_demo(
        session,
        store,
        ROOT / "seed" / "demo",
        revision=pack_catalogue(ROOT / "seed" / "catalogue"),
        hash_password=lambda _password: "-",
        now=datetime.now(UTC),
    )


if __name__ == "__main__":
    print(table(measures(ROWS)))
