"""Sending notices outside: what fails is tried again later, and the notice stays where it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.delivery import note_fault, note_sent, queue_deliveries
from app.domain.delivery import Channel, DeliveryState
from app.domain.message import Message
from app.exchange.channel import Outgoing, SendingFault
from app.exchange.channel_setting import Outside
from app.models.base_table import Store
from app.models.delivery_rows import is_waiting
from app.models.notice import Delivery, Notice
from app.reports.notice import told

Translate = Callable[[Message], str]
# A channel takes no more at once; the rest is sent in the next round.
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Sent:
    """How many deliveries were taken, are tried again, and are given up."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0


def deliver(
    session: Session, store: Store, outside: Outside, *, now: datetime, translate: Translate
) -> Sent:
    """Send everything that is due through every channel that is set up."""
    queue_deliveries(session, outside.senders, now=now)
    counts = dict.fromkeys(DeliveryState, 0)
    for channel in outside.senders:
        for delivery, message in _due(session, store, outside, channel, now, translate):
            state, goes_on = _send(session, outside, delivery, message, now, translate)
            counts[state] += 1
            if not goes_on:
                break
    return Sent(
        counts[DeliveryState.SENT],
        counts[DeliveryState.WAITING],
        counts[DeliveryState.GIVEN_UP],
    )


def _due(
    session: Session,
    store: Store,
    outside: Outside,
    channel: Channel,
    now: datetime,
    translate: Translate,
) -> Sequence[tuple[Delivery, Outgoing]]:
    query = (
        select(Delivery, Notice)
        .join(Notice, Notice.id == Delivery.notice_id)
        .where(is_waiting({channel}, now))
        .order_by(Delivery.id)
        .limit(MOST_AT_ONCE)
    )
    found = session.execute(query).all()
    lines = told(session, store, [notice for _delivery, notice in found])
    title = translate(Message("State data platform"))
    button = translate(Message("Deal with it"))
    return [
        (
            delivery,
            Outgoing(
                title,
                translate(line.text),
                button,
                outside.address + notice.path,
                notice.recipient_number if channel is not Channel.GROUP else "",
                frozenset(delivery.taken or ()),
            ),
        )
        for (delivery, notice), line in zip(found, lines, strict=True)
    ]


def _send(
    session: Session,
    outside: Outside,
    delivery: Delivery,
    message: Outgoing,
    now: datetime,
    translate: Translate,
) -> tuple[DeliveryState, bool]:
    """Send one, note what came of it at once; whether the channel takes more now."""
    number, channel = delivery.id, delivery.channel
    try:
        outside.senders[channel].send(message)
    except SendingFault as fault:
        is_final, taken = fault.is_final, fault.taken
        said = translate(fault.told)
        state = note_fault(session, number, said, is_final=is_final, now=now, taken=taken)
        return state, not fault.stops
    note_sent(session, number, now=now)
    return DeliveryState.SENT, True
