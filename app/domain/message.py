"""Messages that travel up to people, and the refusal that carries one.

Rooms below ``web`` never translate: they name an English msgid and its
parameters, and the page or the command puts it into Chinese (decision 14).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Message:
    """A text to be shown: an English msgid with named ``%(…)s`` parameters.

    A parameter may itself be a Message; it is translated before it is put in.
    """

    msgid: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    def english(self) -> str:
        """The text without translation, for logs and test failures."""
        shown = {
            name: value.english() if isinstance(value, Message) else value
            for name, value in self.parameters.items()
        }
        return self.msgid % shown if shown else self.msgid


class Reason(StrEnum):
    """Why something was refused; decides the answer a caller gets."""

    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    LOCKED = "locked"
    INVALID = "invalid"
    BUSY = "busy"


class Refused(Exception):  # noqa: N818 - shown to people, hence no Error suffix
    """A request that was understood and declined, with the reason to show.

    Nothing has been written when it is raised. ``details`` holds more
    messages of the same kind (open items, missing tables) for a list.
    """

    def __init__(
        self,
        message: Message,
        reason: Reason = Reason.FORBIDDEN,
        details: tuple[Message, ...] = (),
    ) -> None:
        super().__init__(message.english())
        self.message = message
        self.reason = reason
        self.details = details


def refuse(message: Message | None, reason: Reason = Reason.FORBIDDEN) -> None:
    """Raise Refused where there is something to be said against it."""
    if message is not None:
        raise Refused(message, reason)
