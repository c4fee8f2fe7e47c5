"""Reading uploads: which row and column a value stood in, and what does not fit."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from app.catalogue.catalogue import Catalogue
from app.domain.message import Message, Reason, Refused
from app.exchange import workbook
from app.exchange.template import make_template
from app.exchange.template_identity import identity_of
from app.exchange.workbook import Upload, read_upload
from tests.exchange.books import book_of, opened, saved
from tests.exchange.conftest import NOW, place_of

Chinese = Callable[[Message], str]
HEADINGS = ["校区代码", "校区名称", "校区地址", "是否主校区", "占地面积(平方米)"]


def read(catalogue: Catalogue, content: bytes, file_name: str = "校区.xlsx") -> Upload:
    spec = catalogue.tables["campus"]
    here = identity_of(spec, catalogue.digest, place_of(spec).period.code, "A03")
    return read_upload(content, file_name, spec, here)


def refusal(catalogue: Catalogue, rows: Sequence[Sequence[object]]) -> Refused:
    with pytest.raises(Refused) as caught:
        read(catalogue, book_of(rows))
    assert caught.value.reason is Reason.INVALID
    return caught.value


def test_rows_keep_the_numbers_excel_shows(catalogue: Catalogue) -> None:
    rows = [["校区情况表"], [], HEADINGS, ["001", "南"], [], [None, "  "], ["002", "北"], []]

    upload = read(catalogue, book_of(rows))

    assert [(row.number, row.values["campus_code"]) for row in upload.rows] == [
        (4, "001"),
        (7, "002"),
    ]


@pytest.mark.parametrize(
    "heading", ["占地面积", "占地面积（平方米）", "占地 面积(平方米)*", "land_area", "LAND_AREA"]
)
def test_a_heading_may_be_spelled_in_several_ways(catalogue: Catalogue, heading: str) -> None:
    upload = read(catalogue, book_of([["校区代码 *", heading], ["1", 2.5]]))

    assert upload.rows[0].values == {"campus_code": "1", "land_area": "2.5"}


def test_running_numbers_are_passed_over(catalogue: Catalogue) -> None:
    upload = read(catalogue, book_of([["序号", *HEADINGS], [1, "001", "南"]]))

    assert upload.columns["campus_code"] == 1


def test_dates_and_truth_values_arrive_as_such(catalogue: Catalogue) -> None:
    spec = catalogue.tables["campus"]
    here = identity_of(spec, catalogue.digest, place_of(spec).period.code, "A03")

    upload = read_upload(book_of([HEADINGS, [date(2025, 9, 1).isoformat()]]), "a.xlsx", spec, here)

    assert upload.rows[0].values["campus_code"] == "2025-09-01"
    assert upload.rows[0].values["is_main"] is None


def test_headings_that_do_not_fit_are_listed_with_their_columns(catalogue: Catalogue) -> None:
    caught = refusal(catalogue, [["校区名称", "楼层", "校区名称", None], ["南", 3, "南", "散"]])

    assert [detail.parameters.get("column") for detail in caught.details] == ["B", "C", "D", None]
    assert caught.details[0].parameters["heading"] == "楼层"
    assert caught.details[3].parameters == {"heading": "校区代码"}


def test_a_sheet_without_headings_names_the_table(catalogue: Catalogue) -> None:
    caught = refusal(catalogue, [["姓名", "年龄"], ["张三", 5]])

    assert caught.message.parameters == {"table": catalogue.tables["campus"].title}


def test_an_empty_sheet_is_refused(catalogue: Catalogue) -> None:
    assert "headings" in refusal(catalogue, []).message.msgid


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"table": "course"}, "template of table"),
        ({"period": "2024-08-31"}, "made for the period"),
        ({"department": "A04"}, "made for the department"),
    ],
)
def test_a_template_made_for_elsewhere_is_refused(
    catalogue: Catalogue, chinese: Chinese, change: dict[str, str], words: str
) -> None:
    spec = catalogue.tables["campus"]
    content = make_template(catalogue, spec, place_of(spec), translate=chinese, now=NOW)
    here = identity_of(spec, catalogue.digest, place_of(spec).period.code, "A03")

    with pytest.raises(Refused) as caught:
        read_upload(content, "a.xlsx", spec, replace(here, **change))

    assert words in caught.value.message.msgid


def test_a_template_from_before_a_change_of_fields_is_refused(
    catalogue: Catalogue, chinese: Chinese
) -> None:
    spec = catalogue.tables["campus"]
    older = replace(spec, fields=spec.fields[:-1])
    content = make_template(catalogue, older, place_of(spec), translate=chinese, now=NOW)
    here = identity_of(spec, "another catalogue", place_of(spec).period.code, "A03")

    with pytest.raises(Refused) as caught:
        read_upload(content, "a.xlsx", spec, here)

    assert caught.value.message.parameters == {"fields": "可容纳学生数(人)"}


def test_a_newer_catalogue_with_the_same_fields_is_no_hindrance(
    catalogue: Catalogue, chinese: Chinese
) -> None:
    spec = catalogue.tables["campus"]
    content = make_template(catalogue, spec, place_of(spec), translate=chinese, now=NOW)
    here = identity_of(spec, "another catalogue", place_of(spec).period.code, "A03")

    assert read_upload(content, "a.xlsx", spec, here).rows == ()


def test_more_rows_than_any_table_has_are_refused_with_the_number(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty rows do not count."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    rows = [HEADINGS, ["001", "南校区"], [None], ["002", "北校区"]]
    assert len(read(catalogue, book_of(rows)).rows) == 2

    caught = refusal(catalogue, [*rows, ["003", "东校区"]])

    assert caught.message.parameters == {"count": 2}


def test_a_cell_that_another_covers_is_no_empty_one(catalogue: Catalogue) -> None:
    rows = [HEADINGS, ["001", "南校区", "学院路1号", "是"], ["002", "北校区", None, "否"]]
    book = opened(book_of(rows))
    book.worksheets[0].merge_cells("C2:C3")

    upload = read(catalogue, saved(book))

    assert upload.covered == {(3, "address"): "C2"}
    assert upload.lost == {(3, "address")}


def test_a_record_over_two_merged_rows_is_one(catalogue: Catalogue) -> None:
    book = opened(book_of([HEADINGS, ["001", "南校区", "学院路1号", "是"]]))
    for column in "ABCD":
        book.worksheets[0].merge_cells(f"{column}2:{column}3")

    upload = read(catalogue, saved(book))

    assert ([row.number for row in upload.rows], upload.covered) == ([2], {})
