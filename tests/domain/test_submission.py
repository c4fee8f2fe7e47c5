"""The steps of a submission: everything that is not written here is refused."""

import pytest

from app.domain.submission import (
    EDITABLE,
    STATUS_HOLDERS,
    STEPS,
    Holder,
    Status,
    Step,
    Verb,
    step_for,
    steps_from,
)

# status, verb, next status, who may.
PERMITTED = """
not_started            enter      entering               filler
not_started            finish     under_review           steward
not_started            exempt     exempt                 qa_office
entering               finish     under_review           steward
entering               exempt     exempt                 qa_office
under_review           review     awaiting_confirmation  steward
under_review           send_back  returned               steward
under_review           withdraw   entering               steward
awaiting_confirmation  confirm    submitted              head
awaiting_confirmation  send_back  returned               head
submitted              receive    under_qa_review        qa_office
submitted              withdraw   entering               head
under_qa_review        accept     accepted               qa_office
under_qa_review        send_back  returned               qa_office
returned               finish     under_review           steward
accepted               reopen     returned               qa_office
accepted               lock       locked                 cycle
locked                 unlock     accepted               cycle
exempt                 reopen     not_started            qa_office
"""
TARGETS = {
    (source, verb, holder): target
    for source, verb, target, holder in (line.split() for line in PERMITTED.strip().splitlines())
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("holder", Holder)
def test_only_the_steps_of_the_table_exist(status: Status, verb: Verb, holder: Holder) -> None:
    step = step_for(status, verb)

    target = step.target if step and step.holder is holder else None

    assert target == TARGETS.get((status, verb, holder))


def test_no_step_is_declared_twice() -> None:
    places = [(step.source, step.verb) for step in STEPS]

    assert len(places) == len(set(places)) == len(TARGETS)


@pytest.mark.parametrize("status", Status)
def test_every_status_can_be_reached_and_left(status: Status) -> None:
    reached = {Status.NOT_STARTED}
    for _ in Status:
        reached |= {step.target for step in STEPS if step.source in reached}

    assert status in reached
    assert steps_from(status) == tuple(step for step in STEPS if step.source is status)
    assert steps_from(status) != ()


@pytest.mark.parametrize("status", Status)
def test_from_every_status_the_year_can_be_brought_to_an_end(status: Status) -> None:
    """INV4: no dead end; a table that is consolidated or does not apply keeps no year open."""
    ahead = {status}
    for _ in Status:
        ahead |= {step.target for step in STEPS if step.source in ahead}

    assert ahead & {Status.LOCKED, Status.EXEMPT}


@pytest.mark.parametrize("status", Status)
def test_the_holder_of_a_status_has_a_move_in_it(status: Status) -> None:
    movers = {step.holder for step in steps_from(status)}

    if status.holder is Holder.NOBODY:
        assert movers <= {Holder.QA_OFFICE, Holder.CYCLE}
    else:
        assert status.holder in movers
    assert set(STATUS_HOLDERS) == set(Status)


def test_rows_change_only_before_the_department_has_finished() -> None:
    editable = {status for status in Status if status.is_editable}

    assert editable == {Status.NOT_STARTED, Status.ENTERING, Status.RETURNED} == EDITABLE


@pytest.mark.parametrize("step", [step for step in STEPS if step.verb is Verb.SEND_BACK])
def test_sending_back_leads_to_returned_and_needs_a_reason(step: Step) -> None:
    assert (step.target, step.needs_reason) == (Status.RETURNED, True)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.source}-{step.verb}")
def test_undoing_what_others_rely_on_needs_a_reason(step: Step) -> None:
    relied_on = {Status.SUBMITTED, Status.ACCEPTED, Status.EXEMPT}
    backwards = step.verb in {Verb.WITHDRAW, Verb.REOPEN, Verb.EXEMPT}

    if backwards and (step.source in relied_on or step.verb is Verb.EXEMPT):
        assert step.needs_reason


@pytest.mark.parametrize("status", sorted(set(Status) - EDITABLE))
def test_the_way_back_to_editing_is_a_written_step(status: Status) -> None:
    verbs = {step.verb for step in steps_from(status) if step.target in EDITABLE}

    assert verbs <= {Verb.WITHDRAW, Verb.SEND_BACK, Verb.REOPEN}
