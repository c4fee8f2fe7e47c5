"""What people decide about returned files: which of two files counts, the file or the platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FILE, ROW, CELL = "file", "row", "cell"
# Digits of the number of a file; a form may carry anything.
LONGEST_NUMBER = 9


class Side(StrEnum):
    """Whose value counts where somebody changed the row on the platform meanwhile."""

    OF_FILE = "of_file"
    OF_PLATFORM = "of_platform"


@dataclass(frozen=True)
class Decisions:
    """Decisions by their names, as forms carry them; ``others`` is for rows not named."""

    named: Mapping[str, str]
    others: Side | None = None

    def file_of(self, part: int) -> int | None:
        """The number of the file that counts for a part."""
        return _number(self.named.get(name_of(FILE, part)))

    def file_of_row(self, row: str) -> int | None:
        """The number of the file that counts for a row that several files change."""
        return _number(self.named.get(name_of(ROW, row)))

    def side_of(self, row_id: str) -> Side | None:
        """Whose value counts for a row that was changed on the platform, too."""
        text = self.named.get(name_of(CELL, row_id), "")
        return Side(text) if text in set(Side) else self.others

    def as_json(self) -> dict[str, str]:
        """The decisions as they are kept."""
        return {**self.named, "others": self.others.value if self.others else ""}


def decisions_of(given: Mapping[str, object]) -> Decisions:
    """Decisions from a form or from what was kept; anything else in there is passed over."""
    prefixes = tuple(f"{kind}-" for kind in (FILE, ROW, CELL))
    named = {
        name: text
        for name, text in given.items()
        if name.startswith(prefixes) and isinstance(text, str) and text
    }
    others = given.get("others")
    return Decisions(named, Side(str(others)) if others in set(Side) else None)


def name_of(kind: str, subject: object) -> str:
    """The name of a decision."""
    return f"{kind}-{subject}"


def _number(text: str | None) -> int | None:
    is_number = text is not None and text.isascii() and text.isdigit()
    return int(text) if text is not None and is_number and len(text) <= LONGEST_NUMBER else None
