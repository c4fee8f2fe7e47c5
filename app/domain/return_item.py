"""Return items (退回意见): what is wrong with a table that was sent back (第十一条, 第十二条).

``ITEM_STEPS`` is the single table from which policies, the diagram in the docs and the exhaustive
test are made. An item is never deleted: it is answered by those who fill in and judged by whoever
may let the table pass at the level that raised it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.domain.period import LOCAL_ZONE
from app.domain.submission import Holder, Status, Verb

# The term of a return for which the sender names none, in days; the same as in the appraisal.
CORRECTION_DAYS = 5
LONGEST_ITEM = 2000
MOST_ITEMS = 500


class ItemState(StrEnum):
    """Where a return item stands."""

    OPEN = "open"
    CHANGED = "changed"
    EXPLAINED = "explained"
    CLOSED = "closed"
    REOPENED = "reopened"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self in OPEN_ITEMS

    @property
    def is_answered(self) -> bool:
        """Whether it waits to be judged."""
        return self in ANSWERED_ITEMS


OPEN_ITEMS = frozenset({ItemState.OPEN, ItemState.REOPENED})
ANSWERED_ITEMS = frozenset({ItemState.CHANGED, ItemState.EXPLAINED})


class ItemVerb(StrEnum):
    """What people do with a return item."""

    CHANGE = "change"
    EXPLAIN = "explain"
    CLOSE = "close"
    REOPEN = "reopen"


class Side(StrEnum):
    """Whose step it is: of those who fill in, or of the level that raised the item."""

    FILLER = "filler"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class ItemStep:
    """One change of state; ``article`` is that of the regulation it follows from."""

    source: ItemState
    verb: ItemVerb
    target: ItemState
    holder: Side
    article: int
    needs_reason: bool = False


def _answers() -> tuple[ItemStep, ...]:
    """An answer may be given once more as long as the table is open."""
    s, v = ItemState, ItemVerb
    sources = (s.OPEN, s.REOPENED, s.CHANGED, s.EXPLAINED)
    changed = (ItemStep(source, v.CHANGE, s.CHANGED, Side.FILLER, 11) for source in sources)
    explained = (
        ItemStep(source, v.EXPLAIN, s.EXPLAINED, Side.FILLER, 11, True) for source in sources
    )
    return (*changed, *explained)


def _judgements() -> tuple[ItemStep, ...]:
    s, v = ItemState, ItemVerb
    closed = (
        ItemStep(source, v.CLOSE, s.CLOSED, Side.REVIEWER, 12)
        for source in (s.CHANGED, s.EXPLAINED, s.REOPENED)
    )
    reopened = (
        ItemStep(source, v.REOPEN, s.REOPENED, Side.REVIEWER, 12, True)
        for source in (s.CHANGED, s.EXPLAINED, s.CLOSED)
    )
    return (*closed, *reopened)


ITEM_STEPS: tuple[ItemStep, ...] = (*_answers(), *_judgements())

# Who raised an item → the step by which he lets the table pass; its items are judged before.
PASSING: Mapping[Holder, Verb] = {
    Holder.STEWARD: Verb.REVIEW,
    Holder.HEAD: Verb.CONFIRM,
    Holder.QA_OFFICE: Verb.ACCEPT,
}
# Steps that bring a table back to those who fill it in, and with it items.
RETURNING = frozenset({Verb.SEND_BACK, Verb.REOPEN})


@dataclass(frozen=True)
class WantedItem:
    """An item somebody raises: of the whole table, of a row, or of the cell of a field."""

    reason: str
    row_id: str = ""
    field: str = ""


def item_step_for(source: ItemState, verb: ItemVerb) -> ItemStep | None:
    """The step that ``verb`` takes from ``source``; None when there is none."""
    for step in ITEM_STEPS:
        if (step.source, step.verb) == (source, verb):
            return step
    return None


def passed_level(verb: Verb) -> Holder | None:
    """Whose items have to be closed before the step; None where it lets nothing pass."""
    return next((level for level, passing in PASSING.items() if passing is verb), None)


def carries_items(verb: Verb, target: Status) -> bool:
    """Whether the step sends a table back with items."""
    return verb in RETURNING and target is Status.RETURNED


def due_of_return(sent_at: datetime, due_on: date | None = None) -> datetime:
    """The last second of the day by which a return is due."""
    usual = sent_at.astimezone(LOCAL_ZONE).date() + timedelta(days=CORRECTION_DAYS)
    return datetime.combine(due_on or usual, time(23, 59, 59), LOCAL_ZONE)


def days_between(earlier: datetime, later: datetime) -> int:
    """How many days lie between two moments on the wall clock of the college."""
    first, last = (moment.astimezone(LOCAL_ZONE).date() for moment in (earlier, later))
    return (last - first).days
