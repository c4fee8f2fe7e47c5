"""How an adopted table takes part in the collection year (decision record 0017).

People write it as ``report:`` in ``overrides.yaml``. An old system has its own way of writing
periods and its own codes of departments; both are told here, so that nothing is altered there.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from app.catalogue.base_table import Tier
from app.catalogue.fault import FaultError, all_placed, listed, placed, shown_word
from app.domain.message import Message
from app.domain.period import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    AcademicYear,
    Period,
    PeriodKind,
    period_for,
)

PLACEHOLDER = re.compile(r"\{(\w+)\}", re.ASCII)
NUMBER = re.compile(r"\d+(\.\d+)*", re.ASCII)
# What each kind may be written with, and what of it tells one year from the next.
PLACEHOLDERS: Mapping[PeriodKind, frozenset[str]] = {
    PeriodKind.ACADEMIC_YEAR: frozenset({"start", "end", "start_short", "end_short"}),
    PeriodKind.CALENDAR_YEAR: frozenset({"year", "year_short"}),
    PeriodKind.POINT_IN_TIME: frozenset({"date", "year", "year_short", "month", "day"}),
}
ANY_PLACEHOLDER = frozenset().union(*PLACEHOLDERS.values())
TELLING = frozenset({"start", "end", "start_short", "end_short", "year", "year_short", "date"})
USUAL: Mapping[PeriodKind, str] = {
    PeriodKind.ACADEMIC_YEAR: "{start}-{end}",
    PeriodKind.CALENDAR_YEAR: "{year}",
    PeriodKind.POINT_IN_TIME: "{date}",
}
NO_MAPPING = Message("not a mapping")
# The table's own code of a department and the college's.
DepartmentPairs = tuple[tuple[str, str], ...]
# A year without 29 February: a day it lacks is none of every year.
NO_LEAP_YEAR = 2025


@dataclass(frozen=True)
class Reporting:
    """What people say about the reporting of an adopted table.

    ``written`` are the patterns by which periods stand in the table, several where a period has
    several values (terms of a year); ``departments`` pairs the table's own codes with those of the
    college, empty where they are the same; ``required`` are columns without which a row is not
    reported, whatever the database takes.
    """

    number: str
    period: PeriodKind
    chapter: str = ""
    point: str = "08-31"
    tier: Tier = Tier.EXTENSION
    written: tuple[str, ...] = ()
    departments: DepartmentPairs = ()
    required: tuple[str, ...] = ()

    def period_in(self, year: AcademicYear) -> Period:
        """The period that a cycle of ``year`` collects."""
        return period_for(self.period, year, self.point)

    def own_periods(self, code: str) -> tuple[str, ...]:
        """How the table writes the period of this code; nothing where it is no period of it."""
        return self._own_by_period.get(code, ())

    def period_of(self, own: object) -> str | None:
        """The code of the period that a value of the table means, None where it means none."""
        return self._period_by_own.get(plain_text(own))

    def period_near(self, own: object) -> str | None:
        """The same for a value that a database may take for one of these: A is a to many."""
        return self.period_of(own) or self._near_period.get(_folded(own))

    def own_departments(self, codes: Collection[str]) -> list[str]:
        """How the table writes these departments; those it does not know are left out."""
        return own_departments(self.departments, codes)

    def department_of(self, own: object) -> str | None:
        """The college's code for a value of the table, None where it stands for no department."""
        text = plain_text(own)
        return (self._department_by_own.get(text) if self.departments else text) or None

    def department_near(self, own: object) -> str | None:
        """The same for a value that a database may take for one of these."""
        return self.department_of(own) or self._near_department.get(_folded(own))

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        """How periods are written, said or usual."""
        return self.written or (USUAL[self.period],)

    @cached_property
    def _department_by_own(self) -> Mapping[str, str]:
        return dict(self.departments)

    @cached_property
    def _near_department(self) -> Mapping[str, str]:
        return {_folded(own): code for own, code in reversed(self.departments)}

    @cached_property
    def _near_period(self) -> Mapping[str, str]:
        return {_folded(own): code for own, code in self._period_by_own.items()}

    @cached_property
    def _own_by_period(self) -> Mapping[str, tuple[str, ...]]:
        periods = (self.period_in(AcademicYear(y)) for y in range(EARLIEST_YEAR, LATEST_YEAR))
        return {
            period.code: tuple(written_as(pattern, period) for pattern in self.patterns)
            for period in periods
        }

    @cached_property
    def _period_by_own(self) -> Mapping[str, str]:
        """Where years have two digits, the earlier century counts: 25 is 2025."""
        found: dict[str, str] = {}
        for code, owns in self._own_by_period.items():
            for own in owns:
                found.setdefault(own, code)
        return found


def own_departments(pairs: DepartmentPairs, codes: Collection[str]) -> list[str]:
    """How a table with these pairs writes the departments; those it does not know are left out."""
    return [own for own, code in pairs if code in codes] if pairs else sorted(codes)


def plain_text(own: object) -> str:
    """A value as it is compared: columns of fixed length fill theirs up with blanks."""
    return "" if own is None else str(own).rstrip()


def _folded(own: object) -> str:
    return unicodedata.normalize("NFKC", plain_text(own)).casefold().strip()


