"""May a password be tried now, and may this person help others with their logins."""

from datetime import datetime

from app.access.person import Actor
from app.access.roles import ACCOUNT
from app.domain.account import ADDRESS_LIMIT, NAME_LIMIT
from app.domain.message import Message
from app.models.account import Attempts

# Whom to ask for a new password or to be unlocked: those whom ``why_not_reset`` lets do it.
WHO_HELPS = Message(
    "Teachers ask the data steward of their department, everybody else the system administrator."
)


def why_not_try(name: Attempts | None, address: Attempts | None, now: datetime) -> Message | None:
    """Why no password is looked at now, whatever it is; the same for names that nobody has.

    ``now`` is on the clock of the college, and so is the time in the message.
    """
    if name is not None and name.is_locked(now):
        return Message(
            "The password was wrong %(count)s times in a row. To protect the account, no password"
            " is accepted until %(time)s. Try again then. %(helpers)s",
            {"count": NAME_LIMIT.attempts, "time": _clock(name, now), "helpers": WHO_HELPS},
        )
    if address is not None and address.is_locked(now):
        return Message(
            "Too many wrong passwords came from this address (%(count)s). Signing in from here is"
            " possible again at %(time)s; if it is urgent, use another network.",
            {"count": ADDRESS_LIMIT.attempts, "time": _clock(address, now)},
        )
    return None


def why_not_unlock(actor: Actor) -> Message | None:
    """Why the actor may not unlock the logins of others."""
    if actor.may("unlock", ACCOUNT):
        return None
    return Message("You have no right to unlock accounts. Ask the quality office.")


def _clock(attempts: Attempts, now: datetime) -> str:
    until = attempts.locked_until or now
    return f"{until.astimezone(now.tzinfo):%H:%M}"
