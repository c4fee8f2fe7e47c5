"""Notices that are sent outside: the channels, and when a failed one is tried again."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.period import LOCAL_ZONE
from app.domain.reminder import QuietHours


class Channel(StrEnum):
    """A way outside; ``group`` is everything that reaches a group or a mailbox, not one person."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    GROUP = "group"


class DeliveryState(StrEnum):
    """Where a delivery stands; ``given_up`` is shown to the administrator."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


PERSONAL = frozenset({Channel.WECOM, Channel.DINGTALK})
MOST_ATTEMPTS = 6
FIRST_PAUSE = timedelta(minutes=2)
# What is older, days off not counted, is of no use outside any more; it stays among the notices.
DAYS_WORTH_SENDING = 2


def worth_sending_since(now: datetime, quiet: QuietHours) -> datetime:
    """Since when notices are still sent; what falls into days off waits for their end."""
    moment = now.astimezone(LOCAL_ZONE)
    for _day in range(DAYS_WORTH_SENDING):
        moment -= timedelta(days=1)
        while quiet.is_day_off(moment.date()):
            moment -= timedelta(days=1)
    return moment


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures; None where it is given up.

    2, 8, 32 minutes, then two hours and eight: a machine that is down overnight loses nothing.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return FIRST_PAUSE * int(4 ** (attempts - 1))
