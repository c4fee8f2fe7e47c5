"""Files that are no workbook, or one that would do harm: each is refused in words."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.catalogue.catalogue import Catalogue
from app.domain.message import Reason, Refused
from app.exchange.file_kind import ENCRYPTED_STREAM, OLE_START
from app.rules.raw_text import UNREADABLE
from tests.exchange.books import book_of, edited, sheet_with, with_members
from tests.exchange.test_workbook import read

GOOD = book_of([["校区代码", "校区名称"], ["1", "南"]])
ROWS_OF_STYLE = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in (5, 1_048_576))
HEADING_ROW = b'<row r="1"><c r="A1" t="inlineStr"><is><t>campus_code</t></is></c></row>'
ONE_ROW = b'<row r="2"><c r="A2"><v>7</v></c></row>'


def a_zip(name: str, data: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return target.getvalue()


def declared(entity: bytes) -> bytes:
    return with_members(GOOD, {"xl/sharedStrings.xml": b'<?xml version="1.0"?>' + entity})


BAD_FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "nothing": ("a.xlsx", lambda: b"", "is empty"),
    "text": ("a.xlsx", lambda: b"code,name\n1,2\n", "has the headings"),
    "one word": ("a.xlsx", lambda: b"nothing", "is damaged"),
    "another document": ("a.docx.pdf", lambda: b"%PDF-1.7", "Save as"),
    "a broken old workbook": ("a.xls", lambda: OLE_START + bytes(600), "is damaged"),
    "the same, renamed": ("a.xlsx", lambda: OLE_START + bytes(600), "is damaged"),
    "wps": ("a.et", lambda: OLE_START + bytes(600), "WPS (.et)"),
    "a web page": ("a.xls", lambda: b"\xef\xbb\xbf <HTML><table>", "a web page"),
    "password": ("a.xlsx", lambda: OLE_START + ENCRYPTED_STREAM + bytes(600), "password"),
    "cut off": ("a.xlsx", lambda: GOOD[: len(GOOD) // 2], "is damaged"),
    "bytes turned over": ("a.xlsx", lambda: GOOD[:60] + bytes(40) + GOOD[100:], "is damaged"),
    "a zip of pictures": ("a.xlsx", lambda: a_zip("a.png", b"x"), "is damaged"),
    "macros": ("a.xlsx", lambda: with_members(GOOD, {"xl/vbaProject.bin": b"x"}), "macros"),
    "doctype": ("a.xlsx", lambda: declared(b'<!DOCTYPE s [<!ENTITY a "b">]><sst/>'), "damaged"),
    "utf-16": ("a.xlsx", lambda: with_members(GOOD, {"xl/styles.xml": b"\xff\xfe<"}), "damaged"),
    "a way out": ("a.xlsx", lambda: with_members(GOOD, {"../../x.xml": b"<x/>"}), "damaged"),
    "bomb": ("a.xlsx", lambda: with_members(GOOD, {"xl/b.xml": b" " * 20_000_000}), "too large"),
    "too many parts": (
        "a.xlsx",
        lambda: with_members(GOOD, {f"xl/p{n}.xml": b"<x/>" for n in range(1100)}),
        "too large",
    ),
    "a cell far down": (
        "a.xlsx",
        lambda: sheet_with(GOOD, HEADING_ROW + b'<row r="1"><c r="A1048576"><v>1</v></c></row>'),
        "far away",
    ),
    "a cell far right": (
        "a.xlsx",
        lambda: sheet_with(GOOD, HEADING_ROW + b"<row r='2'><c s='1' r='XFD2'><v>1</v></c></row>"),
        "far away",
    ),
    "wide and long": (
        "a.xlsx",
        lambda: sheet_with(
            GOOD, b'<row><c r="DZ1"><v>1</v></c></row><row><c r="A99999"><v>1</v></c></row>'
        ),
        "too large",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_and_says_what_to_do(catalogue: Catalogue, name: str) -> None:
    file_name, make, words = BAD_FILES[name]

    with pytest.raises(Refused) as caught:
        read(catalogue, make(), file_name)

    assert caught.value.reason is Reason.INVALID
    assert words in caught.value.message.msgid


def test_one_long_text_used_everywhere_is_refused(catalogue: Catalogue) -> None:
    strings = b'<?xml version="1.0"?><sst xmlns="x"><si><t>' + b"x" * 400_000 + b"</t></si></sst>"
    cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % n for n in range(2, 1002))
    content = with_members(sheet_with(GOOD, cells), {"xl/sharedStrings.xml": strings})

    with pytest.raises(Refused) as caught:
        read(catalogue, content)

    assert "too large" in caught.value.message.msgid


def test_formatted_rows_down_to_the_last_are_no_rows(catalogue: Catalogue) -> None:
    upload = read(catalogue, sheet_with(GOOD, HEADING_ROW + ONE_ROW + ROWS_OF_STYLE))

    assert [row.values for row in upload.rows] == [{"campus_code": "7"}]


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="A2" t="e"><v>#N/A</v></c>',
        b'<c t="e" r="A2"><v>#REF!</v></c>',
        b'<c r="A2"><f>1+1</f><v/></c>',
        b'<c r="A2"><f>1+1</f></c>',
        b'<c r="A2"><f t="shared" si="0"/><v></v></c>',
    ],
)
def test_an_error_or_an_uncalculated_formula_is_never_an_empty_cell(
    catalogue: Catalogue, cell: bytes
) -> None:
    upload = read(catalogue, sheet_with(GOOD, HEADING_ROW + b'<row r="2">' + cell + b"</row>"))

    assert upload.lost == {(2, "campus_code")}
    assert upload.rows[0].values == {"campus_code": UNREADABLE}


def test_a_formula_with_its_result_is_read_as_the_result(catalogue: Catalogue) -> None:
    cell = b'<row r="2"><c r="A2" t="str"><f>"0"&amp;"1"</f><v>01</v></c></row>'

    upload = read(catalogue, sheet_with(GOOD, HEADING_ROW + cell))

    assert (upload.rows[0].values, upload.lost) == ({"campus_code": "01"}, frozenset())


def test_what_another_program_saved_is_read_too(catalogue: Catalogue) -> None:
    upload = read(catalogue, edited(GOOD, {"A3": "002", "B3": "北"}))

    assert [row.values["campus_code"] for row in upload.rows] == ["1", "002"]
