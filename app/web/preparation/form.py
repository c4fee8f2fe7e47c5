"""What is typed on the page of the preparation."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.actions.appointment_confirmation import Held
from app.domain.message import Message, Reason, Refused
from app.domain.period import AcademicYear
from app.domain.person import Function
from app.domain.work_plan import LAST_PHASE, Phase
from app.models.work_plan import PhaseDays


def read_phases(form: Mapping[str, str], year: AcademicYear) -> dict[Phase, PhaseDays]:
    """The days of the phases; empty where every field is. Raises Refused.

    No phase of a year begins before the calendar year in which it starts.
    """
    named = {phase: (_typed(form, phase, "begins"), _typed(form, phase, "due")) for phase in Phase}
    if not any(text for texts in named.values() for text in texts):
        return {}
    days = {
        phase: PhaseDays(read_day(begins), None if phase is LAST_PHASE else read_day(due))
        for phase, (begins, due) in named.items()
    }
    first = date(year.start_year, 1, 1)
    for own in days.values():
        if own.begins_on < first:
            told = {"day": own.begins_on.isoformat(), "year": year.code, "first": first.isoformat()}
            raise Refused(
                Message(
                    "%(day)s is too early for the year %(year)s: a phase begins on %(first)s or"
                    " later.",
                    told,
                ),
                Reason.INVALID,
            )
    return days


def read_held(values: Sequence[str]) -> set[Held]:
    """Who was ticked, as ``department function number``. Raises Refused."""
    found = set()
    for value in values:
        parts = value.split(" ")
        if len(parts) != len(Held._fields) or parts[1] not in set(Function):
            message = Message("Somebody you chose is no longer in office. Look at the list again.")
            raise Refused(message, Reason.CONFLICT)
        found.add(Held(parts[0], Function(parts[1]), parts[2]))
    return found


def read_day(text: str) -> date:
    """A day as browsers send it. Raises Refused with what was typed."""
    if not text:
        raise Refused(Message("Choose the day."), Reason.INVALID)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            Message("“%(text)s” is no day. Write it like 2026-10-15.", {"text": text}),
            Reason.INVALID,
        ) from error


def _typed(form: Mapping[str, str], phase: Phase, part: str) -> str:
    return form.get(f"{part}-{phase}", "").strip()[:32]
