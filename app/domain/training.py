"""Training before the collection (第八条): sessions, attendance, and who moves what.

Whoever must attend is present, on leave or absent; one session is enough. Who was on leave or
absent, or was appointed after the last session, attends another one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.message import Message
from app.domain.period import AcademicYear

# A year is prepared, collected and corrected within these calendar years after its beginning.
LATEST_YEARS_AFTER = 3


class TrainingHolder(StrEnum):
    """Who may take a step about a session or an attendance."""

    QA_OFFICE = "qa_office"
    ATTENDEE = "attendee"


class SessionStatus(StrEnum):
    """Where a training session stands."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"


class SessionVerb(StrEnum):
    """What can be done with a training session."""

    HOLD = "hold"
    CALL_OFF = "call_off"


class Attendance(StrEnum):
    """How somebody stands to a session that he must attend."""

    EXPECTED = "expected"
    PRESENT = "present"
    ON_LEAVE = "on_leave"
    ABSENT = "absent"


class AttendanceVerb(StrEnum):
    """What is said of somebody's attendance."""

    SIGN_IN = "sign_in"
    NOTE_PRESENT = "note_present"
    NOTE_LEAVE = "note_leave"
    NOTE_ABSENT = "note_absent"


@dataclass(frozen=True)
class SessionStep:
    """One permitted change of a session's status."""

    source: SessionStatus
    verb: SessionVerb
    target: SessionStatus
    holder: TrainingHolder
    article: int = 8


@dataclass(frozen=True)
class AttendanceStep:
    """One permitted change of an attendance, while the session has one of the statuses."""

    sources: frozenset[Attendance]
    verb: AttendanceVerb
    target: Attendance
    holder: TrainingHolder
    during: frozenset[SessionStatus]
    article: int = 8


QA, ATTENDEE = TrainingHolder.QA_OFFICE, TrainingHolder.ATTENDEE
SESSION_STEPS: tuple[SessionStep, ...] = (
    SessionStep(SessionStatus.PLANNED, SessionVerb.HOLD, SessionStatus.HELD, QA),
    SessionStep(SessionStatus.PLANNED, SessionVerb.CALL_OFF, SessionStatus.CALLED_OFF, QA),
)
TAKING_PLACE = frozenset({SessionStatus.PLANNED})
NOT_CALLED_OFF = frozenset({SessionStatus.PLANNED, SessionStatus.HELD})
ANY = frozenset(Attendance)
ATTENDANCE_STEPS: tuple[AttendanceStep, ...] = (
    AttendanceStep(
        frozenset({Attendance.EXPECTED, Attendance.ON_LEAVE}),
        AttendanceVerb.SIGN_IN,
        Attendance.PRESENT,
        ATTENDEE,
        TAKING_PLACE,
    ),
    AttendanceStep(ANY, AttendanceVerb.NOTE_PRESENT, Attendance.PRESENT, QA, NOT_CALLED_OFF),
    AttendanceStep(ANY, AttendanceVerb.NOTE_LEAVE, Attendance.ON_LEAVE, QA, NOT_CALLED_OFF),
    AttendanceStep(ANY, AttendanceVerb.NOTE_ABSENT, Attendance.ABSENT, QA, NOT_CALLED_OFF),
)


def session_step(source: SessionStatus, verb: SessionVerb) -> SessionStep | None:
    """The step that ``verb`` takes from ``source``; None when there is none."""
    found = (each for each in SESSION_STEPS if (each.source, each.verb) == (source, verb))
    return next(found, None)


def attendance_step(
    during: SessionStatus, source: Attendance, verb: AttendanceVerb
) -> AttendanceStep | None:
    """The step that ``verb`` takes from ``source`` in a session of that status."""
    for each in ATTENDANCE_STEPS:
        if each.verb is verb and source in each.sources and during in each.during:
            return each
    return None


def is_trained(attended: Collection[Attendance]) -> bool:
    """Whether somebody with these attendances in a year need attend no other session."""
    return Attendance.PRESENT in attended


def why_not_day(day: date, year: AcademicYear) -> Message | None:
    """Why nothing of this year's collection can be on that day; None where it can."""
    latest = year.start_year + LATEST_YEARS_AFTER
    if year.start_year <= day.year <= latest:
        return None
    return Message(
        "%(day)s does not belong to this collection year. Choose a day from %(first)s to %(last)s.",
        {"day": day.isoformat(), "first": year.start_year, "last": latest},
    )
