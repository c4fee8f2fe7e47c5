"""Teachers' records: each step by whom it is meant for, recorded, once (第十条第二款, 第十一条)."""

import pytest
from sqlalchemy import select

from app.domain.appraisal import Metric
from app.domain.evidence import Delegated
from app.domain.message import Reason, Refused
from app.domain.submission import Verb
from app.domain.teacher_record import (
    Declaration,
    MissingCause,
    RecordHolder,
    RecordStatus,
    RecordVerb,
    record_step_for,
)
from app.models.evidence import read_evidence
from app.models.teacher_record import TeacherRecord
from tests.college import College
from tests.people import People
from tests.records import BASIS, PLACE, TABLE, act, introduced, standing_of, written
from tests.submissions import ANSWERS

HOLDERS = (
    *("li_jing", "wang_qiang", "zhou_min", "he_fang", "chen_gang", "zhao_yong", "liu_yang"),
    *("luo_lin", "ma_chao", "administrator", "leader", "archivist", "reader"),
)
SAID = {"reason": "与证书不一致", "cause": MissingCause.UNREACHABLE, "basis": BASIS}
TAKER = {RecordHolder.TEACHER: "liu_yang", RecordHolder.STEWARD: "chen_gang"}


def at(college: College, status: RecordStatus) -> None:
    """Bring the record of 刘洋 there by real steps; taken up on his behalf where that matters."""
    people = college.founded.people
    introduced(college)
    if status is not RecordStatus.EMPTY:
        assert written(college, by=people.liu_yang).written
    match status:
        case RecordStatus.SUBMITTED:
            act(college, RecordVerb.SUBMIT, by=people.liu_yang)
        case RecordStatus.ADOPTED:
            act(college, RecordVerb.ADOPT, by=people.chen_gang, basis=BASIS)
        case RecordStatus.RETURNED:
            act(college, RecordVerb.SUBMIT, by=people.liu_yang)
            act(college, RecordVerb.SEND_BACK, by=people.chen_gang, reason="请核对")
        case RecordStatus.MISSING:
            act(college, RecordVerb.MARK_MISSING, by=people.chen_gang, cause=MissingCause.LEFT)


def refused(college: College, verb: RecordVerb, name: str) -> Refused:
    with pytest.raises(Refused) as refusal:
        act(college, verb, by=getattr(college.founded.people, name), **SAID)
    college.session.rollback()
    return refusal.value


@pytest.mark.parametrize("status", RecordStatus)
def test_every_step_is_taken_by_its_holder_and_by_nobody_else(
    college: College, status: RecordStatus
) -> None:
    """Status × verb × holder: what the table does not allow leaves everything as it was."""
    at(college, status)
    before = (standing_of(college).status, len(college.entries()))

    for verb in RecordVerb:
        step = record_step_for(status, verb)
        for name in HOLDERS:
            if step is None or name != TAKER[step.holder]:
                refused(college, verb, name)

    assert (standing_of(college).status, len(college.entries())) == before
    assert before[0] is status


# Of what was taken over from last year alone no change is declared, of basic data none at all.
TAKEN = [
    (status, verb)
    for status in RecordStatus
    for verb in RecordVerb
    if record_step_for(status, verb)
    and (status, verb)
    not in {(RecordStatus.DRAFT, RecordVerb.DECLARE), (RecordStatus.RETURNED, RecordVerb.DECLARE)}
]


@pytest.mark.parametrize(("status", "verb"), TAKEN)
def test_a_step_is_taken_and_recorded(
    college: College, status: RecordStatus, verb: RecordVerb
) -> None:
    at(college, status)
    step = record_step_for(status, verb)
    assert step is not None
    by = getattr(college.founded.people, TAKER[step.holder])

    reached = act(college, verb, by=by, **SAID)

    entry = college.entries()[-1]
    target = RecordStatus.DRAFT if verb is RecordVerb.WITHDRAW else step.target
    assert (reached, standing_of(college).status) == (target, target)
    assert (entry.tag, entry.person_number) == (f"teacher_record.{verb}", by.number)
    assert (entry.before, entry.after) == (status, target)


def test_a_record_is_stored_only_once_somebody_takes_a_step(
    college: College, people: People
) -> None:
    introduced(college)
    written(college, by=people.liu_yang)
    assert standing_of(college).status is RecordStatus.DRAFT
    assert [each for each in college.all(TeacherRecord) if each.table_identifier == TABLE] == []

    act(college, RecordVerb.SUBMIT, by=people.liu_yang)

    stored = [each for each in college.all(TeacherRecord) if each.table_identifier == TABLE]
    assert [(each.person_number, each.version) for each in stored] == [("10021", 1)]


def test_of_two_equal_clicks_the_second_is_told(college: College, people: People) -> None:
    at(college, RecordStatus.DRAFT)
    act(college, RecordVerb.SUBMIT, by=people.liu_yang)

    with pytest.raises(Refused) as refusal:
        act(college, RecordVerb.ADOPT, by=people.chen_gang, version=0)

    assert refusal.value.reason is Reason.CONFLICT


