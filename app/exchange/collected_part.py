"""Knowing returned files again: by what their hidden sheet says, whatever they are called."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.message import Message, Refused
from app.exchange.collected_file import CollectedFile
from app.exchange.file_kind import open_spreadsheet
from app.exchange.package import ZIP_START
from app.exchange.part_identity import PartIdentity, marks_in, read_part
from app.exchange.spreadsheet import Spreadsheet
from app.exchange.template_identity import (
    SHEET,
    TemplateIdentity,
    identity_of,
    read_identity,
    why_foreign,
)
from app.exchange.workbook import Upload, read_book
from app.exchange.xlsx_file import XlsxFile
from app.models.base_table import Store, StoredTable
from app.models.hand_out import HandOut, HandOutPart
from app.reports.hand_out import parts_by_token

# Files of other kinds are read in a process each, which takes its time.
MOST_CONFINED = 20


@dataclass(frozen=True)
class CollectingPlace:
    """Where rows are collected: one table, period and department."""

    store: Store
    stored: StoredTable
    period: str
    department: str

    @property
    def identity(self) -> TemplateIdentity:
        """What a workbook of the place says of itself."""
        catalogue = self.store.catalogue.digest
        return identity_of(self.stored.spec, catalogue, self.period, self.department)


@dataclass(frozen=True)
class ReadFile:
    """A returned file that belongs here: its number among the files, its part, its rows.

    ``marks`` are those of its Excel rows; ``digest`` is of the rows alone, so that a copy that was
    saved again is known as one.
    """

    number: int
    name: str
    part: HandOutPart
    hand_out: HandOut
    identity: PartIdentity
    upload: Upload
    marks: Mapping[int, str]
    digest: str


@dataclass(frozen=True)
class RefusedFile:
    """A file that is not taken in, and why."""

    number: int
    name: str
    reason: Message


def read_files(
    session: Session, place: CollectingPlace, files: Sequence[CollectedFile]
) -> tuple[list[ReadFile], list[RefusedFile]]:
    """The files that belong to the place, and the others, each with its reason."""
    read: list[ReadFile] = []
    refused: list[RefusedFile] = []
    known: list[tuple[int, PartIdentity]] = []
    books: dict[int, Spreadsheet] = {}
    for number, identity in enumerate(identities_in(place, files, books), start=1):
        if isinstance(identity, Message):
            refused.append(RefusedFile(number, files[number - 1].name, identity))
        else:
            known.append((number, identity))
    parts = parts_by_token(session, {identity.token for _number, identity in known})
    for number, identity in known:
        file = files[number - 1]
        found = parts.get(identity.token)
        reason = _why_not_here(place, found)
        if reason is None and found is not None:
            try:
                book = books.get(number) or open_spreadsheet(file.content, file.name)
                read.append(_read(place, number, file, identity, found, book))
                continue
            except Refused as refusal:
                reason = _whole(refusal)
        refused.append(RefusedFile(number, file.name, reason or _unknown()))
    return read, sorted(refused, key=lambda each: each.number)


def identities_in(
    place: CollectingPlace,
    files: Sequence[CollectedFile],
    books: dict[int, Spreadsheet] | None = None,
) -> list[PartIdentity | Message]:
    """What each file says of itself, or why it cannot be one that was handed out here.

    ``books`` takes the files, by their numbers from 1, that are open and can be read on.
    """
    confined = 0
    found: list[PartIdentity | Message] = []
    opened: dict[int, Spreadsheet] = {} if books is None else books
    for number, file in enumerate(files, start=1):
        confined += not file.content.startswith(ZIP_START) and file.refusal is None
        if file.refusal is None and confined > MOST_CONFINED:
            reason = Message("Too many files of old kinds. Save them as .xlsx and collect again.")
            found.append(reason)
        else:
            found.append(_identity_in(place, number, file, opened))
    return found


def _identity_in(
    place: CollectingPlace, number: int, file: CollectedFile, opened: dict[int, Spreadsheet]
) -> PartIdentity | Message:
    if file.refusal is not None:
        return file.refusal
    try:
        book = open_spreadsheet(file.content, file.name)
        cells = book.named(SHEET)
    except Refused as refusal:
        return _whole(refusal)
    if isinstance(book, XlsxFile):
        opened[number] = book
    identity = None if cells is None else read_identity(cells)
    if cells is None or identity is None:
        return Message(
            "This is none of the workbooks that were handed out: its hidden sheet is missing. Copy"
            " the rows into the workbook that was handed out, or import the file by itself."
        )
    refusal_text = why_foreign(identity, place.identity, place.stored.spec.title)
    if refusal_text is not None:
        return refusal_text
    return read_part(cells) or Message(
        "This is the ordinary template, not a workbook that was handed out. Import it by itself."
    )


def _why_not_here(
    place: CollectingPlace, found: tuple[HandOutPart, HandOut] | None
) -> Message | None:
    """A token is believed only together with what is kept of it."""
    if found is None:
        return _unknown()
    part, hand_out = found
    where = (hand_out.table_identifier, hand_out.period, part.department_code)
    if where != (place.stored.spec.identifier, place.period, place.department):
        return Message("This file was handed out by another department, which collects it itself.")
    return None


def _unknown() -> Message:
    return Message(
        "This file was not handed out by this platform, or its hidden sheet was changed. Hand the"
        " part out again."
    )


def _whole(refusal: Refused) -> Message:
    """The refusal with its first detail, which says most."""
    if not refusal.details:
        return refusal.message
    both = {"message": refusal.message, "detail": refusal.details[0]}
    return Message("%(message)s %(detail)s", both)


def _read(
    place: CollectingPlace,
    number: int,
    file: CollectedFile,
    identity: PartIdentity,
    found: tuple[HandOutPart, HandOut],
    book: Spreadsheet,
) -> ReadFile:
    spec = place.stored.spec
    upload = read_book(book, spec, place.identity)
    marks: Mapping[int, str] = {}
    for sheet in book.visible():
        if sheet.name == upload.sheet:
            marks = marks_in(sheet.cells, upload.layout.heading_row - 1)
            break
    told = [(marks.get(row.number), sorted(row.values.items())) for row in upload.rows]
    digest = hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()
    return ReadFile(number, file.name, *found, identity, upload, marks, digest)
