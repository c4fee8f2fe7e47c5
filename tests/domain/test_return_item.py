"""The states of a return item: everything that is not written here does not happen."""

from datetime import UTC, date, datetime

import pytest

from app.domain.return_item import (
    ITEM_STEPS,
    PASSING,
    ItemState,
    ItemVerb,
    days_between,
    due_of_return,
    item_step_for,
    passed_level,
)
from app.domain.submission import STEPS, Status, Verb, step_for

# state, verb, next state, whose step.
PERMITTED = """
open      change   changed    filler
open      explain  explained  filler
reopened  change   changed    filler
reopened  explain  explained  filler
changed   change   changed    filler
changed   explain  explained  filler
explained change   changed    filler
explained explain  explained  filler
changed   close    closed     reviewer
explained close    closed     reviewer
reopened  close    closed     reviewer
changed   reopen   reopened   reviewer
explained reopen   reopened   reviewer
closed    reopen   reopened   reviewer
"""
TARGETS = {
    (source, verb): (target, side)
    for source, verb, target, side in (line.split() for line in PERMITTED.strip().splitlines())
}


@pytest.mark.parametrize("verb", ItemVerb)
@pytest.mark.parametrize("state", ItemState)
def test_only_the_steps_of_the_table_exist(state: ItemState, verb: ItemVerb) -> None:
    step = item_step_for(state, verb)

    told = None if step is None else (step.target.value, step.holder.value)
    assert told == TARGETS.get((state.value, verb.value))
    assert len(ITEM_STEPS) == len(TARGETS)


def test_every_item_can_be_closed() -> None:
    """No dead end: from each state some steps lead to the closed one."""
    reached = {ItemState.CLOSED}
    for _ in ItemState:
        reached |= {step.source for step in ITEM_STEPS if step.target in reached}

    assert reached == set(ItemState)


def test_explaining_and_opening_again_need_words() -> None:
    with_words = {step.verb for step in ITEM_STEPS if step.needs_reason}

    assert with_words == {ItemVerb.EXPLAIN, ItemVerb.REOPEN}


def test_every_level_that_sends_back_has_a_step_that_passes() -> None:
    sending = [step for step in STEPS if step.verb is Verb.SEND_BACK]

    for step in sending:
        passing = step_for(step.source, PASSING[step.holder])
        assert passing is not None
        assert (passing.holder, passed_level(passing.verb)) == (step.holder, step.holder)
    assert {step.target for step in sending} == {Status.RETURNED}


@pytest.mark.parametrize(
    ("sent", "due_on", "due"),
    [
        # 23:30 in the college is still the same day there.
        (datetime(2026, 9, 15, 15, 30, tzinfo=UTC), None, "2026-09-20T23:59:59+08:00"),
        (datetime(2026, 9, 15, 16, 0, tzinfo=UTC), None, "2026-09-21T23:59:59+08:00"),
        (datetime(2026, 9, 15, 1, 0, tzinfo=UTC), date(2026, 9, 16), "2026-09-16T23:59:59+08:00"),
    ],
)
def test_a_return_is_due_at_the_end_of_a_day(sent: datetime, due_on: date | None, due: str) -> None:
    assert due_of_return(sent, due_on).isoformat() == due


def test_days_are_those_of_the_college() -> None:
    before_midnight = datetime(2026, 9, 15, 15, 59, tzinfo=UTC)

    assert days_between(before_midnight, datetime(2026, 9, 15, 16, 1, tzinfo=UTC)) == 1
    assert days_between(before_midnight, before_midnight) == 0
