"""Which lines of the list of submissions, and of the board, are wanted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from flask_babel import gettext as _

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.domain.department import DepartmentKind
from app.domain.submission import Status, Verb
from app.reports.workbench import counts_of, forward_verb
from app.web.labels import label

# Beside the statuses: what waits for the reader, what is late, what presses, and all where a list
# would begin with less.
MINE, LATE, ATTENTION, ALL = "mine", "late", "attention", "all"
LONGEST_TEXT = 60
LONGEST_CODE = 16


class Line(Protocol):
    """What a filter asks of a line."""

    @property
    def spec(self) -> TableSpec:
        """The base table."""

    @property
    def department_code(self) -> str:
        """Whose table it is."""

    @property
    def department(self) -> str:
        """The department's name."""

    @property
    def kind(self) -> DepartmentKind:
        """The department's kind."""

    @property
    def status(self) -> Status:
        """Where it stands."""

    @property
    def is_late(self) -> bool:
        """Whether it was reported late or is overdue."""

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look after it first."""

    @property
    def permitted(self) -> tuple[Verb, ...]:
        """The steps the reader may take."""


@dataclass(frozen=True)
class LineFilter:
    """The wanted lines; ``chosen`` is a status, or one of the words above; empty means all.

    ``kind`` is one of the kinds of department, ``chapter`` a chapter of the catalogue.
    """

    chosen: str = ""
    text: str = ""
    department: str = ""
    kind: str = ""
    chapter: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anything narrows the lines at all."""
        return self != LineFilter()

    def matches(self, line: Line) -> bool:
        """Whether the line is wanted, whatever its status."""
        if self.department and line.department_code != self.department:
            return False
        if self.kind and line.kind.value != self.kind:
            return False
        if self.chapter and line.spec.chapter != self.chapter:
            return False
        if not self.text:
            return True
        said = f"{line.spec.title} {line.department}".casefold()
        return all(word in said for word in self.text.casefold().split())

    def selects(self, line: Line) -> bool:
        """Whether the line stands where the chosen chip says."""
        if self.chosen == MINE:
            return forward_verb(line) is not None
        if self.chosen == LATE:
            return line.is_late
        if self.chosen == ATTENTION:
            return line.needs_attention
        return self.chosen in {"", ALL} or line.status == self.chosen

    def pairs(self, chosen: str | None = None, **others: str) -> dict[str, str]:
        """The filter as the query of an address, with another chip or parts if given."""
        other = replace(self, chosen=self.chosen if chosen is None else chosen, **others)
        named = {
            "status": other.chosen,
            "q": other.text,
            "department": other.department,
            "kind": other.kind,
            "chapter": other.chapter,
        }
        return {name: value for name, value in named.items() if value}


def read_filter(given: Mapping[str, str]) -> LineFilter:
    """The filter an address or a form asks for; a chip there is none of means all."""
    chosen, kind = given.get("status", ""), given.get("kind", "")
    return LineFilter(
        chosen=chosen if chosen in {MINE, LATE, ATTENTION, ALL, *Status} else "",
        text=given.get("q", "").strip()[:LONGEST_TEXT],
        department=given.get("department", "")[:LONGEST_CODE],
        kind=kind if kind in set(DepartmentKind) else "",
        chapter=given.get("chapter", "")[:LONGEST_CODE],
    )


def usual_filter(wanted: LineFilter, lines: Iterable[Line]) -> LineFilter:
    """Where nothing is asked for, what waits for the reader, or all if nothing does."""
    if wanted.is_set or all(forward_verb(line) is None for line in lines):
        return wanted
    return replace(wanted, chosen=MINE)


def departments_in(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """Code and name of every department in the lines, by code."""
    return sorted({(line.department_code, line.department) for line in lines})


def chips_of(lines: Sequence[Line]) -> list[tuple[str, str, int]]:
    """Value, words and number of each chip; those with nothing behind them are left out."""
    mine = sum(forward_verb(line) is not None for line in lines)
    late = sum(line.is_late for line in lines)
    pressing = sum(line.needs_attention for line in lines)
    chips = [
        ("", _("All"), len(lines)),
        (MINE, _("My move"), mine),
        (ATTENTION, _("Needs attention"), pressing),
        (LATE, _("Late"), late),
    ]
    chips += [(status.value, label(status), count) for status, count in counts_of(lines).items()]
    return [chip for chip in chips if chip[2] or not chip[0]]


def narrowed_text(wanted: LineFilter, catalogue: Catalogue) -> str:
    """In words the limits that came along from the board and have no field on the list."""
    parts = [label(DepartmentKind(wanted.kind))] if wanted.kind else []
    if wanted.chapter:
        parts.append(f"{wanted.chapter} {catalogue.chapters.get(wanted.chapter, '')}".strip())
    return "、".join(parts)
