"""A long list in pages: which lines are shown, and the numbers that lead to the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.web.formats import whole_number

PAGE_LENGTH = 50
Line = TypeVar("Line")


@dataclass(frozen=True)
class Paged(Generic[Line]):
    """One page of a list: its lines, its number from 1, how many pages and lines there are."""

    lines: Sequence[Line]
    number: int
    pages: int
    count: int

    @property
    def first(self) -> int:
        """The place of the first line in the whole list, from 1."""
        return (self.number - 1) * PAGE_LENGTH + 1

    @property
    def last(self) -> int:
        """The place of the last line in the whole list."""
        return self.first + len(self.lines) - 1

    @property
    def numbers(self) -> list[int | None]:
        """The pages that are linked: the ends and the neighbours; None where some are left out."""
        near = {self.number - 1, self.number, self.number + 1}
        found: list[int | None] = []
        for page in range(1, self.pages + 1):
            if page in {1, self.pages} | near:
                found.append(page)
            elif found[-1] is not None:
                found.append(None)
        return found


def paged(lines: Sequence[Line], given: Mapping[str, str]) -> Paged[Line]:
    """The page that an address or a form asks for; the nearest there is."""
    number, pages = page_asked(len(lines), given)
    start = (number - 1) * PAGE_LENGTH
    return Paged(lines[start : start + PAGE_LENGTH], number, pages, len(lines))


def page_asked(count: int, given: Mapping[str, str]) -> tuple[int, int]:
    """The number of that page, and how many there are of so many lines."""
    pages = max(1, -(-count // PAGE_LENGTH))
    return min(max(whole_number(given.get("page", "")), 1), pages), pages


def page_with(place: int) -> int:
    """The number of the page that has the line at ``place``, counted from 0."""
    return place // PAGE_LENGTH + 1
