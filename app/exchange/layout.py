"""How a sheet is laid out: which one is read, where its headings stand, what its columns mean."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.message import Message, Reason, Refused


class How(StrEnum):
    """How a column came to its meaning.

    ``SIMILAR`` is a guess, which has to be confirmed; ``DEPARTMENT`` names the department of each
    row and ``IGNORED`` counts rows: neither goes into a field.
    """

    LABEL = "label"
    ALIAS = "alias"
    REMEMBERED = "remembered"
    SIMILAR = "similar"
    CHOSEN = "chosen"
    DEPARTMENT = "department"
    IGNORED = "ignored"
    NONE = "none"


class SkippedKind(StrEnum):
    """Why a row below the headings is no record."""

    UNITS = "units"
    NUMBERS = "numbers"
    TOTAL = "total"
    NOTE = "note"
    HEADINGS = "headings"


@dataclass(frozen=True)
class WantedLayout:
    """What whoever imports says of the file; whatever is left out is found.

    ``heading_row`` counts from 1; ``columns`` maps the letters of columns to field codes, None for
    one that is not imported. ``remembered`` are earlier choices: signature of headings → key of a
    heading → field code.
    """

    sheet: str | None = None
    heading_row: int | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)

    def canonical(self) -> str:
        """The same text for the same wishes, for digests."""
        told = (self.sheet, self.heading_row, dict(self.columns))
        known = {} if self.columns else {key: dict(m) for key, m in self.remembered.items()}
        return json.dumps([*told, known], sort_keys=True)


@dataclass(frozen=True)
class LayoutColumn:
    """A column by its letters; ``sample`` are its first values.

    ``key`` names the heading among the others: folded, with its count. One that ``is_open`` has
    values and waits for somebody to say what they are.
    """

    column: str
    heading: str
    field: str | None
    how: How
    sample: tuple[str, ...]
    key: str
    is_open: bool = False


@dataclass(frozen=True)
class SkippedRow:
    """A row, as Excel counts, that is not imported."""

    row: int
    kind: SkippedKind
    text: str


@dataclass(frozen=True)
class Layout:
    """The layout a file was, or would be, read with; ``heading_row`` counts from 1.

    ``keys`` are the field codes that no file may lack.
    """

    sheets: tuple[str, ...]
    sheet: str
    heading_row: int
    columns: tuple[LayoutColumn, ...]
    skipped: tuple[SkippedRow, ...] = ()
    signature: str = ""
    keys: tuple[str, ...] = ()

    @property
    def is_chosen(self) -> bool:
        """Whether somebody said of a column what the file itself does not say."""
        return any(column.how is How.CHOSEN for column in self.columns)


class Misfit(Refused):
    """The file can be read but its columns do not fit yet; ``layout`` is what can be said."""

    def __init__(self, message: Message, details: tuple[Message, ...], layout: Layout) -> None:
        super().__init__(message, Reason.INVALID, details)
        self.layout = layout
