"""Who has nobody to stand in, who has too much, and which due dates are unlucky."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction

from app.domain.department import DepartmentKind
from app.domain.labels import label
from app.domain.message import Message
from app.domain.period import LOCAL_ZONE
from app.domain.person import COLLEGE_WIDE, Function
from app.domain.rehearsal import (
    MANY_AT_ONCE,
    Load,
    Mending,
    Remark,
    RemarkKind,
    is_weekend,
    load_of,
    middle,
    overloaded,
)
from app.domain.work_plan import Phase
from app.reports.rehearsed_remark import ACTING, Rehearsed, joined


def nobody_spare(known: Rehearsed) -> Iterator[Remark]:
    """Departments where one person alone fills in or confirms, told together."""
    for function in (Function.DATA_STEWARD, Function.HEAD):
        alone = [
            code
            for code in known.owed
            if any(len(office.holding(function, code)) == 1 for office in known.offices)
        ]
        alone.sort(key=lambda code: -len(known.owed[code]))
        if not alone:
            continue
        told = {
            "count": len(alone),
            "function": label(function),
            "departments": joined([known.departments[code].name for code in alone], len(alone)),
        }
        text = Message(
            "%(count)s departments have a single %(function)s and no deputy: %(departments)s."
            " When that person is away, everything waits.",
            told,
        )
        yield Remark(RemarkKind.NOBODY_SPARE, Mending.IN_PEOPLE, text, known.tables_of(alone))


def overloads(known: Rehearsed) -> Iterator[Remark]:
    """People with far more tables than is usual in departments of the kind, or many on one day."""
    for function in ACTING:
        for group in _groups(known, function):
            names, loads = _loads(known, function, group)
            usual = middle(loads)
            for number in overloaded(loads):
                yield _overload(names[number], function, loads[number], usual)


def _groups(known: Rehearsed, function: Function) -> list[list[str]]:
    """The departments whose people are compared: of one kind, or all where a duty is college-wide.

    Every teaching department fills in tables about its own staff, which offices never do.
    """
    if function in COLLEGE_WIDE:
        return [list(known.owed)]
    kinds: dict[DepartmentKind, list[str]] = defaultdict(list)
    for code in known.owed:
        kinds[known.departments[code].kind].append(code)
    return list(kinds.values())


def _overload(person: str, function: Function, load: Load, usual: Fraction) -> Remark:
    told = {
        "person": person,
        "function": label(function),
        "count": load.tables,
        "usual": f"{float(usual):g}",
        "many": load.many,
        "day": load.day.isoformat(),
    }
    text = Message(
        "%(person)s (%(function)s) has %(count)s tables, the usual number is %(usual)s;"
        " %(many)s of them are due on %(day)s.",
        told,
    )
    is_crowded = load.many > MANY_AT_ONCE
    mending = Mending.IN_PREPARATION if is_crowded else Mending.IN_PEOPLE
    return Remark(RemarkKind.OVERLOAD, mending, text, load.tables)


def _loads(
    known: Rehearsed, function: Function, group: Sequence[str]
) -> tuple[dict[str, str], dict[str, Load]]:
    """Names and loads by number; people of the same duty share its tables."""
    office = known.offices[-1]
    names: dict[str, str] = {}
    due: dict[str, dict[date, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for code in group:
        place = "" if function in COLLEGE_WIDE else code
        holders = {actor.number: actor.name for actor in office.holding(function, place)}
        names |= holders
        for moment in known.owed[code].values():
            for number in holders:
                due[number][_day(moment)] += Fraction(1, len(holders))
    return names, {number: load_of(days) for number, days in due.items()}


def unlucky_dates(known: Rehearsed, today: date) -> Iterator[Remark]:
    """Due dates on weekends, on the same day, or over already."""
    counts: dict[date, int] = defaultdict(int)
    for tables in known.owed.values():
        for moment in tables.values():
            counts[_day(moment)] += 1
    for day, count in sorted(counts.items()):
        told = {"count": count, "day": day.isoformat()}
        if day < today:
            yield _dated(
                Message("%(count)s tables were due on %(day)s, which is over.", told), count
            )
        elif is_weekend(day):
            text = Message("%(count)s tables are due on %(day)s, a day of the weekend.", told)
            yield _dated(text, count)
    ends: dict[date, list[Phase]] = defaultdict(list)
    for phase, dates in known.phases.items():
        ends[_day(dates.due_at)].append(phase)
    for day, phases in ends.items():
        if len(phases) > 1:
            first, last = label(phases[0]), label(phases[-1])
            told = {"day": day.isoformat(), "first": first, "last": last}
            text = Message("The phases “%(first)s” and “%(last)s” both end on %(day)s.", told)
            yield _dated(text, counts[day])


def _dated(text: Message, tables: int) -> Remark:
    return Remark(RemarkKind.UNLUCKY_DATE, Mending.IN_PREPARATION, text, tables)


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL_ZONE).date()
