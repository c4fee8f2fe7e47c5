"""The memory that finishing a table of very many rows takes, in a process of its own.

Whoever finishes a table waits for the rules to be asked of every row, and so does the memory of the
server. The rows are sound but for identity numbers that stand in several of them.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from multiprocessing import get_context
from multiprocessing.connection import Connection

from sqlalchemy import create_engine, insert, select, update
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.roles import ROLE_BY_FUNCTION
from app.actions.guidance import acknowledge
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.catalogue.guidance import digest_of
from app.domain.person import Function
from app.domain.submission import Status, Verb
from app.models.base_table import build_store, create_missing
from app.models.database import engine_options, prepare_engine
from app.models.guidance import present_notes
from app.models.submission import Submission
from app.rules.base_table import key_of
from app.rules.rule_book import rule_book
from benchmarks.bulk_import import CLASSES, NAMED, TABLE, prepared
from benchmarks.college import DEPARTMENT, NOW, ROWS_AT_ONCE, College, college_on
from benchmarks.measure import Line, peak_over, resident
from tests.factories import plausible_row, seed_catalogue

MEMORY_TARGET = 500
MEBIBYTE = 1024 * 1024


def measures(rows: int) -> Iterator[Line]:
    """MiB over those of the idle process, at most, while the table is finished."""
    with college_on("sqlite") as founded:
        with founded.engine.begin() as connection:
            create_missing(connection, list(founded.store.tables.values()))
        college = prepared(founded)
        _fill(college, rows)
        steward = _reader_of_notes(college)
        url = college.engine.url.render_as_string(hide_password=False)
        peak = _peak_of_process(url, steward) / MEBIBYTE
    yield Line(f"memory for finishing {rows} rows of {TABLE}", peak, None, "MiB", MEMORY_TARGET)


def _peak_of_process(url: str, steward: Actor) -> int:
    """Bytes; a process that filled no table before holds nothing that it could use again."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send_peak, args=(there, url, steward))
    process.start()
    there.close()
    try:
        return int(here.recv())
    finally:
        process.join()


def _send_peak(answer: Connection, url: str, steward: Actor) -> None:
    engine = prepare_engine(create_engine(url, **engine_options(url)))
    store = build_store(seed_catalogue())
    # Making the rules ready is once for all tables.
    rule_book(store.catalogue).of(TABLE)

    def finish() -> None:
        with Session(engine, expire_on_commit=False) as session:
            query = select(Submission).where(Submission.table_identifier == TABLE)
            submission = session.scalars(query).one()
            request = StepRequest(Verb.FINISH, submission.version)
            done = take_step(session, store, submission.id, request, by=steward, now=NOW)
            if done.status is not Status.UNDER_REVIEW:
                raise RuntimeError(f"not finished but {done.status}")

    answer.send(peak_over(resident(), finish))
    engine.dispose()


def _reader_of_notes(college: College) -> Actor:
    """The steward with all rights of one, who has read what has to be read first."""
    grants = ROLE_BY_FUNCTION[Function.DATA_STEWARD].grants
    rights = frozenset((f"can_{action}", resource) for action, resource in grants)
    steward = replace(college.steward, permissions=college.steward.permissions | rights)
    catalogue = college.store.catalogue
    chapter = catalogue.tables[TABLE].chapter
    with Session(college.engine) as session:
        seen = digest_of(present_notes(session, catalogue, chapter))
        acknowledge(session, catalogue, chapter, seen, by=steward, now=NOW)
    return steward


def _fill(college: College, rows: int) -> None:
    stored, named = (college.store.tables[name] for name in (TABLE, NAMED))
    for start in range(1, rows + 1, ROWS_AT_ONCE):
        numbers = range(start, min(start + ROWS_AT_ONCE, rows + 1))
        with college.engine.begin() as connection:
            connection.execute(insert(stored.table), [_row(college, n) for n in numbers])
    with college.engine.begin() as connection:
        # So that all students are in their first year.
        connection.execute(update(named.table).values(grade_year=2025))


def _row(college: College, number: int) -> dict[str, object]:
    """A student of whom no rule says anything but that another one has his identity number."""
    spec = college.store.tables[TABLE].spec
    row = plausible_row(spec, college.store.catalogue, number)
    row |= {
        "student_no": f"2025{number:08}",
        "name": f"学生{number}",
        "class_code": f"K{number % CLASSES:05}",
        "gender": "21"[int(str(row["id_card_no"])[16]) % 2],
        "grade": "1",
        "student_source": "1",
        "enrollment_method": "1",
        "study_years": Decimal(3),
        "admitted_on": "2025-09",
        "arrears": Decimal(0),
    }
    return row | {
        "sys_period": college.period,
        "sys_department": DEPARTMENT,
        "sys_version": 1,
        "sys_key": key_of(row[field.code] for field in spec.key_fields),
    }
