"""Looking into an uploaded package before any parser opens it.

A workbook, .xlsx or .ods, is a zip of XML files. What would make a parser run out of memory or
time, what carries programs, and what is no workbook at all is refused here with
words that say what to do; nothing is unpacked to disk or fetched.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.domain.message import Message, Reason, Refused

MEGABYTE = 1024 * 1024
MOST_MEMBERS = 1_000
LARGEST_UNPACKED = 200 * MEGABYTE
# Spreadsheets pack well, but not like this; small members may.
HIGHEST_RATIO = 200
RATIO_COUNTS_FROM = 10 * MEGABYTE
# Large ones are kept by the memory of the process when they are gone.
CHUNK = MEGABYTE
XML_ENDINGS = (".xml", ".rels", ".vml")
ZIP_START = b"PK\x03\x04"
# The first member of an OpenDocument package is this, not packed.
MIMETYPE = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
MANIFEST = "META-INF/manifest.xml"
CONTENT = "content.xml"
MACRO_FOLDERS = ("Basic/", "Scripts/")
_DECLARATIONS = re.compile(rb"<!(DOCTYPE|ENTITY)")
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ENCRYPTED_FLAG = 0x1


def open_package(content: bytes) -> ZipFile:
    """The package of an .xlsx workbook that is safe to read.

    Raises Refused (invalid) for any other file, saying what to do.
    """
    with _telling_damage():
        package = _safe_package(content)
        _refuse_odd_workbook(package, {member.filename for member in package.infolist()})
        return package


def refuse_odd_opendocument(content: bytes) -> None:
    """Raise Refused (invalid) for an .ods workbook that is not safe to read."""
    with _telling_damage(), _safe_package(content) as package:
        names = set(package.namelist())
        if any(name.startswith(MACRO_FOLDERS) and not name.endswith("/") for name in names):
            raise with_macros()
        if not {CONTENT, MANIFEST} <= names:
            raise damaged()
        if b"encryption-data" in b"".join(chunks(package, MANIFEST)):
            raise protected()


@contextmanager
def _telling_damage() -> Iterator[None]:
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise damaged() from error


def _safe_package(content: bytes) -> ZipFile:
    """The package, whose members are neither too large nor traps."""
    package = ZipFile(BytesIO(content))
    members = package.infolist()
    _refuse_odd_members(members)
    for member in members:
        if member.filename.lower().endswith(XML_ENDINGS):
            _refuse_declarations(package, member)
    return package


def damaged() -> Refused:
    """The refusal of a file that cannot be read as a workbook."""
    return Refused(
        Message(
            "The file is damaged or is no workbook. Open it in Excel or WPS, save it as .xlsx and"
            " upload it again."
        ),
        Reason.INVALID,
    )


def too_large() -> Refused:
    """The refusal of a workbook that takes more room than any table needs."""
    return Refused(
        Message(
            "The workbook is too large. Delete pictures, empty rows and other sheets, or upload"
            " it in several parts."
        ),
        Reason.INVALID,
    )


def protected() -> Refused:
    """The refusal of a file that asks for a password."""
    return Refused(
        Message(
            "The file is protected by a password. Remove the password in Excel or WPS, save the"
            " file and upload it again."
        ),
        Reason.INVALID,
    )


def with_macros() -> Refused:
    """The refusal of a workbook that carries programs."""
    return Refused(
        Message(
            "The workbook contains macros, which are not accepted. Save it as .xlsx without"
            " macros and upload it again."
        ),
        Reason.INVALID,
    )


def chunks(package: ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of a member, unpacked piece by piece."""
    with package.open(name) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _refuse_odd_members(members: list[ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > LARGEST_UNPACKED:
        raise too_large()
    if len(set(names)) != len(names) or any(_leads_outside(name) for name in names):
        raise damaged()
    for member in members:
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise damaged()
        packed_well = member.file_size > HIGHEST_RATIO * max(member.compress_size, 1)
        if packed_well and member.file_size > RATIO_COUNTS_FROM:
            raise too_large()


def _leads_outside(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _refuse_odd_workbook(package: ZipFile, names: set[str]) -> None:
    if any(name.lower().rpartition("/")[2] == "vbaproject.bin" for name in names):
        raise with_macros()
    if not {CONTENT_TYPES, WORKBOOK} <= names:
        raise damaged()
    if WORKBOOK_TYPE not in b"".join(chunks(package, CONTENT_TYPES)):
        raise damaged()


def _refuse_declarations(package: ZipFile, member: ZipInfo) -> None:
    """No part of a real workbook declares entities; those that do are traps."""
    tail = b""
    for position, chunk in enumerate(chunks(package, member.filename)):
        if position == 0 and (chunk.startswith(_BYTE_ORDER_MARKS) or b"\x00" in chunk[:4]):
            raise damaged()
        if _DECLARATIONS.search(tail + chunk):
            raise damaged()
        tail = chunk[-16:]
