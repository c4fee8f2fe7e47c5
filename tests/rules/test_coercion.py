"""Raw text becomes typed values, the same whoever hands it over."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import IntEnum
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.base_table import FieldFormat, FieldSpec, FieldType, Reference, TableSpec
from app.catalogue.code_list import CodeItem, CodeList
from app.rules.base_table import check_rows
from app.rules.coercion import FEW_ROWS, Tidied, coerce, raw_frame
from app.rules.column_type import column_types
from app.rules.raw_text import UNREADABLE, raw_text
from app.rules.reading import text_of
from tests.factories import catalogue_of, plausible_row, seed_catalogue, table_of

CATALOGUE = seed_catalogue()
TABLES = list(CATALOGUE.tables.values())
GRADES = CodeList("grade", "等级", (CodeItem("01", "优"), CodeItem("02", "良(80分)")))
FIELDS = {
    "string": FieldSpec("x", "名称", FieldType.STRING, max_length=50),
    "text": FieldSpec("x", "说明", FieldType.TEXT),
    "identifier": FieldSpec("x", "编号", FieldType.STRING, max_length=20, pattern=".*"),
    "mobile": FieldSpec("x", "手机", FieldType.STRING, format=FieldFormat.MOBILE),
    "integer": FieldSpec("x", "人数", FieldType.INTEGER),
    "number": FieldSpec("x", "金额", FieldType.NUMBER, precision=8, scale=2),
    "share": FieldSpec("x", "比例", FieldType.NUMBER, precision=2, scale=2),
    "rate": FieldSpec("x", "就业率", FieldType.NUMBER, precision=5, scale=2, unit="%"),
    "person": FieldSpec("x", "姓名", FieldType.STRING, max_length=20, personal=True),
    "boolean": FieldSpec("x", "是否", FieldType.BOOLEAN),
    "date": FieldSpec("x", "日期", FieldType.DATE),
    "month": FieldSpec("x", "年月", FieldType.YEARMONTH),
    "code": FieldSpec("x", "等级", FieldType.CODE, code_list="grade"),
}
# Signs that mean something to one of the readers, so that examples come near real input.
MARKS = st.sampled_from("0123456789０１２.,，-+−/年月日eE 　\n\t\0\u200b无是否优(（)）A\ufdd0𠮷é")
TEXTS = st.one_of(st.text(MARKS, max_size=12), st.text(max_size=8))


class Grade(IntEnum):
    GOOD = 1


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(min_value=10**400, max_value=10**5000),
        st.floats(),
        st.decimals(),
        st.dates(),
        st.datetimes(),
        st.times(),
        st.binary(max_size=5),
        TEXTS,
        st.text(st.characters(categories=["Cs", "Co", "Cn", "Cc", "Cf"]), max_size=5),
        st.just(Grade.GOOD),
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)


def read(field: FieldSpec, *values: object) -> list[Any]:
    spec = table_of(field)
    catalogue = catalogue_of(spec, code_lists=(GRADES,))
    raw = raw_frame(spec, [{field.code: value} for value in values])
    return coerce(spec, catalogue, raw).frame[field.code].to_list()


@pytest.mark.parametrize("times", [1, FEW_ROWS])
def test_a_sign_of_per_cent_and_blanks_in_a_name_change_nothing(times: int) -> None:
    assert read(FIELDS["rate"], *["93.59%", "93.59 ％"] * times)[:2] == [Decimal("93.59")] * 2
    assert read(FIELDS["number"], "5%") == [None]
    names = ["张　三", "赵 一 凡", "阿不都·买买提", "John Smith"]
    assert read(FIELDS["person"], *names * times)[:4] == ["张三", "赵一凡", *names[2:]]


@pytest.mark.parametrize("height", [3, FEW_ROWS + 6])
@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.identifier)
def test_every_field_of_every_table_gives_a_plausible_value_back(
    spec: TableSpec, height: int
) -> None:
    rows = [plausible_row(spec, CATALOGUE, number) for number in range(height)]

    coerced = coerce(spec, CATALOGUE, raw_frame(spec, rows))

    assert coerced.frame.to_dicts() == rows
    assert not any(coerced.faults.values())
    assert coerced.tidied == ()


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.identifier)
def test_a_plausible_row_of_every_table_has_no_findings(spec: TableSpec) -> None:
    row = plausible_row(spec, CATALOGUE, 7)
    known = {field.code: [str(row[field.code])] for field in spec.references}

    checked = check_rows(spec, CATALOGUE, raw_frame(spec, [row]), known)

    assert [finding.message.english() for finding in checked.findings] == []


@given(data=st.data())
def test_nothing_in_any_field_of_any_table_raises(data: st.DataObject) -> None:
    spec = data.draw(st.sampled_from(TABLES))
    cells = st.dictionaries(st.sampled_from(list(spec.by_code)), ANYTHING, max_size=6)
    rows = data.draw(st.lists(cells, min_size=1, max_size=2))

    checked = check_rows(spec, CATALOGUE, raw_frame(spec, rows), {})

    assert checked.frame.height == len(rows)


@pytest.mark.parametrize("name", FIELDS)
@given(texts=st.lists(TEXTS, min_size=1, max_size=8))
def test_whole_columns_are_read_like_single_texts(name: str, texts: list[str]) -> None:
    spec = table_of(FIELDS[name])
    catalogue = catalogue_of(spec, code_lists=(GRADES,))
    column_type = column_types(catalogue, spec)["x"]
    reads = [column_type.read(text) for text in texts]

    column = column_type.convert(pl.Series("x", texts, dtype=pl.String))

    sure = [(value, r) for value, r in zip(column, reads, strict=True) if value is not None]
    assert [(r.value, r.fault, r.tidied) for _, r in sure] == [(v, None, False) for v, _ in sure]


@pytest.mark.parametrize("name", FIELDS)
@given(text=TEXTS)
def test_what_was_read_is_read_again_as_the_same(name: str, text: str) -> None:
    (once,) = read(FIELDS[name], text)

    (again,) = read(FIELDS[name], text_of(once))

    assert again == once


def test_rows_become_text_columns_in_the_order_of_the_fields() -> None:
    spec = table_of(
        FieldSpec("name", "姓名", FieldType.STRING, max_length=50),
        FieldSpec("days", "天数", FieldType.INTEGER),
    )

    frame = raw_frame(spec, [{"days": 3.0, "stranger": 1}, {"name": "张三"}])

    assert frame.schema == {"name": pl.String, "days": pl.String}
    assert frame.rows() == [(None, "3"), ("张三", None)]


def test_no_rows_make_an_empty_frame_with_all_columns() -> None:
    spec = CATALOGUE.tables["staff"]

    checked = check_rows(spec, CATALOGUE, raw_frame(spec, []), {})

    assert checked.frame.columns == list(spec.by_code)
    assert (checked.frame.height, len(checked.keys), checked.findings) == (0, 0, ())


@pytest.mark.parametrize(
    ("name", "value", "raw"),
    [
        ("string", Decimal("1.50"), "1.50"),
        ("string", Decimal("1E+3"), "1000"),
        ("string", Decimal("-0.00"), "0.00"),
        ("string", Decimal("NaN"), "NaN"),
        ("string", Decimal("1E+999999"), "1E+999999"),
        ("string", 1e22, UNREADABLE + "10000000000000000000000"),
        ("number", 1e22, "10000000000000000000000"),
        ("number", 1e-7, "0.0000001"),
        ("string", datetime(2025, 9, 1, 8, 30, tzinfo=UTC), "2025-09-01T08:30:00+00:00"),
        ("string", time(8, 30), "08:30:00"),
        ("date", date(2025, 9, 1), "2025-09-01"),
        ("date", 2025.75, "2025.75"),
        ("month", 2025.1, "2025.1/2025.10"),
        ("string", Grade.GOOD, "1"),
        ("string", b"x", UNREADABLE + "bytes"),
        ("integer", 10**5000, UNREADABLE + "16610 bits"),
        ("string", "半\ud83d", UNREADABLE + "半?"),
    ],
    ids=lambda part: type(part).__name__,
)
def test_values_become_what_people_would_have_typed(name: str, value: object, raw: str) -> None:
    frame = raw_frame(table_of(FIELDS[name]), [{"x": value}, {"x": None}])

    assert frame["x"].to_list() == [raw, None]


def test_an_empty_cell_has_no_raw_text() -> None:
    assert raw_text(FIELDS["string"], None) is None


def test_a_half_character_is_refused_and_its_neighbours_stay() -> None:
    assert read(FIELDS["string"], "半\ud83d", "全", None) == [None, "全", None]


@pytest.mark.parametrize("height", [1, FEW_ROWS])
def test_tidied_cells_are_told_with_row_and_both_texts(height: int) -> None:
    spec = table_of(FIELDS["integer"])
    rows = [{"x": "5"}] * height + [{"x": "１２"}, {"x": "无"}, {"x": " 7 "}]

    coerced = coerce(spec, catalogue_of(spec), raw_frame(spec, rows))

    assert coerced.tidied == (
        Tidied(height, "x", "１２", "12"),
        Tidied(height + 1, "x", "无", None),
    )


def test_a_key_that_others_refer_to_is_read_like_the_reference() -> None:
    key = FieldSpec("code", "编号", FieldType.STRING, key=True, max_length=9)
    reference = FieldSpec("x", "项目", FieldType.REFERENCE, reference=Reference("owner", "code"))
    owner, other = table_of(key, identifier="owner"), table_of(reference)
    raw = raw_frame(owner, [{"code": "Ａ１"}])

    alone = coerce(owner, catalogue_of(owner), raw).frame["code"].to_list()
    named = coerce(owner, catalogue_of(owner, other), raw).frame["code"].to_list()

    assert (alone, named) == (["Ａ１"], ["A1"])


def test_column_types_are_made_once_for_a_table() -> None:
    spec = CATALOGUE.tables["staff"]

    assert column_types(CATALOGUE, spec) is column_types(CATALOGUE, spec)
