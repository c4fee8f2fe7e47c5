"""What counting a metric comes to: its value and the events that were counted (第十七条)."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.appraisal import Case
from app.domain.message import Message

PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Event:
    """One thing that was counted; ``amount`` is what it adds, ``is_fault`` whether it costs.

    ``submission_id`` and ``table`` say where it can be looked at, None where
    it is no matter of a table.
    """

    text: Message
    amount: Decimal
    is_fault: bool
    submission_id: int | None = None
    table: str | None = None


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


def ratio(part: int, whole: int) -> Decimal:
    """A share with four places."""
    return (Decimal(part) / Decimal(whole)).quantize(PLACES)


def plain_number(value: Decimal) -> str:
    """A number as people write it, without idle zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
