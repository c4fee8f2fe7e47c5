"""The steps of a collection cycle: everything that is not written here is refused."""

import pytest

from app.domain.cycle import (
    CYCLE_STEPS,
    CycleHolder,
    CycleStatus,
    CycleVerb,
    cycle_step_for,
    cycle_steps_from,
)

PERMITTED = {
    ("preparing", "open", "qa_office"): "open",
    ("open", "close", "qa_office"): "closed",
    ("closed", "extend", "qa_office"): "open",
    ("closed", "lock", "qa_office"): "locked",
    ("locked", "unlock", "qa_office"): "closed",
    ("locked", "archive", "archive"): "archived",
}


@pytest.mark.parametrize("status", CycleStatus)
@pytest.mark.parametrize("verb", CycleVerb)
@pytest.mark.parametrize("holder", CycleHolder)
def test_only_the_steps_of_the_table_exist(
    status: CycleStatus, verb: CycleVerb, holder: CycleHolder
) -> None:
    step = cycle_step_for(status, verb)

    target = step.target if step and step.holder is holder else None

    assert target == PERMITTED.get((status, verb, holder))


def test_no_step_is_declared_twice() -> None:
    assert len(CYCLE_STEPS) == len(PERMITTED)


def test_what_is_archived_stays_so() -> None:
    assert cycle_steps_from(CycleStatus.ARCHIVED) == ()


def test_going_back_needs_a_reason() -> None:
    reasoned = {step.verb for step in CYCLE_STEPS if step.needs_reason}

    assert reasoned == {CycleVerb.EXTEND, CycleVerb.UNLOCK}


@pytest.mark.parametrize("status", CycleStatus)
def test_steps_are_listed_in_their_order(status: CycleStatus) -> None:
    steps = cycle_steps_from(status)

    assert list(steps) == [step for step in CYCLE_STEPS if step.source is status]
