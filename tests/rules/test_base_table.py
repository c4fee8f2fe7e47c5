"""What is said about rows: in which order, how gravely, and which row is which."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from app.catalogue.base_table import FieldSpec, FieldType, Reference, TableSpec
from app.catalogue.code_list import CodeItem, CodeList
from app.domain.finding import Dimension, Severity
from app.rules.base_table import Checked, check_rows, duplicate_finding, key_of
from app.rules.coercion import FEW_ROWS, coerce, raw_frame
from app.rules.field_rules import FIELD_RULES, MOST_QUOTATIONS, MOST_SUGGESTIONS
from tests.factories import catalogue_of, table_of

TERMS = CodeList("term", "学期", (CodeItem("1", "第一学期"), CodeItem("2", "第二学期")))
NUMBER = FieldSpec("staff_no", "教工号", FieldType.STRING, key=True, required=True, max_length=8)
TERM = FieldSpec("term", "学期", FieldType.CODE, key=True, required=True, code_list="term")
NAME = FieldSpec("name", "姓名", FieldType.STRING, required=True, max_length=5)
HOURS = FieldSpec("hours", "学时", FieldType.NUMBER, precision=5, scale=1, maximum=Decimal(100))
SPEC = table_of(NUMBER, TERM, NAME, HOURS)
CATALOGUE = catalogue_of(SPEC, code_lists=(TERMS,))
GOOD = {"staff_no": "A1", "term": "1", "name": "张三", "hours": "12"}


def check(*rows: dict[str, Any], spec: TableSpec = SPEC, **arguments: Any) -> Checked:
    catalogue = catalogue_of(spec, code_lists=(TERMS,))
    return check_rows(spec, catalogue, raw_frame(spec, rows), {}, **arguments)


def test_a_good_row_has_a_key_and_no_findings() -> None:
    checked = check(GOOD)

    digest = hashlib.sha256(b'["A1","1"]').hexdigest()
    assert checked.keys.to_list() == [digest] == [key_of(["A1", "1"])]
    assert checked.findings == ()
    assert checked.frame.rows() == [("A1", "1", "张三", Decimal("12.0"))]


def test_the_key_is_the_hash_of_a_json_array_of_texts() -> None:
    text = '["引\\"号","2025-09",12.5]'.replace("12.5", '"12.50"')

    assert key_of(['引"号', "2025-09", Decimal("12.50")]) == (
        hashlib.sha256(text.encode()).hexdigest()
    )


def test_different_notations_of_a_key_are_one_key() -> None:
    keys = check(GOOD, {**GOOD, "term": "第一学期"}, {**GOOD, "staff_no": " A1 "}).keys

    assert keys.n_unique() == 1


@pytest.mark.parametrize("bad", [{"staff_no": None}, {"term": "3"}, {"staff_no": "123456789"}])
def test_a_missing_or_wrong_part_leaves_no_key(bad: dict[str, Any]) -> None:
    assert check({**GOOD, **bad}, GOOD).keys.is_null().to_list() == [True, False]


def test_a_part_of_the_key_that_may_be_missing_counts_as_empty() -> None:
    spec = table_of(NUMBER, replace(TERM, required=False))

    checked = check({"staff_no": "A1"}, {"staff_no": "A1", "term": "1"}, spec=spec)

    assert checked.keys.to_list() == [key_of(["A1", None]), key_of(["A1", "1"])]
    assert checked.findings == ()


def test_a_missing_value_may_be_stored_unless_it_is_a_key() -> None:
    findings = check({"term": "1"}).findings

    assert [(f.field, f.storable) for f in findings] == [("staff_no", False), ("name", True)]
    assert {f.dimension for f in findings} == {Dimension.COMPLETENESS}


def test_a_value_out_of_range_may_not_be_stored() -> None:
    (finding,) = check({**GOOD, "hours": 101}).findings

    assert (finding.rule, finding.row, finding.field) == ("QR.EXAMPLE.HOURS.07", 0, "hours")
    assert (finding.severity, finding.storable) == (Severity.ERROR, False)


def test_of_one_cell_only_the_first_fault_is_told() -> None:
    wrong = replace(NAME, pattern="[a-z]+", max_length=2)

    findings = check({**GOOD, "name": "张三丰"}, spec=table_of(NUMBER, TERM, wrong)).findings

    assert [finding.rule for finding in findings] == ["QR.EXAMPLE.NAME.04"]


@pytest.mark.parametrize("height", [2, FEW_ROWS + 1])
def test_findings_come_by_row_then_by_field(height: int) -> None:
    bad = {"staff_no": None, "term": "x", "name": "太长的名字了", "hours": "y"}

    findings = check(*[bad] * height).findings

    order = [(row, code) for row in range(height) for code in SPEC.by_code]
    assert [(finding.row, finding.field) for finding in findings] == order


def test_equal_keys_are_told_with_the_number_of_the_first_row() -> None:
    checked = check(GOOD, {**GOOD, "staff_no": "B"}, GOOD, GOOD)

    assert [(f.rule, f.row, f.field, f.storable) for f in checked.findings] == [
        ("QR.EXAMPLE.*.01", 2, None, False),
        ("QR.EXAMPLE.*.01", 3, None, False),
    ]
    assert checked.findings[0].message.english() == (
        "教工号 A1、学期 第一学期 stands in row 1 already. Delete one of the two rows."
    )


def test_row_numbers_can_be_those_of_a_sheet() -> None:
    (finding,) = check(GOOD, GOOD, numbers=[7, 9]).findings

    assert finding.message.parameters["other"] == 7


def test_a_masked_key_is_not_told() -> None:
    spec = table_of(replace(NUMBER, mask=True), TERM)

    (finding,) = check(GOOD, GOOD, spec=spec).findings

    assert "A1" not in finding.message.english()


def test_a_key_that_is_stored_already_is_told() -> None:
    finding = duplicate_finding(SPEC, 4, {"staff_no": "A1", "term": "1"})

    assert (finding.rule, finding.row) == ("QR.EXAMPLE.*.01", 4)
    assert finding.message.english().startswith("教工号 A1、学期 1 exists already.")


def test_a_single_row_table_has_one_row_with_an_empty_key() -> None:
    spec = table_of(NAME)

    checked = check({"name": "甲"}, {"name": "乙"}, spec=spec)

    assert checked.keys.to_list() == ["", ""]
    (second,) = checked.findings
    assert second.message.english().startswith("This table has one row only, row 1.")
    assert "exists already" in duplicate_finding(spec, 0, {}).message.english()


def test_references_are_looked_up_among_the_keys_given() -> None:
    person = FieldSpec("person", "人员", FieldType.REFERENCE, reference=Reference("owner", "no"))
    owner = table_of(replace(NUMBER, code="no"), identifier="owner")
    spec = table_of(TERM, person)
    catalogue = catalogue_of(spec, owner, code_lists=(TERMS,))
    raw = raw_frame(spec, [{"term": "1", "person": "A1"}, {"term": "2", "person": "A2"}])

    for known in (["A1"], {"A1"}, ("A1",), {"A1": "张三"}):
        findings = check_rows(spec, catalogue, raw, {"person": known}).findings
        assert [(finding.rule, finding.row) for finding in findings] == [
            ("QR.EXAMPLE.PERSON.10", 1)
        ]
    assert check_rows(spec, catalogue, raw, {}).findings == ()


def test_rows_that_are_read_already_are_not_read_again() -> None:
    raw = raw_frame(SPEC, [GOOD])
    coerced = coerce(SPEC, CATALOGUE, raw)

    checked = check_rows(SPEC, CATALOGUE, raw, {}, coerced=coerced)

    assert checked.frame is coerced.frame


def test_thousands_of_bad_rows_each_get_their_findings() -> None:
    height = 20 * MOST_SUGGESTIONS
    rows = [{**GOOD, "staff_no": f"A{n}", "term": f"学期{n}"} for n in range(height)]

    checked = check(*rows)

    assert len(checked.findings) == height
    assert "Closest" not in checked.findings[0].message.english()


def test_of_too_many_different_texts_only_some_are_quoted() -> None:
    rows = [
        {**GOOD, "staff_no": f"A{n}", "name": f"太长的姓名{n}"} for n in range(MOST_QUOTATIONS + 2)
    ]

    first, *_, last = check(*rows).findings

    assert "it has 6" in first.message.english()
    assert last.message.english() == "姓名 may have at most 5 characters. Shorten it."


def test_a_long_value_is_told_in_short() -> None:
    (finding,) = check({**GOOD, "hours": "很" * 100}).findings

    assert "很" * 40 + "…" in finding.message.english()
    assert "很" * 41 not in finding.message.english()


def test_rule_numbers_are_used_once_and_in_order() -> None:
    numbers = [rule.number for rule in FIELD_RULES]

    assert numbers == sorted(set(numbers))


def test_the_typed_frame_has_the_types_of_the_fields() -> None:
    assert check(GOOD).frame.schema == {
        "staff_no": pl.String,
        "term": pl.String,
        "name": pl.String,
        "hours": pl.Decimal(5, 1),
    }
