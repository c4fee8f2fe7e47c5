"""Meetings and training as evidence of the appraisal, read back from what was recorded."""

from datetime import timedelta

from sqlalchemy import select, update

from app.actions.mobilisation_meeting import MeetingDraft, record_meeting
from app.actions.training import SessionDraft, note_attendance, plan_session, take_session_step
from app.domain.evidence import Trainee
from app.domain.measurement import Recorded
from app.domain.person import Function
from app.domain.training import AttendanceVerb, SessionVerb
from app.models.person import Appointment, Person
from app.models.preparation_evidence import Preparation, Steward, read_preparation
from app.models.training import TrainingSession
from tests.college import NOW, College
from tests.people import People

DAY = timedelta(days=1)


def session_on(college: College, people: People, when, *present: str) -> None:
    draft = SessionDraft("采集培训", when, "报告厅", "周敏")
    by = {"by": people.zhou_min, "now": when}
    number = plan_session(college.session, college.founded.cycle_id, draft, **by).id
    said = dict.fromkeys(present, AttendanceVerb.NOTE_PRESENT)
    if said:
        note_attendance(college.session, number, said, version=1, **by)
    version = 1 + bool(said)
    take_session_step(college.session, number, SessionVerb.HOLD, version=version, reason=None, **by)


def read(college: College, taken_at=NOW + 30 * DAY) -> Preparation:
    return read_preparation(college.session, college.cycle, taken_at)


def stewards_of(college: College, department: str) -> list[Steward]:
    query = (
        select(Person.number, Person.name, Appointment.valid_from, Appointment.valid_to)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.department_code == department)
        .where(Appointment.function == Function.DATA_STEWARD)
    )
    return [Steward(*row) for row in college.session.execute(query)]


def test_a_year_without_records_has_nothing_to_count(college: College) -> None:
    found = read(college)

    assert (found.recorded, found.trainees_of(stewards_of(college, "A03"))) == (frozenset(), [])


def test_making_up_for_a_session_counts_as_attending(college: College, people: People) -> None:
    session_on(college, people, NOW)
    session_on(college, people, NOW + DAY, "03002")

    found = read(college)

    assert found.recorded == {Recorded.TRAINING}
    trainees = found.trainees_of(stewards_of(college, "A03"))
    assert trainees == [Trainee(people.li_jing.name, (NOW + DAY).date())]


def test_who_came_after_the_last_session_missed_none(college: College, people: People) -> None:
    session_on(college, people, NOW)
    later = (NOW + DAY).date()
    college.session.execute(
        update(Appointment)
        .where(Appointment.department_code == "A03")
        .where(Appointment.function == Function.DATA_STEWARD)
        .values(valid_from=later)
    )
    college.session.commit()

    assert read(college).trainees_of(stewards_of(college, "A03")) == []


def test_who_is_noted_as_present_after_the_evidence_was_taken_counts_no_more(
    college: College, people: People
) -> None:
    session_on(college, people, NOW)
    [held] = college.all(TrainingSession)
    said = {"03002": AttendanceVerb.NOTE_PRESENT}
    later = {"version": held.version, "by": people.zhou_min, "now": NOW + 2 * DAY}
    note_attendance(college.session, held.id, said, **later)

    assert read(college, NOW + DAY).attended == {}
    assert read(college).attended == {"03002": [NOW.date()]}


def test_what_was_recorded_after_the_evidence_was_taken_counts_no_more(
    college: College, people: People
) -> None:
    draft = MeetingDraft("A03", NOW.date(), "王强", "全体", "布置任务")
    record_meeting(college.session, college.founded.cycle_id, draft, by=people.li_jing, now=NOW)

    assert read(college).meetings == {"A03": [NOW.date()]}
    assert read(college, NOW - DAY).recorded == frozenset()
