"""Recording the mobilisation meetings of departments (第九条)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.training import why_not_record_meeting
from app.actions.attached_file import attach
from app.actions.audit_log import Deed, record
from app.actions.supporting_material import MaterialDraft
from app.actions.training import fitting, needed
from app.actions.work_plan import locked_cycle
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.training import why_not_day
from app.models.attached_file import FileOwner
from app.models.database import writing
from app.models.training import (
    LONGEST_CONTENT,
    LONGEST_NAMES,
    LONGEST_PLACE,
    MobilisationMeeting,
)


@dataclass(frozen=True)
class MeetingDraft:
    """What is said of a meeting that was held."""

    department: str
    held_on: date
    host: str
    attendees: str
    minutes: str
    place: str = ""
    file: MaterialDraft | None = None


def record_meeting(
    session: Session, cycle_id: int, draft: MeetingDraft, *, by: Actor, now: datetime
) -> MobilisationMeeting:
    """Record a meeting of the department. Raises Refused."""
    with writing(session):
        cycle = locked_cycle(session, cycle_id)
        refuse(why_not_record_meeting(by, cycle, draft.department))
        refuse(why_not_day(draft.held_on, cycle.year), Reason.INVALID)
        if draft.held_on > now.date():
            raise Refused(
                Message("Record a meeting after it was held; this day lies in the future."),
                Reason.INVALID,
            )
        meeting = MobilisationMeeting(
            cycle_id=cycle.id,
            department_code=draft.department,
            held_on=draft.held_on,
            place=fitting(draft.place, LONGEST_PLACE, Message("Place")),
            host=needed(draft.host, LONGEST_PLACE, Message("Host")),
            attendees=needed(draft.attendees, LONGEST_NAMES, Message("Attendees")),
            minutes=needed(draft.minutes, LONGEST_CONTENT, Message("Minutes")),
            recorded_at=now,
            recorded_by=by.number,
            recorded_by_name=by.name,
        )
        session.add(meeting)
        session.flush()
        if draft.file is not None:
            attach(session, FileOwner.MOBILISATION_MEETING, meeting.id, draft.file, by=by, now=now)
        deed = Deed(
            "mobilisation_meeting.record",
            f"mobilisation_meeting:{meeting.id}",
            draft.department,
            after=draft.held_on.isoformat(),
        )
        record(session, deed, by=by, now=now)
        session.commit()
        return meeting
