"""Logins: how often a password may be wrong, and how long a session lives (等级保护 身份鉴别)."""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Way(StrEnum):
    """Where a password was asked for."""

    FORM = "form"
    API = "api"
    STEP = "step"


class AccountEvent(StrEnum):
    """What the sign-in log keeps about a login."""

    SIGNED_IN = "signed_in"
    FAILED = "failed"
    LOCKED_OUT = "locked_out"
    UNLOCKED = "unlocked"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word of the log
    PASSWORD_ISSUED = "password_issued"  # noqa: S105 - a word of the log


@dataclass(frozen=True)
class AttemptLimit:
    """So many wrong passwords in a row, none later than ``window`` after the one before."""

    attempts: int
    window: timedelta
    pause: timedelta


@dataclass(frozen=True)
class SessionLimit:
    """How long a session lives without a request (``idle``) and at most (``lifetime``)."""

    idle: timedelta
    lifetime: timedelta

    def is_over(self, created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
        """Whether a session that began and was last seen then has run out."""
        return now - last_seen_at >= self.idle or now - created_at >= self.lifetime

    @property
    def grain(self) -> timedelta:
        """How exactly it is noted when a session was last seen: a write is not free."""
        return min(timedelta(minutes=5), self.idle / 10)


NAME_LIMIT = AttemptLimit(5, timedelta(minutes=15), timedelta(minutes=15))
# A whole computer room may stand behind one address; spraying needs thousands.
ADDRESS_LIMIT = AttemptLimit(100, timedelta(minutes=15), timedelta(minutes=15))
# An initial password lies about on paper until it is used.
INITIAL_PASSWORD_LIFETIME = timedelta(days=30)
LONGEST_NAME = 64


def account_name(typed: str) -> str:
    """The name under which attempts with ``typed`` are counted.

    What cannot be anybody's sign-in name (too long, unprintable) is counted under its hash.
    """
    name = typed.strip()
    if 0 < len(name) <= LONGEST_NAME and name.isprintable():
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"?{digest[:40]}"


def is_this_machine(address: str) -> bool:
    """Whether a request came from the machine that answers it, or from nowhere in particular."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True
