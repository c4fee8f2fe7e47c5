"""The catalogue that the repository carries is whole."""

import pytest

from app.catalogue.base_table import FieldSpec, FieldType, TableKind, TableSpec, Tier
from app.catalogue.code_list import CodeList
from tests.factories import catalogue_of, seed_catalogue, table_of

CATALOGUE = seed_catalogue()
TABLES = list(CATALOGUE.tables.values())
FIELDS = [(table, field) for table in TABLES for field in table.fields]


def test_all_tables_and_fields_are_there() -> None:
    core = [table for table in TABLES if table.tier is Tier.CORE]

    assert (len(TABLES), len(core), len(FIELDS), len(CATALOGUE.code_lists)) == (108, 91, 1130, 66)
    assert len(CATALOGUE.chapters) == 11


def test_tables_stand_in_the_order_people_print_them() -> None:
    numbers = [table.sort_key for table in TABLES]

    assert numbers == sorted(numbers)
    assert {table.number.split(".")[0] for table in TABLES} == set(CATALOGUE.chapters)


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.identifier)
def test_a_table_has_a_chapter_guidance_and_a_required_key(spec: TableSpec) -> None:
    assert spec.number.startswith(f"{spec.chapter}.")
    assert spec.guidance or spec.tier is Tier.EXTENSION
    assert any(field.required for field in spec.key_fields) == bool(spec.key_fields)
    assert bool(spec.key_fields) == (spec.kind is TableKind.LIST)


def test_bounds_are_given_for_numbers_only() -> None:
    bounded = {field.type for _, field in FIELDS if field.minimum is not None or field.maximum}

    assert bounded <= {FieldType.INTEGER, FieldType.NUMBER}


# What may fall below nothing, with the reason; any other number is a count, an amount, a time or
# a share, of which nobody has less than none.
MAY_BE_NEGATIVE = {
    ("major_recruitment", "above_last_year_score"): "compares two years: below last year is minus",
}


def test_numbers_are_not_negative_unless_they_compare() -> None:
    numbers = {FieldType.INTEGER, FieldType.NUMBER}
    unbounded = {
        (table.identifier, field.code)
        for table, field in FIELDS
        if field.type in numbers and (field.minimum is None or field.minimum < 0)
    }

    assert unbounded == set(MAY_BE_NEGATIVE)


@pytest.mark.parametrize("code_list", CATALOGUE.code_lists.values(), ids=lambda c: c.identifier)
def test_every_label_of_a_code_list_names_one_code(code_list: CodeList) -> None:
    assert len(code_list.labels) == len(code_list.codes) == len(code_list.items)


def test_formats_and_patterns_are_given_for_texts_only() -> None:
    assert {field.type for _, field in FIELDS if field.format or field.pattern} == {
        FieldType.STRING
    }


def test_what_is_masked_is_personal_or_hides_a_number() -> None:
    identities = [f for _, f in FIELDS if f.format in {"id_card", "mobile"}]

    assert identities
    assert all(field.mask for field in identities)


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.identifier)
def test_a_row_is_shown_by_a_field_of_its_table(spec: TableSpec) -> None:
    if spec.kind is TableKind.LIST:
        shown = CATALOGUE.label_field(spec.identifier)
        assert spec.by_code[shown.code] is shown
        assert not shown.mask


def test_a_row_is_shown_by_its_name_before_anything_else() -> None:
    number = FieldSpec("no", "编号", FieldType.STRING, key=True, max_length=9)
    remark = FieldSpec("remark", "备注", FieldType.STRING, required=True, max_length=9)
    name = FieldSpec("unit_name", "单位", FieldType.STRING, max_length=9)

    shown = [
        catalogue_of(table_of(*fields)).label_field("example").code
        for fields in ([number, remark, name], [number, remark], [number])
    ]

    assert shown == ["unit_name", "remark", "no"]
