"""Which lines of the list of submissions are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.submission import Status
from app.reports.submission import SubmissionLine
from app.reports.workbench import forward_verb

# Beside the statuses: what waits for the reader, and what is late.
MINE, LATE = "mine", "late"
LONGEST_TEXT = 60


@dataclass(frozen=True)
class LineFilter:
    """The wanted lines; ``chosen`` is a status, ``MINE``, ``LATE`` or empty for all."""

    chosen: str = ""
    text: str = ""
    department: str = ""

    def matches(self, line: SubmissionLine) -> bool:
        """Whether the line is wanted, whatever its status."""
        if self.department and line.submission.department_code != self.department:
            return False
        said = f"{line.spec.title} {line.department}".casefold()
        return all(word in said for word in self.text.casefold().split())

    def selects(self, line: SubmissionLine) -> bool:
        """Whether the line stands where the chosen chip says."""
        if self.chosen == MINE:
            return forward_verb(line) is not None
        if self.chosen == LATE:
            return line.is_late
        return self.chosen in {"", line.submission.status.value}

    def pairs(self, chosen: str) -> dict[str, str]:
        """The filter with another chip, as the query of an address."""
        other = replace(self, chosen=chosen)
        named = {"status": other.chosen, "q": other.text, "department": other.department}
        return {name: value for name, value in named.items() if value}


def read_filter(chosen: str, text: str, department: str) -> LineFilter:
    """The filter an address asks for; a chip there is none of means all."""
    known = chosen in {MINE, LATE, *Status}
    return LineFilter(chosen if known else "", text.strip()[:LONGEST_TEXT], department[:16])


def departments_in(lines: Sequence[SubmissionLine]) -> list[tuple[str, str]]:
    """Code and name of every department in the lines, by code."""
    return sorted({(line.submission.department_code, line.department) for line in lines})
