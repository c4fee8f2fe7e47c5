"""The Excel template of a base table: what people see and may type."""

from collections.abc import Callable
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.catalogue.base_table import FieldType
from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.domain.message import Message
from app.exchange.template import make_template
from app.exchange.template_identity import identity_of
from app.exchange.workbook import read_upload
from app.reports.reference import Choices, Pick
from app.rules.base_table import check_rows
from app.rules.coercion import raw_frame
from tests.exchange.books import opened
from tests.exchange.conftest import NOW, ROOT, place_of
from tests.factories import plausible_row

Chinese = Callable[[Message], str]
TABLES = list(load_catalogue(ROOT / "seed" / "catalogue").tables)


def template_of(catalogue: Catalogue, table: str, chinese: Chinese, *rows: dict[str, Any]) -> bytes:
    spec = catalogue.tables[table]
    return make_template(
        catalogue, spec, place_of(spec), translate=chinese, now=NOW, rows=rows, unmasked=True
    )


def entry_sheet(catalogue: Catalogue, table: str, chinese: Chinese) -> Worksheet:
    return opened(template_of(catalogue, table, chinese)).worksheets[0]


def validation_at(sheet: Worksheet, address: str) -> Any:
    found = [v for v in sheet.data_validations.dataValidation if address in v.sqref]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("table", TABLES)
def test_a_row_filled_into_the_template_is_read_as_it_was(
    catalogue: Catalogue, chinese: Chinese, table: str
) -> None:
    spec = catalogue.tables[table]
    row = plausible_row(spec, catalogue, 3)
    here = identity_of(spec, catalogue.digest, place_of(spec).period.code, "A03")

    upload = read_upload(template_of(catalogue, table, chinese, row), "表.xlsx", spec, here)

    checked = check_rows(spec, catalogue, raw_frame(spec, [upload.rows[0].values]), {})
    assert [upload.rows[0].number, len(upload.rows)] == [2, 1]
    assert checked.frame.row(0, named=True) == row


def test_headings_tell_label_unit_and_what_is_required(
    catalogue: Catalogue, chinese: Chinese
) -> None:
    sheet = entry_sheet(catalogue, "campus", chinese)

    assert [cell.value for cell in sheet[1]] == [
        "校区代码 *",
        "校区名称 *",
        "校区地址 *",
        "是否主校区 *",
        "占地面积(平方米) *",
        "可容纳学生数(人)",
    ]
    assert sheet["A1"].fill.fgColor.rgb != sheet["F1"].fill.fgColor.rgb
    assert sheet.freeze_panes == "B2"


def test_codes_are_chosen_by_label_from_a_hidden_sheet(
    catalogue: Catalogue, chinese: Chinese
) -> None:
    book = opened(template_of(catalogue, "course", chinese))
    column = [field.code for field in catalogue.tables["course"].fields].index("course_type")
    letters = book.worksheets[0].cell(1, column + 1).column_letter

    rule = validation_at(book.worksheets[0], f"{letters}2")

    name = rule.formula1.lstrip("=")
    sheet, area = next(iter(book.defined_names[name].destinations))
    labels = [cell[0].value for cell in book[sheet][area]]
    code_list = catalogue.code_lists[catalogue.tables["course"].by_code["course_type"].code_list]
    assert (rule.type, book[sheet].sheet_state) == ("list", "hidden")
    assert labels == [item.label for item in code_list.items]


def test_numbers_outside_their_limits_are_refused_in_words(
    catalogue: Catalogue, chinese: Chinese
) -> None:
    sheet = entry_sheet(catalogue, "employment_rate", chinese)

    rule = validation_at(sheet, "D2")

    assert (rule.type, float(rule.formula2)) == ("decimal", 100.0)
    assert rule.error.endswith("请填写0～100的数字。")


