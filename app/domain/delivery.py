"""Notices that are sent outside: the channels, and when a failed one is tried again."""

from datetime import timedelta
from enum import StrEnum


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
# What is older is of no use outside any more; it stays among the notices.
WORTH_SENDING = timedelta(days=2)


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures; None where it is given up.

    2, 8, 32 minutes, then two hours and eight: a machine that is down overnight loses nothing.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return FIRST_PAUSE * int(4 ** (attempts - 1))
