"""Which rows a person reaches, asked of the database."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.access.scopes import (
    EVERYTHING,
    NOTHING,
    RowScope,
    condition,
    read_scope,
    rows_of,
    write_scope,
)
from tests.college import College
from tests.people import People

PUBLICATION = "full_time_publication"


@pytest.fixture
def filled(college: College, people: People) -> College:
    """Three publications: two of C01, one of them of 刘洋, and one of C02."""
    college.add(PUBLICATION, 1, by=people.chen_gang, staff_no="10021")
    college.add(PUBLICATION, 2, by=people.chen_gang, staff_no="10022")
    college.add(PUBLICATION, 3, by=people.luo_lin, staff_no="20021")
    return college


def reached(college: College, scope: RowScope) -> list[str]:
    stored = college.store.tables[PUBLICATION]
    query = select(stored.columns["staff_no"]).where(condition(scope, stored))
    return sorted(college.session.scalars(query))


ALL = ["10021", "10022", "20021"]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("chen_gang", ["10021", "10022"]),
        ("zhao_yong", ["10021", "10022"]),
        ("luo_lin", ["20021"]),
        ("liu_yang", ["10021"]),
        ("zhou_min", ALL),
        ("wu_fan", []),
        ("li_jing", []),
        ("ma_chao", []),
        ("administrator", []),
        ("leader", []),
        ("archivist", []),
        ("reader", []),
    ],
)
def test_everybody_reads_the_rows_of_his_scope(
    filled: College, people: People, name: str, numbers: list[str]
) -> None:
    scope = read_scope(getattr(people, name), filled.store.tables[PUBLICATION])

    assert reached(filled, scope) == numbers


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("chen_gang", ["10021", "10022"]),
        ("liu_yang", ["10021"]),
        ("luo_lin", ["20021"]),
        ("zhao_yong", []),
        ("zhou_min", []),
    ],
)
def test_everybody_writes_the_rows_of_his_scope(
    filled: College, people: People, name: str, numbers: list[str]
) -> None:
    scope = write_scope(getattr(people, name), filled.store.tables[PUBLICATION])

    assert reached(filled, scope) == numbers


def test_a_steward_who_teaches_elsewhere_reaches_both(filled: College, people: People) -> None:
    both = replace(
        people.luo_lin,
        number="10021",
        appointments=people.luo_lin.appointments + people.liu_yang.appointments,
    )

    scope = read_scope(both, filled.store.tables[PUBLICATION])

    assert reached(filled, scope) == ["10021", "20021"]


def test_the_bounds_of_a_scope(filled: College) -> None:
    assert reached(filled, NOTHING) == []
    assert reached(filled, EVERYTHING) == ALL
    assert reached(filled, RowScope(frozenset(), "10022")) == ["10022"]
    assert EVERYTHING.covers_department("C09")
    assert not RowScope(frozenset({"C01"}), "1").covers_department("C02")


def test_rows_are_those_of_one_period_and_department(filled: College) -> None:
    stored = filled.store.tables[PUBLICATION]

    def count(period: str, department: str | None = None) -> int:
        query = rows_of(stored, EVERYTHING, period, department)
        return len(filled.session.execute(query).all())

    assert [count("2025-2026"), count("2025-2026", "C01"), count("2024-2025")] == [3, 2, 0]


def test_a_table_without_department_and_period_is_served_whole(filled: College) -> None:
    stored = replace(filled.store.tables[PUBLICATION], department=None, period=None, person=None)
    own = RowScope(frozenset({"C01"}))

    assert len(filled.session.execute(rows_of(stored, own, "2025-2026", "C01")).all()) == 3
    assert filled.session.execute(rows_of(stored, NOTHING, "2025-2026")).all() == []
