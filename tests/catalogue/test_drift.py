"""Every difference between what was adopted and what is now is told with its effect."""

from dataclasses import replace
from typing import Any

import pytest

from app.catalogue import drift
from app.catalogue.adopted_table import (
    AdoptedColumn,
    AdoptedTable,
    ColumnKind,
    DeleteEffect,
    ForeignKey,
)
from app.catalogue.drift import differences_between

NUMBER = AdoptedColumn("no", "学号", "学号", ColumnKind.STRING, "varchar(20)", nullable=False)
NAME = AdoptedColumn("name", "name", "姓名", ColumnKind.STRING, "varchar(50)", max_length=50)
SEX = AdoptedColumn("sex", "sex", "性别", ColumnKind.CHOICE, "enum('男','女')", values=("男", "女"))
AGE = AdoptedColumn("age", "age", "年龄", ColumnKind.INTEGER, "int", minimum=-5, maximum=5)
MARK = AdoptedColumn(
    "mark", "mark", "成绩", ColumnKind.NUMBER, "decimal(5,2)", precision=5, scale=2
)
COLUMNS = (NUMBER, NAME, SEX, AGE, MARK)
STUDENTS = AdoptedTable("students", "students", "学生", COLUMNS, key=("no",), unique=(("name",),))
ELSEWHERE = replace(STUDENTS, schema="other")
TO_CODES = ForeignKey(("sex",), "codes", "sex", ("code",))

COLUMN_CHANGES: list[tuple[AdoptedColumn, dict[str, Any], str, object]] = [
    (NAME, {"stored": "varchar(9)", "max_length": 9}, "varchar(9)", drift.NO_LONGER_FITS),
    (NAME, {"stored": "varchar(90)", "max_length": 90}, "varchar(90)", drift.FITS_AFTERWARDS),
    (NAME, {"stored": "char(50)"}, "char(50)", drift.NOT_YET_KNOWN),
    (NAME, {"stored": "int", "kind": ColumnKind.INTEGER}, "int", drift.NO_LONGER_FITS),
    (NAME, {"nullable": False}, "left empty", drift.NOW_REFUSED),
    (NUMBER, {"nullable": True}, "left empty", drift.FITS_AFTERWARDS),
    (NAME, {"label": "名字"}, "名字", drift.NOT_YET_KNOWN),
    (NAME, {"help": "必填"}, "姓名 · 必填", drift.NOT_YET_KNOWN),
    (NAME, {"generated": True}, "works it out", drift.NO_LONGER_TYPED),
    (NUMBER, {"counted": True}, "numbers it", drift.NOT_YET_KNOWN),
    (NAME, {"default": "'x'"}, "'x'", drift.NOT_YET_KNOWN),
    (SEX, {"values": ("男",)}, "女", drift.NO_LONGER_FITS),
    (SEX, {"values": ("男", "女", "未知")}, "未知", drift.FITS_AFTERWARDS),
    (AGE, {"stored": "tinyint", "maximum": 3}, "tinyint", drift.NO_LONGER_FITS),
    (AGE, {"stored": "unsigned", "minimum": 0, "maximum": 9}, "unsigned", drift.NO_LONGER_FITS),
    (AGE, {"stored": "bigint", "minimum": -9, "maximum": 9}, "bigint", drift.FITS_AFTERWARDS),
    (MARK, {"stored": "decimal(5,3)", "scale": 3}, "decimal(5,3)", drift.NO_LONGER_FITS),
    (MARK, {"stored": "decimal(7,3)", "precision": 7, "scale": 3}, "(7,3)", drift.FITS_AFTERWARDS),
]
TABLE_CHANGES: list[tuple[dict[str, Any], str, object]] = [
    ({"key": ()}, "学号", drift.NOW_READ_ONLY),
    ({"key": ("name",)}, "name", drift.NEW_ADDRESSES),
    ({"is_view": True}, "view", drift.MAY_NOT_SAVE),
    ({"unique": ()}, "no longer be unique", drift.NOT_YET_KNOWN),
    ({"unique": (("name",), ("sex", "no"))}, "sex, 学号", drift.NO_LONGER_FITS),
    ({"foreign_keys": (TO_CODES,)}, "codes.sex (code)", drift.NO_LONGER_FITS),
    ({"transactional": False}, "no transactions", drift.NOTHING_TAKEN_BACK),
    ({"checks": ("age > 0",)}, "age > 0", drift.NO_LONGER_FITS),
    ({"granted": ("INSERT",)}, "INSERT", drift.OTHER_RIGHTS),
    ({"label": "在校生"}, "在校生", drift.NOT_YET_KNOWN),
]


def test_same_tables_do_not_differ() -> None:
    assert differences_between([STUDENTS, ELSEWHERE], [ELSEWHERE, STUDENTS]) == []


@pytest.mark.parametrize(("column", "change", "told", "effect"), COLUMN_CHANGES)
def test_change_of_a_column_is_told_with_its_effect(
    column: AdoptedColumn, change: dict[str, Any], told: str, effect: object
) -> None:
    changed = [replace(each, **change) if each is column else each for each in COLUMNS]

    (found,) = differences_between([STUDENTS], [replace(STUDENTS, columns=tuple(changed))])

    assert found.place == f"students.{column.name}"
    assert told in found.what.english()
    assert found.effect == effect


@pytest.mark.parametrize(("change", "told", "effect"), TABLE_CHANGES)
def test_change_of_a_table_is_told_with_its_effect(
    change: dict[str, Any], told: str, effect: object
) -> None:
    (found,) = differences_between([ELSEWHERE], [replace(ELSEWHERE, **change)])

    assert found.place == "other.students"
    assert told in found.what.english()
    assert found.effect == effect


def test_table_that_came_or_went_is_told() -> None:
    found = differences_between([STUDENTS], [ELSEWHERE])

    assert [(each.place, each.effect) for each in found] == [
        ("students", drift.PAGES_FAIL),
        ("other.students", drift.NOT_YET_SHOWN),
    ]


def test_column_that_came_or_went_is_told() -> None:
    without_age = replace(STUDENTS, columns=(NUMBER, NAME, SEX, MARK))
    with_more = replace(STUDENTS, columns=(*COLUMNS, replace(NUMBER, code="id", name="id")))

    gone, came = (*differences_between([STUDENTS], [without_age]),
                  *differences_between([STUDENTS], [with_more]))  # fmt: skip

    assert (gone.place, gone.effect) == ("students.age", drift.PAGES_FAIL)
    assert (came.place, came.effect) == ("students.id", drift.NEEDS_VALUE)


def test_renamed_code_is_no_difference() -> None:
    other_codes = tuple(replace(column, code=f"{column.code}_2") for column in COLUMNS)

    table = replace(STUDENTS, columns=other_codes, key=("no_2",), unique=(("name_2",),))

    assert differences_between([STUDENTS], [table]) == []


def test_other_rule_for_deletions_is_told() -> None:
    before = replace(STUDENTS, foreign_keys=(TO_CODES,))
    cascades = replace(TO_CODES, on_delete=DeleteEffect.CASCADE)
    (told,) = differences_between([before], [replace(STUDENTS, foreign_keys=(cascades,))])
    assert told.what.parameters["rule"] == "CASCADE"
    assert told.effect is drift.FORMER_WARNINGS
