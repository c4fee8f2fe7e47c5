"""What a row is called on one line: never by a bare number."""

from flask import Flask

from app.access.person import Actor
from app.catalogue.base_table import FieldSpec, FieldType, TableKind
from app.web.base_table.row_title import row_title, title_fields
from tests.factories import table_of

READER = Actor("1", "李静", "li_jing")
AMOUNT = FieldSpec(code="amount", label="金额", type=FieldType.NUMBER)
SHORT = FieldSpec(code="year", label="年份", type=FieldType.STRING)
NAME = FieldSpec(code="unit_name", label="单位名称", type=FieldType.STRING)


def test_the_row_of_a_table_of_one_row_is_called_as_the_table(application: Flask) -> None:
    tables = application.extensions["store"].tables.values()
    single = [each for each in tables if each.spec.kind is TableKind.SINGLE_ROW]

    assert single
    for stored in single:
        told = row_title(READER, stored, "A03", {stored.spec.fields[0].code: 1364.4})
        assert told == stored.spec.title


def test_a_row_without_a_key_is_called_by_its_name() -> None:
    assert title_fields(table_of(AMOUNT, SHORT, NAME)) == (NAME,)
    assert title_fields(table_of(AMOUNT, SHORT)) == (SHORT,)
    assert title_fields(table_of(AMOUNT)) == (AMOUNT,)
