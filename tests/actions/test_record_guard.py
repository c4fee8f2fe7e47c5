"""Teachers' records on the write path, at finishing and sending back (第十条, 第十一条)."""

import pytest

from app.access.person import Actor
from app.actions.carry_forward import carry_forward
from app.actions.change_set import undo_change_set
from app.actions.record_guard import move_records
from app.actions.row_change import DELETE, INSERT, UPDATE, Change, Outcome
from app.domain.message import Reason, Refused
from app.domain.return_item import WantedItem
from app.domain.submission import Status, Verb
from app.domain.teacher_record import MissingCause, RecordStatus, RecordVerb
from app.models.audit_log import ChangeSet
from app.models.submission import Submission
from app.models.teacher_record import records_of
from tests.college import College
from tests.people import People
from tests.records import BASIS, PLACE, TABLE, TEACHER, act, introduced, standing_of, written
from tests.submissions import ANSWERS

OTHER = "10022"
TITLE = "改过的名称"


def handed_over(college: College) -> None:
    """One publication that 刘洋 has handed over himself."""
    introduced(college)
    written(college, by=college.founded.people.liu_yang)
    act(college, RecordVerb.SUBMIT, by=college.founded.people.liu_yang)


def row_of(college: College, number: str = TEACHER) -> dict[str, object]:
    return next(dict(row) for row in college.rows(TABLE) if row["sys_person"] == number)


def change_title(
    college: College, by: Actor, number: str = TEACHER, *, title: str = TITLE
) -> Outcome:
    row = row_of(college, number)
    change = Change(UPDATE, {"title": title}, str(row["sys_id"]), str(row["sys_version"]))
    return college.change(TABLE, change, by=by, department=PLACE)


def finished(college: College, *items: WantedItem) -> Submission:
    """The publications of C01 finished, and with ``items`` sent back by the steward."""
    steward = college.founded.people.chen_gang
    submission = college.step(
        college.submission(TABLE, PLACE), Verb.FINISH, by=steward, settles=False, **ANSWERS
    )
    if items:
        return college.step(submission, Verb.SEND_BACK, by=steward, items=items)
    return submission


@pytest.mark.parametrize("status", [RecordStatus.SUBMITTED, RecordStatus.ADOPTED])
def test_a_teacher_changes_nothing_that_he_has_handed_over(
    college: College, people: People, status: RecordStatus
) -> None:
    handed_over(college)
    if status is RecordStatus.ADOPTED:
        act(college, RecordVerb.ADOPT, by=people.chen_gang)

    with pytest.raises(Refused) as refusal:
        change_title(college, people.liu_yang)

    assert refusal.value.reason is Reason.LOCKED
    assert row_of(college)["title"] != TITLE


def test_taking_back_a_set_leaves_what_a_teacher_has_handed_over(
    college: College, people: People
) -> None:
    handed_over(college)
    number = max(each.id for each in college.all(ChangeSet))
    place = (college.session, college.store, TABLE, number)

    told = undo_change_set(*place, by=people.chen_gang, now=college.now)

    assert (told.count, len(told.left)) == (0, 1)
    assert len(college.rows(TABLE)) == 1


def test_no_row_is_added_either(college: College, people: People) -> None:
    act(college, RecordVerb.DECLARE, by=people.liu_yang)

    with pytest.raises(Refused) as refusal:
        written(college, by=people.liu_yang)

    assert refusal.value.reason is Reason.LOCKED


def test_what_was_sent_back_is_open_again(college: College, people: People) -> None:
    handed_over(college)
    act(college, RecordVerb.SEND_BACK, by=people.chen_gang, reason="请核对书名")

    assert change_title(college, people.liu_yang).written
    act(college, RecordVerb.SUBMIT, by=people.liu_yang)


def test_a_steward_changes_nothing_that_a_teacher_has_handed_over(
    college: College, people: People
) -> None:
    """He sends it back; what he imports about others goes on."""
    handed_over(college)
    introduced(college, OTHER)
    own = row_of(college)
    changes = (
        Change(DELETE, {}, str(own["sys_id"]), str(own["sys_version"])),
        Change(INSERT, college.row(TABLE, 7, staff_no=TEACHER, published_on="2026-05")),
        Change(INSERT, college.row(TABLE, 8, staff_no=OTHER, published_on="2026-05")),
    )

    outcome = college.change(TABLE, *changes, by=people.chen_gang, partial=True)

    told = [result.outcome for result in outcome.results]
    assert told == ["rejected", "rejected", "created"]
    assert outcome.results[0].findings[-1].message.parameters == {"name": "刘洋"}
    assert len(college.rows(TABLE)) == 2


def test_very_many_rows_are_held_to_the_same(college: College, people: People) -> None:
    """What was planned before the place was locked is looked at once more inside."""
    handed_over(college)
    rows = [
        Change(INSERT, college.row(TABLE, number, staff_no=TEACHER, published_on="2026-05"))
        for number in range(10, 120)
    ]

    assert not college.change(TABLE, *rows, by=people.chen_gang).written


