"""What is typed on the pages of training and meetings."""

from collections.abc import Mapping
from datetime import datetime

from app.actions.mobilisation_meeting import MeetingDraft
from app.actions.supporting_material import MaterialDraft
from app.actions.training import SessionDraft
from app.domain.message import Message, Reason, Refused
from app.domain.period import EARLIEST_YEAR, LATEST_YEAR, LOCAL_ZONE
from app.domain.training import AttendanceVerb
from app.web.preparation.form import read_day

FIELD = "person."


def read_session(form: Mapping[str, str], file: MaterialDraft | None) -> SessionDraft:
    """A session as it was typed. Raises Refused where its time cannot be read."""
    text = form.get("begins_at", "").strip()[:32]
    if not text:
        raise Refused(Message("Choose day and hour."), Reason.INVALID)
    try:
        begins_at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            Message("“%(text)s” is no time. Choose day and hour.", {"text": text}), Reason.INVALID
        ) from error
    if not EARLIEST_YEAR <= begins_at.year <= LATEST_YEAR:
        raise Refused(
            Message(
                "“%(text)s” lies outside the years %(first)s to %(last)s. Correct the day.",
                {"text": text, "first": EARLIEST_YEAR, "last": LATEST_YEAR},
            ),
            Reason.INVALID,
        )
    return SessionDraft(
        form.get("title", ""),
        begins_at.replace(tzinfo=LOCAL_ZONE),
        form.get("place", ""),
        form.get("host", ""),
        form.get("content", "").replace("\r\n", "\n"),
        file,
    )


def read_attendance(form: Mapping[str, str]) -> dict[str, AttendanceVerb]:
    """Number → what is said of the person, of those something is said of."""
    return {
        name.removeprefix(FIELD): AttendanceVerb(value)
        for name, value in form.items()
        if name.startswith(FIELD) and value in set(AttendanceVerb) - {AttendanceVerb.SIGN_IN}
    }


def read_meeting(form: Mapping[str, str], file: MaterialDraft | None) -> MeetingDraft:
    """A meeting as it was typed. Raises Refused where its day cannot be read."""
    return MeetingDraft(
        form.get("department", "")[:16],
        read_day(form.get("held_on", "").strip()[:32]),
        form.get("host", ""),
        form.get("attendees", "").replace("\r\n", "\n"),
        form.get("minutes", "").replace("\r\n", "\n"),
        form.get("place", ""),
        file,
    )
