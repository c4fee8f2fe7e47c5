"""The board arranged for its page: rows of departments, or chapters of tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.reports.board import BoardLine, Figures, by_chapter, by_department, figures_of
from app.web.board.labels import Dot, DotMaker
from app.web.submission.line_filter import LineFilter, departments_in


@dataclass(frozen=True)
class DepartmentRow:
    """A department with its figures and a dot for each of its tables.

    ``figures`` count what the filter leaves, ``dots`` those of the chosen chip.
    """

    code: str
    name: str
    figures: Figures
    dots: Sequence[Dot]


@dataclass(frozen=True)
class TableRow:
    """A table with its dots; ``dots`` has a place for each department of the chapter.

    ``is_missing`` where it has not been reported by all of them.
    """

    spec: TableSpec
    dots: Sequence[Dot | None]
    is_missing: bool


@dataclass(frozen=True)
class ChapterPart:
    """A chapter as a matrix of its own.

    ``departments`` are pairs of code and name, only those that owe something
    in it: that keeps the matrix small enough to be read.
    """

    number: str
    title: str
    figures: Figures
    departments: Sequence[tuple[str, str]]
    rows: Sequence[TableRow]

    @property
    def is_single(self) -> bool:
        """Whether no table of the chapter is owed by more than one department."""
        return all(sum(dot is not None for dot in row.dots) == 1 for row in self.rows)


def department_rows(
    lines: Sequence[BoardLine], wanted: LineFilter, maker: DotMaker
) -> list[DepartmentRow]:
    """The departments that have anything under the chosen chip, by code."""
    found = []
    for code, own in by_department(lines).items():
        dots = [maker.dot(line) for line in own if wanted.selects(line)]
        if dots:
            found.append(DepartmentRow(code, own[0].department, figures_of(own), dots))
    return found


def chapter_parts(
    catalogue: Catalogue, lines: Sequence[BoardLine], wanted: LineFilter, maker: DotMaker
) -> list[ChapterPart]:
    """The chapters that have anything under the chosen chip, in their printed order."""
    found = []
    for number, all_lines in by_chapter(lines).items():
        shown = [line for line in all_lines if wanted.selects(line)]
        if not shown:
            continue
        departments = departments_in(shown)
        found.append(
            ChapterPart(
                number=number,
                title=catalogue.chapters.get(number, ""),
                figures=figures_of(all_lines),
                departments=departments,
                rows=_table_rows(maker, shown, departments),
            )
        )
    return found


def _table_rows(
    maker: DotMaker, lines: Iterable[BoardLine], departments: Sequence[tuple[str, str]]
) -> list[TableRow]:
    tables: dict[str, dict[str, BoardLine]] = {}
    for line in lines:
        tables.setdefault(line.spec.identifier, {})[line.department_code] = line
    return [
        TableRow(
            next(iter(own.values())).spec,
            [_dot(maker, own, code) for code, _name in departments],
            any(line.days_left is not None for line in own.values()),
        )
        for own in tables.values()
    ]


def _dot(maker: DotMaker, own: Mapping[str, BoardLine], code: str) -> Dot | None:
    line = own.get(code)
    return None if line is None else maker.dot(line)
