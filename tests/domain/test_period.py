"""Periods begin and end on the days the regulation names."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.period import AcademicYear, Period, PeriodKind, period_for

YEAR = AcademicYear(2025)
YEARS = st.builds(AcademicYear, st.integers(1991, 2189))


@pytest.mark.parametrize(
    ("day", "start_year"),
    [
        (date(2025, 8, 31), 2024),
        (date(2025, 9, 1), 2025),
        (date(2025, 12, 31), 2025),
        (date(2026, 1, 1), 2025),
        (date(2026, 8, 31), 2025),
        (date(2026, 9, 1), 2026),
        (date(2024, 2, 29), 2023),
    ],
)
def test_a_day_lies_in_one_academic_year(day: date, start_year: int) -> None:
    assert AcademicYear.of(day) == AcademicYear(start_year)


def test_an_academic_year_is_written_with_both_years() -> None:
    assert YEAR.code == "2025-2026"
    assert AcademicYear.parse("2025-2026") == YEAR
    assert (YEAR.previous.code, YEAR.next.code) == ("2024-2025", "2026-2027")
    assert YEAR.previous < YEAR < YEAR.next


@pytest.mark.parametrize(
    "text", ["", "2025", "2025-2027", "2026-2025", "25-26", "2025/2026", "2025-2026 ", "学年"]
)
def test_anything_else_is_no_academic_year(text: str) -> None:
    with pytest.raises(ValueError, match="not an academic year"):
        AcademicYear.parse(text)


@pytest.mark.parametrize(
    ("kind", "code", "start", "end"),
    [
        (PeriodKind.ACADEMIC_YEAR, "2025-2026", date(2025, 9, 1), date(2026, 8, 31)),
        (PeriodKind.CALENDAR_YEAR, "2025", date(2025, 1, 1), date(2025, 12, 31)),
        (PeriodKind.POINT_IN_TIME, "2026-08-31", date(2026, 8, 31), date(2026, 8, 31)),
    ],
)
def test_each_kind_has_its_days(kind: PeriodKind, code: str, start: date, end: date) -> None:
    assert period_for(kind, YEAR) == Period(kind, code, start, end)


@pytest.mark.parametrize(
    ("point", "day"),
    [
        ("09-01", date(2025, 9, 1)),
        ("12-31", date(2025, 12, 31)),
        ("01-01", date(2026, 1, 1)),
        ("08-31", date(2026, 8, 31)),
    ],
)
def test_a_point_lies_inside_the_academic_year(point: str, day: date) -> None:
    assert period_for(PeriodKind.POINT_IN_TIME, YEAR, point).start == day


@pytest.mark.parametrize("kind", PeriodKind)
def test_both_ends_of_a_period_belong_to_it(kind: PeriodKind) -> None:
    period = period_for(kind, YEAR)

    assert period.covers(period.start)
    assert period.covers(period.end)
    assert not period.covers(period.start - timedelta(days=1))
    assert not period.covers(period.end + timedelta(days=1))


def test_the_leap_day_belongs_to_its_academic_year() -> None:
    period = period_for(PeriodKind.ACADEMIC_YEAR, AcademicYear(2023))

    assert period.covers(date(2024, 2, 29))
    assert (period.end - period.start).days + 1 == 366


@given(year=YEARS)
def test_academic_years_follow_each_other_without_a_gap(year: AcademicYear) -> None:
    this, following = (period_for(PeriodKind.ACADEMIC_YEAR, y) for y in (year, year.next))

    assert following.start - this.end == timedelta(days=1)
    assert AcademicYear.parse(year.code) == year


@given(year=YEARS, day=st.dates(date(1900, 9, 1), date(2200, 8, 31)))
def test_a_day_is_covered_exactly_by_its_own_year(year: AcademicYear, day: date) -> None:
    covered = period_for(PeriodKind.ACADEMIC_YEAR, year).covers(day)

    assert covered == (AcademicYear.of(day) == year)


@pytest.mark.parametrize("text", ["0000-0001", "0999-1000", "9998-9999", "２０２５-２０２６"])
def test_a_year_that_could_not_be_read_back_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="year"):
        AcademicYear.parse(text)
