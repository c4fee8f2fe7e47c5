"""A table changes hands while the year is under way: nothing is half-done (T16)."""

import pytest

from app.actions.assignment_change import AssignmentsRefused
from app.actions.reminder import RemindRequest, remind_by_hand
from app.domain.assignment import TableAssignment
from app.domain.message import Reason, Refused
from app.domain.submission import Status, Verb
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table_rows import fillers_of
from app.models.notice import Notice, Reminder
from tests.assignments import change, each, faults_of, holders, one
from tests.college import NOW, College
from tests.people import People
from tests.submissions import ANSWERS, submission_at

REASON = "专业建设职能调整"
MOVABLE = {Status.NOT_STARTED, Status.ENTERING, Status.RETURNED}


def refusal_of(college: College, people: People, *wanted: TableAssignment, **how) -> str:
    """Why the only table cannot be assigned, after nothing was changed."""
    before = [(s.id, s.department_code, s.version) for s in college.submissions()]
    rows = college.rows("course")
    with pytest.raises(AssignmentsRefused) as refusal:
        change(college, people, *wanted, **how)
    assert [(s.id, s.department_code, s.version) for s in college.submissions()] == before
    assert college.rows("course") == rows
    [reason] = faults_of(refusal.value).values()
    return reason


def test_a_table_nobody_began_goes_over_without_a_reason(college: College, people: People) -> None:
    submission = college.submission("course")

    change(college, people, one("course", "C02"))

    moved = college.submission("course", "C02")
    assert (moved.id, moved.status, moved.version) == (submission.id, Status.NOT_STARTED, 2)
    assert "A03" not in {s.department_code for s in college.submissions() if s.id == moved.id}


def test_a_table_nobody_began_is_withdrawn_with_its_submission(
    college: College, people: People
) -> None:
    change(college, people, TableAssignment("course"))

    assert holders(college, "course") == {}
    assert "course" not in {s.table_identifier for s in college.submissions()}


def test_a_table_that_people_were_reminded_of_is_withdrawn_all_the_same(
    college: College, people: People
) -> None:
    wanted = RemindRequest(college.cycle.id, table="course")
    remind_by_hand(college.session, college.store, wanted, by=people.zhou_min, now=NOW)

    change(college, people, TableAssignment("course"))

    assert "course" not in {s.table_identifier for s in college.submissions()}
    assert college.all(Reminder) == []


def test_who_reports_a_table_from_now_on_is_told(college: College, people: People) -> None:
    change(college, people, one("course", "C02"))

    told = {n.recipient_number for n in college.all(Notice) if n.facts.get("table") == "course"}
    assert told == {people.luo_lin.number, people.tang_yi.number}


def test_work_under_way_moves_with_its_rows(college: College, people: People) -> None:
    submission = submission_at(college, Status.ENTERING, rows=2)
    before = college.rows("course")

    change(college, people, one("course", "C02"), reason=REASON)

    moved, rows = college.submission("course", "C02"), college.rows("course")
    assert (moved.id, moved.status) == (submission.id, Status.ENTERING)
    assert [row["sys_id"] for row in rows] == [row["sys_id"] for row in before]
    assert {row["sys_department"] for row in rows} == {"C02"}
    assert {row["sys_version"] for row in rows} == {2}


def test_a_move_is_recorded_with_both_departments_and_every_row(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.ENTERING, rows=2)

    change(college, people, one("course", "C02"), reason=REASON)

    [*_, entry] = college.entries(f"submission:{submission.id}")
    assert (entry.tag, entry.reason) == ("submission.assign", REASON)
    assert (entry.before, entry.after) == ("教务处", "机电工程系")
    [*_, changes] = college.all(ChangeSet)
    logged = [row for row in college.all(RowChange) if row.change_set_id == changes.id]
    assert (changes.way, changes.department_code, changes.row_count) == ("reassign", "A03", 2)
    assert [row.after for row in logged] == [{"department": "C02"}] * 2


def test_work_under_way_does_not_move_without_a_reason(college: College, people: People) -> None:
    submission_at(college, Status.ENTERING, rows=1)

    reason = refusal_of(college, people, one("course", "C02"), reason="  ")

    assert "Work is under way at 教务处. Write the reason" in reason


