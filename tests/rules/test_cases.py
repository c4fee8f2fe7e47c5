"""Every rule of a field with values that pass and values that fail it, kept as data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.records import read_code_list, read_field
from app.rules.base_table import Checked, check_rows
from app.rules.coercion import FEW_ROWS, raw_frame
from app.rules.field_rules import FIELD_RULES
from app.rules.reading import text_of
from tests.factories import catalogue_of, table_of

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
# A few rows are read one by one, many by whole columns: both have to agree.
HEIGHTS = [1, FEW_ROWS + 1]


def cases(outcome: str) -> Iterator[Any]:
    for path in FILES:
        data = yaml.safe_load(path.read_text("utf-8"))
        for case in data[outcome]:
            name = f"{path.stem}-{case['field']}-{str(case.get('value'))[:30]!a}"
            yield pytest.param(data, case, id=name)


def value_of(case: dict[str, Any]) -> object:
    value = case.get("value")
    return value["repeat"] * value["times"] if isinstance(value, dict) else value


def example(data: dict[str, Any], code: str) -> tuple[Catalogue, TableSpec]:
    fields = [read_field({"label": "某项", **item}) for item in data["fields"]]
    (chosen,) = [field for field in fields if field.code == code]
    target = FieldSpec("code", "编号", FieldType.STRING, key=True, max_length=20)
    number = FieldSpec("no", "序号", FieldType.INTEGER, key=True, required=True)
    tables = (table_of(number, chosen), table_of(target, identifier="target"))
    lists = tuple(read_code_list(item) for item in data.get("code_lists", []))
    return catalogue_of(*tables, code_lists=lists), tables[0]


def check(data: dict[str, Any], case: dict[str, Any], height: int) -> Checked:
    catalogue, spec = example(data, case["field"])
    value = value_of(case)
    raw = raw_frame(spec, [{"no": row, case["field"]: value} for row in range(height)])
    return check_rows(spec, catalogue, raw, data.get("known", {}))


@pytest.mark.parametrize("height", HEIGHTS)
@pytest.mark.parametrize(("data", "case"), list(cases("pass")))
def test_a_right_value_passes(data: dict[str, Any], case: dict[str, Any], height: int) -> None:
    checked = check(data, case, height)

    assert [finding.message.english() for finding in checked.findings] == []
    assert checked.frame.height == height
    if "reads" in case:
        expected = None if case["reads"] is None else str(case["reads"])
        assert {text_of(value) for value in checked.frame[case["field"]]} == {expected}
    assert bool(checked.tidied) == case.get("tidied", False)


@pytest.mark.parametrize("height", HEIGHTS)
@pytest.mark.parametrize(("data", "case"), list(cases("fail")))
def test_a_wrong_value_fails_its_rule(
    data: dict[str, Any], case: dict[str, Any], height: int
) -> None:
    checked = check(data, case, height)

    field = case["field"].upper()
    assert {finding.rule for finding in checked.findings} == {f"QR.EXAMPLE.{field}.{data['rule']}"}
    assert [finding.row for finding in checked.findings] == list(range(height))
    if "says" in case:
        assert case["says"] in checked.findings[0].message.english()


def test_every_rule_has_its_cases() -> None:
    files = [yaml.safe_load(path.read_text("utf-8")) for path in FILES]

    covered = {data["rule"] for data in files if data["pass"] and data["fail"]}

    assert covered == {rule.number for rule in FIELD_RULES}
