"""The rows of a file that somebody imports, and the changes that they ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.row_change import INSERT, UPDATE, UPSERT
from app.actions.row_columns import ChangedColumns
from app.catalogue.base_table import FieldSpec, TableKind, TableSpec
from app.exchange.layout import WantedLayout
from app.exchange.mask import MASK, MASKED
from app.exchange.reference_text import keys_in, with_keys
from app.exchange.returned_row import NOTHING_RETURNED, Returned, what_returned
from app.exchange.template_identity import identity_of
from app.exchange.workbook import Upload, read_upload
from app.models.base_table import Store
from app.models.department import Department


class ImportMode(StrEnum):
    """What to do with a row whose key exists, and with one whose key does not."""

    INSERT = INSERT
    UPSERT = UPSERT
    UPDATE = UPDATE


@dataclass(frozen=True)
class UploadedFile:
    """An upload and those of its rows that are the department's own: raw texts and Excel numbers.

    ``foreign`` maps the Excel numbers of the others to what they name as their department;
    ``returned`` tells which rows went out before and were edited since.
    """

    upload: Upload
    cells: pl.DataFrame
    numbers: Sequence[int]
    foreign: Mapping[int, str]
    returned: Returned = NOTHING_RETURNED


def changes_of(
    spec: TableSpec, file: UploadedFile, mode: ImportMode, closed: frozenset[str]
) -> ChangedColumns:
    """A change per row that somebody touched, of a row that went out by its id.

    A masked value says nothing and keeps what is stored, for whomever it was masked; neither does
    an empty cell of a field that is ``closed`` to whoever imports, nor a cell that nobody edited
    since it went out.
    """
    operation = UPSERT if spec.kind is TableKind.SINGLE_ROW else mode.value
    silent: dict[str, frozenset[int]] = {}
    cells, numbers, returned = _touched(file)
    for code in cells.columns:
        says_nothing = _says_nothing(spec.by_code[code], cells[code], closed)
        as_sent = frozenset(
            position
            for position, number in enumerate(numbers if returned.edited else ())
            if number in returned.edited and code not in returned.edited[number]
        )
        if says_nothing is not None and says_nothing.any():
            silent[code] = frozenset(says_nothing.arg_true().to_list())
            cells = cells.with_columns(cells[code].set(says_nothing, None))
        if as_sent:
            silent[code] = silent.get(code, frozenset()) | as_sent
    marks = ((position, returned.marks.get(number)) for position, number in enumerate(numbers))
    named = {position: (mark.id, mark.version) for position, mark in marks if mark is not None}
    return ChangedColumns(operation, cells, numbers, silent, named)


def _touched(file: UploadedFile) -> tuple[pl.DataFrame, Sequence[int], Returned]:
    """The rows without those that came back as they went out."""
    untouched = file.returned.untouched
    if not untouched:
        return file.cells, file.numbers, file.returned
    rows = [row for row, number in enumerate(file.numbers) if number not in untouched]
    return file.cells[rows], [file.numbers[row] for row in rows], file.returned


def _says_nothing(field: FieldSpec, texts: pl.Series, closed: frozenset[str]) -> pl.Series | None:
    """Where the cells of a field are as if they were not there; None: nowhere."""
    is_masked = texts.str.contains(MASK, literal=True).fill_null(value=False)
    if not field.mask and field.code not in closed:
        return is_masked & texts.str.contains(MASKED) if is_masked.any() else None
    return is_masked | texts.is_null() if field.code in closed else is_masked


def read_file(
    session: Session,
    store: Store,
    spec: TableSpec,
    sent: tuple[bytes, str],
    place: tuple[str, str],
    mode: ImportMode,
    layout: WantedLayout,
    by: Actor,
) -> UploadedFile:
    """The file that was sent, its rows parted into those of the department and of others.

    Who only adds rows means all of them as they stand. References that are named by key and label,
    as the lists of the template have them, are read as the key.
    """
    period, department = place
    stored = store.tables[spec.identifier]
    identity = identity_of(spec, store.catalogue.digest, period, department)
    upload = read_upload(*sent, spec, identity, layout)
    returned = NOTHING_RETURNED
    if mode is not ImportMode.INSERT:
        returned = what_returned(session, store, spec.identifier, upload, period, department)
    keys = keys_in(session, store, stored, by, period, upload.cells)
    cells = with_keys(upload.cells, keys)
    foreign = {}
    if any(upload.departments):
        own = session.get(Department, department)
        names = {None, department, own.name if own is not None else department}
        named = zip(upload.numbers, upload.departments, strict=True)
        foreign = {number: str(name) for number, name in named if name not in names}
    if not foreign:
        return UploadedFile(upload, cells, upload.numbers, {}, returned)
    rows = [row for row, number in enumerate(upload.numbers) if number not in foreign]
    numbers = [upload.numbers[row] for row in rows]
    return UploadedFile(upload, cells[rows], numbers, foreign, returned)
