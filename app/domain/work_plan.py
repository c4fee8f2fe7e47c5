"""The work plan of a collection year and its three phases (第七条, 第八条).

What teachers say of themselves comes first, then their lessons and other data, then the tables
that the departments fill in. Each phase has its days; the last one ends with the year's due date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from app.domain.message import Message

LONGEST_PLAN = 20_000


class Phase(StrEnum):
    """The phases of a collection year, in their order."""

    BASIC_DATA = "basic_data"
    TEACHING_DATA = "teaching_data"
    DEPARTMENT_DATA = "department_data"


# The phase that the year's own due date ends.
LAST_PHASE = Phase.DEPARTMENT_DATA


@dataclass(frozen=True)
class PhaseDates:
    """When a phase begins, and when what is filled in during it is due."""

    phase: Phase
    begins_on: date
    due_at: datetime

    def is_current(self, now: datetime) -> bool:
        """Whether the phase is under way; ``now`` is on the clock of the college."""
        return self.begins_on <= now.date() and now <= self.due_at

    def is_over(self, now: datetime) -> bool:
        """Whether what was to be filled in during it is due."""
        return now > self.due_at


def why_not_phases(phases: Mapping[Phase, PhaseDates], due_at: datetime) -> Message | None:
    """Why a year that is due at ``due_at`` cannot have these phases."""
    if set(phases) != set(Phase):
        return Message("Name the days of all three phases, or of none.")
    ordered = [phases[phase] for phase in Phase]
    for each in ordered:
        if each.begins_on > each.due_at.date():
            return Message("A phase cannot be due before it begins.")
    for earlier, later in pairwise(ordered):
        if later.begins_on < earlier.begins_on or later.due_at < earlier.due_at:
            return Message("The phases have to follow one another: a later one ends later.")
    if ordered[-1].due_at != due_at:
        return Message("The last phase ends with the due date of the year.")
    return None
