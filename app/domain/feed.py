"""Feeds (数据对接): when one runs by itself, and what becomes of a cell it brings a value for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.period import LOCAL_ZONE

LAST_HOUR = 23
LAST_WEEKDAY = 6


class Rhythm(StrEnum):
    """How often a feed runs by itself."""

    DAILY = "daily"
    WEEKLY = "weekly"


class Choice(StrEnum):
    """What is decided about a conflict: the value of the source, or one's own."""

    TAKE = "take"
    KEEP = "keep"


class RunResult(StrEnum):
    """How a run ended: ``done``, or ``refused`` before anything was written."""

    DONE = "done"
    REFUSED = "refused"


class CellState(StrEnum):
    """What a value from the source means for a cell.

    ``equal``: it stands there already; ``follow``: it is written; ``conflict``: people have
    something else there; ``kept``: they have decided so about this very value; ``silent``: the
    source knows nothing.
    """

    EQUAL = "equal"
    FOLLOW = "follow"
    CONFLICT = "conflict"
    KEPT = "kept"
    SILENT = "silent"


@dataclass(frozen=True)
class Remembered:
    """A value that was given or declined before; None stands for an empty cell."""

    value: object


def state_of_cell(
    stored: object, brought: object, given: Remembered | None, kept: Remembered | None
) -> CellState:
    """What to do with a cell that holds ``stored`` when the source has ``brought``.

    ``given`` is what the feed wrote or confirmed there the last time, ``kept`` the source's value
    that people declined. A cell that nobody touched since follows the source; an empty cell that
    the feed never filled is filled.
    """
    if stored == brought:
        return CellState.EQUAL
    if given is not None and given.value == stored:
        return CellState.FOLLOW
    if brought is None:
        return CellState.SILENT
    if stored is None and given is None:
        return CellState.FOLLOW
    if kept is not None and kept.value == brought:
        return CellState.KEPT
    return CellState.CONFLICT


@dataclass(frozen=True)
class Schedule:
    """At which full hour, by the clock of the college, a feed runs; weekly on a day from 0 on."""

    rhythm: Rhythm
    hour: int
    weekday: int = 0

    @property
    def is_possible(self) -> bool:
        """Whether there are such an hour and such a day."""
        return 0 <= self.hour <= LAST_HOUR and 0 <= self.weekday <= LAST_WEEKDAY

    def last_due(self, now: datetime) -> datetime:
        """The latest moment up to ``now`` at which it had to run."""
        local = now.astimezone(LOCAL_ZONE)
        moment = local.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        if moment > local:
            moment -= timedelta(days=1)
        if self.rhythm is Rhythm.WEEKLY:
            moment -= timedelta(days=(moment.weekday() - self.weekday) % 7)
        return moment

    def is_due(self, since: datetime, now: datetime) -> bool:
        """Whether it had to run after ``since``, when it was set or ran the last time."""
        return since < self.last_due(now)
