"""What is wrong with a written condition, and where."""

from dataclasses import dataclass

from app.domain.message import Message


@dataclass(frozen=True)
class Fault:
    """One fault: ``start`` and ``end`` are positions in the text, from 0, the end not included."""

    message: Message
    start: int
    end: int


class ExpressionError(Exception):
    """A condition that cannot be used, with everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(fault.message.english() for fault in faults))
        self.faults = faults
