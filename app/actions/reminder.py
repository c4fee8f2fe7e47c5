"""Reminding people of tables that were not reported: by rule, and by hand (第七条, INV13).

Nobody is reminded of a table twice on a day, by rule or by hand, however often this runs: whoever
reminds holds the years under way, and the database keeps the days.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.reminder import reminding_as, why_not_remind
from app.actions.audit_log import Deed, record
from app.actions.notice import News, tell
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.notice import NoticeKind
from app.domain.period import LOCAL_ZONE
from app.domain.person import Function
from app.domain.reminder import (
    BY_HAND,
    TEXT_BY_HAND,
    TEXT_OF_THANKS,
    THANKS,
    Reminded,
    ReminderSettings,
)
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.notice import Reminder
from app.models.reminder_rows import (
    Owed,
    ToRemind,
    departments_through,
    last_reminded,
    owed_tables,
    reminded_on,
    years_under_way,
)
from app.models.reminder_setting import RUN_ON, read_reminder_settings
from app.models.setting import Setting

PATHS = {
    Reminded.HOLDER: "/submissions/?status=mine",
    Reminded.HEADS: "/submissions/?status=late",
    Reminded.LEADERS: "/board/?status=late",
    Reminded.TEACHERS: "/data/",
}


@dataclass(frozen=True)
class RemindRequest:
    """Whom to remind by hand: of a year's missing tables those of a department, and of a table."""

    cycle_id: int
    department: str | None = None
    table: str | None = None


@dataclass(frozen=True)
class RemindedPeople:
    """What came of it: how many people were reminded of how many tables.

    ``already`` were reminded of all of it on that day; for ``nobody`` tables there is nobody whom
    the person who reminds may remind. ``is_quiet`` where the rules wait for quiet hours to end.
    """

    people: int = 0
    tables: int = 0
    already: int = 0
    nobody: int = 0
    thanked: int = 0
    is_quiet: bool = False


@dataclass(frozen=True)
class _Item:
    """A table that one person is to be reminded of by one rule."""

    owed: Owed
    person: str
    rule: str
    reminded: Reminded
    text: Message

    @property
    def place(self) -> tuple[int, str]:
        """What nobody is reminded of twice a day: the submission, and the person."""
        return self.owed.submission.id, self.person