def test_what_came_back_stays_sent_back_at_the_new_department(
    college: College, people: People
) -> None:
    submission_at(college, Status.RETURNED, rows=1)

    change(college, people, one("course", "C02"), reason=REASON)

    moved = college.submission("course", "C02")
    assert (moved.status, moved.reason) == (Status.RETURNED, ANSWERS["reason"])


@pytest.mark.parametrize("status", sorted(set(Status) - MOVABLE))
def test_what_was_handed_on_stays_with_its_department(
    college: College, people: People, status: Status
) -> None:
    rows = 0 if status is Status.EXEMPT else 1
    submission = submission_at(college, status, rows=rows)

    if status is Status.LOCKED:
        with pytest.raises(Refused) as refusal:
            change(college, people, one("course", "C02"), reason=REASON)
        assert "stay as they are" in refusal.value.message.msgid
    else:
        reason = refusal_of(college, people, one("course", "C02"), reason=REASON)
        assert reason.startswith("教务处: The table is ")
    assert college.submission("course").id == submission.id


@pytest.mark.parametrize("wanted", [TableAssignment("course"), each("course", "C01", "C02")])
def test_work_under_way_is_neither_dropped_nor_divided(
    college: College, people: People, wanted: TableAssignment
) -> None:
    submission_at(college, Status.ENTERING, rows=1)

    reason = refusal_of(college, people, wanted, reason=REASON)

    assert "Name the one department that takes it over" in reason


def test_a_table_once_declared_not_applicable_keeps_its_history(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.EXEMPT)
    college.step(submission, Verb.REOPEN, by=people.zhou_min, reason="有数据")

    reason = refusal_of(college, people, TableAssignment("course"), reason=REASON)

    assert "Work on this table is under way" in reason


def test_one_of_several_departments_hands_its_part_to_another(
    college: College, people: People
) -> None:
    college.add("full_time_teacher", 1, by=people.luo_lin)

    wanted = each("full_time_teacher", "A02", "C01")
    change(college, people, wanted, reason=REASON)

    assert holders(college, "full_time_teacher") == {"A02": "own_staff", "C01": "own_staff"}
    assert {row["sys_department"] for row in college.rows("full_time_teacher")} == {"A02"}
    assert college.submission("full_time_teacher", "A02").status is Status.ENTERING


def test_a_department_that_joins_gets_a_submission_of_its_own(
    college: College, people: People
) -> None:
    before = len(college.submissions())

    change(college, people, each("full_time_teacher", "A03", "C01", "C02", guidance=("A02",)))

    assert len(college.submissions()) == before + 1
    assert college.submission("full_time_teacher", "A03").status is Status.NOT_STARTED


def test_the_old_department_can_no_longer_write(college: College, people: People) -> None:
    submission_at(college, Status.ENTERING, rows=1)
    change(college, people, one("course", "C02"), reason=REASON)

    with pytest.raises(Refused) as refusal:
        college.add("course", 5, by=people.li_jing)

    assert refusal.value.reason in {Reason.FORBIDDEN, Reason.LOCKED}


def test_the_new_department_brings_the_table_to_the_office(
    college: College, people: People
) -> None:
    submission_at(college, Status.ENTERING, rows=1)
    change(college, people, one("course", "C02"), reason=REASON)

    submission = college.submission("course", "C02")
    for verb, by in (
        (Verb.FINISH, people.luo_lin),
        (Verb.REVIEW, people.luo_lin),
        (Verb.CONFIRM, people.tang_yi),
    ):
        submission = college.step(submission, verb, by=by, **ANSWERS | {"reason": None})

    assert submission.status is Status.SUBMITTED
    with college.open_session() as session:
        assert list(fillers_of(session, submission)) == []


@pytest.mark.parametrize("table", ["sd_row_change", "sd_audit_entry", "sd_assignment"])
def test_a_move_that_cannot_be_completed_is_not_begun(
    college: College, people: People, table: str
) -> None:
    submission_at(college, Status.ENTERING, rows=1)
    rows = college.rows("course")

    with college.refusing(table), pytest.raises(Exception, match="full"):
        change(college, people, one("course", "C02"), reason=REASON)

    assert college.rows("course") == rows
    assert holders(college, "course") == {"A03": "responsible"}
    assert college.submission("course").status is Status.ENTERING
