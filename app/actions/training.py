"""Planning training, signing in, noting attendance, deciding that none is needed (第八条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.training import (
    MUST_ATTEND,
    why_not_attendance,
    why_not_edit_training,
    why_not_session_step,
)
from app.actions.attached_file import attach
from app.actions.audit_log import Deed, record, tidy_reason
from app.actions.supporting_material import MaterialDraft
from app.actions.work_plan import locked_cycle
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import LOCAL_ZONE
from app.domain.training import (
    Attendance,
    AttendanceStep,
    AttendanceVerb,
    SessionStatus,
    SessionVerb,
    attendance_step,
    session_step,
    why_not_day,
)
from app.models.appointment_rows import holders
from app.models.attached_file import FileOwner
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.person import Appointment, Person
from app.models.training import (
    LONGEST_CONTENT,
    LONGEST_NAMES,
    LONGEST_PLACE,
    LONGEST_TITLE,
    TrainingAttendance,
    TrainingSession,
    TrainingWaiver,
)

Attendees = Mapping[str, tuple[Appointment, Person]]


@dataclass(frozen=True)
class SessionDraft:
    """What is said of a session; ``begins_at`` is on the clock of the college."""

    title: str
    begins_at: datetime
    place: str
    host: str
    content: str = ""
    file: MaterialDraft | None = None


def plan_session(
    session: Session, cycle_id: int, draft: SessionDraft, *, by: Actor, now: datetime
) -> TrainingSession:
    """Plan a training session of the year. Raises Refused."""
    with writing(session):
        cycle = locked_cycle(session, cycle_id)
        refuse(why_not_edit_training(by, cycle))
        refuse(why_not_day(draft.begins_at.date(), cycle.year), Reason.INVALID)
        planned = TrainingSession(
            cycle_id=cycle.id,
            title=needed(draft.title, LONGEST_TITLE, Message("Title")),
            begins_at=draft.begins_at,
            place=needed(draft.place, LONGEST_PLACE, Message("Place")),
            host=needed(draft.host, LONGEST_PLACE, Message("Host")),
            content=fitting(draft.content, LONGEST_CONTENT, Message("Content")),
            status=SessionStatus.PLANNED,
            changed_at=now,
            changed_by_name=by.name,
        )
        session.add(planned)
        session.flush()
        if draft.file is not None:
            attach(session, FileOwner.TRAINING_SESSION, planned.id, draft.file, by=by, now=now)
        _record(session, "plan", planned, by, now)
        session.commit()
        return planned


def add_training_file(
    session: Session, number: int, file: MaterialDraft | None, *, by: Actor, now: datetime
) -> None:
    """Add a material to a session, before or after it was held. Raises Refused."""
    if file is None:
        raise Refused(Message("Choose the file first."), Reason.INVALID)
    with writing(session):
        found, cycle = _locked(session, number)
        refuse(why_not_edit_training(by, cycle))
        attach(session, FileOwner.TRAINING_SESSION, found.id, file, by=by, now=now)
        _record(session, "attach", found, by, now, after=file.name)
        session.commit()


def take_session_step(
    session: Session,
    number: int,
    verb: SessionVerb,
    *,
    version: int,
    reason: str | None,
    by: Actor,
    now: datetime,
) -> TrainingSession:
    """Note that a session was held, or call it off with a reason. Raises Refused.

    Who did not sign in to a session that was held was absent, until the office notes otherwise.
    """
    said = tidy_reason(reason, LONGEST_NAMES)
    with writing(session):
        found, cycle = _locked(session, number)
        _refuse_stale(found, version)
        refuse(why_not_session_step(by, cycle, found, verb))
        step = session_step(found.status, verb)
        if step is None:  # pragma: no cover - the policy has refused it already
            raise Refused(Message("This step does not exist."))
        if verb is SessionVerb.CALL_OFF and said is None:
            raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
        if verb is SessionVerb.HOLD:
            _close_list(session, found, by, now)
        before, found.status = found.status, step.target
        found.version += 1
        deed = Deed(
            f"training.{verb}", f"training_session:{found.id}", None, before, step.target, said
        )
        record(session, deed, by=by, now=now)
        session.commit()
        return found


def _close_list(session: Session, found: TrainingSession, by: Actor, now: datetime) -> None:
    if found.begins_at > now:
        raise Refused(Message("The training session has not begun yet."), Reason.INVALID)
    noted = _attendances(session, found.id)
    for number, (held, person) in attendees(session, found).items():
        if number not in noted:
            session.add(_attendance(found, held, person, Attendance.ABSENT, by, now))


def note_attendance(
    session: Session,
    number: int,
    said: Mapping[str, AttendanceVerb],
    *,
    version: int,
    by: Actor,
    now: datetime,
) -> int:
    """Keep what is said of people by number; returns how many changed. Raises Refused.

    Somebody signs in for himself; the quality office notes everybody.
    """
    with writing(session):
        found, cycle = _locked(session, number)
        if AttendanceVerb.SIGN_IN not in said.values():
            _refuse_stale(found, version)
        noted, expected = _attendances(session, found.id), attendees(session, found)
        changed = 0
        for who, verb in said.items():
            kept = noted.get(who)
            before = kept.attendance if kept else Attendance.EXPECTED
            refuse(why_not_attendance(by, cycle, found, who, before, verb, now.date()))
            step = attendance_step(found.status, before, verb)
            if step is not None and before is not step.target:
                kept = kept or _new_attendance(found, expected, who, by, now)
                _note(session, kept, step, by, now)
                changed += 1
        found.version += bool(changed)
        session.commit()
        return changed


def _note(
    session: Session, kept: TrainingAttendance, step: AttendanceStep, by: Actor, now: datetime
) -> None:
    """Let the step happen, and record it."""
    before, kept.attendance = kept.attendance, step.target
    kept.signed_at = now if step.verb is AttendanceVerb.SIGN_IN else None
    kept.recorded_at, kept.recorded_by_name = now, by.name
    session.add(kept)
    subject, who = f"training_session:{kept.session_id}", kept.person_number
    deed = Deed(f"training.{step.verb}", subject, kept.department_code, before, step.target, who)
    record(session, deed, by=by, now=now)


def decide_no_training(
    session: Session, cycle_id: int, reason: str, *, by: Actor, now: datetime
) -> None:
    """Record that the year needs no training; an empty reason is refused."""
    said = tidy_reason(reason, LONGEST_NAMES)
    with writing(session):
        cycle = locked_cycle(session, cycle_id)
        refuse(why_not_edit_training(by, cycle))
        if said is None:
            raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
        kept = session.get(TrainingWaiver, cycle.id) or TrainingWaiver(cycle_id=cycle.id)
        kept.reason, kept.decided_at = said, now
        kept.decided_by, kept.decided_by_name = by.number, by.name
        session.add(kept)
        deed = Deed("training.waive", f"cycle:{cycle.id}", reason=said)
        record(session, deed, by=by, now=now)
        session.commit()


def attendees(session: Session, found: TrainingSession) -> Attendees:
    """Number → appointment and person of everybody who must attend, by the day of the session."""
    day = found.begins_at.astimezone(LOCAL_ZONE).date()
    held = holders(session, (MUST_ATTEND,), day)
    return {person.number: (appointment, person) for appointment, person in reversed(held)}


def needed(text: str, longest: int, what: Message) -> str:
    """The text, trimmed; Refused where it is empty or too long."""
    if not text.strip():
        raise Refused(Message("Fill in “%(what)s”.", {"what": what}), Reason.INVALID)
    return fitting(text, longest, what)


def fitting(text: str, longest: int, what: Message) -> str:
    """The text, trimmed; Refused where it is too long."""
    if len(text.strip()) > longest:
        message = Message(
            "“%(what)s” has at most %(count)s characters; shorten it.",
            {"what": what, "count": longest},
        )
        raise Refused(message, Reason.INVALID)
    return text.strip()


def _locked(session: Session, number: int) -> tuple[TrainingSession, Cycle]:
    found = session.get(TrainingSession, number, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refused(Message("There is no such training session."), Reason.NOT_FOUND)
    return found, session.get_one(Cycle, found.cycle_id)


def _refuse_stale(found: TrainingSession, version: int) -> None:
    if found.version != version:
        raise Refused(
            Message("Somebody has changed this training session already. Reload the page."),
            Reason.CONFLICT,
        )


def _attendances(session: Session, number: int) -> dict[str, TrainingAttendance]:
    query = select(TrainingAttendance).where(TrainingAttendance.session_id == number)
    found = session.scalars(query.execution_options(populate_existing=True))
    return {each.person_number: each for each in found}


def _new_attendance(
    found: TrainingSession, expected: Attendees, number: str, by: Actor, now: datetime
) -> TrainingAttendance:
    if number not in expected:
        raise Refused(
            Message("Only data stewards in office on the day of the training are noted."),
            Reason.INVALID,
        )
    held, person = expected[number]
    return _attendance(found, held, person, Attendance.EXPECTED, by, now)


def _attendance(
    found: TrainingSession,
    held: Appointment,
    person: Person,
    attendance: Attendance,
    by: Actor,
    now: datetime,
) -> TrainingAttendance:
    return TrainingAttendance(
        session_id=found.id,
        person_number=person.number,
        person_name=person.name,
        department_code=held.department_code,
        attendance=attendance,
        recorded_at=now,
        recorded_by_name=by.name,
    )


def _record(
    session: Session,
    verb: str,
    found: TrainingSession,
    by: Actor,
    now: datetime,
    after: str | None = None,
) -> None:
    deed = Deed(f"training.{verb}", f"training_session:{found.id}", after=after or found.title)
    record(session, deed, by=by, now=now)
