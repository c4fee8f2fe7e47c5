"""Exporting rows of a base table as a workbook or as CSV, sent while they are read.

What is exported can be imported again and then changes nothing but what was typed: headings,
hidden sheet and values are those of the template, and every row of a workbook carries its mark.
The caller reads the rows in the person's scope and says whether personal values may be shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xlsxwriter.workbook import Workbook

from app.catalogue.catalogue import Catalogue
from app.domain.message import Message
from app.exchange.cell import Cell, Column, Translate, as_it_is, columns_of, look_of, widths
from app.exchange.csv_export import CsvForm, csv_lines
from app.exchange.export_sheet import HeadedColumn, SheetHead, begin_sheet, refuse_too_many
from app.exchange.heading import marked
from app.exchange.row_identity import MARK_HEADING, digests, mark_text, marking_lines
from app.exchange.sheet import OPTIONAL_COLOUR, REQUIRED_COLOUR
from app.exchange.sheet_rows import Columns
from app.exchange.streamed_workbook import ROWS_TO_COME, StreamedSheet, streamed_workbook
from app.exchange.template_identity import Place, identity_of, write_identity
from app.models.base_table import StoredTable
from app.models.row_id import encode_row_id

DEPARTMENT_HEADING = Message("Reporting department")
DEPARTMENT_WIDTH = 20

# Some rows: column name → the values of all of them.
Part = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class ExportForm:
    """What of the rows is shown, and how.

    Labels or codes; personal values masked or not; ``masks`` are the fields that are masked
    whatever they hold; ``columns`` are codes of the table in their order, None for all. ``notice``
    leads rows with personal values, ``footer`` stands on printed pages. ``count`` is how many rows
    there are about to be.
    """

    with_labels: bool = True
    unmasked: bool = False
    masks: frozenset[str] = frozenset()
    columns: tuple[str, ...] | None = None
    with_identifiers: bool = False
    notice: str = ""
    footer: str = ""
    count: int | None = None


@dataclass(frozen=True)
class _Layout:
    """The columns of an export and the names rows carry their values under.

    ``department`` is None where all rows are of one department.
    """

    stored: StoredTable
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    department: str | None
    department_names: Mapping[str, str]

    def shown(self, part: Part) -> list[Sequence[Cell]]:
        """What the cells of each column show."""
        shown: list[Sequence[Cell]] = []
        if self.department is not None:
            known = self.department_names
            shown.append([known.get(code, code) for code in part[self.department]])
        for column, name in zip(self.columns, self.names, strict=True):
            values = part[name]
            if column.show is not as_it_is:
                texts = {value: column.show(value) for value in {*values} - {None}} | {None: None}
                values = [texts[value] for value in values]
            shown.append(values)
        return shown

    def marks(self, part: Part, shown: Sequence[Sequence[Cell]]) -> list[str]:
        """The marks of the rows; the department does not belong to what they digest."""
        own = shown if self.department is None else shown[1:]
        ids = zip(*(part[column.name] for column in self.stored.identity), strict=True)
        version = self.stored.version
        versions = part[version.name] if version is not None else [""] * len(own[0])
        return [
            mark_text(encode_row_id(row_id), str(each), digest)
            for row_id, each, digest in zip(ids, versions, digests(own), strict=True)
        ]


def exported_names(stored: StoredTable, form: ExportForm) -> list[str]:
    """The names of the database's columns that an export reads."""
    codes = list(stored.columns) if form.columns is None else form.columns
    system = [*stored.identity, stored.version, stored.department]
    names = [stored.columns[code].name for code in codes]
    names += [column.name for column in system if column is not None]
    return list(dict.fromkeys(names))


def export_workbook(
    catalogue: Catalogue,
    stored: StoredTable,
    parts: Iterable[Part],
    place: Place,
    department_names: Mapping[str, str],
    form: ExportForm,
    *,
    translate: Translate,
    now: datetime,
) -> Iterator[bytes]:
    """The .xlsx in pieces.

    ``parts`` are rows, read as they are wanted; where ``place`` names no department each row is
    led by the name of its own. Raises Refused before the first piece for more rows or columns
    than a sheet has.
    """
    layout = _layout(catalogue, stored, place, department_names, form, translate)
    refuse_too_many(form.count or 0)
    identity = identity_of(stored.spec, catalogue.digest, place.period.code, place.department)
    codes = [column.field.code for column in layout.columns]

    def fill(book: Workbook) -> list[StreamedSheet]:
        columns = [*_headed(layout, translate), _mark_column(translate)]
        several = layout.department is not None
        head = SheetHead(
            stored.spec.title,
            form.notice,
            form.footer,
            form.with_identifiers,
            int(several),
            form.count,
        )
        sheet, first, formats = begin_sheet(book, head, columns)
        write_identity(book, identity, marking_lines(codes, ROWS_TO_COME))
        return [StreamedSheet(sheet, first, formats, _with_marks(layout, parts))]

    return streamed_workbook(stored.spec.title, now, fill)


def _with_marks(layout: _Layout, parts: Iterable[Part]) -> Iterator[Columns]:
    number = 0
    for part in parts:
        shown = layout.shown(part)
        number += len(shown[0])
        refuse_too_many(number)
        yield [*shown, layout.marks(part, shown)]


def export_csv(
    catalogue: Catalogue,
    stored: StoredTable,
    parts: Iterable[Part],
    place: Place,
    department_names: Mapping[str, str],
    form: ExportForm,
    *,
    translate: Translate,
    encoding: CsvForm = CsvForm.UTF_8,
) -> Iterator[bytes]:
    """The same rows as CSV, without marks: other systems read it."""
    layout = _layout(catalogue, stored, place, department_names, form, translate)
    columns = _headed(layout, translate)
    heads = [[form.notice]] if form.notice else []
    if form.with_identifiers:
        heads.append([column.code for column in columns])
    heads.append([column.heading.rstrip(" *") for column in columns])
    return csv_lines(heads, (layout.shown(part) for part in parts), encoding)


def _headed(layout: _Layout, translate: Translate) -> list[HeadedColumn]:
    found = []
    if layout.department is not None:
        found.append(HeadedColumn(translate(DEPARTMENT_HEADING), width=DEPARTMENT_WIDTH))
    width = widths(layout.columns)
    for column in layout.columns:
        found.append(
            HeadedColumn(
                marked(column.field, column.heading),
                column.field.code,
                width[column.field.code],
                REQUIRED_COLOUR if column.field.required else OPTIONAL_COLOUR,
                look_of(column),
            )
        )
    return found


def _mark_column(translate: Translate) -> HeadedColumn:
    return HeadedColumn(translate(MARK_HEADING), is_hidden=True)


def _layout(
    catalogue: Catalogue,
    stored: StoredTable,
    place: Place,
    department_names: Mapping[str, str],
    form: ExportForm,
    translate: Translate,
) -> _Layout:
    columns = columns_of(
        catalogue,
        stored.spec,
        translate,
        with_labels=form.with_labels,
        unmasked=form.unmasked,
        masks=form.masks,
    )
    if form.columns is not None:
        known = {column.field.code: column for column in columns}
        columns = tuple(known[code] for code in form.columns)
    several = not place.department and stored.department is not None
    return _Layout(
        stored=stored,
        columns=columns,
        names=tuple(stored.columns[column.field.code].name for column in columns),
        department=stored.department.name if several and stored.department is not None else None,
        department_names=department_names if form.with_labels else {},
    )
