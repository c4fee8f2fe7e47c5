"""Article 7: the time that the data are about."""

from datetime import date, datetime, timedelta

import pytest

from app.access.policies import why_unconfirmed
from app.actions.carried_row import confirm_rows
from app.actions.carry_forward import carry_forward
from app.actions.reminder import RemindRequest, remind_by_hand, remind_by_rules
from app.actions.row_change import INSERT, Change
from app.catalogue.base_table import FieldType, FilledBy
from app.domain.cycle import CycleHolder, CycleStatus, CycleVerb, cycle_step_for
from app.domain.message import Refused
from app.domain.period import AcademicYear, PeriodKind, period_for
from app.domain.request import RequestKind, RequestStatus, RequestVerb
from app.domain.submission import Status, Verb
from app.domain.work_plan import Phase
from app.models.carried_row import count_waiting
from app.models.cycle import Cycle
from app.models.notice import Reminder
from app.reports.person import load_actor
from tests.college import DUE, NOW, College
from tests.factories import seed_catalogue
from tests.people import People
from tests.requests import LATER, ask_for, decide_on, last_request
from tests.submissions import locked, submission_at, submission_from

CATALOGUE = seed_catalogue()
YEAR = AcademicYear(2025)


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2025, 8, 31), False),
        (date(2025, 9, 1), True),
        (date(2026, 2, 28), True),
        (date(2026, 8, 31), True),
        (date(2026, 9, 1), False),
    ],
)
def test_the_academic_year_runs_from_september_to_august(day: date, inside: bool) -> None:
    """INV14: both ends are inside, their neighbours are not.

    「上报省级教育行政部门或教育部的数据采集平台以学年为统计时段，即每年的9月1日至翌年的8月31日」
    """
    assert period_for(PeriodKind.ACADEMIC_YEAR, YEAR).covers(day) == inside


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
    ],
)
def test_money_is_counted_by_the_calendar_year(day: date, inside: bool) -> None:
    """「特别说明平台涉及费用的时间段为1月1日至12月31日，即自然年度」"""
    assert period_for(PeriodKind.CALENDAR_YEAR, YEAR).covers(day) == inside


def test_the_tables_of_income_and_expenses_follow_the_calendar_year() -> None:
    """「平台涉及费用的时间段为1月1日至12月31日，即自然年度」"""
    (funding,) = [number for number, title in CATALOGUE.chapters.items() if "经费" in title]
    tables = [table for table in CATALOGUE.tables.values() if table.chapter == funding]

    assert tables
    assert {table.period for table in tables} == {PeriodKind.CALENDAR_YEAR}
    assert {table.period_in(YEAR).code for table in tables} == {"2025"}


def test_money_inside_a_table_of_the_academic_year_may_follow_the_calendar_year() -> None:
    """「平台涉及费用的时间段为1月1日至12月31日，即自然年度」"""
    deviating = {
        (table.period, field.period)
        for table in CATALOGUE.tables.values()
        for field in table.fields
        if field.period not in {None, table.period}
    }

    assert (PeriodKind.ACADEMIC_YEAR, PeriodKind.CALENDAR_YEAR) in deviating


# Amounts in money that nobody receives or spends in a span of time.
NO_FLOW_OF_MONEY = {
    ("fixed_asset", "asset_total"): "what there is in the books, not what was spent",
    ("fixed_asset", "equipment_total"): "what there is in the books, not what was spent",
    ("on_campus_base_usage", "equipment_value"): "what stands in the base, not what was spent",
    ("teaching_resource", "equipment_value"): "the same as in the table of fixed assets",
    ("teaching_resource", "enterprise_equipment"): "what stands there, not what was spent",
    ("internship_record", "monthly_pay"): "what a company pays a person for a month",
    ("graduate_employment", "start_salary"): "what a graduate earns in a month",
    ("graduate_destination", "monthly_salary"): "what a graduate earns in a month",
    ("score_card", "start_salary"): "what a graduate earns in a month",
}


