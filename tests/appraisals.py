"""A closed year with a history worth appraising, and an appraisal of it.

教务处 (A03): the first attempt to finish ``course`` is blocked, the head takes
three days to confirm, the quality office sends the table back once and it is
mended two days later; ``quality_project`` names a leader who is not on the
staff list, so its attempt is blocked and two days after the due date it is not
reported yet; all other tables of the college do not apply.
"""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.actions.appraisal import draft_appraisal
from app.actions.appraisal_score import Entry, enter_scores
from app.actions.row_change import UPDATE, Change
from app.catalogue.appraisal import Scheme, load_scheme
from app.domain.cycle import CycleVerb
from app.domain.message import Refused
from app.domain.submission import Verb
from app.models.appraisal import Appraisal, AppraisalResult, AppraisalScore
from app.models.database import engine_options, prepare_engine
from tests import services
from tests.college import DUE, NOW, College, Founded, found_college
from tests.factories import SEED
from tests.kept import Kept, kept
from tests.submissions import ANSWERS, exempt_the_rest

COURSE, PROJECT = "course", "quality_project"
BY = {
    Verb.FINISH: "li_jing",
    Verb.REVIEW: "li_jing",
    Verb.CONFIRM: "wang_qiang",
    Verb.RECEIVE: "zhou_min",
    Verb.SEND_BACK: "zhou_min",
    Verb.ACCEPT: "sun_li",
}


def seed_scheme() -> Scheme:
    """The scheme of the repository."""
    return load_scheme(SEED / "appraisal.yaml")


def after(college: College, days: float) -> None:
    """Let it be so many days after the opening."""
    college.now = NOW + timedelta(days=days)


def take(college: College, table: str, *verbs: Verb) -> None:
    """Steps of 教务处 or of the quality office, one after the other."""
    for verb in verbs:
        by = getattr(college.founded.people, BY[verb])
        answers = {} if verb is Verb.FINISH else ANSWERS
        college.step(college.submission(table), verb, by=by, **answers)


def closed_year(college: College) -> None:
    """Tell the story of the year and close it."""
    people = college.founded.people
    college.add(COURSE, 1, 2, by=people.li_jing, course_name=None)
    with suppress(Refused):
        take(college, COURSE, Verb.FINISH)
    for number, row in enumerate(college.rows(COURSE), start=1):
        rename(college, row, f"课程{number}")
    take(college, COURSE, Verb.FINISH, Verb.REVIEW)
    after(college, 3)
    take(college, COURSE, Verb.CONFIRM, Verb.RECEIVE, Verb.SEND_BACK)
    after(college, 5)
    rename(college, college.rows(COURSE)[0], "改名的课程")
    take(college, COURSE, Verb.FINISH, Verb.REVIEW, Verb.CONFIRM, Verb.RECEIVE, Verb.ACCEPT)
    college.add(PROJECT, 1, by=people.li_jing)
    with suppress(Refused):
        take(college, PROJECT, Verb.FINISH)
    exempt_the_rest(college)
    college.now = DUE + timedelta(days=2)
    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)


def rename(college: College, row: Any, name: str) -> None:
    """Give a course another name."""
    place = {"id": str(row["sys_id"]), "version": str(row["sys_version"])}
    change = Change(UPDATE, {"course_name": name}, **place)
    assert college.change(COURSE, change, by=college.founded.people.li_jing).written


@pytest.fixture(scope="session")
def all_closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept[Founded]]:
    """The colleges with their closed year of a run, one for each kind of database."""

    def make(url: str, _folder: Path, stack: ExitStack) -> Founded:
        engine = prepare_engine(create_engine(url, **engine_options(url)))
        stack.callback(engine.dispose)
        founded = found_college(engine)
        with Session(engine, expire_on_commit=False) as session:
            closed_year(College(founded, session))
        with engine.connect() as connection:
            contents = {
                name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for name, table in founded.tables.items()
            }
        founded.touched.clear()
        # The same set goes on noting what is written to.
        return replace(founded, contents=contents)

    with kept(make, tmp_path_factory) as colleges:
        yield colleges


@pytest.fixture(scope="session", params=services.DATABASES)
def founded_and_closed(request: pytest.FixtureRequest, all_closed: Kept[Founded]) -> Founded:
    """The college with its closed year, told once per run and kind of database."""
    return all_closed(request.param)


@pytest.fixture
def closed(founded_and_closed: Founded) -> Iterator[College]:
    """The college after its year; what the test changes is put back afterwards."""
    with Session(founded_and_closed.engine, expire_on_commit=False) as session:
        yield College(founded_and_closed, session, DUE + timedelta(days=2))
    founded_and_closed.restore()


def begun(college: College) -> Appraisal:
    """The appraisal of the closed year, begun by the quality office."""
    return draft_appraisal(
        college.session,
        seed_scheme(),
        college.founded.cycle_id,
        by=college.founded.people.zhou_min,
        now=college.now,
    )


def cell(college: College, item: str, department: str = "A03") -> AppraisalScore:
    """The stored score of an item."""
    return next(
        one
        for one in college.all(AppraisalScore)
        if (one.item, one.department_code) == (item, department)
    )


def result(college: College, department: str = "A03") -> AppraisalResult:
    """The stored result of a department."""
    found = college.all(AppraisalResult)
    return next(one for one in found if one.department_code == department)


def entry(college: College, item: str, points: str | None, **more: Any) -> Entry:
    """An entry for 教务处, unless told otherwise, as the cell is now."""
    department = more.pop("department", "A03")
    stored = cell(college, item, department)
    value = None if points is None else Decimal(points)
    return Entry(department, item, more.pop("version", stored.version), value, **more)


def enter(college: College, appraisal: Appraisal, *entries: Entry, by: Any = None) -> int:
    """Store scores as the quality office does."""
    office = by or college.founded.people.zhou_min
    return enter_scores(college.session, appraisal.id, entries, by=office, now=college.now)


def settle_everything(college: College, appraisal: Appraisal) -> None:
    """Give the full score to everything that waits for the quality office."""
    scheme = seed_scheme()
    waiting = [
        Entry(one.department_code, one.item, one.version, scheme.items[one.item].weight)
        for one in college.all(AppraisalScore)
        if one.is_pending
    ]
    enter(college, appraisal, *waiting)
