"""What may be typed into a column of an adopted table, and what is said of the rest."""

from decimal import Decimal

import pytest

from app.catalogue.adopted_table import NEVER_EDITED, AdoptedColumn, ColumnKind
from app.rules.adopted_value import READERS, UnfitError, read_value


def column(kind: ColumnKind, **more: object) -> AdoptedColumn:
    return AdoptedColumn("c", "c", "列", kind, "type", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ColumnKind)
def test_every_kind_is_read_or_never_edited(kind: ColumnKind) -> None:
    assert (kind in READERS) != (kind in NEVER_EDITED)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("string", " 王 芳 ", "王 芳"),
        ("text", "一\r\n二", "一\n二"),
        ("integer", "１，２００", 1200),
        ("integer", 18446744073709551615, 18446744073709551615),
        ("number", "12.50", Decimal("12.50")),
        ("float", "1e3", 1000.0),
        ("float", "1,234.5", 1234.5),
        ("string", "甲\n乙", "甲\n乙"),
        ("boolean", "是", True),
        ("boolean", False, False),
        ("date", "2025年9月1日", "2025-09-01"),
        ("datetime", "2025-09-01 8:05", "2025-09-01 08:05:00"),
        ("datetime", "2025/9/1", "2025-09-01 00:00:00"),
        ("time", "8:30", "08:30:00"),
        ("time", "838:59:59", "838:59:59"),
        ("choice", "男", "男"),
        ("choices", "女、男", "男,女"),
        ("json", '{"a": 1}', '{"a": 1}'),
        ("uuid", "0190F5B2-0000-7000-8000-000000000001", "0190f5b2-0000-7000-8000-000000000001"),
    ],
)
def test_text_becomes_what_the_database_takes(kind: str, raw: object, value: object) -> None:
    assert read_value(column(ColumnKind(kind), values=("男", "女")), raw) == value


@pytest.mark.parametrize(
    ("kind", "raw", "told"),
    [
        ("string", "一二三四", "at most 3 characters"),
        ("string", "a\x00", "cannot be kept"),
        ("string", "\ud800", "cannot be kept"),
        ("integer", "1.5", "not a whole number"),
        ("integer", "256", "between 0 and 255"),
        ("number", "1234.5", "at most 3 digits"),
        ("number", "1.234", "at most 2 decimal"),
        ("float", "nan", "not a number"),
        ("float", "3,14", "not a number"),
        ("datetime", "2025-09-01T08:30:00Z", "not a point in time"),
        ("boolean", "可能", "neither yes nor no"),
        ("date", "2025-02-30", "not a date"),
        ("datetime", "昨天", "not a point in time"),
        ("time", "8点", "not a time"),
        ("choice", "无", "not allowed"),
        ("choices", "男,他", "not allowed"),
        ("json", "{", "not valid JSON"),
        ("uuid", "1", "not a UUID"),
        ("binary", "x", "cannot be changed"),
    ],
)
def test_text_that_does_not_fit_is_refused_in_words(kind: str, raw: object, told: str) -> None:
    limits = {"max_length": 3, "minimum": 0, "maximum": 255, "precision": 5, "scale": 2}
    with pytest.raises(UnfitError, match=told):
        read_value(column(ColumnKind(kind), values=("男", "女"), **limits), raw)


def test_point_in_time_keeps_its_zone_where_the_column_does() -> None:
    zoned = AdoptedColumn("c", "c", "列", ColumnKind.DATETIME, "timestamp with time zone")
    assert read_value(zoned, "2025-09-01T08:30:00+08:00") == "2025-09-01 08:30:00+08:00"


def test_generated_column_is_left_to_the_database() -> None:
    with pytest.raises(UnfitError, match="by the database"):
        read_value(column(ColumnKind.STRING, generated=True), "x")


@pytest.mark.parametrize(
    ("more", "value"),
    [({}, None), ({"nullable": False, "default": "''"}, "")],
)
def test_empty_cell_is_null_where_the_column_takes_it(
    more: dict[str, object], value: object
) -> None:
    assert read_value(column(ColumnKind.STRING, **more), "  ") == value


def test_empty_cell_of_a_required_column_is_refused() -> None:
    with pytest.raises(UnfitError, match="Please fill in"):
        read_value(column(ColumnKind.INTEGER, nullable=False), "")


def test_value_of_a_masked_column_is_not_quoted() -> None:
    with pytest.raises(UnfitError) as refused:
        read_value(column(ColumnKind.DATE, masked=True), "13800000000")
    assert "138" not in str(refused.value)
