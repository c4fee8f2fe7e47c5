"""Whoever owes a table is reminded, once a day; whoever owes nothing is left alone (INV13)."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from app.access.person import Actor
from app.actions.notice import mark_read
from app.actions.reminder import (
    RemindedPeople,
    RemindRequest,
    remind_by_hand,
    remind_by_rules,
)
from app.actions.reminder_setting import set_reminders
from app.domain.message import Reason, Refused
from app.domain.period import LOCAL_ZONE
from app.domain.person import Function
from app.domain.reminder import QuietHours, ReminderSettings
from app.domain.submission import Status, Verb
from app.models.cycle import Cycle
from app.models.notice import Notice, Reminder
from tests.actions.test_submission_races import at_once
from tests.college import College
from tests.people import People
from tests.submissions import ANSWERS, exempt_the_rest, submission_at

# A Thursday, and noon on it; tables are due at its end.
DUE = datetime(2026, 10, 15, 23, 59, 59, tzinfo=LOCAL_ZONE)
NOON = DUE.replace(hour=12, minute=0, second=0)
PLATFORM = Actor("-", "平台", "-")
ALWAYS = QuietHours(weekends=False)


@pytest.fixture(autouse=True)
def _due_on_a_thursday(college: College) -> None:
    college.session.execute(delete(Notice))
    college.session.execute(update(Cycle).values(due_at=DUE))
    college.session.commit()


def run(college: College, days: int, hour: int = 12) -> RemindedPeople:
    """Let the rules remind so many days after the due day."""
    now = (NOON + timedelta(days=days)).replace(hour=hour)
    return remind_by_rules(college.session, college.store, by=PLATFORM, now=now)


def by_hand(college: College, by: Actor, days: int = -20, **wanted: str) -> RemindedPeople:
    request = RemindRequest(college.cycle.id, **wanted)
    now = NOON + timedelta(days=days)
    return remind_by_hand(college.session, college.store, request, by=by, now=now)


def reminded(college: College, *, rule: str | None = None) -> set[str]:
    """The numbers of those who were reminded."""
    return {r.person_number for r in college.all(Reminder) if rule in (None, r.rule)}


def work_every_day(college: College, people: People) -> None:
    """No weekend is quiet."""
    chosen = ReminderSettings(quiet=ALWAYS)
    set_reminders(college.session, chosen, by=people.zhou_min, now=NOON)


def stewards(people: People) -> set[str]:
    return {p.number for p in vars(people).values() if p.holds(Function.DATA_STEWARD)}


@pytest.mark.parametrize(
    ("days", "rules"),
    [
        (-10, set()),
        (-3, {"before", "teachers"}),
        (-1, {"before", "teachers"}),
        (0, {"due_day"}),
        (1, {"overdue"}),
        (5, {"overdue", "escalate_to_head", "escalate_to_leader"}),
    ],
)
def test_each_day_has_its_reminders(
    college: College, people: People, days: int, rules: set[str]
) -> None:
    work_every_day(college, people)

    run(college, days)

    assert {each.rule for each in college.all(Reminder)} == rules


def test_before_the_due_day_the_stewards_are_told_and_after_it_heads_and_leaders(
    college: College, people: People
) -> None:
    work_every_day(college, people)
    run(college, -3)
    first = reminded(college, rule="before")

    run(college, 5)

    assert first <= stewards(people)
    assert people.li_jing.number in first
    assert people.wang_qiang.number in reminded(college, rule="escalate_to_head")
    assert reminded(college, rule="escalate_to_leader") == {people.leader.number}


def test_a_table_that_waits_for_the_head_reminds_the_head(college: College, people: People) -> None:
    submission = submission_at(college, Status.AWAITING_CONFIRMATION)

    run(college, -3)

    [found] = [r for r in college.all(Reminder) if r.submission_id == submission.id]
    assert found.person_number == people.wang_qiang.number


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.EXEMPT, Status.ACCEPTED])
def test_nobody_is_reminded_of_what_is_reported_or_does_not_apply(
    college: College, people: People, status: Status
) -> None:
    submission = submission_at(college, status)
    work_every_day(college, people)

    for days in range(-5, 12):
        run(college, days)
    by_hand(college, people.zhou_min)

    assert submission.id not in {each.submission_id for each in college.all(Reminder)}


def test_what_came_back_after_it_was_reported_is_no_reason_either(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.RETURNED)

    run(college, -3)

    assert submission.id not in {each.submission_id for each in college.all(Reminder)}


def test_what_the_head_took_back_is_owed_again(college: College, people: People) -> None:
    submission = submission_at(college, Status.SUBMITTED)
    exempt_the_rest(college)
    college.step(submission, Verb.WITHDRAW, by=people.wang_qiang, **ANSWERS)

    early, due = run(college, -9), run(college, -3)

    assert (early.thanked, due.thanked) == (0, 0)
    [found] = college.all(Reminder)
    assert (found.submission_id, found.person_number) == (submission.id, people.li_jing.number)


def test_one_notice_bundles_the_tables_of_a_person_and_leads_on(
    college: College, people: People
) -> None:
    run(college, -3)

    [notice] = [n for n in college.all(Notice) if n.recipient_number == people.li_jing.number]
    own = [r for r in college.all(Reminder) if r.person_number == people.li_jing.number]
    assert notice.facts["count"] == len(own) > 1
    assert notice.path == "/submissions/?status=mine"


def test_a_single_table_is_led_to_straight(college: College, people: People) -> None:
    course = college.submission("course")
    submission_at(college, Status.ENTERING)
    exempt_the_rest(college)
    college.session.execute(delete(Notice))

    run(college, -3)

    [notice] = college.all(Notice)
    assert notice.path == f"/submissions/{course.id}"


def test_a_second_run_on_the_day_reminds_nobody(college: College, people: People) -> None:
    first = run(college, -3)
    notices = len(college.all(Notice))

    again = run(college, -3, hour=18)

    assert first.people > 0
    assert (again.people, len(college.all(Notice))) == (0, notices)


def test_the_night_and_the_weekend_wait_for_the_next_morning(
    college: College, people: People
) -> None:
    # Two days after the due day is a Saturday.
    assert [run(college, days, hour).is_quiet for days, hour in [(1, 23), (2, 12), (3, 12)]] == [
        True,
        True,
        True,
    ]
    assert college.all(Reminder) == []

    run(college, 4, hour=8)

    assert people.li_jing.number in reminded(college, rule="overdue")
    assert people.wang_qiang.number in reminded(college, rule="escalate_to_head")


def test_a_rule_that_is_off_reminds_nobody(college: College, people: People) -> None:
    chosen = ReminderSettings(frozenset({"before"}), ALWAYS)
    set_reminders(college.session, chosen, by=people.zhou_min, now=NOON)

    run(college, -3)

    assert {each.rule for each in college.all(Reminder)} == {"teachers"}


def test_teachers_who_have_handed_over_are_left_alone(college: College, people: People) -> None:
    run(college, -3)
    assert people.liu_yang.number in reminded(college, rule="teachers")
    college.session.execute(delete(Reminder))
    college.session.commit()

    for submission in college.submissions():
        if submission.department_code == "C01":
            college.step(submission, Verb.FINISH, by=people.chen_gang, reason="本学年没有此项内容")
    run(college, -3)

    assert people.liu_yang.number not in reminded(college, rule="teachers")


def test_a_department_that_is_through_early_is_thanked_once(
    college: College, people: People
) -> None:
    submission_at(college, Status.SUBMITTED)
    exempt_the_rest(college)
    college.session.execute(delete(Notice))

    counts = [run(college, days).thanked for days in (-9, -8)]

    assert counts == [1, 0]
    assert {n.recipient_number for n in college.all(Notice)} == {
        people.li_jing.number,
        people.wang_qiang.number,
    }


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("zhou_min", {"03002", "10002", "20002", "02002", "07002", "04004"}),
        ("wang_qiang", {"03002"}),
        ("chen_gang", {"10021"}),
        ("he_fang", {"03002", "10002", "20002", "02002", "07002"}),
    ],
)
def test_everybody_reminds_whom_he_may(
    college: College, people: People, who: str, expected: set[str]
) -> None:
    by_hand(college, getattr(people, who))

    assert reminded(college) == expected


@pytest.mark.parametrize("who", ["liu_yang", "leader", "administrator", "reader", "archivist"])
def test_nobody_else_reminds_anybody(college: College, people: People, who: str) -> None:
    with pytest.raises(Refused) as refusal:
        by_hand(college, getattr(people, who))

    assert refusal.value.reason is Reason.FORBIDDEN
    assert college.all(Reminder) == []


def test_by_hand_a_department_or_a_table_can_be_chosen(college: College, people: People) -> None:
    course = college.submission("course")

    by_hand(college, people.zhou_min, table="course")
    only = {each.submission_id for each in college.all(Reminder)}
    by_hand(college, people.zhou_min, department="C01")

    assert only == {course.id}
    assert reminded(college) == {"03002", "10002"}


def test_by_hand_nobody_is_reminded_twice_on_a_day_of_the_same(
    college: College, people: People
) -> None:
    first = by_hand(college, people.zhou_min, table="course")

    again = by_hand(college, people.wang_qiang, table="course")
    rest = by_hand(college, people.zhou_min)

    assert (first.people, again.people, again.already) == (1, 0, 1)
    assert max(Counter((r.submission_id, r.person_number) for r in college.all(Reminder)).values())
    assert rest.people > 1
    assert by_hand(college, people.zhou_min, days=-19, table="course").people == 1


def test_where_there_is_nobody_to_remind_that_is_said(college: College, people: People) -> None:
    found = by_hand(college, people.zhao_yong, department="A03")
    assert (found.people, found.nobody) == (0, 0)

    submission_at(college, Status.SUBMITTED)
    assert by_hand(college, people.zhou_min, table="course").tables == 0


def test_a_year_that_is_over_reminds_nobody(college: College, people: People) -> None:
    with pytest.raises(Refused) as refusal:
        remind_by_hand(
            *(college.session, college.store, RemindRequest(999)), by=people.zhou_min, now=NOON
        )

    assert refusal.value.reason is Reason.CONFLICT


@pytest.mark.parametrize("who", ["li_jing", "wang_qiang", "administrator", "liu_yang"])
def test_only_the_office_sets_when(college: College, people: People, who: str) -> None:
    with pytest.raises(Refused):
        set_reminders(college.session, ReminderSettings(), by=getattr(people, who), now=NOON)


MOMENTS = st.tuples(
    st.integers(-6, 12), st.integers(0, 23), st.sampled_from(["rules", "office", "head", "read"])
)


# What was told before is no other beginning: the promise holds over all of it.
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(MOMENTS, max_size=8))
def test_whatever_runs_again_nobody_is_reminded_of_a_table_twice_a_day(
    college: College, people: People, moments: list[tuple[int, int, str]]
) -> None:
    """INV13: by rule and by hand, in any order, backwards too."""
    for days, hour, what in moments:
        now = (NOON + timedelta(days=days)).replace(hour=hour)
        if what == "rules":
            remind_by_rules(college.session, college.store, by=PLATFORM, now=now)
        elif what == "read":
            mark_read(college.session, None, by=people.li_jing, now=now)
        else:
            by = people.zhou_min if what == "office" else people.wang_qiang
            request = RemindRequest(college.cycle.id)
            remind_by_hand(college.session, college.store, request, by=by, now=now)

    told = Counter((r.submission_id, r.person_number, r.day) for r in college.all(Reminder))
    assert not told or max(told.values()) == 1
    assert {r.notice_id for r in college.all(Reminder)} <= {n.id for n in college.all(Notice)}


def test_two_runs_at_once_remind_once(college: College, people: People) -> None:
    now = NOON - timedelta(days=3)

    def act() -> None:
        with college.open_session() as session:
            remind_by_rules(session, college.store, by=PLATFORM, now=now)

    assert at_once(act, act) == ["done", "done"]
    told = Counter((r.submission_id, r.person_number) for r in college.all(Reminder))
    assert set(told.values()) == {1}
