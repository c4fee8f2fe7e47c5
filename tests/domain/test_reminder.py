"""When somebody is reminded, and when nobody is disturbed (第七条)."""

from datetime import date, datetime, time, timedelta

import pytest

from app.domain.period import LOCAL_ZONE
from app.domain.reminder import REMINDER_RULES, QuietHours, ReminderRule, ReminderSettings

RULES = {rule.name: rule for rule in REMINDER_RULES}
# 2026-10-15 is a Thursday.
THURSDAY = datetime(2026, 10, 15, 12, tzinfo=LOCAL_ZONE)


def days_reminded(rule: ReminderRule, working: set[int]) -> list[int]:
    """The days counted from the due day on which one is reminded where only these are no quiet."""
    found: list[int] = []
    for offset in range(-10, 60):
        last = found[-1] if found else None
        if offset in working and rule.is_due(offset, last):
            found.append(offset)
    return found


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("before", [-3, -1]),
        ("due_day", [0]),
        ("overdue", list(range(1, 11))),
        ("escalate_to_head", [2, 5, 10]),
        ("escalate_to_leader", [5, 10]),
        ("teachers", [-3, -1]),
    ],
)
def test_each_rule_has_its_days(name: str, days: list[int]) -> None:
    assert days_reminded(RULES[name], set(range(-10, 60))) == days


@pytest.mark.parametrize(
    ("name", "quiet", "days"),
    [
        ("before", {-3}, [-2, -1]),
        ("before", {-3, -2}, [-1]),
        ("before", {-1}, [-3]),
        ("due_day", {0}, []),
        ("escalate_to_head", {2, 3}, [4, 5, 10]),
        ("escalate_to_leader", set(range(5, 12)), [12]),
    ],
)
def test_what_falls_into_quiet_days_comes_afterwards_once(
    name: str, quiet: set[int], days: list[int]
) -> None:
    assert days_reminded(RULES[name], set(range(-10, 60)) - quiet) == days


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [
        (THURSDAY, False),
        (THURSDAY.replace(hour=22), True),
        (THURSDAY.replace(hour=21, minute=59), False),
        (THURSDAY.replace(hour=6, minute=59), True),
        (THURSDAY.replace(hour=7), False),
        (THURSDAY + timedelta(days=2), True),
        (THURSDAY + timedelta(days=4), False),
        (THURSDAY + timedelta(days=1), True),
    ],
)
def test_nights_weekends_and_days_off_are_quiet(moment: datetime, is_quiet: bool) -> None:
    quiet = QuietHours(days_off=frozenset({date(2026, 10, 16)}))

    assert quiet.is_quiet(moment) is is_quiet


def test_hours_within_a_day_can_be_quiet_and_none_at_all() -> None:
    noon = QuietHours(time(12), time(14))
    never = QuietHours(time(0), time(0), weekends=False)

    assert noon.is_quiet(THURSDAY)
    assert not noon.is_quiet(THURSDAY.replace(hour=15))
    assert not any(never.is_quiet(THURSDAY + timedelta(hours=h)) for h in range(100))


def test_what_is_switched_off_is_no_rule() -> None:
    left = {rule.name for rule in ReminderSettings(frozenset({"overdue", "thanks"})).rules()}

    assert left == set(RULES) - {"overdue"}
