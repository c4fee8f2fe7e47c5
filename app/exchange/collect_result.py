"""What collecting comes to: file by file, row by row, in words; kept as the report, too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# More are counted, not listed.
MOST_LISTED = 5_000
COUNTED = ("created", "changed", "unchanged", "rejected", "conflict", "incomplete", "absent")
LEFT = ("rejected", "conflict")


@dataclass
class FileLine:
    """What becomes of a file. ``state``: merged, conflicting, refused, identical or choose.

    ``part`` is the number of the part it belongs to and ``title`` what people call that; ``absent``
    counts rows that were handed out and are not in the file any more: they stay as they are.
    """

    number: int
    name: str
    state: str = "merged"
    reason: str = ""
    part: int | None = None
    title: str = ""
    note: str = ""
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def has_left(self) -> bool:
        """Whether rows of it are not taken."""
        return any(self.counts[name] for name in LEFT)


@dataclass(frozen=True)
class Problem:
    """A cell, or with empty ``column`` a row, of a file that is not taken or lacks something."""

    file: int
    name: str
    row: int
    column: str
    label: str
    value: str
    message: str
    is_error: bool


@dataclass(frozen=True)
class Option:
    """One of several files that disagree; ``cells`` are (field, value)."""

    file: int
    name: str
    row: int | None = None
    cells: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Crossing:
    """Files that disagree, about a row or (``cells`` empty) as two versions of one part."""

    name: str
    title: str
    options: Sequence[Option]
    chosen: int | None


@dataclass(frozen=True)
class Meanwhile:
    """A row that was changed, or with ``is_gone`` deleted, on the platform since it was handed out.

    ``cells`` are (field, value of the file, value of the platform).
    """

    name: str
    title: str
    file: int
    file_name: str
    row: int
    cells: Sequence[tuple[str, str, str]]
    who: str = ""
    at: str = ""
    is_gone: bool = False
    chosen: str = ""


@dataclass
class CollectResult:
    """The whole: lines by file, what is wrong, what has to be decided.

    ``seen`` is the latest change of the place: the confirmation repeats it. ``change_set`` is what
    was written, None where nothing was.
    """

    files: list[FileLine]
    problems: list[Problem] = field(default_factory=list)
    versions: list[Crossing] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    meanwhile: list[Meanwhile] = field(default_factory=list)
    seen: int = 0
    written: bool = False
    change_set: int | None = None

    @property
    def total(self) -> Mapping[str, int]:
        """The counts of all files."""
        total: Counter[str] = Counter()
        for line in self.files:
            total.update(line.counts)
        return {name: total[name] for name in COUNTED}

    @property
    def refused(self) -> Sequence[FileLine]:
        """The files that are not taken in."""
        return [line for line in self.files if line.state in {"refused", "identical", "choose"}]

    @property
    def taken(self) -> Sequence[FileLine]:
        """The files whose rows are taken, as far as they can be."""
        return [line for line in self.files if line.state in {"merged", "conflicting"}]
