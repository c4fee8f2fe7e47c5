"""Training, attendance and mobilisation meetings (第八条, 第九条)."""

from datetime import timedelta

import pytest

from app.actions.mobilisation_meeting import MeetingDraft, record_meeting
from app.actions.training import (
    SessionDraft,
    decide_no_training,
    note_attendance,
    plan_session,
    take_session_step,
)
from app.domain.message import Reason, Refused
from app.domain.training import AttendanceVerb, SessionVerb
from app.models.training import MobilisationMeeting, TrainingAttendance, TrainingWaiver
from app.reports.training import read_training
from tests.college import NOW, College
from tests.people import People

HOUR = timedelta(hours=1)


def plan(college: College, people: People, when=NOW - HOUR, **asked) -> int:
    draft = SessionDraft("采集培训", when, "报告厅", "周敏")
    by = asked.get("by", people.zhou_min)
    return plan_session(college.session, college.founded.cycle_id, draft, by=by, now=NOW).id


def note(college: College, number: int, by, said: dict[str, str], version: int = 1, now=NOW) -> int:
    verbs = {who: AttendanceVerb(verb) for who, verb in said.items()}
    return note_attendance(college.session, number, verbs, version=version, by=by, now=now)


def hold(college: College, people: People, number: int, version: int) -> None:
    how = {"version": version, "reason": None, "by": people.zhou_min, "now": NOW}
    take_session_step(college.session, number, SessionVerb.HOLD, **how)


def attendance(college: College) -> dict[str, str]:
    return {each.person_number: each.attendance.value for each in college.all(TrainingAttendance)}


def test_one_signs_in_and_who_did_not_was_absent(college: College, people: People) -> None:
    number = plan(college, people)

    note(college, number, people.li_jing, {"03002": "sign_in"})
    hold(college, people, number, version=2)

    found = attendance(college)
    assert found["03002"] == "present"
    assert set(found.values()) == {"present", "absent"}
    page = read_training(college.session, people.zhou_min, college.cycle, now=NOW)
    trained = {each.number for each in page.trainees if each.is_trained}
    assert trained == {"03002"}
    assert all(each.must_make_up for each in page.trainees if not each.is_trained)


def test_the_quality_office_corrects_the_list(college: College, people: People) -> None:
    number = plan(college, people)
    hold(college, people, number, version=1)

    said = {"03002": "note_present", "10002": "note_leave"}
    assert note(college, number, people.zhou_min, said, version=2) == 2

    assert attendance(college)["03002"] == "present"
    assert attendance(college)["10002"] == "on_leave"
    assert college.entries()[-1].tag == "training.note_leave"


@pytest.mark.parametrize(
    ("who", "said", "day"),
    [
        ("li_jing", {"10002": "sign_in"}, NOW),
        ("wang_qiang", {"03001": "sign_in"}, NOW),
        ("li_jing", {"03002": "note_present"}, NOW),
        ("li_jing", {"03002": "sign_in"}, NOW + timedelta(days=1)),
    ],
)
def test_nobody_signs_in_for_others_or_on_another_day(
    college: College, people: People, who: str, said: dict[str, str], day
) -> None:
    number = plan(college, people)

    with pytest.raises(Refused) as refusal:
        note(college, number, getattr(people, who), said, now=day)

    assert refusal.value.reason is Reason.FORBIDDEN
    assert attendance(college) == {}


def test_a_session_is_not_over_before_it_begins(college: College, people: People) -> None:
    number = plan(college, people, when=NOW + HOUR)

    with pytest.raises(Refused):
        hold(college, people, number, version=1)


def test_that_none_is_needed_is_a_decision_with_a_reason(college: College, people: People) -> None:
    how = {"by": people.zhou_min, "now": NOW}
    with pytest.raises(Refused):
        decide_no_training(college.session, college.founded.cycle_id, " ", **how)

    decide_no_training(college.session, college.founded.cycle_id, "人员未变", **how)

    assert [each.reason for each in college.all(TrainingWaiver)] == ["人员未变"]


def test_a_department_records_its_own_meeting(college: College, people: People) -> None:
    draft = MeetingDraft("A03", NOW.date(), "王强", "全体教师", "部署本学年采集")
    year = college.founded.cycle_id

    record_meeting(college.session, year, draft, by=people.wang_qiang, now=NOW)
    with pytest.raises(Refused):
        record_meeting(college.session, year, draft, by=people.chen_gang, now=NOW)

    assert len(college.all(MobilisationMeeting)) == 1
    page = read_training(college.session, people.zhou_min, college.cycle, now=NOW)
    missing = {line.department.code for line in page.meetings if not line.meetings}
    assert "A03" not in missing
    assert page.without_meeting == len(missing) > 0


@pytest.mark.parametrize("year", [1, 2017, 9999])
def test_what_was_in_no_year_of_the_collection_is_refused(
    college: College, people: People, year: int
) -> None:
    with pytest.raises(Refused) as planned:
        plan(college, people, NOW.replace(year=year))
    meeting = MeetingDraft("A03", NOW.date().replace(year=year), "王强", "全体", "布置任务")
    place = (college.session, college.founded.cycle_id)
    with pytest.raises(Refused) as held:
        record_meeting(*place, meeting, by=people.li_jing, now=NOW)

    assert planned.value.reason is held.value.reason is Reason.INVALID
