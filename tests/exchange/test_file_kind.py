"""Rows come from .xls, .ods and CSV as they do from .xlsx; what would do harm is refused."""

from collections.abc import Callable
from io import BytesIO

import pytest
import xlwt

from app.catalogue.catalogue import Catalogue
from app.domain.message import Refused
from app.exchange.csv_file import MOST_CELLS
from tests.exchange.books import book_of, old_book_of, open_book_of, open_cells
from tests.exchange.test_workbook import read

HEADINGS = ["校区代码", "校区名称", "占地面积"]
ROWS = [HEADINGS, ["001", "南校区", 2.5], ["002", "北、校区", None]]
TEXT = "校区代码,校区名称,占地面积\r\n001,南校区,2.5\r\n002,北、校区,\r\n"
OPEN_ROWS = (
    open_cells(*HEADINGS),
    open_cells("001", "南校区")
    + '<table:table-cell office:value-type="float" office:value="2.5"><text:p>2.50</text:p>'
    "</table:table-cell>",
    open_cells("002", "北、校区"),
)
ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
    ' calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)
MANY = '<table:table-cell table:number-columns-repeated="16000" office:value-type="string">'
BOMB = f"{MANY}<text:p>一</text:p></table:table-cell>"
KINDS: dict[str, Callable[[], bytes]] = {
    "a.xlsx": lambda: book_of(ROWS),
    "a.xls": lambda: old_book_of(ROWS),
    "renamed.xlsx": lambda: old_book_of(ROWS, hidden_first=True),
    "a.ods": lambda: open_book_of(OPEN_ROWS),
    "utf-8.csv": TEXT.encode,
    "with a mark.csv": lambda: TEXT.encode("utf-8-sig"),
    "excel in Chinese.CSV": lambda: TEXT.encode("gb18030"),
    "unicode text.txt": lambda: TEXT.replace(",", "\t").encode("utf-16"),
    "semicolons.csv": lambda: TEXT.replace(",", ";").encode(),
}
BAD_FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an .ods with macros": ("a.ods", lambda: open_book_of((), {"Basic/a.xml": "<a/>"}), "macros"),
    "an .ods with a password": (
        "a.ods",
        lambda: open_book_of((), {"META-INF/manifest.xml": "<m><encryption-data/></m>"}),
        "password",
    ),
    "an .ods that is cut off": ("a.ods", lambda: open_book_of(OPEN_ROWS)[:300], "is damaged"),
    "an .ods without content": ("a.ods", lambda: open_book_of(["<broken"]), "is damaged"),
    "an .ods of 16 million cells": ("a.ods", lambda: open_book_of([BOMB] * 1000), "too large"),
    "an .xls that is cut off": ("a.xls", lambda: old_book_of(ROWS)[:3000], "is damaged"),
    "bytes called .csv": ("a.csv", lambda: bytes(range(256)) * 4, "cannot be read as text"),
    "a CSV of 5 million cells": ("a.csv", lambda: b"," * (MOST_CELLS + 1), "too large"),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_gives_the_same_rows(catalogue: Catalogue, name: str) -> None:
    upload = read(catalogue, KINDS[name](), name)

    assert [row.number for row in upload.rows] == [2, 3]
    assert [row.values["campus_code"] for row in upload.rows] == ["001", "002"]
    assert upload.rows[1].values["campus_name"] == "北、校区"
    assert [str(row.values["land_area"]) for row in upload.rows] == ["2.5", "None"]


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_of_another_kind_is_refused_in_words(catalogue: Catalogue, name: str) -> None:
    file_name, make, words = BAD_FILES[name]

    with pytest.raises(Refused) as caught:
        read(catalogue, make(), file_name)

    assert words in caught.value.message.msgid


def test_an_error_in_an_ods_is_never_an_empty_cell(catalogue: Catalogue) -> None:
    content = open_book_of([open_cells(*HEADINGS), open_cells("001", "南") + ERROR])

    assert read(catalogue, content, "a.ods").lost == {(2, "land_area")}


def test_an_error_in_an_xls_is_never_an_empty_cell(catalogue: Catalogue) -> None:
    content = old_book_of([HEADINGS, ["001", "南", 7.123456]])
    number = content.index(b"\x03\x02\x0e\x00\x01\x00\x02\x00")
    # The number becomes an error and an empty record of the same length together.
    error = b"\x05\x02\x08\x00\x01\x00\x02\x00\x00\x00\x07\x01" + b"\xff\x00\x02\x00\x00\x00"
    broken = content[:number] + error + content[number + 18 :]

    assert read(catalogue, broken, "a.xls").lost == {(2, "land_area")}


def test_a_csv_of_ours_is_read_as_it_was_written(catalogue: Catalogue) -> None:
    content = '校区代码,校区名称\r\n001,\'=南\r\n002,"两\r\n行"\r\n'.encode("utf-8-sig")

    names = [row.values["campus_name"] for row in read(catalogue, content, "a.csv").rows]

    assert names == ["=南", "两\r\n行"]


@pytest.mark.parametrize("line", ["001,南", "001,南校区,2.5\n\n", "\n001,南\n"])
def test_lines_of_a_csv_may_end_where_their_values_do(catalogue: Catalogue, line: str) -> None:
    upload = read(catalogue, f"校区代码,校区名称,占地面积\n{line}".encode(), "a.csv")

    assert [row.values["campus_code"] for row in upload.rows] == ["001"]


def test_our_template_of_elsewhere_is_known_when_it_was_saved_as_xls(catalogue: Catalogue) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("数据")
    for column, heading in enumerate(HEADINGS):
        page.write(0, column, heading)
    hidden = book.add_sheet("statedata")
    hidden.visibility = 2
    lines = (("version", "1"), ("table", "course"), ("number", "7.2.1"), ("period", "2025-2026"))
    for row, (name, value) in enumerate(lines):
        hidden.write(row, 0, name)
        hidden.write(row, 1, value)
    target = BytesIO()
    book.save(target)

    with pytest.raises(Refused) as caught:
        read(catalogue, target.getvalue(), "a.xls")

    assert "is the template of table" in caught.value.message.msgid