def test_nothing_wrong_is_handed_over(college: College, people: People) -> None:
    introduced(college)
    written(college, by=people.liu_yang, publisher=None)

    refusal = refused(college, RecordVerb.SUBMIT, "liu_yang")

    assert refusal.message.parameters == {"count": 1}
    assert standing_of(college).status is RecordStatus.DRAFT


def test_a_teacher_declares_that_there_is_nothing(college: College, people: People) -> None:
    """「本学年无授课」 counts as filled in and needs no basis when it is taken up."""
    act(college, RecordVerb.DECLARE, by=people.liu_yang)
    act(college, RecordVerb.ADOPT, by=people.chen_gang)

    found = standing_of(college)
    assert found.record is not None
    assert (found.record.declaration, found.record.is_delegated) == (Declaration.NOTHING, False)


def test_where_there_is_something_no_change_is_declared(college: College) -> None:
    at(college, RecordStatus.DRAFT)

    assert refused(college, RecordVerb.DECLARE, "liu_yang").reason is Reason.INVALID


def test_who_answers_for_somebody_else_says_by_what(college: College, people: People) -> None:
    introduced(college)
    written(college, by=people.chen_gang)

    with pytest.raises(Refused) as refusal:
        act(college, RecordVerb.ADOPT, by=people.chen_gang)
    act(college, RecordVerb.ADOPT, by=people.chen_gang, basis=BASIS)

    record = standing_of(college).record
    assert refusal.value.reason is Reason.INVALID
    assert record is not None
    assert (record.is_delegated, record.basis, record.entered_by) == (True, BASIS, "陈刚")
    assert record.delegated_rows == 1


def test_a_teacher_confirms_later_what_was_entered_for_him(
    college: College, people: People
) -> None:
    at(college, RecordStatus.ADOPTED)
    college.step(college.submission(TABLE, PLACE), Verb.FINISH, by=people.chen_gang, **ANSWERS)

    act(college, RecordVerb.CONFIRM, by=people.liu_yang)

    record = standing_of(college).record
    assert record is not None
    assert record.confirmed_at is not None
    assert not record.waits_for_confirmation
    refused(college, RecordVerb.CONFIRM, "liu_yang")


def test_an_objection_brings_it_back_with_his_words(college: College, people: People) -> None:
    at(college, RecordStatus.ADOPTED)

    act(college, RecordVerb.OBJECT, by=people.liu_yang, reason="这篇不是我的")

    record = standing_of(college).record
    assert record is not None
    assert (record.status, record.reason) == (RecordStatus.RETURNED, "这篇不是我的")
    assert record.is_objected
    act(college, RecordVerb.ADOPT, by=people.chen_gang, basis="已当面核对")
    assert standing_of(college).record is not None
    assert not standing_of(college).record.is_objected  # type: ignore[union-attr]


@pytest.mark.parametrize("cause", [None, MissingCause.ELSE])
def test_a_missing_record_needs_its_cause(
    college: College, people: People, cause: MissingCause | None
) -> None:
    with pytest.raises(Refused) as refusal:
        act(college, RecordVerb.MARK_MISSING, by=people.chen_gang, cause=cause)

    assert refusal.value.reason is Reason.INVALID


def test_records_stand_still_with_the_table(college: College, people: People) -> None:
    at(college, RecordStatus.ADOPTED)
    college.step(college.submission(TABLE, PLACE), Verb.FINISH, by=people.chen_gang, **ANSWERS)

    refused(college, RecordVerb.SEND_BACK, "chen_gang")
    refused(college, RecordVerb.OBJECT, "liu_yang")


def test_the_database_keeps_one_record_of_a_teacher(college: College, people: People) -> None:
    at(college, RecordStatus.SUBMITTED)
    with college.open_session() as session:
        query = select(TeacherRecord).where(TeacherRecord.table_identifier == TABLE)
        found = session.scalars(query).one()

    assert (found.cycle_id, found.department_code) == (college.cycle.id, PLACE)


def test_the_appraisal_counts_what_nobody_vouches_for(college: College, people: People) -> None:
    """Entered for somebody who is recorded as missing: without a basis, whatever was typed."""
    introduced(college)
    written(college, by=people.chen_gang)
    act(college, RecordVerb.MARK_MISSING, by=people.chen_gang, cause=MissingCause.LEFT)
    at = {"taken_at": college.now, "due_at": college.cycle.due_at, "correction_days": 5}

    evidence = read_evidence(college.session, college.cycle, **at)

    assert Metric.UNFOUNDED_DELEGATION in evidence.countable
    [table] = [each for each in evidence.records[PLACE].tables if each.table == TABLE]
    assert table.delegated == Delegated(rows=1, unfounded=1)
