"""What the appraisal counts of how a department prepared itself (第八条, 第九条, 第十七条)."""

from datetime import date
from decimal import Decimal

from app.domain.evidence import Records, local_day
from app.domain.measurement import Event, Measurement, ratio
from app.domain.message import Message

# What a meeting is worth that came after the opening.
HALF = Decimal("0.5")


def mobilisation_meeting(records: Records) -> Measurement:
    """1 where the department met before the opening, a half where later, 0 without a meeting.

    The earliest of several meetings counts; one after the year was due is none. No meeting is
    recorded without its minutes.
    """
    if not records.owed:
        return Measurement(None, Message("The department owed no table."))
    opened, due = local_day(records.opened_at), local_day(records.due_at)
    events = [_meeting(day, opened) for day in sorted(records.meetings) if day <= due]
    if not events:
        return Measurement(Decimal(0), Message("No mobilisation meeting was recorded"))
    return Measurement(events[0].amount, events[0].text, tuple(events))


def _meeting(day: date, opened: date) -> Event:
    told = {"day": day.isoformat()}
    if day > opened:
        return Event(Message("Met on %(day)s, after the opening", told), HALF, is_fault=True)
    return Event(Message("Met on %(day)s, before the opening", told), Decimal(1), is_fault=False)


def training_attendance(records: Records) -> Measurement:
    """The share of those who had to attend that attended; making up for it counts as much."""
    if not records.trainees:
        return Measurement(None, Message("Nobody of the department had to attend a training."))
    events = []
    for trainee in records.trainees:
        told = {"person": trainee.person}
        text = Message("%(person)s attended no training", told)
        if trainee.attended_on is not None:
            told["day"] = trainee.attended_on.isoformat()
            text = Message("%(person)s attended the training of %(day)s", told)
        missed = trainee.attended_on is None
        events.append(Event(text, Decimal(int(not missed)), is_fault=missed))
    attended = sum(not event.is_fault for event in events)
    summary = Message(
        "%(attended)s of %(count)s data stewards attended a training",
        {"attended": attended, "count": len(events)},
    )
    return Measurement(ratio(attended, len(events)), summary, tuple(events))
