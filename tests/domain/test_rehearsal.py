"""The arithmetic of the rehearsal: loads, weekends, and what is assumed to be late."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from app.domain.evidence import Records
from app.domain.message import Message
from app.domain.metric import first_report_delay
from app.domain.rehearsal import (
    MANY_AT_ONCE,
    Load,
    Mending,
    Remark,
    RemarkKind,
    Scenario,
    is_weekend,
    late_places,
    load_of,
    middle,
    overloaded,
    reported_as_assumed,
    worst_first,
)
from app.domain.submission import Status

DAY, LATER = date(2026, 10, 15), date(2026, 10, 30)
DUE = datetime(2026, 10, 15, 15, 59, 59, tzinfo=UTC)
OWED = {code: [f"t{number}" for number in range(10)] for code in ("C02", "C01", "A01")}


def load(tables: int, many: int = 1) -> Load:
    return Load(tables, many, DAY)


def test_shared_tables_are_rounded_up_and_the_fullest_day_is_named() -> None:
    assert load_of({DAY: Fraction(3, 2), LATER: Fraction(4)}) == Load(6, 4, LATER)


@pytest.mark.parametrize(
    ("loads", "expected"),
    [
        ({"a": load(5), "b": load(5), "c": load(19)}, []),
        ({"a": load(5), "b": load(5), "c": load(20)}, ["c"]),
        ({"a": load(20), "b": load(20), "c": load(40)}, []),
        ({"a": load(50, MANY_AT_ONCE), "b": load(50, MANY_AT_ONCE + 1)}, ["b"]),
        ({"a": load(5), "b": load(5), "c": load(5), "d": load(30), "e": load(40)}, ["e", "d"]),
        ({}, []),
    ],
)
def test_far_above_the_middle_or_very_many_at_once_is_too_much(
    loads: dict[str, Load], expected: list[str]
) -> None:
    assert overloaded(loads) == expected


def test_the_middle_of_nobody_is_nothing() -> None:
    assert middle({}) == 0
    assert middle({"a": load(2), "b": load(5)}) == Fraction(7, 2)


def test_saturday_and_sunday_are_the_weekend() -> None:
    found = [day for day in range(12, 19) if is_weekend(date(2026, 10, day))]

    assert found == [17, 18]


@pytest.mark.parametrize(
    ("scenario", "count", "departments"),
    [
        (Scenario.ALL_IN_TIME, 0, set()),
        (Scenario.TENTH_LATE, 3, {"A01", "C01", "C02"}),
        (Scenario.HALF_LATE, 20, {"A01", "C02"}),
    ],
)
def test_the_assumptions_are_the_same_every_time(
    scenario: Scenario, count: int, departments: set[str]
) -> None:
    late = late_places(scenario, OWED)

    assert len(late) == count
    assert {code for code, _ in late} == departments
    assert late == late_places(scenario, dict(reversed(OWED.items())))


@pytest.mark.parametrize(("is_late", "days"), [(False, 0), (True, 3)])
def test_what_is_assumed_is_measured_as_what_happened(is_late: bool, days: int) -> None:
    table = reported_as_assumed(1, "course", DUE, is_late=is_late)

    measured = first_report_delay(Records(DUE, DUE, DUE, 5, [table]))

    assert measured.value == days
    assert table.steps[-1].after == Status.ACCEPTED


def test_dead_ends_come_first_and_there_the_most_tables() -> None:
    def remark(kind: RemarkKind, tables: int) -> Remark:
        return Remark(kind, Mending.IN_PEOPLE, Message("-"), tables)

    given = [
        remark(RemarkKind.OVERLOAD, 99),
        remark(RemarkKind.DEAD_END, 1),
        remark(RemarkKind.DEAD_END, 7),
    ]

    assert worst_first(given) == [given[2], given[1], given[0]]
