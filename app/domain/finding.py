"""Findings: what the rules say about data (第五条: 规范性、完整性、及时性、准确性)."""

from collections.abc import Collection, Mapping
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


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement of one rule about one cell, row or table.

    ``row`` is the position of the row in what was checked, from 0, or None for
    the whole table; ``field`` is a field code or None for the whole row.
    ``storable`` tells a finding that lets the row be saved (a missing value is
    filled in later) from one that refuses it (decision record 0002). ``about`` are further fields
    whose values it was judged by and tells; ``figures`` the values that are not of its own row,
    such as a sum over another table, as text, and ``taken_from`` the fields they are made of
    (``told_field``). ``asked`` stands for what its rule asks, however it is worded.
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
    taken_from: tuple[str, ...] = ()
    asked: str = ""

    def told(self, hidden: Collection[str]) -> Message:
        """What it says to somebody for whom the values of these fields are masked.

        Where only figures of other rows are not for him, that something differs, not from what;
        names are those of the row's own cell.
        """
        return told(self.message, {self.field or "", *self.about, *self.taken_from}, hidden)


def told_field(table: str, code: str) -> str:
    """What names a field of a table that figures are made of; counted rows have no ``code``."""
    return f"{table}.{code}"


def is_of_figures(name: str) -> bool:
    """Whether the name is one of ``told_field`` and no field of the finding's own row."""
    return "." in name


def told(message: Message, tells: Collection[str], hidden: Collection[str]) -> Message:
    """What a finding that tells values of these fields says where some of them are hidden."""
    kept = [name for name in tells if name in hidden]
    if not kept:
        return message
    if all(map(is_of_figures, kept)) and "text" in message.parameters:
        told_still = ("text", "names")
        return rule_message({n: v for n, v in message.parameters.items() if n in told_still})
    return NOT_SHOWN


def rule_message(parameters: Mapping[str, object]) -> Message:
    """What a rule says: its ``text``, and beside it what there is of ``names`` and ``values``.

    The names are some that the row's own cell lists and that are on no list; the values are those
    that were compared.
    """
    match "names" in parameters, "values" in parameters:
        case True, True:
            return Message("%(text)s (on no list: %(names)s; %(values)s)", parameters)
        case True, False:
            return Message("%(text)s (on no list: %(names)s)", parameters)
        case False, True:
            return Message("%(text)s (%(values)s)", parameters)
    return Message("%(text)s", parameters)
