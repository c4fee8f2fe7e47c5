"""Who reads the audit log, and who has its chain verified (第六条)."""

from dataclasses import dataclass

from app.access.person import Actor
from app.access.policies import overlooks_college
from app.access.roles import AUDIT_LOG
from app.domain.message import Message
from app.domain.person import Function

# What a department does not read of its own: remarks on its appraisal before that is published.
HIDDEN = ("appraisal",)
# What entries of the platform's own upkeep are about; their tags begin with it.
TECHNICAL = ("account", "job", "permission", "person", "role", "setting")


@dataclass(frozen=True)
class LogScope:
    """Which entries one reads: all; else those of departments, of objects, and by oneself.

    Of departments not those about ``hidden`` objects.
    """

    is_whole: bool
    departments: frozenset[str]
    objects: tuple[str, ...]
    person: str
    hidden: tuple[str, ...] = HIDDEN


def why_not_read_log(actor: Actor) -> Message | None:
    """Why the actor may not see the audit log."""
    if actor.may("read", AUDIT_LOG):
        return None
    return Message("You have no right to view the audit log.")


def why_not_verify_log(actor: Actor) -> Message | None:
    """Why the actor may not have the chain verified."""
    if actor.may("verify", AUDIT_LOG):
        return None
    return Message("Only the quality office and the system administrator verify the audit log.")


def log_scope(actor: Actor) -> LogScope:
    """The entries that the actor reads."""
    is_administrator = actor.holds(Function.ADMINISTRATOR)
    return LogScope(
        is_whole=overlooks_college(actor),
        departments=actor.departments(Function.DATA_STEWARD, Function.HEAD),
        objects=TECHNICAL if is_administrator else (),
        person=actor.number,
    )
