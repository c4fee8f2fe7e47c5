"""Periods of collection (第七条): academic year, calendar year, point in time."""

import re
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from enum import StrEnum

# Days are those of the college; one zone without summer time serves the whole country, and no
# database of zones is needed for it.
LOCAL_ZONE = timezone(timedelta(hours=8))
# No college collected such data earlier, and nobody plans later.
EARLIEST_YEAR = 1990
LATEST_YEAR = 2190


class PeriodKind(StrEnum):
    """The kinds of period; a table has one, a money field may override it."""

    ACADEMIC_YEAR = "academic_year"
    CALENDAR_YEAR = "calendar_year"
    POINT_IN_TIME = "point_in_time"


@dataclass(frozen=True, order=True)
class AcademicYear:
    """1 September to 31 August of the next year, both ends included (第七条)."""

    start_year: int

    @classmethod
    def parse(cls, text: str) -> "AcademicYear":
        """Read ``2025-2026``; ValueError when it is anything else."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{4})", text)
        if not match or int(match[2]) != int(match[1]) + 1:
            raise ValueError(f"not an academic year: {text!r}")
        if not EARLIEST_YEAR <= int(match[1]) <= LATEST_YEAR:
            raise ValueError(f"out of the range of years: {text!r}")
        return cls(int(match[1]))

    @classmethod
    def of(cls, day: date) -> "AcademicYear":
        """The academic year in which ``day`` lies."""
        return cls(day.year if day.month >= 9 else day.year - 1)

    @property
    def last_due_day(self) -> date:
        """The last day on which anything of the year can be due: two years after its end."""
        return date(self.start_year + 3, 8, 31)

    @property
    def code(self) -> str:
        """The form used in addresses and columns: ``2025-2026``."""
        return f"{self.start_year}-{self.start_year + 1}"

    @property
    def next(self) -> "AcademicYear":
        """The academic year that follows."""
        return AcademicYear(self.start_year + 1)

    @property
    def previous(self) -> "AcademicYear":
        """The academic year before."""
        return AcademicYear(self.start_year - 1)


@dataclass(frozen=True)
class Period:
    """A span of days that rows belong to; ``code`` is what is stored.

    A point in time has ``start == end``.
    """

    kind: PeriodKind
    code: str
    start: date
    end: date

    def covers(self, day: date) -> bool:
        """Whether ``day`` lies inside, both ends included."""
        return self.start <= day <= self.end


def period_for(kind: PeriodKind, year: AcademicYear, point: str = "08-31") -> Period:
    """The period that a cycle of ``year`` collects for a table of ``kind``.

    A calendar year is the one in which the academic year starts (question 1 of
    the open decisions). A point ``MM-DD`` from September on lies in the first
    of the two calendar years, one before September in the second.
    """
    first = year.start_year
    if kind is PeriodKind.ACADEMIC_YEAR:
        return Period(kind, year.code, date(first, 9, 1), date(first + 1, 8, 31))
    if kind is PeriodKind.CALENDAR_YEAR:
        return Period(kind, str(first), date(first, 1, 1), date(first, 12, 31))
    month, day = (int(part) for part in point.split("-"))
    moment = date(first if month >= 9 else first + 1, month, day)
    return Period(kind, moment.isoformat(), moment, moment)
