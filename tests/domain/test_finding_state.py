"""The states of a finding: everything that is not written here does not happen."""

from itertools import product

import pytest

from app.domain.finding import Severity
from app.domain.finding_state import (
    FINDING_STEPS,
    FindingState,
    FindingVerb,
    Ruling,
    finding_step_for,
    state_of,
)

# state, verb, next state, who, of which severity.
PERMITTED = """
open       explain     explained  filler     warning
waiting    explain     explained  filler     warning
rejected   explain     explained  filler     warning
explained  explain     explained  filler     warning
explained  adopt       adopted    qa_office  warning
explained  reject      rejected   qa_office  warning
adopted    reject      rejected   qa_office  warning
rejected   adopt       adopted    qa_office  warning
open       waive       waived     qa_office  both
waiting    waive       waived     qa_office  both
explained  waive       waived     qa_office  both
adopted    waive       waived     qa_office  both
rejected   waive       waived     qa_office  both
waived     end_waiver  open       qa_office  both
open       mend        mended     nobody     both
waiting    mend        mended     nobody     both
explained  mend        mended     nobody     both
adopted    mend        mended     nobody     both
rejected   mend        mended     nobody     both
waived     mend        mended     nobody     both
explained  change      open       nobody     warning
adopted    change      open       nobody     warning
rejected   change      open       nobody     warning
mended     find        open       nobody     both
"""
LINES = [line.split() for line in PERMITTED.strip().splitlines()]
TARGETS = {
    (source, verb, severity): (target, holder)
    for source, verb, target, holder, of in LINES
    for severity in Severity
    if of in {"both", severity.value}
}


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("verb", FindingVerb)
@pytest.mark.parametrize("state", FindingState)
def test_only_the_steps_of_the_table_exist(
    state: FindingState, verb: FindingVerb, severity: Severity
) -> None:
    step = finding_step_for(state, verb, severity)

    told = None if step is None else (step.target.value, step.holder.value)
    assert told == TARGETS.get((state.value, verb.value, severity))


def test_no_step_is_declared_twice() -> None:
    steps = [(step.source, step.verb) for step in FINDING_STEPS]

    assert len(steps) == len(set(steps)) == len(LINES)


def test_rejecting_waiving_and_explaining_need_words() -> None:
    with_words = {step.verb for step in FINDING_STEPS if step.needs_reason}

    assert with_words == {
        FindingVerb.EXPLAIN,
        FindingVerb.REJECT,
        FindingVerb.WAIVE,
        FindingVerb.END_WAIVER,
    }


FACTS = list(product(Severity, (None, *Ruling), (False, True), (False, True)))


@pytest.mark.parametrize(("severity", "ruling", "is_waived", "is_waiting"), FACTS)
def test_a_finding_stands_where_the_facts_put_it(
    severity: Severity, ruling: Ruling | None, *, is_waived: bool, is_waiting: bool
) -> None:
    counting = ruling if severity is Severity.WARNING else None
    expected = {
        None: "waiting" if is_waiting else "open",
        Ruling.PENDING: "explained",
        Ruling.ADOPTED: "adopted",
        Ruling.REJECTED: "waiting" if is_waiting else "rejected",
    }[counting]

    state = state_of(severity, ruling, is_waived=is_waived, is_waiting=is_waiting)

    assert state.value == ("waived" if is_waived else expected)


def test_what_is_open_or_rejected_has_to_be_dealt_with() -> None:
    assert {state for state in FindingState if state.is_open} == {
        FindingState.OPEN,
        FindingState.REJECTED,
    }