@dataclass
class _Run:
    """One transaction that reminds: what there is to do, and the people it reaches."""

    session: Session
    store: Store
    cycles: Sequence[Cycle]
    by: Actor
    now: datetime
    is_by_hand: bool
    found: ToRemind = field(init=False)
    last: Mapping[tuple[int, str], date] = field(init=False)
    done: set[tuple[int, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.found = ToRemind(self.session, self.store, self.today)
        cycles = [cycle.id for cycle in self.cycles]
        self.last = last_reminded(self.session, cycles)
        self.done = reminded_on(self.session, cycles, self.today)

    @property
    def today(self) -> date:
        """The day on the calendar of the college."""
        return self.now.astimezone(LOCAL_ZONE).date()

    def give(self, items: Iterable[_Item]) -> tuple[int, int]:
        """Give the reminders, one notice for what belongs together; people and tables reached."""
        bundles: dict[tuple[str, str, date | None], list[_Item]] = {}
        seen: set[tuple[int, str]] = set()
        for item in items:
            if item.place in seen or item.place in self.done:
                continue
            seen.add(item.place)
            due_on = None if self.is_by_hand else item.owed.due_on
            bundles.setdefault((item.person, item.rule, due_on), []).append(item)
        for bundle in bundles.values():
            self._give(bundle)
        self.session.flush()
        return len({person for _number, person in seen}), len({number for number, _ in seen})

    def _give(self, bundle: Sequence[_Item]) -> None:
        first = bundle[0]
        numbers = [item.owed.submission.id for item in bundle]
        facts: dict[str, object] = {
            "tables": list(dict.fromkeys(item.owed.spec.identifier for item in bundle)),
            "count": len(bundle),
            "due_at": first.owed.due_at.isoformat(),
            "days": (self.today - first.owed.due_on).days,
        }
        key = f"reminder {first.rule} {self.today} {min(numbers)}"
        text = Message(first.text.msgid, facts)
        news = News(NoticeKind.REMINDER, key, text, _path(bundle))
        by = self.by if self.is_by_hand else None
        made = tell(self.session, news, [first.person], now=self.now, by=by)
        for notice in made.values():
            self.session.add_all(
                Reminder(
                    submission_id=number,
                    person_number=first.person,
                    day=self.today,
                    rule=first.rule,
                    notice_id=notice.id,
                    sent_at=self.now,
                    sent_by=self.by.number if self.is_by_hand else None,
                    sent_by_name=self.by.name if self.is_by_hand else None,
                )
                for number in numbers
            )


def _path(bundle: Sequence[_Item]) -> str:
    """Straight to the table where there is one, else to the list of them."""
    first = bundle[0]
    if len(bundle) > 1 or first.reminded is Reminded.LEADERS:
        return PATHS[first.reminded]
    if first.reminded is Reminded.TEACHERS:
        return f"/data/{first.owed.spec.identifier}/"
    return f"/submissions/{first.owed.submission.id}"


def remind_by_rules(session: Session, store: Store, *, by: Actor, now: datetime) -> RemindedPeople:
    """Remind everybody whom the rules name on this day, and thank whoever is through early.

    Nothing happens in quiet hours: what falls into them is done by the next run after them.
    """
    with writing(session):
        cycles = years_under_way(session, for_update=True)
        settings = read_reminder_settings(session)
        if settings.quiet.is_quiet(now.astimezone(LOCAL_ZONE)):
            return RemindedPeople(is_quiet=True)
        run = _Run(session, store, cycles, by, now, is_by_hand=False)
        owed = [each for cycle in cycles for each in owed_tables(session, store, cycle)]
        people, tables = run.give(_by_rules(run, settings, owed))
        thanked = 0 if THANKS in settings.off else _thank(run)
        if people or thanked:
            told = f"{people} people, {tables} tables, {thanked} thanked"
            record(session, Deed("reminder.remind", "reminder:rules", after=told), by=by, now=now)
        session.merge(Setting(name=RUN_ON, value=run.today.isoformat()))
        session.commit()
    return RemindedPeople(people, tables, thanked=thanked)


def _by_rules(run: _Run, settings: ReminderSettings, owed: Sequence[Owed]) -> Iterable[_Item]:
    for rule in settings.rules():
        for each in owed:
            offset = (run.today - each.due_on).days
            if not rule.is_due(offset, None):
                continue
            for person in run.found.of(rule.reminded, each):
                last = run.last.get((each.submission.id, person))
                reminded_at = None if last is None else (last - each.due_on).days
                if rule.is_due(offset, reminded_at):
                    yield _Item(each, person, rule.name, rule.reminded, rule.text)


def _thank(run: _Run) -> int:
    """Thank the departments that have reported everything before it was due; how many."""
    count = 0
    for cycle in run.cycles:
        for department in sorted(departments_through(run.session, cycle, run.now)):
            facts = {"department": department, "year": cycle.academic_year}
            text = Message(TEXT_OF_THANKS.msgid, facts)
            key = f"thanks {cycle.id} {department}"
            news = News(NoticeKind.THANKS, key, text, "/submissions/?status=all")
            numbers = {*run.found.stewards(department), *run.found.heads(department)}
            count += bool(tell(run.session, news, numbers, now=run.now))
    return count


def remind_by_hand(
    session: Session, store: Store, wanted: RemindRequest, *, by: Actor, now: datetime
) -> RemindedPeople:
    """Remind of what is missing whoever the person may remind. Raises Refused."""
    refuse(why_not_remind(by))
    with writing(session):
        cycles = years_under_way(session, for_update=True)
        cycle = next((each for each in cycles if each.id == wanted.cycle_id), None)
        if cycle is None:
            message = Message("Nobody is reminded of a year that is not under way.")
            raise Refused(message, Reason.CONFLICT)
        run = _Run(session, store, [cycle], by, now, is_by_hand=True)
        owed = [each for each in owed_tables(session, store, cycle) if _is_wanted(each, wanted)]
        items = [item for each in owed for item in _by_hand(run, each)]
        fresh = [item for item in items if item.place not in run.done]
        people, tables = run.give(fresh)
        found = RemindedPeople(
            people,
            tables,
            already=len({item.person for item in items} - {item.person for item in fresh}),
            nobody=sum(count == 0 for count in _counts(run, owed, items).values()),
        )
        if people:
            record(session, _deed(wanted, cycle, found), by=by, now=now)
        session.commit()
    return found


def _is_wanted(owed: Owed, wanted: RemindRequest) -> bool:
    submission = owed.submission
    return wanted.department in (None, submission.department_code) and wanted.table in (
        None,
        submission.table_identifier,
    )


def _by_hand(run: _Run, owed: Owed) -> Iterable[_Item]:
    department = owed.submission.department_code
    for function in reminding_as(run.by, department):
        reminded = Reminded.TEACHERS if function is Function.DATA_STEWARD else Reminded.HOLDER
        numbers = run.found.of(reminded, owed)
        if function is Function.HEAD:
            numbers = run.found.stewards(department)
        for number in numbers:
            if number != run.by.number:
                yield _Item(owed, number, BY_HAND, reminded, TEXT_BY_HAND)


def _counts(run: _Run, owed: Iterable[Owed], items: Iterable[_Item]) -> Mapping[int, int]:
    """Submission that the person may remind of → how many people there are to remind."""
    counted = Counter(item.owed.submission.id for item in items)
    own = (each for each in owed if any(reminding_as(run.by, each.submission.department_code)))
    return {each.submission.id: counted[each.submission.id] for each in own}


def _deed(wanted: RemindRequest, cycle: Cycle, found: RemindedPeople) -> Deed:
    of_whom = " ".join(filter(None, (wanted.department, wanted.table))) or "*"
    told = f"{of_whom}: {found.people} people, {found.tables} tables, {found.already} already"
    return Deed("reminder.remind", f"cycle:{cycle.id}", wanted.department, after=told)
