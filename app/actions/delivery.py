"""Noting what is to be sent outside and what became of it; notices themselves never change."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.delivery import Channel, DeliveryState, pause_after
from app.models.database import writing
from app.models.delivery_rows import notices_to_send
from app.models.notice import LONGEST_FAULT, Delivery
from app.models.reminder_setting import read_reminder_settings

MOST_AT_ONCE = 2000


def queue_deliveries(session: Session, channels: Collection[Channel], *, now: datetime) -> int:
    """Note every notice that a channel has to carry; how many are new."""
    count = 0
    with writing(session):
        quiet = read_reminder_settings(session).quiet
        for channel in sorted(channels):
            wanted = notices_to_send(channel, now, quiet).limit(MOST_AT_ONCE)
            numbers = session.scalars(wanted).all()
            session.add_all(
                Delivery(notice_id=n, channel=channel, state=DeliveryState.WAITING, next_at=now)
                for n in numbers
            )
            count += len(numbers)
        session.commit()
    return count


def note_sent(session: Session, delivery_id: int, *, now: datetime) -> None:
    """Note that a delivery was taken at the other end."""
    with writing(session):
        found = _held(session, delivery_id)
        found.state, found.sent_at = DeliveryState.SENT, now
        found.attempts += 1
        session.commit()


def note_fault(
    session: Session,
    delivery_id: int,
    told: str,
    *,
    is_final: bool,
    now: datetime,
    taken: Collection[str] = (),
) -> DeliveryState:
    """Note that a delivery was not taken; it is tried again later or given up.

    ``taken`` are the marks of the addresses that have it all the same.
    """
    with writing(session):
        found = _held(session, delivery_id)
        found.attempts += 1
        found.fault = told[:LONGEST_FAULT]
        found.taken = sorted(taken) or None
        pause = None if is_final else pause_after(found.attempts)
        if pause is None:
            found.state = DeliveryState.GIVEN_UP
        else:
            found.next_at = now + pause
        session.commit()
        return found.state


def _held(session: Session, delivery_id: int) -> Delivery:
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
