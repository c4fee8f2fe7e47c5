"""Departments are proposed by the catalogue and kept by the college."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.actions.department import add_departments
from app.catalogue.department import DepartmentSpec
from app.domain.department import DepartmentKind
from app.models.database import Base, engine_options, prepare_engine
from app.models.department import Department

PROPOSED = [DepartmentSpec("A03", "教务处", DepartmentKind.OFFICE, duty="教学运行")]


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = prepare_engine(create_engine(database_url, **engine_options(database_url)))
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def test_missing_departments_are_added(session: Session) -> None:
    assert add_departments(session, PROPOSED) == ["A03"]
    assert session.scalars(select(Department.name)).all() == ["教务处"]


def test_a_department_that_was_renamed_keeps_its_name(session: Session) -> None:
    session.add(Department(code="A03", name="教学工作部", kind=DepartmentKind.OFFICE))

    assert add_departments(session, PROPOSED) == []
    assert session.get_one(Department, "A03").name == "教学工作部"
