"""The kinds of files that rows are read from, told by what is in a file before its name.

People rename files: a workbook of the old kind that is called .xlsx is read as what it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from app.domain.message import Message, Reason, Refused
from app.exchange.confined_file import ConfinedFile
from app.exchange.csv_file import CsvFile, is_table_of_text
from app.exchange.package import (
    MIMETYPE,
    ZIP_START,
    damaged,
    open_package,
    protected,
    refuse_odd_opendocument,
)
from app.exchange.spreadsheet import Spreadsheet
from app.exchange.template_identity import SHEET
from app.exchange.xlsx_file import XlsxFile

LONGEST_NAME_SHOWN = 80
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
# Of tables and texts, and of what new ones are made from.
WPS_ENDINGS = (".et", ".ett", ".wps", ".wpt")
TEXT_ENDINGS = (".csv", ".txt", ".tsv")
BOOK_ENDINGS = (".xls", ".xlsx")
NUMBERS_ENDING = ".numbers"
# What information systems call .xls is often a table of a web page.
WEB_STARTS = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")
LOOKED_AT = 512


@dataclass(frozen=True)
class FileKind:
    """A kind of file: whether content under a (lower-case) name is one, and how it is opened."""

    ending: str
    is_one: Callable[[bytes, str], bool]
    open: Callable[[bytes], Spreadsheet]


def open_spreadsheet(content: bytes, file_name: str) -> Spreadsheet:
    """The file, ready to be read. Raises Refused (invalid) with words that say what to do."""
    _refuse_other_files(content, file_name)
    name = file_name.lower()
    for kind in FILE_KINDS:
        if kind.is_one(content, name):
            return kind.open(content)
    if name.endswith(tuple(kind.ending for kind in FILE_KINDS)):
        raise damaged()
    raise Refused(
        Message(
            "The file %(file)s is not a workbook that can be read (.xlsx, .xls, .ods or .csv)."
            " Open it in Excel or WPS, choose “Save as” with the type .xlsx and upload that file.",
            _shown(file_name),
        ),
        Reason.INVALID,
    )


def _refuse_other_files(content: bytes, file_name: str) -> None:
    if not content:
        _refuse(Message("The file %(file)s is empty. Choose another one.", _shown(file_name)))
    if content.startswith(OLE_START) and ENCRYPTED_STREAM in content:
        raise protected()
    if file_name.lower().endswith(WPS_ENDINGS):
        _refuse(
            Message(
                "The file %(file)s has the own format of WPS (.et). Open it in WPS, choose “Save"
                " as” with the type .xlsx and upload that file.",
                _shown(file_name),
            )
        )
    if file_name.lower().endswith(NUMBERS_ENDING):
        _refuse(
            Message(
                "The file %(file)s has Apple's own format (Numbers). Open it in Numbers, choose"
                " “Export To – Excel” in the menu “File” and upload that file.",
                _shown(file_name),
            )
        )
    if content[:LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(WEB_STARTS):
        _refuse(
            Message(
                "The file %(file)s is a web page that was given the name of a workbook. Open it in"
                " Excel or WPS, choose “Save as” with the type .xlsx and upload that file.",
                _shown(file_name),
            )
        )


def _refuse(message: Message) -> NoReturn:
    raise Refused(message, Reason.INVALID)


def _shown(file_name: str) -> dict[str, object]:
    return {"file": file_name[-LONGEST_NAME_SHOWN:]}


def _is_csv(content: bytes, name: str) -> bool:
    """A text by its name; what information systems export as .xls is often one as well."""
    return name.endswith(TEXT_ENDINGS) or (
        name.endswith(BOOK_ENDINGS) and is_table_of_text(content)
    )


def _open_xlsx(content: bytes) -> Spreadsheet:
    return XlsxFile(open_package(content), content)


def _open_ods(content: bytes) -> Spreadsheet:
    refuse_odd_opendocument(content)
    return ConfinedFile("ods", content, SHEET)


# In this order: an OpenDocument file is a zip archive as well.
FILE_KINDS = (
    FileKind(".ods", lambda content, _: content[:LOOKED_AT].find(MIMETYPE) >= 0, _open_ods),
    FileKind(".xlsx", lambda content, _: content.startswith(ZIP_START), _open_xlsx),
    FileKind(
        ".xls",
        lambda content, _: content.startswith(OLE_START),
        lambda content: ConfinedFile("xls", content, SHEET),
    ),
    FileKind(".csv", _is_csv, CsvFile),
)
