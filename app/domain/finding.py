"""Findings: what the rules say about data (第五条: 规范性、完整性、及时性、准确性)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.domain.message import Message


class Severity(StrEnum):
    """An error blocks, a warning needs an explanation."""

    ERROR = "error"
    WARNING = "warning"


class Dimension(StrEnum):
    """The point of quality a rule belongs to."""

    CONFORMITY = "conformity"
    COMPLETENESS = "completeness"
    TIMELINESS = "timeliness"
    ACCURACY = "accuracy"
    CREDIBILITY = "credibility"
    CONSISTENCY = "consistency"


# The four points of the department's review (第五条第二款).
REVIEW_POINTS = (
    Dimension.CONFORMITY,
    Dimension.COMPLETENESS,
    Dimension.TIMELINESS,
    Dimension.ACCURACY,
)


# Instead of what a finding says, for whoever may not see the values that it tells.
NOT_SHOWN = Message("This value is not right; it is not shown to you.")


@dataclass(frozen=True)
class Finding:
    """One statement of one rule about one cell, row or table.

    ``row`` is the position of the row in what was checked, from 0, or None for
    the whole table; ``field`` is a field code or None for the whole row.
    ``storable`` tells a finding that lets the row be saved (a missing value is
    filled in later) from one that refuses it (decision record 0002). ``about`` are further fields
    whose values it was judged by and tells; ``figures`` the values that are not of its own row,
    such as a sum over another table, as text.
    """

    rule: str
    row: int | None
    field: str | None
    severity: Severity
    dimension: Dimension
    message: Message
    storable: bool = False
    about: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()

    def tells_of(self, codes: Collection[str]) -> bool:
        """Whether it tells the value of one of these fields."""
        return self.field in codes or any(code in codes for code in self.about)

    def told(self, hidden: Collection[str]) -> Message:
        """What it says to somebody for whom the values of these fields are masked."""
        return NOT_SHOWN if self.tells_of(hidden) else self.message
