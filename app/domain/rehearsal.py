"""The rehearsal of a collection year: what would go wrong, said before it does (第四条, 第八条).

Plain arithmetic over loads, days and assumptions. What people may do is not said here: the
rehearsal asks the policies themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from statistics import median

from app.domain.evidence import LoggedStep, Reported
from app.domain.message import Message
from app.domain.submission import Status, Verb, step_for

# From nothing to accepted, without any detour.
PATH = (Verb.ENTER, Verb.FINISH, Verb.REVIEW, Verb.CONFIRM, Verb.RECEIVE, Verb.ACCEPT)
# Far above the middle is twice as much; below so many tables nobody is overloaded.
FAR_ABOVE, FEW_TABLES = 2, 20
# More tables than this on one due date are many for one person.
MANY_AT_ONCE = 30
DAYS_LATE = 3
ONE_IN = 10
SATURDAY = 5


class RemarkKind(StrEnum):
    """What a remark of the rehearsal is about, the worst first."""

    DEAD_END = "dead_end"
    NOBODY_SPARE = "nobody_spare"
    OVERLOAD = "overload"
    UNLUCKY_DATE = "unlucky_date"


class Mending(StrEnum):
    """Where a remark is mended."""

    IN_PEOPLE = "in_people"
    IN_ASSIGNMENTS = "in_assignments"
    IN_PREPARATION = "in_preparation"
    IN_PERMISSIONS = "in_permissions"


class Scenario(StrEnum):
    """What is assumed about the reporting of the year."""

    ALL_IN_TIME = "all_in_time"
    TENTH_LATE = "tenth_late"
    HALF_LATE = "half_late"


@dataclass(frozen=True)
class Remark:
    """One thing that would go wrong; ``tables`` are how many it concerns."""

    kind: RemarkKind
    mending: Mending
    text: Message
    tables: int = 0


def worst_first(remarks: Sequence[Remark]) -> list[Remark]:
    """By kind, there by how many tables are concerned; otherwise as they came."""
    order = list(RemarkKind)
    return sorted(remarks, key=lambda each: (order.index(each.kind), -each.tables))


@dataclass(frozen=True)
class Load:
    """How many tables one person has, and the day on which most of them are due."""

    tables: int
    many: int
    day: date


def load_of(due: Mapping[date, Fraction]) -> Load:
    """The load of a person from the tables due each day, shares of shared ones rounded up."""
    day = max(due, key=lambda each: (due[each], each))
    return Load(_up(sum(due.values(), Fraction(0))), _up(due[day]), day)


def _up(amount: Fraction) -> int:
    return -(-amount.numerator // amount.denominator)


def middle(loads: Mapping[str, Load]) -> Fraction:
    """The load in the middle of all who hold the same function."""
    return Fraction(median(each.tables for each in loads.values())) if loads else Fraction(0)


def overloaded(loads: Mapping[str, Load]) -> list[str]:
    """Who has far more than is usual, or very many tables on one day; the most first."""
    usual = middle(loads)
    found = [
        name
        for name, load in loads.items()
        if load.many > MANY_AT_ONCE
        or (load.tables >= FEW_TABLES and load.tables > FAR_ABOVE * usual)
    ]
    return sorted(found, key=lambda name: (-loads[name].tables, name))


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or a Sunday; holidays are not known here."""
    return day.weekday() >= SATURDAY


def late_places(
    scenario: Scenario, owed: Mapping[str, Sequence[str]]
) -> frozenset[tuple[str, str]]:
    """Department and table of what is assumed to be late, spread evenly and the same every time."""
    departments = sorted(owed)
    places = [(code, table) for code in departments for table in owed[code]]
    if scenario is Scenario.TENTH_LATE:
        return frozenset(places[ONE_IN - 1 :: ONE_IN])
    if scenario is Scenario.HALF_LATE:
        late = frozenset(departments[::2])
        return frozenset(place for place in places if place[0] in late)
    return frozenset()


def reported_as_assumed(number: int, table: str, due_at: datetime, *, is_late: bool) -> Reported:
    """A table that went from nothing to accepted within one day: on time, or some days late."""
    at = due_at + timedelta(days=DAYS_LATE) if is_late else due_at - timedelta(days=1)
    steps, status = [], Status.NOT_STARTED
    for verb in PATH:
        step = step_for(status, verb)
        if step is None:
            raise ValueError(f"{verb} does not follow {status}")
        steps.append(LoggedStep(verb, at, status, step.target, None))
        status = step.target
    return Reported(number, table, due_at, tuple(steps))
