"""The dead ends that the rehearsal of a year finds: tables that would get stuck, and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.catalogue.base_table import TableSpec
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import COLLEGE_WIDE, Function
from app.domain.rehearsal import Mending, Remark, RemarkKind
from app.domain.work_plan import Phase, PhaseDates
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.reports.office_actor import Duty, Office
from app.reports.rehearsed_step import (
    Blocked,
    Cause,
    blocked_steps,
    opened,
    unwritable_tables,
)

MOST_NAMES = 8
ACTING = (Function.DATA_STEWARD, Function.HEAD, Function.QA_OFFICE)


@dataclass(frozen=True)
class Rehearsed:
    """Everything the remarks are made from; ``owed`` is department → table → when it is due.

    ``offices`` are those of the days that count, in their order; ``last`` says of a duty who
    held it last and until when.
    """

    store: Store
    cycle: Cycle
    departments: Mapping[str, Department]
    owed: Mapping[str, Mapping[str, datetime]]
    offices: Sequence[Office]
    last: Mapping[Duty, tuple[str, date]]
    phases: Mapping[Phase, PhaseDates]
    unassigned: Sequence[TableSpec]

    def tables_of(self, departments: Sequence[str]) -> int:
        """How many tables the departments owe."""
        return sum(len(self.owed[code]) for code in departments)


def joined(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Some names in one line, the many cut short."""
    shown = "、".join(names[:most])
    return f"{shown}…" if len(names) > most else shown


def dead_ends(known: Rehearsed) -> Iterator[Remark]:
    """Tables that would get stuck, and why."""
    if known.unassigned:
        told = {
            "count": len(known.unassigned),
            "tables": joined([t.name for t in known.unassigned]),
        }
        text = Message("%(count)s core tables have no department: %(tables)s.", told)
        yield _dead(Mending.IN_ASSIGNMENTS, text, len(known.unassigned))
    found = _found(known)
    for (place, *_), troubles in found.items():
        departments = sorted({code for code, _, _ in troubles})
        days = sorted({day for _, day, _ in troubles})
        blocked = troubles[0][2]
        text = _text(known, place, departments, days, blocked)
        lacks_right = blocked.cause is Cause.WITHOUT_RIGHT
        mending = Mending.IN_PERMISSIONS if lacks_right else Mending.IN_PEOPLE
        yield _dead(mending, text, known.tables_of(departments))
    yield from _unwritable(known)


def _dead(mending: Mending, text: Message, tables: int) -> Remark:
    return Remark(RemarkKind.DEAD_END, mending, text, tables)


# Where, why, who is lacking and for which step: what is the same of these is one remark.
_Key = tuple[str, Cause, Function, object]
# The department, the day and what is in the way.
_Trouble = tuple[str, date, Blocked]


def _found(known: Rehearsed) -> dict[_Key, list[_Trouble]]:
    """The troubles of all departments and days, the same ones together."""
    cycle, walked = opened(known.cycle), dict[tuple[object, ...], list[Blocked]]()
    found: dict[_Key, list[_Trouble]] = defaultdict(list)
    for code in known.owed:
        for office in known.offices:
            people = _people(office, code)
            if people not in walked:
                walked[people] = blocked_steps(cycle, code, office)
            for blocked in walked[people]:
                is_common = blocked.cause is Cause.WITHOUT_RIGHT or (
                    blocked.function in COLLEGE_WIDE and blocked.cause is not Cause.SEPARATED
                )
                place = "" if is_common else code
                key = (place, blocked.cause, blocked.function, blocked.verb)
                found[key].append((code, office.day, blocked))
    return found


def _people(office: Office, code: str) -> tuple[object, ...]:
    """Who acts for the department: those with the same appointments are the same actor."""
    duties = [(f, "" if f in COLLEGE_WIDE else code) for f in ACTING]
    actors = [id(actor) for duty in duties for actor in office.actors.get(duty, ())]
    return (code, *actors, *(bool(office.names.get(duty)) for duty in duties))


def _text(
    known: Rehearsed,
    place: str,
    departments: Sequence[str],
    days: Sequence[date],
    blocked: Blocked,
) -> Message:
    names = [known.departments[code].name for code in departments]
    told: dict[str, object] = {
        "department": names[0] if place else joined(names),
        "function": label(blocked.function),
        "when": _when(known, days),
        "count": known.tables_of(departments),
        "names": joined(blocked.names),
    }
    if blocked.cause is Cause.VACANT:
        return _vacant(known, place, days, blocked, told)
    if blocked.cause is Cause.WITHOUT_LOGIN:
        return _without_login(place, told)
    told["verb"] = label(blocked.verb) if blocked.verb is not None else ""
    told["refusal"] = blocked.refusal
    if blocked.cause is Cause.WITHOUT_RIGHT:
        return Message(
            "“%(verb)s” is open to no %(function)s of %(department)s (%(count)s tables; %(when)s):"
            " their roles lack the right.",
            told,
        )
    return Message(
        "%(department)s: nobody can take the step “%(verb)s” of %(count)s tables (%(when)s)."
        " %(names)s: %(refusal)s",
        told,
    )


def _without_login(place: str, told: Mapping[str, object]) -> Message:
    if not place:
        return Message(
            "Nobody of the quality office can sign in (%(names)s; %(when)s), so that nobody"
            " receives and accepts the %(count)s tables. Give somebody a login.",
            told,
        )
    return Message(
        "%(department)s: no %(function)s can sign in (%(names)s; %(when)s), so that"
        " %(count)s tables get stuck. Give somebody a login.",
        told,
    )


def _vacant(
    known: Rehearsed,
    place: str,
    days: Sequence[date],
    blocked: Blocked,
    told: Mapping[str, object],
) -> Message:
    if not place:
        text = Message(
            "Nobody works in the quality office (%(when)s), so that nobody receives and accepts"
            " the %(count)s tables.",
            told,
        )
    elif blocked.function is Function.HEAD:
        text = Message(
            "%(department)s has no head (%(when)s), so that nobody confirms its %(count)s tables.",
            told,
        )
    else:
        text = Message(
            "%(department)s has no data steward (%(when)s), so that nobody fills in and reviews"
            " its %(count)s tables.",
            told,
        )
    ended = known.last.get((blocked.function, place))
    if ended is None or ended[1] >= days[0]:
        return text
    return Message(
        "%(text)s The appointment of %(person)s ends on %(day)s.",
        {"text": text, "person": ended[0], "day": ended[1].isoformat()},
    )


def _when(known: Rehearsed, days: Sequence[date]) -> Message:
    if len(days) == len(known.offices):
        return Message("on every date of the year")
    return Message("on %(days)s", {"days": joined([day.isoformat() for day in days])})


def _unwritable(known: Rehearsed) -> Iterator[Remark]:
    """Tables whose rows the data steward may not enter."""
    for code, tables in known.owed.items():
        found: dict[str, Message] = {}
        asked: set[tuple[object, ...]] = set()
        for office in known.offices:
            people = _people(office, code)
            if people not in asked:
                asked.add(people)
                found |= unwritable_tables(known.store, code, tables, office)
        if found:
            specs = known.store.catalogue.reported
            told = {
                "department": known.departments[code].name,
                "count": len(found),
                "tables": joined([specs[table].name for table in found]),
                "refusal": next(iter(found.values())),
            }
            text = Message(
                "%(department)s: the data steward cannot enter rows of %(count)s tables"
                " (%(tables)s). %(refusal)s",
                told,
            )
            yield _dead(Mending.IN_PERMISSIONS, text, len(found))
