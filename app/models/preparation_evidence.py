"""What was recorded of how the departments prepared themselves (第八条, 第九条, 第十七条)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from app.domain.evidence import Trainee, local_day
from app.domain.measurement import Recorded
from app.domain.training import Attendance, SessionStatus
from app.models.cycle import Cycle
from app.models.training import MobilisationMeeting, TrainingAttendance, TrainingSession


@dataclass(frozen=True)
class Steward:
    """Who was data steward of a department, from which day to which."""

    number: str
    name: str
    valid_from: date
    valid_to: date | None

    def serves_on(self, day: date) -> bool:
        """Whether he was data steward on that day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


@dataclass(frozen=True)
class Preparation:
    """Days of meetings by department, the days of the sessions held, and who attended which day."""

    meetings: Mapping[str, Sequence[date]]
    sessions: Sequence[date]
    attended: Mapping[str, Sequence[date]]

    @property
    def recorded(self) -> frozenset[Recorded]:
        """What the year has records of at all."""
        found = {Recorded.MEETINGS: self.meetings, Recorded.TRAINING: self.sessions}
        return frozenset(kind for kind, records in found.items() if records)

    def trainees_of(self, stewards: Sequence[Steward]) -> list[Trainee]:
        """Those of a department's stewards for whom a session was held while they served."""
        found: dict[str, Trainee] = {}
        for steward in stewards:
            if any(steward.serves_on(day) for day in self.sessions):
                days = self.attended.get(steward.number, ())
                found.setdefault(steward.number, Trainee(steward.name, min(days, default=None)))
        return list(found.values())


def read_preparation(session: Session, cycle: Cycle, taken_at: datetime) -> Preparation:
    """What was recorded for the year up to that moment; two statements for the whole college."""
    sessions: set[date] = set()
    attended: dict[str, list[date]] = {}
    for begins_at, person in session.execute(_attendances(cycle, taken_at)):
        day = local_day(begins_at)
        sessions.add(day)
        if person is not None:
            attended.setdefault(person, []).append(day)
    return Preparation(_meetings(session, cycle, taken_at), sorted(sessions), attended)


def _attendances(cycle: Cycle, taken_at: datetime) -> Select[datetime, str]:
    """Every session held, once for each person who was there, and once where nobody was."""
    present = and_(
        TrainingAttendance.session_id == TrainingSession.id,
        TrainingAttendance.attendance == Attendance.PRESENT,
        TrainingAttendance.recorded_at <= taken_at,
    )
    return (
        select(TrainingSession.begins_at, TrainingAttendance.person_number)
        .outerjoin(TrainingAttendance, present)
        .where(
            TrainingSession.cycle_id == cycle.id,
            TrainingSession.status == SessionStatus.HELD,
            TrainingSession.begins_at <= taken_at,
        )
    )


def _meetings(session: Session, cycle: Cycle, taken_at: datetime) -> dict[str, list[date]]:
    query = select(MobilisationMeeting.department_code, MobilisationMeeting.held_on).where(
        MobilisationMeeting.cycle_id == cycle.id, MobilisationMeeting.recorded_at <= taken_at
    )
    found: dict[str, list[date]] = {}
    for department, held_on in session.execute(query):
        found.setdefault(department, []).append(held_on)
    return found
