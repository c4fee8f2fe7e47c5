"""The workbooks that are handed out: one for each part, all of them in one archive.

Each is the template of the table, filled in advance with the rows of the part as they are stored
now; what it says of itself on the hidden sheet lets a returned file and its rows be known again.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import RawIOBase
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy.engine import RowMapping

from app.catalogue.catalogue import Catalogue
from app.exchange.cell import Translate, columns_of
from app.exchange.part_identity import (
    HandedRow,
    PartIdentity,
    mark_of,
    part_lines,
    row_digest,
    shown_by,
)
from app.exchange.template import RowMarks, make_template, shown_references
from app.exchange.template_identity import Place
from app.models.base_table import StoredTable
from app.models.hand_out import HandOutPart
from app.reports.reference import Choices

ENDING = ".xlsx"
# Bytes in UTF-8 that every file system takes, with room for a folder's own name on Windows.
LONGEST_NAME = 180
_ILLEGAL = re.compile(r"[\\/:*?\"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Issue:
    """What all workbooks of a handing out have in common.

    ``masks`` as in an export, ``choices`` as in a template.
    """

    catalogue: Catalogue
    stored: StoredTable
    translate: Translate
    now: datetime
    masks: Collection[str] = ()
    choices: Mapping[str, Choices] = field(default_factory=dict)


def part_workbook(
    issue: Issue, part: HandOutPart, place: Place, rows: Sequence[RowMapping]
) -> bytes:
    """The workbook of one part as the bytes of an .xlsx file."""
    stored, spec = issue.stored, issue.stored.spec
    named = shown_references(issue.choices)
    columns = columns_of(issue.catalogue, spec, issue.translate, masks=issue.masks, named=named)
    values = [stored.values_of(row) for row in rows]
    handed = {
        mark_of(part.id, position): HandedRow(
            stored.row_id(row), stored.version_of(row), row_digest(columns, shown_by(columns, held))
        )
        for position, (row, held) in enumerate(zip(rows, values, strict=True), start=1)
    }
    identity = PartIdentity(part.token, handed)
    return make_template(
        issue.catalogue,
        spec,
        place,
        translate=issue.translate,
        now=issue.now,
        rows=values,
        masks=issue.masks,
        marked=RowMarks(list(handed), part_lines(identity)),
        choices=issue.choices,
    )


def file_names(titles: Iterable[str], table: str) -> list[str]:
    """A name for each title that every system takes, all of them different."""
    taken: set[str] = set()
    return [_file_name(f"{title} {table}", taken) for title in titles]


def _file_name(wanted: str, taken: set[str]) -> str:
    """A legal name that begins like ``wanted``; adds it, folded, to ``taken``."""
    clean = _ILLEGAL.sub("_", wanted).strip(" .").lstrip("~") or "-"
    clean = f"_{clean}" if _RESERVED.fullmatch(clean) else clean
    count, ending = 1, ""
    while True:
        name = _cut(clean, LONGEST_NAME - len(ending)) + ending + ENDING
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
        count += 1
        ending = f" ({count})"


def _cut(text: str, longest: int) -> str:
    """The beginning of the text that has so many bytes in UTF-8."""
    return text.encode()[:longest].decode(errors="ignore").rstrip(" .")


class _Outlet(RawIOBase):
    """Takes what an archive writes and gives it on; nothing can be gone back to."""

    def __init__(self) -> None:
        self._pending: list[bytes] = []

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, content: object) -> int:
        """Keep a piece until it is taken."""
        piece = bytes(content)  # type: ignore[call-overload]  # a buffer of any kind
        self._pending.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What has been written since the last time."""
        piece = b"".join(self._pending)
        self._pending.clear()
        return piece


def archive_of(files: Iterable[tuple[str, bytes]], now: datetime) -> Iterator[bytes]:
    """A zip archive of the files, sent while they are made; names are in UTF-8 and say so."""
    outlet = _Outlet()
    with ZipFile(outlet, "w") as archive:
        for name, content in files:
            member = ZipInfo(name, now.timetuple()[:6])
            # Older unpackers do not find the end of what is stored unpacked in a stream.
            member.compress_type = ZIP_DEFLATED
            archive.writestr(member, content, compresslevel=1)
            yield outlet.taken()
    yield outlet.taken()
