"""Looking into an uploaded .xlsx package before any parser opens it.

A workbook is a zip of XML files. What would make a parser run out of memory or
time, what carries programs, and what is no workbook at all is refused here with
words that say what to do; nothing is unpacked to disk or fetched.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NoReturn
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.domain.message import Message, Reason, Refused

MEGABYTE = 1024 * 1024
MOST_MEMBERS = 1_000
LARGEST_UNPACKED = 200 * MEGABYTE
# Spreadsheets pack well, but not like this; small members may.
HIGHEST_RATIO = 200
RATIO_COUNTS_FROM = 10 * MEGABYTE
CHUNK = 4 * MEGABYTE
XML_ENDINGS = (".xml", ".rels", ".vml")
ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
LONGEST_NAME_SHOWN = 80
_DECLARATIONS = re.compile(rb"<!(DOCTYPE|ENTITY)")
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ENCRYPTED_FLAG = 0x1


def open_package(content: bytes, file_name: str) -> ZipFile:
    """The package of an .xlsx workbook that is safe to read.

    Raises Refused (invalid) for any other file, saying what to do.
    """
    _refuse_other_kinds(content, file_name)
    try:
        package = ZipFile(BytesIO(content))
        members = package.infolist()
        _refuse_odd_members(members)
        _refuse_odd_workbook(package, {member.filename for member in members})
        for member in members:
            if member.filename.lower().endswith(XML_ENDINGS):
                _refuse_declarations(package, member)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise damaged() from error
    return package


def damaged() -> Refused:
    """The refusal of a file that cannot be read as a workbook."""
    return Refused(
        Message(
            "The file is damaged or is not an .xlsx workbook. Open it in Excel or WPS, save it as"
            " .xlsx and upload it again."
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


def chunks(package: ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of a member, unpacked piece by piece."""
    with package.open(name) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _refuse(message: Message) -> NoReturn:
    raise Refused(message, Reason.INVALID)


def _refuse_other_kinds(content: bytes, file_name: str) -> None:
    shown = {"file": file_name[-LONGEST_NAME_SHOWN:]}
    if not content:
        _refuse(Message("The file %(file)s is empty. Choose another one.", shown))
    if content.startswith(OLE_START) and ENCRYPTED_STREAM in content:
        _refuse(
            Message(
                "The file %(file)s is protected by a password. Remove the password in Excel or"
                " WPS, save the file and upload it again.",
                shown,
            )
        )
    if not file_name.lower().endswith(".xlsx"):
        _refuse(
            Message(
                "The file %(file)s is not an .xlsx workbook. Open it in Excel or WPS, choose"
                " “Save as” with the type .xlsx and upload that file.",
                shown,
            )
        )
    if not content.startswith(ZIP_START):
        raise damaged()


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
        _refuse(
            Message(
                "The workbook contains macros, which are not accepted. Save it as .xlsx without"
                " macros and upload it again."
            )
        )
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