def test_headings_refuse_typing_while_cells_stay_open(
    catalogue: Catalogue, chinese: Chinese
) -> None:
    sheet = entry_sheet(catalogue, "campus", chinese)

    assert validation_at(sheet, "A1").formula1 == "FALSE"
    assert not sheet.protection.sheet


def test_text_columns_keep_leading_zeros(catalogue: Catalogue, chinese: Chinese) -> None:
    sheet = entry_sheet(catalogue, "campus", chinese)

    assert sheet.column_dimensions["A"].width > 0
    assert (
        opened(
            template_of(
                catalogue,
                "campus",
                chinese,
                plausible_row(catalogue.tables["campus"], catalogue, 1),
            )
        )
        .worksheets[0]["A2"]
        .number_format
        == "@"
    )


def test_the_guide_explains_every_field(catalogue: Catalogue, chinese: Chinese) -> None:
    book = opened(template_of(catalogue, "course", chinese))

    guide = list(book["填报说明"].iter_rows(min_row=8, values_only=True))

    fields = catalogue.tables["course"].fields
    assert [line[0] for line in guide] == [
        cell.value.removesuffix(" *") for cell in book.worksheets[0][1]
    ]
    assert [line[3] == "必填" for line in guide] == [field.required for field in fields]


def test_every_heading_has_a_comment(catalogue: Catalogue, chinese: Chinese) -> None:
    sheet = entry_sheet(catalogue, "major_head", chinese)

    assert all(cell.comment and cell.comment.text for cell in sheet[1])


def test_reference_columns_tell_where_their_values_come_from(
    catalogue: Catalogue, chinese: Chinese
) -> None:
    spec = catalogue.tables["institution_contact"]
    column = next(i for i, f in enumerate(spec.fields) if f.type is FieldType.REFERENCE)

    comment = entry_sheet(catalogue, spec.identifier, chinese).cell(1, column + 1).comment

    assert "教工号" in comment.text


def test_rows_of_another_table_are_chosen_by_key_and_label(
    catalogue: Catalogue, chinese: Chinese
) -> None:
    book = opened(contacts(catalogue, chinese, Choices((Pick("0012", "张三"),), is_whole=True)))
    letters, comment = reference_heading(catalogue, book.worksheets[0])

    rule = validation_at(book.worksheets[0], f"{letters}2")

    sheet, area = next(iter(book.defined_names[rule.formula1.lstrip("=")].destinations))
    # The key alone may be typed, too.
    assert (rule.type, rule.errorStyle) == ("list", "information")
    assert book[sheet][area.partition(":")[0]].value == "0012 张三"
    assert "下拉列表" in comment
    assert book.worksheets[0][f"{letters}2"].value == "0012 张三"


def test_too_many_rows_to_choose_from_are_told_of(catalogue: Catalogue, chinese: Chinese) -> None:
    book = opened(contacts(catalogue, chinese, Choices((), is_whole=False)))

    letters, comment = reference_heading(catalogue, book.worksheets[0])

    assert "2000" in comment.replace(",", "")
    assert not [
        v for v in book.worksheets[0].data_validations.dataValidation if f"{letters}2" in v.sqref
    ]


def contacts(catalogue: Catalogue, chinese: Chinese, choices: Choices) -> bytes:
    spec = catalogue.tables["institution_contact"]
    fields = [field.code for field in spec.references]
    row = plausible_row(spec, catalogue, 3) | dict.fromkeys(fields, "0012")
    given = dict.fromkeys(fields, choices)
    return make_template(
        catalogue, spec, place_of(spec), translate=chinese, now=NOW, rows=[row], choices=given
    )


def reference_heading(catalogue: Catalogue, sheet: Worksheet) -> tuple[str, str]:
    fields = catalogue.tables["institution_contact"].fields
    column = next(i for i, f in enumerate(fields) if f.type is FieldType.REFERENCE)
    cell = sheet.cell(1, column + 1)
    return str(cell.column_letter), str(cell.comment.text)