def test_money_that_comes_and_goes_in_an_academic_year_follows_the_calendar_year() -> None:
    """「特别说明平台涉及费用的时间段为1月1日至12月31日，即自然年度」"""
    by_academic_year = {
        (table.identifier, field.code)
        for table in CATALOGUE.tables.values()
        for field in table.fields
        if table.period is PeriodKind.ACADEMIC_YEAR and field.period is None
        if field.type in {FieldType.INTEGER, FieldType.NUMBER}
        if "元" in field.unit or "元)" in field.label
    }

    assert by_academic_year == set(NO_FLOW_OF_MONEY)


def test_departments_keep_their_rows_up_to_date_until_they_report() -> None:
    """「各部门的日常数据采集和维护工作自行安排」"""
    assert Status.NOT_STARTED.is_editable
    assert Status.ENTERING.is_editable
    assert not Status.SUBMITTED.is_editable


def extended(college: College, at: datetime, until: datetime) -> None:
    """The quality office closes the year and extends it at that moment."""
    college.now = at
    office = college.founded.people.zhou_min
    college.year_step(CycleVerb.CLOSE, by=office)
    college.year_step(CycleVerb.EXTEND, by=office, reason="系统故障", due_at=until)


def is_late(college: College, now: datetime) -> bool:
    return college.submission("course").is_late(college.cycle.due_at, now)


@pytest.mark.parametrize(("days", "late"), [(0, False), (1, True)])
def test_who_reports_within_the_set_time_is_not_late(
    college: College, days: int, late: bool
) -> None:
    """「每学年各部门必须在规定的时间内完成全部数据的更新」"""
    submission_at(college, Status.AWAITING_CONFIRMATION)
    college.now = DUE + timedelta(days=days)

    reported = submission_from(college, Verb.CONFIRM)

    assert reported.is_late(college.cycle.due_at, NOW + timedelta(days=99)) == late
    assert reported.due_at == DUE


@pytest.mark.parametrize(("granted", "late"), [(-1, False), (1, True)])
def test_an_extension_counts_only_when_it_is_granted_within_the_set_time(
    college: College, granted: int, late: bool
) -> None:
    """「必须在规定的时间内」; an extension afterwards does not erase that it was missed."""
    submission_at(college, Status.AWAITING_CONFIRMATION)
    extended(college, DUE + timedelta(days=granted), DUE + timedelta(days=20))
    assert is_late(college, college.now) == late

    college.now = DUE + timedelta(days=10)
    submission_from(college, Verb.CONFIRM)

    assert is_late(college, college.now) == late
    extended(college, DUE + timedelta(days=15), DUE + timedelta(days=40))
    assert is_late(college, college.now) == late


def test_what_was_reported_in_time_is_not_late_when_it_comes_back(college: College) -> None:
    """「必须在规定的时间内完成」: lateness goes by the first report, returns count apart."""
    submission_at(college, Status.RETURNED)

    extended(college, DUE + timedelta(days=1), DUE + timedelta(days=20))

    assert not is_late(college, DUE + timedelta(days=30))


def test_the_time_for_reporting_ends_and_only_the_quality_office_extends_it() -> None:
    """「每学年各部门必须在规定的时间内完成全部数据的更新，并报质量监督管理办公室」"""
    extension = cycle_step_for(CycleStatus.CLOSED, CycleVerb.EXTEND)

    assert extension is not None
    assert (extension.holder, extension.needs_reason) == (CycleHolder.QA_OFFICE, True)


def test_what_is_taken_over_counts_as_updated_only_when_somebody_has_looked_at_it(
    college: College, people: People
) -> None:
    """「为确保数据采集时效性，各部门要及时更新数据」「必须在规定的时间内完成全部数据的更新」"""
    submission_at(college, Status.ACCEPTED, rows=2)
    college.next_year()
    place = {"period": YEAR.next.code, "department": "A03"}
    by = {"by": people.li_jing, "now": NOW}

    carry_forward(college.session, college.store, "course", **by, **place, dry_run=False)
    waiting = count_waiting(college.session, "course", **place)
    confirm_rows(college.session, college.store, "course", **by, **place)

    assert why_unconfirmed(waiting) is not None
    assert why_unconfirmed(count_waiting(college.session, "course", **place)) is None


