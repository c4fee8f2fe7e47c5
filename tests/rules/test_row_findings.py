"""Remembering what the rules say about a row never changes what they say."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.base_table import FieldSpec, FieldType, Reference
from app.catalogue.code_list import CodeItem, CodeList
from app.catalogue.quality_rule import QualityRule
from app.domain.finding import Dimension, Severity
from app.domain.period import AcademicYear, PeriodKind, period_for
from app.rules.base_table import check_rows
from app.rules.coercion import raw_frame
from app.rules.row_findings import RowFindings
from tests.factories import catalogue_of, table_of

STAFF_NUMBER = FieldSpec("staff_no", "教工号", FieldType.STRING, key=True, required=True)
STAFF = table_of(STAFF_NUMBER, identifier="staff")
TERMS = CodeList("term", "学期", (CodeItem("1", "第一学期"),))
SPEC = table_of(
    FieldSpec("course", "课程", FieldType.STRING, key=True, required=True),
    FieldSpec("name", "名称", FieldType.STRING, required=True, max_length=4),
    FieldSpec("term", "学期", FieldType.CODE, code_list="term"),
    FieldSpec("staff_no", "教工号", FieldType.STRING, reference=Reference("staff", "staff_no")),
)
CATALOGUE = catalogue_of(SPEC, STAFF, code_lists=(TERMS,))
GOOD: dict[str, object] = {"course": "A", "name": "数学", "term": "1", "staff_no": "01"}
KNOWN = {"staff_no": frozenset({"01"})}

values = st.fixed_dictionaries(
    {
        "course": st.sampled_from(["A", "B"]),
        "name": st.sampled_from([None, "数学", "一个很长的名称"]),
        "term": st.sampled_from([None, "1", "9"]),
        "staff_no": st.sampled_from([None, "01", "02"]),
    }
)
PERIOD = period_for(PeriodKind.ACADEMIC_YEAR, AcademicYear(2025))


def found(memory: RowFindings, *rows: Mapping[str, object], **known: Any) -> list[list[str]]:
    references = {**KNOWN, **known}
    return [[finding.rule for finding in row] for row in memory.of(SPEC, rows, references, PERIOD)]


@given(st.lists(st.lists(values, min_size=1, max_size=4), min_size=1, max_size=3))
def test_pages_get_what_checking_each_row_says(pages: list[list[dict[str, object]]]) -> None:
    memory = RowFindings(CATALOGUE, size=3)

    for page in pages:
        for position, findings in enumerate(memory.of(SPEC, page, KNOWN, PERIOD)):
            alone = check_rows(SPEC, CATALOGUE, raw_frame(SPEC, [page[position]]), KNOWN).findings
            assert [(f.rule, f.message) for f in findings] == [(f.rule, f.message) for f in alone]
            assert {finding.row for finding in findings} <= {position}


def test_a_changed_row_is_checked_anew() -> None:
    memory = RowFindings(CATALOGUE)

    assert found(memory, GOOD) == [[]]
    assert found(memory, {**GOOD, "name": None}) == [["QR.EXAMPLE.NAME.01"]]
    assert found(memory, GOOD) == [[]]


def test_a_reference_that_comes_and_goes_is_noticed() -> None:
    memory = RowFindings(CATALOGUE)
    missing = ["QR.EXAMPLE.STAFF_NO.10"]

    answers = [found(memory, GOOD, staff_no=frozenset(known)) for known in ((), ("01",), ())]

    assert answers == [[missing], [[]], [missing]]


def test_two_tables_with_equal_values_are_told_apart() -> None:
    memory = RowFindings(CATALOGUE)
    strict = table_of(*SPEC.fields[:1], FieldSpec("name", "名称", FieldType.INTEGER))
    row = {"course": "A", "name": "数学"}

    loose = memory.of(table_of(*SPEC.fields[:2], identifier="loose"), [row], {}, PERIOD)

    assert loose == [()]
    assert [f.rule for f in memory.of(strict, [row], {}, PERIOD)[0]] == ["QR.EXAMPLE.NAME.02"]


@pytest.mark.parametrize("size", [1, 2, 50])
def test_no_more_rows_are_kept_than_were_allowed(size: int) -> None:
    memory = RowFindings(CATALOGUE, size=size)
    rows = [{**GOOD, "name": None, "course": f"C{number}"} for number in range(10)]

    assert found(memory, *rows) == [["QR.EXAMPLE.NAME.01"]] * 10
    assert len(memory) == min(size, 10)


def test_a_rule_told_once_for_several_rows_is_not_asked_of_one() -> None:
    told = {"identifier": "QR.X", "table": "example", "severity": Severity.ERROR}
    told |= {
        "dimension": Dimension.ACCURACY,
        "message": "错",
        "condition": "term = '1'",
        "fields": (),
    }

    assert QualityRule(**told).is_about_one_row
    assert not QualityRule(**told, once_by=("name",)).is_about_one_row
