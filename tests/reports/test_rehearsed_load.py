"""Whose load is too much, beside those who hold the same in departments of the same kind."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.access.person import Actor
from app.domain.department import DepartmentKind
from app.domain.person import Function
from app.domain.rehearsal import Mending
from app.models.department import Department
from app.reports.office_actor import Duty, Office
from app.reports.rehearsed_load import overloads
from app.reports.rehearsed_remark import Rehearsed

DAY, DUE = date(2026, 10, 15), datetime(2026, 10, 15, 12, tzinfo=UTC)
OFFICE, TEACHING = DepartmentKind.OFFICE, DepartmentKind.TEACHING


def rehearsed(tables: Mapping[str, int], kinds: Mapping[str, DepartmentKind], *more: str) -> Any:
    """Departments with a number of tables and a steward each, ``more`` in the first one."""
    stewards: dict[Duty, list[Actor]] = {
        (Function.DATA_STEWARD, code): [Actor(code, f"管理员{code}", code)] for code in tables
    }
    first = next(iter(stewards.values()))
    first += [Actor(name, name, name) for name in more]
    named = {c: Department(code=c, name=c, kind=kinds.get(c, OFFICE)) for c in tables}
    owed = {c: {f"t{n}": DUE for n in range(count)} for c, count in tables.items()}
    nothing: Any = None
    offices = [Office(DAY, stewards, {})]
    return Rehearsed(nothing, nothing, named, owed, offices, {}, {}, ())


def said(known: Rehearsed) -> list[tuple[object, object, Mending]]:
    remarks = list(overloads(known))
    return [(r.text.parameters["person"], r.text.parameters["count"], r.mending) for r in remarks]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"A": 29, "B": 7, "C": 8}, [("管理员A", 29, Mending.IN_PEOPLE)]),
        ({"A": 31, "B": 31, "C": 8}, ["A", "B"]),
        ({"A": 14, "B": 7, "C": 8}, []),
    ],
)
def test_far_more_than_others_or_many_on_one_day_is_told(
    tables: dict[str, int], expected: list[Any]
) -> None:
    crowded = [(f"管理员{e}", 31, Mending.IN_PREPARATION) for e in expected if isinstance(e, str)]

    assert said(rehearsed(tables, {})) == (crowded or expected)


def test_teaching_departments_are_compared_with_each_other() -> None:
    tables = {"A": 28, "B": 28, "C": 7, "D": 7, "E": 7}

    assert said(rehearsed(tables, {"A": TEACHING, "B": TEACHING})) == []
    assert len(said(rehearsed(tables, {}))) == 2


def test_a_second_person_halves_the_load() -> None:
    assert said(rehearsed({"A": 29, "B": 7, "C": 8}, {}, "副手")) == []
