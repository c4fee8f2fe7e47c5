"""What became of the notices that were sent outside, for whoever looks after that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.reminder import why_not_read_reminders
from app.domain.delivery import DeliveryState
from app.domain.message import refuse
from app.models.notice import Delivery, Notice

MOST_FAULTS = 30


@dataclass(frozen=True)
class FaultyDelivery:
    """A delivery that has not succeeded, and the number of the person it was for."""

    delivery: Delivery
    recipient: str


@dataclass(frozen=True)
class Deliveries:
    """How many deliveries stand where, and the latest that have not succeeded."""

    counts: Mapping[DeliveryState, int]
    faults: Sequence[FaultyDelivery]


def read_deliveries(session: Session, actor: Actor) -> Deliveries:
    """Everything that was sent outside. Raises Refused."""
    refuse(why_not_read_reminders(actor))
    counting = select(Delivery.state, func.count()).group_by(Delivery.state)
    counts = dict(session.execute(counting).all())
    query = (
        select(Delivery, Notice.recipient_number)
        .join(Notice, Notice.id == Delivery.notice_id)
        .where(Delivery.fault.is_not(None), Delivery.state != DeliveryState.SENT)
        .order_by(Delivery.id.desc())
        .limit(MOST_FAULTS)
    )
    faults = [FaultyDelivery(delivery, number) for delivery, number in session.execute(query)]
    return Deliveries({state: counts[state] for state in DeliveryState if state in counts}, faults)
