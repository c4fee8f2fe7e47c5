"""When who is reminded of tables that were not reported (第七条), and when nobody is disturbed.

``REMINDER_RULES`` is the single table. Days are those of the college's calendar, counted from the
due day; a person is reminded of a table at most once a day, whatever rules say so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from app.domain.message import Message

BY_HAND = "by_hand"
THANKS = "thanks"
MOST_DAYS_OFF = 60


class Reminded(StrEnum):
    """Who is reminded of a table: whoever has the next step, his head, a leader, the teachers."""

    HOLDER = "holder"
    HEADS = "heads"
    LEADERS = "leaders"
    TEACHERS = "teachers"


@dataclass(frozen=True)
class ReminderRule:
    """On these ``days``, counted from the due day, ``reminded`` is told ``text``.

    What could not be sent on its day (at night, on a day off, while the machine stood still) is
    sent afterwards, but not after ``last``.
    """

    name: str
    days: tuple[int, ...]
    last: int
    reminded: Reminded
    text: Message

    def is_due(self, offset: int, reminded_at: int | None) -> bool:
        """Whether a reminder is owed so many days after the due day.

        ``reminded_at`` is the day on which the person was last reminded of the table, counted in
        the same way.
        """
        begun = [day for day in self.days if day <= offset]
        if not begun or offset > self.last:
            return False
        return reminded_at is None or reminded_at < begun[-1]


_OVERDUE_DAYS = tuple(range(1, 11))

REMINDER_RULES: tuple[ReminderRule, ...] = (
    ReminderRule(
        "before",
        (-3, -1),
        -1,
        Reminded.HOLDER,
        Message("Due at %(due_at)s and not reported yet: %(tables)s, %(count)s tables in all."),
    ),
    ReminderRule(
        "due_day",
        (0,),
        0,
        Reminded.HOLDER,
        Message("Due today and not reported yet: %(tables)s, %(count)s tables in all."),
    ),
    ReminderRule(
        "overdue",
        _OVERDUE_DAYS,
        30,
        Reminded.HOLDER,
        Message("Overdue by %(days)s days: %(tables)s, %(count)s tables in all."),
    ),
    ReminderRule(
        "escalate_to_head",
        (2, 5, 10),
        30,
        Reminded.HEADS,
        Message(
            "Your department has not reported for %(days)s days: %(tables)s, %(count)s tables in"
            " all. Please see to it."
        ),
    ),
    ReminderRule(
        "escalate_to_leader",
        (5, 10),
        30,
        Reminded.LEADERS,
        Message("%(count)s tables of departments are overdue by %(days)s days: %(tables)s."),
    ),
    ReminderRule(
        "teachers",
        (-3, -1),
        -1,
        Reminded.TEACHERS,
        Message(
            "You have not handed over your own data yet. Due at %(due_at)s: %(tables)s,"
            " %(count)s tables in all."
        ),
    ),
)
TEXT_BY_HAND = Message("Please report soon: %(tables)s, %(count)s tables in all.")
TEXT_OF_THANKS = Message(
    "%(department)s has reported all its tables of %(year)s in time. Thank you."
)
# What can be switched off, in the order of the settings.
SWITCHES = (*(rule.name for rule in REMINDER_RULES), THANKS)


@dataclass(frozen=True)
class QuietHours:
    """When nobody is reminded and nothing is sent outside; what falls into them comes afterwards.

    ``begins`` and ``ends`` are times of the day, the night between them is quiet; equal ones mean
    that no hour is. ``days_off`` are quiet as a whole, as are Saturdays and Sundays if wanted.
    """

    begins: time = time(22)
    ends: time = time(7)
    weekends: bool = True
    days_off: frozenset[date] = field(default_factory=frozenset)

    def is_quiet(self, moment: datetime) -> bool:
        """Whether the moment, on the clock of the college, is quiet."""
        if self.is_day_off(moment.date()):
            return True
        clock = moment.time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def is_day_off(self, day: date) -> bool:
        """Whether the day is quiet as a whole."""
        return day in self.days_off or (self.weekends and day.weekday() >= 5)


@dataclass(frozen=True)
class ReminderSettings:
    """What the quality office has set: the switches that are off and the quiet hours."""

    off: frozenset[str] = field(default_factory=frozenset)
    quiet: QuietHours = QuietHours()

    def rules(self) -> Iterable[ReminderRule]:
        """The rules that are on, in their order."""
        return (rule for rule in REMINDER_RULES if rule.name not in self.off)
