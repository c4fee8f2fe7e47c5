"""Files saved by LibreOffice give the same rows as the one they were made from."""

from pathlib import Path

import pytest

from app.catalogue.base_table import FieldSpec
from app.catalogue.catalogue import Catalogue
from app.exchange.template_identity import identity_of
from app.exchange.workbook import Upload, read_upload
from app.rules.raw_text import UNREADABLE, raw_text
from tests.exchange.conftest import place_of

FILES = Path(__file__).parent / "files"
NAMES = ["libreoffice.xlsx", "libreoffice.ods"]
ROWS = [
    (4, ["001", "插花艺术", "是", "2.5"]),
    # LibreOffice keeps a truth value as 1 that is shown as TRUE; both are read as yes.
    (5, ["0002", "2025-09-01", "1", "2"]),
    (6, ["0003", "两\n行", "否", UNREADABLE]),
]


def read(catalogue: Catalogue, name: str) -> Upload:
    spec = catalogue.tables["course"]
    here = identity_of(spec, catalogue.digest, place_of(spec).period.code, "A03")
    return read_upload((FILES / name).read_bytes(), name, spec, here)


def text_of(field: FieldSpec, value: object) -> str | None:
    text = raw_text(field, value)
    return "1" if text == "true" else text


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_libreoffice_gives_the_same_rows(catalogue: Catalogue, name: str) -> None:
    fields = catalogue.tables["course"].by_code

    upload = read(catalogue, name)

    assert [
        (row.number, [text_of(fields[code], row.values[code]) for code in sorted(upload.columns)])
        for row in upload.rows
    ] == [(number, [row[0], row[1], row[3], row[2]]) for number, row in ROWS]


@pytest.mark.parametrize("name", NAMES)
def test_its_errors_and_layout_are_told_alike(catalogue: Catalogue, name: str) -> None:
    upload = read(catalogue, name)

    assert upload.lost == {(6, "credit")}
    assert (upload.layout.sheets, upload.layout.heading_row) == (("课程", "说明"), 3)


@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_merged_cells_of_other_kinds_are_told_as_well(catalogue: Catalogue, ending: str) -> None:
    name = f"merged.{ending}"
    upload = read(catalogue, name)

    assert upload.covered == {(3, "course_name"): "B2"}
    assert [row.number for row in upload.rows] == [2, 3]