@pytest.mark.parametrize(("days", "late"), [(10, False), (11, True)])
def test_a_department_that_was_granted_more_time_in_time_is_not_late(
    college: College, people: People, days: int, late: bool
) -> None:
    """「每学年各部门必须在规定的时间内完成全部数据的更新」; what is granted ends by itself."""
    submission_at(college, Status.AWAITING_CONFIRMATION)
    request = ask_for(college, RequestKind.EXTENSION, by=people.li_jing, until=LATER)
    decide_on(college, request, RequestVerb.ANSWER, by=people.zhou_min)
    college.now = DUE + timedelta(days=days)

    reported = submission_from(college, Verb.CONFIRM)

    assert reported.due_at == LATER
    assert is_late(college, college.now) == late
    granted = last_request(college).status_at(college.now)
    assert granted is (RequestStatus.EXPIRED if late else RequestStatus.GRANTED)


def test_after_the_set_time_nothing_is_put_off_and_everything_can_still_be_reported(
    college: College, people: People
) -> None:
    """「必须在规定的时间内完成」: late is marked and counted, and never refused."""
    submission_at(college, Status.AWAITING_CONFIRMATION)
    request = ask_for(college, RequestKind.EXTENSION, by=people.wang_qiang)
    college.now = DUE + timedelta(seconds=1)

    for verb in (RequestVerb.ANSWER, RequestVerb.REFUSE):
        with pytest.raises(Refused):
            decide_on(college, request, verb, by=people.zhou_min, reason="来不及了")
    with pytest.raises(Refused):
        ask_for(college, RequestKind.EXTENSION, by=people.li_jing)
    submission_from(college, Verb.CONFIRM)

    assert college.submission("course").status is Status.SUBMITTED
    assert is_late(college, college.now)


def test_every_table_has_its_time_within_the_year() -> None:
    """「每学年各部门必须在规定的时间内完成全部数据的更新」"""
    phases = {phase: set() for phase in Phase}
    for table in CATALOGUE.tables.values():
        phases[table.phase].add((table.filled_by, bool(table.person_field)))

    assert phases[Phase.BASIC_DATA] == phases[Phase.TEACHING_DATA] == {(FilledBy.TEACHER, True)}
    assert phases[Phase.DEPARTMENT_DATA] == {(FilledBy.STEWARD, False)}


def test_departments_are_reminded_until_they_have_reported(
    college: College, people: People
) -> None:
    """「每学年各部门必须在规定的时间内完成全部数据的更新，并报质量监督管理办公室」"""
    submission_at(college, Status.SUBMITTED, "course")
    days = [DUE + timedelta(days=offset, hours=-12) for offset in range(-5, 9)]

    for now in days:
        remind_by_rules(college.session, college.store, by=people.zhou_min, now=now)

    reminded = {each.submission_id for each in college.all(Reminder)}
    missing = {s.id for s in college.submissions() if s.first_reported_at is None}
    assert reminded <= missing
    assert college.submission("course_textbook").id in reminded
    assert college.submission("course").id not in reminded


def test_who_has_not_reported_is_listed_and_reminded_by_one_click(
    college: College, people: People
) -> None:
    """「各部门要及时更新数据」"""
    wanted = RemindRequest(college.cycle.id, department="A03")

    place = (college.session, college.store, wanted)
    first = remind_by_hand(*place, by=people.zhou_min, now=NOW)
    again = remind_by_hand(*place, by=people.zhou_min, now=NOW + timedelta(hours=1))

    assert (first.people, again.people, again.already) == (1, 0, 1)
    assert {each.person_number for each in college.all(Reminder)} == {people.li_jing.number}


def test_units_update_their_data_at_any_time_also_between_two_collections(
    college: College, people: People
) -> None:
    """「各部门的日常数据采集和维护工作自行安排」"""
    locked(college, "course")
    steward = load_actor(college.session, people.li_jing.user_id, NOW.date())
    assert steward is not None

    change = Change(INSERT, college.row("course", 5))
    kept = college.change("course", change, by=steward, period=YEAR.next.code)

    assert kept.written
    following = [cycle for cycle in college.all(Cycle) if cycle.academic_year == YEAR.next.code]
    assert [cycle.status for cycle in following] == [CycleStatus.PREPARING]
