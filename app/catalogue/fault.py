"""What is wrong with files that people write, in words that are put into their language later."""

from collections.abc import Sequence
from typing import Any

from app.domain.message import Message

LONGEST_SHOWN = 60
# Faults of the catalogue that comes along are texts for whoever develops it.
Fault = Message | str


class FaultError(ValueError):
    """Words of a file that do not fit; ``faults`` are all of them."""

    def __init__(self, faults: Sequence[Message]) -> None:
        super().__init__("; ".join(fault.english() for fault in faults))
        self.faults = list(faults)


class CatalogueError(Exception):
    """The catalogue files contradict themselves.

    ``faults`` lists where, in English; ``told`` are the same to be put into people's language.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.told = tuple(faults)
        self.faults = [each if isinstance(each, str) else each.english() for each in faults]
        super().__init__("\n".join(self.faults))


def placed(place: str, fault: Message) -> Message:
    """The fault with the file, the table and the words where it is."""
    return Message("%(place)s: %(fault)s", {"place": place, "fault": fault})


def all_placed(place: str, faults: Sequence[Message]) -> list[Message]:
    """Every fault with one place."""
    return [placed(place, fault) for fault in faults]


def listed(words: Sequence[str]) -> str:
    """Several words in one fault."""
    return ", ".join(words)


def shown_word(word: Any) -> str:
    """A word as it stands in a fault, whatever it is."""
    if isinstance(word, str):
        return word[:LONGEST_SHOWN]
    # Python refuses to write out numbers of thousands of digits.
    return type(word).__name__ if isinstance(word, int | tuple) else repr(word)[:LONGEST_SHOWN]
