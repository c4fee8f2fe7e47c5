"""Which notices are still to be sent outside, and through which channel."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.delivery import PERSONAL, Channel, DeliveryState, worth_sending_since
from app.domain.notice import PUBLIC_TEXTS
from app.domain.reminder import QuietHours
from app.models.notice import Delivery, Notice


def notices_to_send(channel: Channel, now: datetime, quiet: QuietHours) -> Select[Any]:
    """The ids of notices that the channel knows nothing of yet.

    What is read already needs no sending; a group is told once what many people are told.
    """
    known = exists().where(Delivery.notice_id == Notice.id, Delivery.channel == channel)
    fresh = and_(Notice.made_at > worth_sending_since(now, quiet), Notice.made_at <= now)
    if channel in PERSONAL:
        return select(Notice.id).where(fresh, Notice.read_at.is_(None), ~known)
    firsts = select(func.min(Notice.id)).where(Notice.msgid.in_(sorted(PUBLIC_TEXTS)))
    of_news = firsts.where(fresh).group_by(Notice.key)
    return select(Notice.id).where(Notice.id.in_(of_news), ~known)


def is_waiting(channels: Collection[Channel], now: datetime) -> ColumnElement[bool]:
    """Deliveries that are to be tried now."""
    return and_(
        Delivery.state == DeliveryState.WAITING,
        Delivery.next_at <= now,
        Delivery.channel.in_(sorted(channels)),
    )


def has_deliveries(
    session: Session, channels: Collection[Channel], now: datetime, quiet: QuietHours
) -> bool:
    """Whether anything is to be sent through one of the channels."""
    if not channels:
        return False
    waiting = select(Delivery.id).where(is_waiting(channels, now)).exists()
    fresh = [notices_to_send(channel, now, quiet).exists() for channel in sorted(channels)]
    return bool(session.scalar(select(or_(waiting, *fresh))))
