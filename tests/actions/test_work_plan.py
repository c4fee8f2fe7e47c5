"""The work plan of a year and its phases (第七条, 第八条)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app.actions.request import ask
from app.actions.work_plan import PlanDraft, save_plan, set_phases
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.message import Reason, Refused
from app.domain.request import RequestKind, RequestVerb
from app.domain.work_plan import Phase
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.models.work_plan import PhaseDays, WorkPlan
from tests.college import DUE, College
from tests.people import People
from tests.requests import decide_on

WRITTEN = ("full_time_publication", "C01")
FIRST, SECOND = date(2026, 9, 20), date(2026, 9, 27)
DAYS = {
    Phase.BASIC_DATA: PhaseDays(date(2026, 9, 1), FIRST),
    Phase.TEACHING_DATA: PhaseDays(date(2026, 9, 10), SECOND),
    Phase.DEPARTMENT_DATA: PhaseDays(date(2026, 9, 15), None),
}


def save(college: College, people: People, text: str, **asked) -> WorkPlan:
    """Save what was written by somebody who has seen the first version, published before."""
    by = asked.pop("by", people.zhou_min)
    draft = PlanDraft(text, **{"published": 1, **asked})
    return save_plan(college.session, college.founded.cycle_id, draft, by=by, now=college.now)


def set_days(college: College, people: People, days: dict[Phase, PhaseDays]) -> Cycle:
    return set_days_of(college, people, college.founded.cycle_id, days)


def set_days_of(college: College, people: People, year: int, days: dict[Phase, PhaseDays]) -> Cycle:
    version = college.session.get_one(Cycle, year, populate_existing=True).version
    place = (college.session, college.store, year, days)
    return set_phases(*place, version=version, by=people.zhou_min, now=college.now)


def test_a_year_without_a_due_date_gets_no_phases(college: College, people: People) -> None:
    college.session.execute(update(Cycle).values(is_provisional=True))
    college.session.commit()

    with pytest.raises(Refused) as refusal:
        set_days(college, people, DAYS)

    assert "Prepare this year first" in refusal.value.message.english()


def test_a_published_version_stays_and_the_next_one_is_another(
    college: College, people: People
) -> None:
    draft = save(college, people, "新方案")
    save(college, people, "新方案，改过", version=draft.version, publishes=True)
    save(college, people, "再一版", published=2)

    told = [(p.number, p.text, p.published_at is not None) for p in college.all(WorkPlan)]
    assert told[1:] == [(2, "新方案，改过", True), (3, "再一版", False)]
    tags = [entry.tag for entry in college.entries(f"cycle:{college.founded.cycle_id}")]
    assert tags[-3:] == ["work_plan.draft", "work_plan.publish", "work_plan.draft"]


def test_an_empty_plan_is_not_published(college: College, people: People) -> None:
    with pytest.raises(Refused) as refusal:
        save(college, people, "  ", publishes=True)

    assert refusal.value.reason is Reason.INVALID
    assert len(college.all(WorkPlan)) == 1


def test_two_who_write_at_once_do_not_overwrite_each_other(
    college: College, people: People
) -> None:
    save(college, people, "甲")

    with pytest.raises(Refused) as refusal:
        save(college, people, "乙")

    assert refusal.value.reason is Reason.CONFLICT


def test_what_was_written_before_a_version_was_published_is_not_saved_after(
    college: College, people: People
) -> None:
    """The second click on publish, and a draft begun when the version before was in force."""
    save(college, people, "甲", publishes=True)

    for publishes in (True, False):
        with pytest.raises(Refused) as refusal:
            save(college, people, "甲", publishes=publishes)
        assert refusal.value.reason is Reason.CONFLICT

    assert [plan.number for plan in college.all(WorkPlan)] == [1, 2]


def test_a_department_writes_no_plan(college: College, people: People) -> None:
    with pytest.raises(Refused) as refusal:
        save(college, people, "方案", by=people.li_jing)

    assert refusal.value.reason is Reason.FORBIDDEN


def test_tables_are_due_with_their_phase(college: College, people: People) -> None:
    set_days(college, people, DAYS)

    due = {
        college.store.catalogue.tables[found.table_identifier].phase: found.due_by(DUE).date()
        for found in college.submissions()
    }
    assert due[Phase.BASIC_DATA] == FIRST
    assert due[Phase.TEACHING_DATA] == SECOND
    assert due[Phase.DEPARTMENT_DATA] == DUE.date()


def test_a_later_day_does_not_help_who_is_late_already(college: College, people: People) -> None:
    set_days(college, people, DAYS)
    college.now = college.now + timedelta(days=7)
    late = {s.id for s in college.submissions() if s.is_late(DUE, college.now)}

    later = {**DAYS, Phase.BASIC_DATA: PhaseDays(date(2026, 9, 1), SECOND)}
    set_days(college, people, later)

    assert late
    assert {s.id for s in college.submissions() if s.is_late(DUE, college.now)} == late


def grant(college: College, people: People, days: int) -> Submission:
    """汽车工程系 may report what its teachers wrote ``days`` later than it is due."""
    found = college.submission(*WRITTEN)
    until = found.due_by(DUE) + timedelta(days=days)
    place = (college.session, college.store, found.id)
    wanted = (RequestKind.EXTENSION, "等待教务数据")
    asked = ask(*place, *wanted, until=until, by=people.chen_gang, now=college.now)
    decide_on(college, asked, RequestVerb.ANSWER, by=people.zhou_min)
    return college.submission(*WRITTEN)


def test_a_longer_year_takes_nothing_from_whom_a_later_day_was_granted(
    college: College, people: People
) -> None:
    set_days(college, people, DAYS)
    granted = grant(college, people, 5)
    college.now = (granted.due_at or DUE) - timedelta(days=1)

    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)
    later = DUE + timedelta(days=15)
    college.year_step(CycleVerb.EXTEND, by=people.zhou_min, reason="系统故障", due_at=later)

    found = college.submission(*WRITTEN)
    assert found.phase_due_at is not None
    assert found.due_at == granted.due_at
    assert not found.is_late(later, college.now)


def test_a_later_day_for_all_counts_for_whom_an_earlier_one_was_granted(
    college: College, people: People
) -> None:
    set_days(college, people, DAYS)
    granted = grant(college, people, 1)

    set_days(college, people, {})

    found = college.submission(*WRITTEN)
    assert (granted.due_at or DUE) < DUE
    assert (found.due_at, found.due_by(DUE)) == (None, DUE)


@pytest.mark.parametrize(
    "wrong",
    [
        {Phase.BASIC_DATA: PhaseDays(date(2026, 10, 1), FIRST)},
        {Phase.TEACHING_DATA: PhaseDays(date(2026, 9, 10), FIRST - timedelta(days=1))},
        {Phase.TEACHING_DATA: PhaseDays(date(2026, 9, 10), DUE.date() + timedelta(days=1))},
    ],
)
def test_phases_follow_one_another_and_end_with_the_year(
    college: College, people: People, wrong: dict[Phase, PhaseDays]
) -> None:
    with pytest.raises(Refused) as refusal:
        set_days(college, people, DAYS | wrong)

    assert refusal.value.reason is Reason.INVALID


def test_nobody_becomes_late_by_a_day_that_has_passed(college: College, people: People) -> None:
    set_days(college, people, DAYS)
    college.now = college.now + timedelta(days=3)

    earlier = {**DAYS, Phase.BASIC_DATA: PhaseDays(date(2026, 9, 1), date(2026, 9, 16))}
    with pytest.raises(Refused) as refusal:
        set_days(college, people, earlier)

    assert refusal.value.reason is Reason.INVALID


def days_of_preparation(today: date) -> dict[Phase, PhaseDays]:
    """The first two phases end tomorrow and the day after."""
    return {
        Phase.BASIC_DATA: PhaseDays(today, today + timedelta(days=1)),
        Phase.TEACHING_DATA: PhaseDays(today, today + timedelta(days=2)),
        Phase.DEPARTMENT_DATA: PhaseDays(today, None),
    }


def test_a_year_in_preparation_has_no_phase_on_a_day_that_has_passed(
    college: College, people: People
) -> None:
    year, today = college.next_year(), college.now.date()
    over = PhaseDays(date(2026, 9, 1), today - timedelta(days=1))

    with pytest.raises(Refused) as refusal:
        set_days_of(college, people, year, days_of_preparation(today) | {Phase.BASIC_DATA: over})

    assert refusal.value.reason is Reason.INVALID


def test_a_year_does_not_open_with_a_phase_that_is_over(college: College, people: People) -> None:
    year = college.next_year()
    set_days_of(college, people, year, days_of_preparation(college.now.date()))
    college.now = college.now + timedelta(days=2)

    with pytest.raises(Refused) as refusal:
        college.open_year(year)
    assert [detail.english() for detail in refusal.value.details] == [
        "checking basic data of persons: the due day has passed"
    ]

    set_days_of(college, people, year, {})
    assert college.open_year(year).status is CycleStatus.OPEN