def test_what_the_steward_entered_himself_he_may_correct(college: College, people: People) -> None:
    introduced(college)
    written(college, by=people.chen_gang)
    act(college, RecordVerb.ADOPT, by=people.chen_gang, basis=BASIS)

    assert change_title(college, people.chen_gang).written
    act(college, RecordVerb.CONFIRM, by=people.liu_yang)
    assert not change_title(college, people.chen_gang, title="又改").written


def test_a_teacher_confirms_only_what_he_has_seen(college: College, people: People) -> None:
    introduced(college)
    written(college, by=people.chen_gang)
    act(college, RecordVerb.ADOPT, by=people.chen_gang, basis=BASIS)
    before = standing_of(college).version

    assert written(college, 2, by=people.chen_gang).written

    with pytest.raises(Refused) as refusal:
        act(college, RecordVerb.CONFIRM, by=people.liu_yang, version=before)
    assert refusal.value.reason is Reason.CONFLICT
    college.session.rollback()
    record = standing_of(college).record
    assert record is not None
    assert (record.delegated_rows, record.entered_by) == (2, "陈刚")
    act(college, RecordVerb.CONFIRM, by=people.liu_yang)


def test_nobody_is_missing_with_rows_entered_afterwards(college: College, people: People) -> None:
    introduced(college)
    act(college, RecordVerb.MARK_MISSING, by=people.chen_gang, cause=MissingCause.UNREACHABLE)

    assert not written(college, by=people.chen_gang).written

    act(college, RecordVerb.SEND_BACK, by=people.chen_gang, reason="改由秘书代填")
    assert written(college, by=people.chen_gang).written


def test_nothing_is_finished_while_a_record_is_open(college: College, people: People) -> None:
    handed_over(college)

    with pytest.raises(Refused) as refusal:
        finished(college)
    college.session.rollback()
    assert refusal.value.message.parameters == {"count": 1}

    act(college, RecordVerb.ADOPT, by=people.chen_gang)
    assert finished(college).status is Status.UNDER_REVIEW


def test_whoever_has_rows_counts_without_being_appointed(college: College, people: People) -> None:
    introduced(college, OTHER)
    written(college, by=people.chen_gang, staff_no=OTHER)

    assert standing_of(college, OTHER).status is RecordStatus.DRAFT


def sent_back_about(college: College, number: str) -> None:
    """Two teachers taken up, the table finished, and an item on a row of one of them."""
    people = college.founded.people
    handed_over(college)
    introduced(college, OTHER)
    written(college, 2, by=people.chen_gang, staff_no=OTHER)
    act(college, RecordVerb.ADOPT, by=people.chen_gang)
    act(college, RecordVerb.ADOPT, by=people.chen_gang, number=OTHER, basis=BASIS)
    item = WantedItem("请核对出版时间", str(row_of(college, number)["sys_id"]), "published_on")
    finished(college, item)


@pytest.mark.parametrize("number", [TEACHER, OTHER])
def test_a_return_opens_the_records_it_is_about_and_only_these(
    college: College, number: str
) -> None:
    sent_back_about(college, number)

    (rest,) = {TEACHER, OTHER} - {number}
    assert standing_of(college, number).status is RecordStatus.RETURNED
    assert standing_of(college, rest).status is RecordStatus.ADOPTED
    record = standing_of(college, number).record
    assert record is not None
    assert record.reason == "请核对出版时间"


def test_an_addressed_teacher_corrects_answers_and_hands_over_again(
    college: College, people: People
) -> None:
    sent_back_about(college, TEACHER)
    assert change_title(college, people.liu_yang).written

    with pytest.raises(Refused) as refusal:
        act(college, RecordVerb.SUBMIT, by=people.liu_yang)

    assert refusal.value.message.parameters == {"count": 1}


def test_what_is_said_of_the_whole_table_leaves_it_to_the_steward(
    college: College, people: People
) -> None:
    handed_over(college)
    act(college, RecordVerb.ADOPT, by=people.chen_gang)
    finished(college, WantedItem("请全面核对"))

    assert standing_of(college).status is RecordStatus.ADOPTED
    with pytest.raises(Refused):
        change_title(college, people.liu_yang)


def test_records_go_with_their_rows_to_another_department(college: College, people: People) -> None:
    handed_over(college)
    cycle = college.cycle.id

    move_records(college.session, cycle, TABLE, PLACE, "C02")
    college.session.commit()

    with college.open_session() as session:
        assert set(records_of(session, cycle, TABLE, "C02")) == {TEACHER}


def test_taking_over_last_year_is_closed_too(college: College, people: People) -> None:
    act(college, RecordVerb.DECLARE, by=people.liu_yang)
    how = {"by": people.liu_yang, "now": college.now, "department": PLACE}

    with pytest.raises(Refused):
        carry_forward(college.session, college.store, TABLE, period=college.period(TABLE), **how)
