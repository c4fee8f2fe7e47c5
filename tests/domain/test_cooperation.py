"""The steps of co-operation requests: everything that is not written here is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.cooperation import (
    ANSWERED_FOR,
    CONTRIBUTING,
    COOPERATION_STEPS,
    FINAL,
    OPEN,
    STATUS_HOLDERS,
    CooperationHolder,
    CooperationStatus,
    CooperationVerb,
    cooperation_step_for,
    cooperation_steps_from,
    is_overdue,
)

# Written by hand: status, what is done with it, what becomes of it, by whom.
PERMITTED = """
-          request    draft      asker
draft      revise     draft      asker
draft      send       sent       asker
draft      cancel     withdrawn  asker
sent       extend     sent       asker
ordered    extend     ordered    qa_office
sent       answer     answered   partner
sent       refuse     refused    partner
sent       appeal     appealed   lead
sent       cancel     withdrawn  asker
answered   confirm    confirmed  lead
answered   send_back  sent       lead
confirmed  send_back  sent       lead
refused    appeal     appealed   either
refused    cancel     withdrawn  asker
appealed   order      ordered    qa_office
appealed   release    released   qa_office
appealed   cancel     withdrawn  asker
ordered    answer     answered   partner
ordered    appeal     appealed   lead
ordered    cancel     withdrawn  asker
"""
LINES = {
    (source, verb, holder): target
    for source, verb, target, holder in map(str.split, PERMITTED.strip().splitlines())
}
EVERY = [
    (status, verb, holder)
    for status in (None, *CooperationStatus)
    for verb in CooperationVerb
    for holder in CooperationHolder
]


def test_only_the_steps_of_the_table_exist() -> None:
    found = {}
    for status, verb, holder in EVERY:
        step = cooperation_step_for(status, verb)
        if step is not None and step.holder is holder:
            found[status or "-", verb, holder] = step.target

    assert found == LINES
    assert len(COOPERATION_STEPS) == len(LINES)


def test_a_reason_is_needed_wherever_somebody_says_no_or_rules() -> None:
    needing = {step.verb for step in COOPERATION_STEPS if step.needs_reason}
    sparing = {step.verb for step in COOPERATION_STEPS if not step.needs_reason}

    assert needing == {"refuse", "send_back", "appeal", "order", "release"}
    assert not needing & sparing


def test_silence_is_appealed_against_only_when_the_due_date_has_passed() -> None:
    waiting = {(step.source, step.verb) for step in COOPERATION_STEPS if step.when_overdue}

    assert waiting == {("sent", "appeal"), ("ordered", "appeal")}


@pytest.mark.parametrize("status", CooperationStatus)
def test_only_what_is_final_has_no_step_ahead(status: CooperationStatus) -> None:
    assert bool(cooperation_steps_from(status)) == (status not in FINAL)


@pytest.mark.parametrize("status", CooperationStatus)
def test_every_request_can_come_to_rest(status: CooperationStatus) -> None:
    """INV4: from everywhere a status is reached that holds nothing up."""
    reached = {status}
    for _ in CooperationStatus:
        reached |= {step.target for step in COOPERATION_STEPS if step.source in reached}

    assert reached - OPEN - {CooperationStatus.DRAFT}


def test_whoever_has_the_move_has_a_step() -> None:
    for status, holder in STATUS_HOLDERS.items():
        assert holder in {step.holder for step in cooperation_steps_from(status)}


def test_rows_are_changed_and_answered_for_as_long_as_the_request_is_theirs() -> None:
    assert {"sent", "ordered", "answered"} == CONTRIBUTING
    assert {"sent", "ordered", "answered", "appealed"} == OPEN
    assert {"sent", "ordered", "answered", "appealed", "confirmed"} == ANSWERED_FOR


@pytest.mark.parametrize(("seconds", "is_late"), [(-1, False), (0, False), (1, True)])
def test_an_answer_is_owed_until_the_last_moment(seconds: int, is_late: bool) -> None:
    due_at = datetime(2026, 10, 1, tzinfo=UTC)
    now = due_at + timedelta(seconds=seconds)
    owing = {CooperationStatus.SENT, CooperationStatus.ORDERED}

    late = {status for status in CooperationStatus if is_overdue(status, due_at, now)}

    assert late == (owing if is_late else set())
