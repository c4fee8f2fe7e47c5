"""The steps of a teacher's record: everything that is not written here does not happen."""

import pytest

from app.domain.teacher_record import (
    RECORD_STEPS,
    RecordHolder,
    RecordStatus,
    RecordVerb,
    is_delegated,
    record_step_for,
    standing,
    verbs_of,
)

# status, verb, next status, whose step.
PERMITTED = """
empty     declare      submitted teacher
empty     adopt        adopted   steward
empty     mark_missing missing   steward
draft     submit       submitted teacher
draft     declare      submitted teacher
draft     adopt        adopted   steward
draft     mark_missing missing   steward
submitted withdraw     draft     teacher
submitted adopt        adopted   steward
submitted send_back    returned  steward
adopted   send_back    returned  steward
adopted   confirm      adopted   teacher
adopted   object       returned  teacher
returned  submit       submitted teacher
returned  declare      submitted teacher
returned  adopt        adopted   steward
returned  mark_missing missing   steward
missing   adopt        adopted   steward
missing   send_back    returned  steward
"""
TARGETS = {
    (source, verb): (target, holder)
    for source, verb, target, holder in (line.split() for line in PERMITTED.strip().splitlines())
}


@pytest.mark.parametrize("verb", RecordVerb)
@pytest.mark.parametrize("status", RecordStatus)
def test_only_the_steps_of_the_table_exist(status: RecordStatus, verb: RecordVerb) -> None:
    step = record_step_for(status, verb)

    told = None if step is None else (step.target.value, step.holder.value)
    assert told == TARGETS.get((status.value, verb.value))
    assert len(RECORD_STEPS) == len(TARGETS)


def test_every_record_can_be_settled() -> None:
    """No dead end: the department can take up, or record as missing, from every status."""
    reached = {status for status in RecordStatus if status.is_settled}
    for _ in RecordStatus:
        reached |= {step.source for step in RECORD_STEPS if step.target in reached}

    assert reached == set(RecordStatus)


def test_what_goes_against_somebody_needs_words() -> None:
    with_words = {step.verb for step in RECORD_STEPS if step.needs_reason}

    assert with_words == {RecordVerb.SEND_BACK, RecordVerb.MARK_MISSING, RecordVerb.OBJECT}


def test_the_two_sides_share_no_verb() -> None:
    teacher, steward = map(verbs_of, RecordHolder)

    assert set(teacher) | set(steward) == set(RecordVerb)
    assert set(teacher).isdisjoint(steward)


@pytest.mark.parametrize("stored", [None, RecordStatus.EMPTY, RecordStatus.DRAFT])
def test_before_it_is_handed_over_rows_tell_where_a_record_stands(
    stored: RecordStatus | None,
) -> None:
    assert standing(stored, has_rows=False) is RecordStatus.EMPTY
    assert standing(stored, has_rows=True) is RecordStatus.DRAFT


@pytest.mark.parametrize(
    "stored", [s for s in RecordStatus if s not in (RecordStatus.EMPTY, RecordStatus.DRAFT)]
)
def test_what_was_said_stays_said_whatever_rows_there_are(stored: RecordStatus) -> None:
    assert {standing(stored, has_rows=has_rows) for has_rows in (True, False)} == {stored}


def test_only_what_the_teacher_has_handed_over_is_his_own_word() -> None:
    own = {status for status in RecordStatus if not is_delegated(status)}

    assert own == {RecordStatus.SUBMITTED}
