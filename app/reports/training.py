"""Training sessions of a year, who was trained, and which departments held their meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.training import (
    MUST_ATTEND,
    sees_meetings_of,
    why_not_attendance,
    why_not_edit_training,
    why_not_read_training,
    why_not_record_meeting,
)
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.training import Attendance, AttendanceVerb, SessionStatus, is_trained
from app.models.appointment_rows import holders
from app.models.assignment import Assignment
from app.models.attached_file import AttachedFile, FileOwner, files_of
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.training import (
    MobilisationMeeting,
    TrainingAttendance,
    TrainingSession,
    TrainingWaiver,
)


@dataclass(frozen=True)
class SessionLine:
    """A session with its materials; ``why_not_sign`` says why the reader cannot sign in now."""

    session: TrainingSession
    files: Sequence[AttachedFile]
    present: int
    own: Attendance
    why_not_sign: Message | None


@dataclass(frozen=True)
class Trainee:
    """Somebody who must attend, with his attendance by session."""

    number: str
    name: str
    department: str
    department_name: str
    attended: Mapping[int, TrainingAttendance]
    must_make_up: bool

    @property
    def is_trained(self) -> bool:
        """Whether he attended a session of the year."""
        return is_trained([each.attendance for each in self.attended.values()])


@dataclass(frozen=True)
class MeetingLine:
    """A department that reports, with the meetings it held; none are missing."""

    department: Department
    meetings: Sequence[MobilisationMeeting]
    may_record: bool


@dataclass(frozen=True)
class TrainingPage:
    """The training and the meetings of a year as far as the reader follows them."""

    cycle: Cycle
    sessions: Sequence[SessionLine]
    waiver: TrainingWaiver | None
    trainees: Sequence[Trainee]
    meetings: Sequence[MeetingLine]
    meeting_files: Mapping[int, Sequence[AttachedFile]]
    refusal: Message | None

    @property
    def untrained(self) -> int:
        """How many who must attend have not been trained."""
        return sum(not each.is_trained for each in self.trainees)

    @property
    def without_meeting(self) -> int:
        """How many departments have recorded no meeting."""
        return sum(not line.meetings for line in self.meetings)


def read_training(session: Session, actor: Actor, cycle: Cycle, *, now: datetime) -> TrainingPage:
    """The year's training; ``now`` is on the clock of the college. Raises Refused."""
    refuse(why_not_read_training(actor))
    query = select(TrainingSession).where(TrainingSession.cycle_id == cycle.id)
    sessions = session.scalars(query.order_by(TrainingSession.begins_at)).all()
    numbers = [each.id for each in sessions]
    files = files_of(session, FileOwner.TRAINING_SESSION, numbers)
    attended = _attended(session, numbers)
    departments = _reporting(session, cycle)
    meetings = _meetings(session, actor, cycle, departments)
    held = [each.id for line in meetings for each in line.meetings]
    return TrainingPage(
        cycle=cycle,
        sessions=[_line(actor, cycle, each, files, attended, now) for each in sessions],
        waiver=session.get(TrainingWaiver, cycle.id),
        trainees=_trainees(session, actor, sessions, attended, departments, now),
        meetings=meetings,
        meeting_files=files_of(session, FileOwner.MOBILISATION_MEETING, held),
        refusal=why_not_edit_training(actor, cycle),
    )


def read_training_file(session: Session, actor: Actor, number: int) -> AttachedFile:
    """A material of a session, or a file of a meeting that the actor sees. Raises Refused."""
    refuse(why_not_read_training(actor))
    file = session.get(AttachedFile, number)
    if file is not None and file.owner is FileOwner.TRAINING_SESSION:
        return file
    if file is not None and file.owner is FileOwner.MOBILISATION_MEETING:
        meeting = session.get_one(MobilisationMeeting, file.owner_id)
        if sees_meetings_of(actor, meeting.department_code):
            return file
    raise Refused(Message("There is no such file."), Reason.NOT_FOUND)


def session_in(page: TrainingPage, number: int) -> SessionLine:
    """The session of the page with this number; Refused as not found where there is none."""
    for line in page.sessions:
        if line.session.id == number:
            return line
    raise Refused(Message("There is no such training session."), Reason.NOT_FOUND)


def year_of_session(session: Session, number: int) -> Cycle:
    """The year that the session belongs to; Refused as not found where there is none."""
    found = session.get(TrainingSession, number)
    if found is None:
        raise Refused(Message("There is no such training session."), Reason.NOT_FOUND)
    return session.get_one(Cycle, found.cycle_id)


Attended = Mapping[str, Mapping[int, TrainingAttendance]]


def _attended(session: Session, numbers: Sequence[int]) -> Attended:
    """Number of the person → id of the session → attendance."""
    if not numbers:
        return {}
    found: dict[str, dict[int, TrainingAttendance]] = {}
    query = select(TrainingAttendance).where(TrainingAttendance.session_id.in_(numbers))
    for each in session.scalars(query):
        found.setdefault(each.person_number, {})[each.session_id] = each
    return found


def _line(
    actor: Actor,
    cycle: Cycle,
    found: TrainingSession,
    files: Mapping[int, Sequence[AttachedFile]],
    attended: Attended,
    now: datetime,
) -> SessionLine:
    own = attended.get(actor.number, {}).get(found.id)
    attendance = own.attendance if own else Attendance.EXPECTED
    why_not_sign = why_not_attendance(
        actor, cycle, found, actor.number, attendance, AttendanceVerb.SIGN_IN, now.date()
    )
    here = [each[found.id].attendance for each in attended.values() if found.id in each]
    present = sum(each is Attendance.PRESENT for each in here)
    return SessionLine(found, files.get(found.id, ()), present, attendance, why_not_sign)


def _reporting(session: Session, cycle: Cycle) -> dict[str, Department]:
    """The departments that have tables in the year, by code."""
    owed = select(Assignment.department_code).where(Assignment.cycle_id == cycle.id)
    query = select(Department).where(Department.code.in_(owed)).order_by(Department.code)
    return {found.code: found for found in session.scalars(query)}


def _trainees(
    session: Session,
    actor: Actor,
    sessions: Sequence[TrainingSession],
    attended: Attended,
    departments: Mapping[str, Department],
    now: datetime,
) -> list[Trainee]:
    was_held = any(each.status is SessionStatus.HELD for each in sessions)
    found = {}
    for held, person in holders(session, (MUST_ATTEND,), now.date()):
        place = held.department_code
        if place not in departments or not sees_meetings_of(actor, place):
            continue
        own = attended.get(person.number, {})
        trained = is_trained([each.attendance for each in own.values()])
        name = departments[place].name
        late = was_held and not trained
        found[person.number] = Trainee(person.number, person.name, place, name, own, late)
    return sorted(found.values(), key=lambda each: (each.department, each.number))


def _meetings(
    session: Session, actor: Actor, cycle: Cycle, departments: Mapping[str, Department]
) -> list[MeetingLine]:
    query = select(MobilisationMeeting).where(MobilisationMeeting.cycle_id == cycle.id)
    held: dict[str, list[MobilisationMeeting]] = {}
    for each in session.scalars(query.order_by(MobilisationMeeting.held_on)):
        held.setdefault(each.department_code, []).append(each)
    return [
        MeetingLine(
            department,
            held.get(code, ()),
            may_record=why_not_record_meeting(actor, cycle, code) is None,
        )
        for code, department in departments.items()
        if sees_meetings_of(actor, code)
    ]
