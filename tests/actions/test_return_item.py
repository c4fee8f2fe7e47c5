"""Return items: raised, addressed, answered, judged; nothing passes that was not put right."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from app.domain.message import Reason, Refused
from app.domain.return_item import ItemState, ItemVerb, WantedItem
from app.domain.submission import Holder, Status, Verb
from app.models.person import Appointment, Person
from tests.college import NOW, College
from tests.people import People
from tests.returned import FIELD, REASON, act, items, rename, returns, row_ids, sent_back, to_status
from tests.submissions import submission_at

HOLDERS = (
    *("li_jing", "wang_qiang", "zhou_min", "sun_li", "he_fang", "ma_chao", "chen_gang"),
    *("zhao_yong", "administrator", "leader", "archivist", "reader"),
)
ANSWERING = (ItemVerb.CHANGE, ItemVerb.EXPLAIN)
# The level that sent back, where it judges, and who does so there.
LEVELS = {
    Status.UNDER_REVIEW: (Holder.STEWARD, {"li_jing"}),
    Status.AWAITING_CONFIRMATION: (Holder.HEAD, {"wang_qiang"}),
    Status.UNDER_QA_REVIEW: (Holder.QA_OFFICE, {"zhou_min", "sun_li", "he_fang"}),
}


def refused(college: College, verb: ItemVerb, name: str, text: str | None = "已核对") -> Refused:
    with pytest.raises(Refused) as refusal:
        act(college, verb, by=getattr(college.founded.people, name), text=text)
    return refusal.value


def state(college: College) -> list[tuple[object, ...]]:
    """Everything that dealing with items could change."""
    stored = [
        tuple(getattr(item, column.key) for column in item.__table__.columns)
        for item in items(college)
    ]
    return [*stored, (len(college.entries()),)]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("verb", ItemVerb)
def test_an_open_item_is_answered_by_the_steward_alone(
    college: College, level: Status, verb: ItemVerb
) -> None:
    """Item open × verb × holder, for each level that sends back."""
    sent_back(college, level=level)
    before = state(college)

    for name in HOLDERS:
        if verb in ANSWERING and name == "li_jing":
            continue
        refused(college, verb, name)

    assert state(college) == before
    assert {item.level for item in items(college)} == {LEVELS[level][0]}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("verb", ItemVerb)
def test_an_answered_item_is_judged_by_the_level_that_raised_it(
    college: College, people: People, level: Status, verb: ItemVerb
) -> None:
    """Item explained × verb × holder, while the table lies with that level again."""
    sent_back(college, level=level)
    act(college, ItemVerb.EXPLAIN, by=people.li_jing, text="名称按新大纲")
    rename(college, row_ids(college)[1], "另一门课")
    to_status(college, level)
    before = state(college)
    judging = LEVELS[level][1] if verb not in ANSWERING else set()

    for name in HOLDERS:
        if name not in judging:
            refused(college, verb, name)

    assert state(college) == before


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("verb", [ItemVerb.CLOSE, ItemVerb.REOPEN])
def test_a_judgement_is_recorded(
    college: College, people: People, level: Status, verb: ItemVerb
) -> None:
    sent_back(college, level=level)
    act(college, ItemVerb.EXPLAIN, by=people.li_jing, text="名称按新大纲")
    rename(college, row_ids(college)[1], "另一门课")
    to_status(college, level)
    judge = getattr(people, min(LEVELS[level][1]))

    act(college, verb, by=judge, text="已核对")

    entry, [item] = college.entries()[-1], items(college)
    assert (entry.tag, entry.person_number) == (f"return_item.{verb}", judge.number)
    assert (entry.before, entry.after) == ("explained", item.state)
    assert (item.judged_by, item.judgement) == (judge.number, "已核对")


def test_an_item_goes_to_whoever_wrote_the_cell(college: College, people: People) -> None:
    sent_back(college)

    [item] = items(college)
    [returned] = returns(college)
    assert (item.addressee_number, item.addressee_name) == (people.li_jing.number, "李静")
    assert (item.row_number, item.field_code, item.instead_of) == (1, FIELD, None)
    assert (returned.number, returned.sent_by_name, returned.level) == (
        1,
        "周敏",
        Holder.QA_OFFICE,
    )


def test_the_steward_takes_over_for_whoever_has_left(college: College, people: People) -> None:
    former = replace(people.li_jing, number="03099", name="赵前")
    college.add("course", 1, 2, by=former)
    reported = to_status(college, Status.UNDER_QA_REVIEW)
    wanted = WantedItem(REASON, row_ids(college)[1], FIELD)
    college.step(reported, Verb.SEND_BACK, by=people.zhou_min, items=[wanted])

    [item] = items(college)
    assert (item.addressee_name, item.instead_of) == ("李静", "赵前")


def test_a_department_without_a_steward_is_told_nobody(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_QA_REVIEW)
    with college.open_session() as session:
        person = session.query(Person).filter_by(number=people.li_jing.number).one()
        session.query(Appointment).filter_by(person_id=person.id).delete()
        session.commit()
        college.founded.touched.add("sd_appointment")

    college.step(submission, Verb.SEND_BACK, by=people.zhou_min, reason="缺两门课")

    assert [item.addressee_name for item in items(college)] == [None]


def test_a_reason_alone_is_one_item_for_the_whole_table(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_QA_REVIEW, rows=1)

    returned = college.step(submission, Verb.SEND_BACK, by=people.zhou_min, reason="缺两门课")

    [item] = items(college)
    assert (item.is_whole, item.reason, returned.reason) == (True, "缺两门课", "缺两门课")


def test_items_alone_are_reason_enough(college: College) -> None:
    returned = sent_back(college, WantedItem("缺两门课"), WantedItem("学分合计不对"))

    assert returned.reason == "缺两门课；学分合计不对"
    assert [item.number for item in items(college)] == [1, 2]


@pytest.mark.parametrize(
    "wanted",
    [
        WantedItem("名称不对", "999999", FIELD),
        WantedItem("名称不对", "", FIELD),
        WantedItem("名称不对", "none", ""),
        WantedItem("  "),
        WantedItem("长" * 2001),
    ],
    ids=["row elsewhere", "cell without row", "no id", "no reason", "too long"],
)
def test_a_faulty_item_stops_the_whole_return(
    college: College, people: People, wanted: WantedItem
) -> None:
    submission = submission_at(college, Status.UNDER_QA_REVIEW, rows=1)
    asked = (WantedItem("缺两门课"), wanted)

    with pytest.raises(Refused) as refusal:
        college.step(submission, Verb.SEND_BACK, by=people.zhou_min, items=asked)

    assert refusal.value.reason is Reason.INVALID
    assert (items(college), returns(college)) == ([], [])
    assert college.submission("course").status is Status.UNDER_QA_REVIEW


def test_a_field_that_is_none_is_named(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_QA_REVIEW, rows=1)
    wanted = WantedItem("名称不对", row_ids(college)[0], "nothing")

    with pytest.raises(Refused) as refusal:
        college.step(submission, Verb.SEND_BACK, by=people.zhou_min, items=[wanted])

    assert refusal.value.message.parameters["field"] == "nothing"


def test_nobody_says_he_changed_what_is_as_it_was(college: College, people: People) -> None:
    sent_back(college)

    assert refused(college, ItemVerb.CHANGE, "li_jing").reason is Reason.INVALID
    rename(college, row_ids(college)[0], "程序设计")
    act(college, ItemVerb.CHANGE, by=people.li_jing)

    assert items(college)[0].state is ItemState.CHANGED


def test_explaining_needs_words(college: College) -> None:
    sent_back(college)

    assert refused(college, ItemVerb.EXPLAIN, "li_jing", "  ").reason is Reason.INVALID


def test_a_table_with_an_open_item_is_not_finished(college: College, people: People) -> None:
    submission = sent_back(college)
    rename(college, row_ids(college)[1], "另一门课")

    with pytest.raises(Refused) as refusal:
        college.step(submission, Verb.FINISH, by=people.li_jing, reason="都改好了")

    assert refusal.value.message.parameters == {"count": 1}


def test_what_is_as_it_was_is_finished_only_where_all_is_explained(
    college: College, people: People
) -> None:
    submission = sent_back(college, WantedItem(REASON))
    with pytest.raises(Refused):
        college.step(submission, Verb.FINISH, by=people.li_jing)

    finished = college.step(submission, Verb.FINISH, by=people.li_jing, reason="与教务系统一致")

    assert finished.status is Status.UNDER_REVIEW
    [item] = items(college)
    assert (item.state, item.answer) == (ItemState.EXPLAINED, "与教务系统一致")


def test_changing_a_value_back_is_no_answer(college: College, people: People) -> None:
    submission = sent_back(college)
    [row_id, _other] = row_ids(college)
    [before] = [row for row in college.rows("course") if str(row["sys_id"]) == row_id]
    rename(college, row_id, "程序设计")
    act(college, ItemVerb.CHANGE, by=people.li_jing)
    rename(college, row_id, str(before[FIELD]))

    with pytest.raises(Refused):
        college.step(submission, Verb.FINISH, by=people.li_jing, reason="改好了")


def test_accepting_waits_for_the_items_of_the_office(college: College, people: People) -> None:
    sent_back(college)
    rename(college, row_ids(college)[0], "程序设计")
    act(college, ItemVerb.CHANGE, by=people.li_jing)
    again = to_status(college, Status.UNDER_QA_REVIEW)

    with pytest.raises(Refused) as refusal:
        college.step(again, Verb.ACCEPT, by=people.zhou_min)
    assert refusal.value.message.parameters == {"count": 1}
    act(college, ItemVerb.CLOSE, by=people.zhou_min)

    assert college.step(again, Verb.ACCEPT, by=people.zhou_min).status is Status.ACCEPTED


def test_confirming_waits_for_the_items_of_the_head(college: College, people: People) -> None:
    sent_back(college, level=Status.AWAITING_CONFIRMATION)
    rename(college, row_ids(college)[0], "程序设计")
    act(college, ItemVerb.CHANGE, by=people.li_jing)
    again = to_status(college, Status.AWAITING_CONFIRMATION)

    with pytest.raises(Refused):
        college.step(again, Verb.CONFIRM, by=people.wang_qiang, reauthenticated=True)


def test_an_item_that_was_opened_again_sends_back_by_itself(
    college: College, people: People
) -> None:
    sent_back(college)
    rename(college, row_ids(college)[0], "程序设计")
    act(college, ItemVerb.CHANGE, by=people.li_jing)
    again = to_status(college, Status.UNDER_QA_REVIEW)
    act(college, ItemVerb.REOPEN, by=people.zhou_min, text="仍与教务系统不一致")

    returned = college.step(again, Verb.SEND_BACK, by=people.zhou_min)

    assert (returned.status, returned.reason) == (Status.RETURNED, "仍与教务系统不一致")
    assert [item.state for item in items(college)] == [ItemState.REOPENED]
    assert [each.number for each in returns(college)] == [1, 2]


def test_accepting_the_whole_table_closes_what_is_about_the_whole_of_it(
    college: College, people: People
) -> None:
    sent_back(college, WantedItem("缺两门课"))
    rename(college, row_ids(college)[0], "程序设计")

    again = to_status(college, Status.UNDER_QA_REVIEW)
    assert items(college)[0].state is ItemState.CHANGED
    college.step(again, Verb.ACCEPT, by=people.zhou_min)

    assert items(college)[0].state is ItemState.CLOSED


def test_opening_a_table_again_raises_items(college: College, people: People) -> None:
    submission = submission_at(college, Status.ACCEPTED, rows=2)
    wanted = WantedItem(REASON, row_ids(college)[0], FIELD)

    college.step(submission, Verb.REOPEN, by=people.zhou_min, reason="省厅退回", items=[wanted])

    assert [(i.reason, i.level) for i in items(college)] == [(REASON, Holder.QA_OFFICE)]


def test_a_return_that_fails_leaves_nothing(college: College, people: People) -> None:
    submission = submission_at(college, Status.UNDER_QA_REVIEW, rows=1)
    with college.refusing("sd_return_item"), pytest.raises(DBAPIError):
        college.step(submission, Verb.SEND_BACK, by=people.zhou_min, reason="缺两门课")

    assert college.submission("course").status is Status.UNDER_QA_REVIEW
    assert returns(college) == []


def test_items_of_a_reopening_are_judged_when_it_is_asked_for_and_kept_for_the_second(
    college: College, people: People
) -> None:
    table = submission_at(college, Status.ACCEPTED, rows=1)
    asked = {"by": people.zhou_min, "reason": REASON, "seconded": False, "due_on": NOW.date()}
    with pytest.raises(Refused):
        college.step(table, Verb.REOPEN, items=[WantedItem("错", "99999", FIELD)], **asked)
    wrong = WantedItem("名称有误", row_ids(college)[0], FIELD)
    college.step(table, Verb.REOPEN, items=[wrong], **asked)
    # The day by which it was to be mended has passed when somebody agrees.
    college.now = NOW + timedelta(hours=23)

    again = college.step(table, Verb.REOPEN, by=people.sun_li, seconded=False)

    assert again.status is Status.RETURNED
    [item], [returned] = items(college), returns(college)
    assert (item.reason, item.row_id, item.field_code) == ("名称有误", wrong.row_id, FIELD)
    assert returned.due_at > college.now
