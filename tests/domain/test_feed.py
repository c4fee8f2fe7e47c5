"""What a value from the source means for a cell, and when a feed is due."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.feed import CellState, Remembered, Rhythm, Schedule, state_of_cell

# Tuesday 15 September 2026, 9:30 by the clock of the college.
NOW = datetime(2026, 9, 15, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stored", "brought", "given", "kept", "state"),
    [
        ("a", "a", None, None, CellState.EQUAL),
        (None, None, None, None, CellState.EQUAL),
        (None, "a", None, None, CellState.FOLLOW),
        ("a", "b", "a", None, CellState.FOLLOW),
        ("a", None, "a", None, CellState.FOLLOW),
        ("mine", "b", None, None, CellState.CONFLICT),
        ("mine", "b", "a", None, CellState.CONFLICT),
        ("mine", "b", "a", "b", CellState.KEPT),
        ("mine", "c", "a", "b", CellState.CONFLICT),
        ("mine", None, "a", None, CellState.SILENT),
        (None, "a", "a", None, CellState.CONFLICT),
    ],
)
def test_a_cell_follows_the_source_until_people_touch_it(
    stored: object, brought: object, given: object, kept: object, state: CellState
) -> None:
    remembered = [None if each is None else Remembered(each) for each in (given, kept)]

    assert state_of_cell(stored, brought, *remembered) is state


@pytest.mark.parametrize(
    ("schedule", "since", "due"),
    [
        (Schedule(Rhythm.DAILY, 9), NOW - timedelta(hours=1), True),
        (Schedule(Rhythm.DAILY, 9), NOW - timedelta(minutes=10), False),
        (Schedule(Rhythm.DAILY, 10), NOW - timedelta(hours=1), False),
        (Schedule(Rhythm.DAILY, 10), NOW - timedelta(days=1), True),
        (Schedule(Rhythm.WEEKLY, 9, 1), NOW - timedelta(hours=1), True),
        (Schedule(Rhythm.WEEKLY, 9, 2), NOW - timedelta(days=5), False),
        (Schedule(Rhythm.WEEKLY, 9, 2), NOW - timedelta(days=7), True),
    ],
)
def test_a_feed_is_due_once_its_hour_has_passed(
    schedule: Schedule, since: datetime, due: bool
) -> None:
    assert schedule.is_due(since, NOW) is due