def written_as(pattern: str, period: Period) -> str:
    """The period by the pattern; placeholders that do not fit its kind stay as they stand."""
    first, last = period.start, period.end
    values = {
        "start": f"{first.year}",
        "end": f"{last.year}",
        "start_short": f"{first.year % 100:02}",
        "end_short": f"{last.year % 100:02}",
        "year": f"{first.year}",
        "year_short": f"{first.year % 100:02}",
        "month": f"{first.month:02}",
        "day": f"{first.day:02}",
        "date": first.isoformat(),
    }
    known = PLACEHOLDERS[period.kind]
    return PLACEHOLDER.sub(
        lambda found: values[found[1]] if found[1] in known else found[0], pattern
    )


def read_reporting(item: Any) -> Reporting:
    """The words of ``report:``. Raises FaultError with every fault of theirs."""
    reporting, faults = reporting_of(item)
    if faults:
        raise FaultError(faults)
    return reporting


def reporting_of(item: Any) -> tuple[Reporting, list[Message]]:
    """The words of ``report:`` with every fault; what is at fault is left as usual."""
    if not isinstance(item, dict):
        return USUAL_REPORTING, [placed("report", NO_MAPPING)]
    words: dict[str, Any] = {}
    faults: list[Message] = []
    unknown = sorted(shown_word(word) for word in item if word not in READERS)
    if unknown:
        faults.append(Message("unknown words %(words)s", {"words": listed(unknown)}))
    lacking = [word for word in ("number", "period") if word not in item]
    faults += [Message("%(word)s missing", {"word": word}) for word in lacking]
    for word in (word for word in READERS if word in item):
        try:
            words[word] = READERS[word](word, item[word])
        except FaultError as error:
            faults += error.faults
    reporting = replace(USUAL_REPORTING, **words)
    faults += _faults(reporting, knows_period="period" in words)
    return reporting, all_placed("report", faults)


def _text(word: str, value: Any) -> str:
    if not isinstance(value, str):
        # YAML reads 9.10 as a number and makes 9.1 of it.
        raise FaultError([Message("%(word)s has to be text in quotes", {"word": word})])
    return value


def _texts(word: str, values: Any) -> tuple[str, ...]:
    if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
        raise FaultError([Message("%(word)s has to be a list of texts", {"word": word})])
    return tuple(values)


def _patterns(word: str, value: Any) -> tuple[str, ...]:
    return _texts(word, [value] if isinstance(value, str) else value)


def _codes(word: str, values: Any) -> tuple[str, ...]:
    return _texts(word, values or ())


def _departments(_word: str, values: Any) -> DepartmentPairs:
    pairs = department_pairs(values or {})
    if pairs is None:
        raise FaultError(
            [Message("departments has to map codes to codes, both in quotes")],
        )
    return pairs


def _one_of(kinds: type[StrEnum]) -> Callable[[str, Any], StrEnum]:
    def read(word: str, value: Any) -> StrEnum:
        known = [kind.value for kind in kinds]
        if not isinstance(value, str) or value not in known:
            told = {"word": word, "known": listed(known)}
            raise FaultError([Message("%(word)s has to be one of %(known)s", told)])
        return kinds(value)

    return read


READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "number": _text,
    "period": _one_of(PeriodKind),
    "chapter": _text,
    "point": _text,
    "tier": _one_of(Tier),
    "written": _patterns,
    "departments": _departments,
    "required": _codes,
}
USUAL_REPORTING = Reporting("1", PeriodKind.ACADEMIC_YEAR)


def department_pairs(values: Any) -> DepartmentPairs | None:
    """The words of ``departments:`` as pairs, None where they do not map texts to texts."""
    is_mapping = isinstance(values, dict)
    if not is_mapping or not all(isinstance(text, str) for pair in values.items() for text in pair):
        return None
    return tuple((own.rstrip(), code) for own, code in values.items())


def _faults(reporting: Reporting, *, knows_period: bool) -> Iterator[Message]:
    if not NUMBER.fullmatch(reporting.number):
        told = {"number": reporting.number}
        yield Message("the number %(number)s has to look like 6.1.1", told)
    if not _is_day_of_every_year(reporting.point):
        told = {"point": reporting.point}
        yield Message("the point %(point)s has to be a day of every year, like 08-31", told)
    known = PLACEHOLDERS[reporting.period] if knows_period else ANY_PLACEHOLDER
    for pattern in reporting.patterns:
        yield from _faults_of_pattern(pattern, known)
    if len(set(reporting.patterns)) < len(reporting.patterns):
        yield Message("a pattern is written twice")


def _faults_of_pattern(pattern: str, known: frozenset[str]) -> Iterator[Message]:
    used = set(PLACEHOLDER.findall(pattern))
    rest = PLACEHOLDER.sub("", pattern)
    if used - known or "{" in rest or "}" in rest:
        yield Message(
            "the pattern %(pattern)s may have these placeholders only: %(known)s",
            {"pattern": pattern, "known": listed(sorted(known))},
        )
    elif not used & TELLING:
        told = {"pattern": pattern}
        yield Message("the pattern %(pattern)s does not tell one year from the next", told)


def _is_day_of_every_year(point: str) -> bool:
    if not re.fullmatch(r"\d\d-\d\d", point, re.ASCII):
        return False
    try:
        date.fromisoformat(f"{NO_LEAP_YEAR}-{point}")
    except ValueError:
        return False
    return True
