"""What a metric of the appraisal comes to, event by event (第十七条, decision 9)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from app.domain.appraisal import Case, Metric
from app.domain.evidence import Records
from app.domain.message import Message

PLACES = Decimal("0.0001")


class Recorded(Enum):
    """Records that a year may lack altogether: nobody made any, or it is older than they are."""

    ATTEMPTS = auto()
    CHECKS = auto()
    TRAINING = auto()
    MEETINGS = auto()
    COOPERATION = auto()
    TEACHERS = auto()


@dataclass(frozen=True)
class Event:
    """One thing that was counted; ``amount`` is what it adds, ``is_fault`` whether it costs.

    ``submission_id`` and ``table``, or ``cooperation_id``, say where it can be looked at; None
    where it is no matter of these.
    """

    text: Message
    amount: Decimal
    is_fault: bool
    submission_id: int | None = None
    table: str | None = None
    cooperation_id: int | None = None


@dataclass(frozen=True)
class Measurement:
    """What a metric comes to; ``value`` is None where it does not apply.

    ``summary`` tells the events in one sentence.
    """

    value: Decimal | None
    summary: Message
    events: tuple[Event, ...] = ()
    case: Case | None = None

    @property
    def amounts(self) -> list[Decimal]:
        """The amounts of the single events."""
        return [event.amount for event in self.events]


@dataclass(frozen=True)
class MetricSpec:
    """A metric the platform can count: what it counts, how, and from which records.

    Where a year has none of the records that it ``needs``, the quality office settles the item.
    """

    metric: Metric
    what: Message
    measure: Callable[[Records], Measurement]
    needs: Recorded | None = None


def ratio(part: int, whole: int) -> Decimal:
    """A share of ``whole``, from 0 to 1."""
    return (Decimal(part) / Decimal(whole)).quantize(PLACES)


def plain_number(value: Decimal) -> str:
    """A number as people write it, without idle zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
