"""Filters mean on every database what they mean in Python."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, insert, select

from app.access.row_filter import (
    LIKE,
    ORDERS,
    TAKES_SEVERAL,
    fields_of,
    filter_condition,
    operators_of,
    parse_filter,
)
from app.catalogue.base_table import FieldSpec, FieldType
from app.domain.message import Reason, Refused
from app.models.base_table import build_store
from app.models.database import engine_options, prepare_engine
from tests.factories import catalogue_of, table_of

SPEC = table_of(
    FieldSpec("code", "代码", FieldType.STRING, key=True, max_length=20),
    FieldSpec("name", "名称", FieldType.STRING, max_length=20),
    FieldSpec("note", "说明", FieldType.TEXT),
    FieldSpec("month", "年月", FieldType.YEARMONTH),
    FieldSpec("kind", "类别", FieldType.CODE, code_list="none"),
    FieldSpec("hours", "学时", FieldType.INTEGER),
    FieldSpec("credit", "学分", FieldType.NUMBER, precision=4, scale=1),
    FieldSpec("is_core", "核心", FieldType.BOOLEAN),
    FieldSpec("day", "日期", FieldType.DATE),
)
STORED = build_store(catalogue_of(SPEC)).tables["example"]
DAYS = st.dates(date(2024, 2, 27), date(2024, 3, 2))
TEXTS = st.text("aAbB中文%_/\\1 ", min_size=1, max_size=4).map(str.strip).filter(bool)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXTS,
    "note": TEXTS,
    "month": st.sampled_from(["2024-12", "2025-01", "2025-10"]),
    "kind": st.sampled_from(["1", "2", "10"]),
    "hours": st.integers(-3, 3),
    "credit": st.decimals(-2, 2, places=1),
    "is_core": st.booleans(),
    "day": DAYS,
}
TEXT_FIELDS = ("name", "note", "month", "kind")
COMPARING: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "<": lambda value, wanted: value < wanted,
    "<=": lambda value, wanted: value <= wanted,
    ">": lambda value, wanted: value > wanted,
    ">=": lambda value, wanted: value >= wanted,
    "in": lambda value, wanted: value in wanted,
    "between": lambda value, wanted: wanted[0] <= value <= wanted[1],
    "contains": lambda value, wanted: wanted.lower() in value.lower(),
    "starts_with": lambda value, wanted: value.lower().startswith(wanted.lower()),
}
ROWS = st.lists(
    st.fixed_dictionaries({code: st.none() | values for code, values in VALUES.items()}),
    min_size=1,
    max_size=8,
)


@dataclass(frozen=True)
class Asked:
    """A comparison with the value as Python has it."""

    field: str
    operator: str
    value: Any

    def as_json(self) -> list[object]:
        return [self.field, self.operator, to_json(self.value)]

    def holds(self, row: dict[str, Any]) -> bool:
        value = row[self.field]
        if self.operator == "empty":
            return value is None
        if self.operator == "not_empty":
            return value is not None
        if self.operator == "!=":
            return value != self.value
        return value is not None and COMPARING[self.operator](value, self.value)


def to_json(value: Any) -> Any:
    """As a browser sends it: decimals as text, dates in ISO form."""
    if isinstance(value, list):
        return [to_json(part) for part in value]
    return str(value) if isinstance(value, Decimal | date) else value


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    field = draw(st.sampled_from(list(VALUES)))
    operators = ["=", "!=", "in", "empty", "not_empty"]
    if field != "is_core":
        operators += ["<", "<=", ">", ">=", "between"]
    if field in TEXT_FIELDS:
        operators += ["contains", "starts_with"]
    operator = draw(st.sampled_from(operators))
    values = VALUES[field]
    if operator == "in":
        values = st.lists(values, max_size=3)
    elif operator == "between":
        values = st.lists(values, min_size=2, max_size=2)
    return Asked(field, operator, draw(values))


TREES = st.recursive(
    asked(),
    lambda parts: st.tuples(st.sampled_from(["and", "or"]), st.lists(parts, max_size=3)),
    max_leaves=5,
)


def tree_of(tree: Any) -> Any:
    if isinstance(tree, Asked):
        return tree.as_json()
    return {tree[0]: [tree_of(part) for part in tree[1]]}


def holds(tree: Any, row: dict[str, Any]) -> bool:
    if isinstance(tree, Asked):
        return tree.holds(row)
    each = [holds(part, row) for part in tree[1]]
    return all(each) if tree[0] == "and" else any(each)


@pytest.fixture(scope="module")
def engine(module_database_url: str) -> Iterator[Engine]:
    options = engine_options(module_database_url)
    made = prepare_engine(create_engine(module_database_url, **options))
    STORED.table.metadata.create_all(made)
    yield made
    made.dispose()


def found(engine: Engine, rows: list[dict[str, Any]], tree: Any) -> list[str]:
    """The codes of the rows the database finds."""
    query = select(STORED.columns["code"]).where(filter_condition(STORED, parse_filter(tree)))
    with engine.connect() as connection:
        connection.execute(insert(STORED.table), [stored(n, row) for n, row in enumerate(rows)])
        codes = connection.scalars(query.order_by(*STORED.identity)).all()
        connection.rollback()
    return list(codes)


def stored(number: int, row: dict[str, Any]) -> dict[str, Any]:
    place = {"sys_period": "2025", "sys_department": "A03", "sys_version": 1}
    return row | place | {"code": str(number), "sys_key": str(number)}


@given(ROWS, TREES)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_filter_finds_the_rows_python_finds(
    engine: Engine, rows: list[dict[str, Any]], tree: Any
) -> None:
    expected = [str(number) for number, row in enumerate(rows) if holds(tree, row)]

    assert found(engine, rows, tree_of(tree)) == expected


EMPTY: dict[str, Any] = dict.fromkeys(VALUES)


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        ("name", "contains", "100%", ["0"]),
        ("name", "contains", "a_b", ["1"]),
        ("name", "starts_with", "A_", ["1"]),
        ("name", "contains", "\\", ["2"]),
        ("name", "=", "机械制图 ", ["3"]),
        ("name", "contains", "制", ["3"]),
        ("name", "!=", "axb", ["0", "1", "2", "3", "5"]),
        ("name", "empty", None, ["5"]),
        ("name", "not_empty", None, ["0", "1", "2", "3", "4"]),
    ],
)
def test_marks_of_like_are_plain_characters(
    engine: Engine, field: str, operator: str, value: str | None, expected: list[str]
) -> None:
    names = ["100%合格", "a_b", "c\\d", "机械制图", "axb", None]
    rows = [EMPTY | {"name": name} for name in names]

    assert found(engine, rows, [field, operator, value]) == expected


def test_an_empty_group_restricts_nothing_or_everything(engine: Engine) -> None:
    assert found(engine, [EMPTY], {"and": []}) == ["0"]
    assert found(engine, [EMPTY], {"or": []}) == []


@pytest.mark.parametrize(
    "wanted",
    [
        ["credit", "=", "2.55"],
        ["credit", "=", "NaN"],
        ["credit", ">", "1e400"],
        ["credit", "=", "many"],
        ["credit", "=", [1, 2]],
        ["credit", "=", None],
        ["credit", "=", True],
        ["credit", "contains", "1"],
        ["hours", "=", "2.5"],
        ["hours", "=", 2.5],
        ["hours", "=", 10**30],
        ["hours", "=", [1]],
        ["hours", "between", [1]],
        ["hours", "between", 1],
        ["hours", "between", ["a", "b"]],
        ["hours", "starts_with", "1"],
        ["day", "=", "2024-02-30"],
        ["day", "=", 20240229],
        ["day", "contains", "2024"],
        ["is_core", "=", "yes"],
        ["is_core", "=", 1],
        ["is_core", "<", True],
        ["is_core", "between", [False, True]],
        ["name", "=", None],
        ["name", "=", ["a"]],
        ["name", "=", {"a": 1}],
        ["name", "in", [["a"]]],
        ["name", "contains", None],
        ["name", "contains", "\ud800"],
        ["name", "in", ["a"] * 2000],
        ["nothing", "=", "1"],
        ["name", "like", "1"],
        ["sys_department", "=", "A03"],
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(wanted: list[object]) -> None:
    with pytest.raises(Refused) as refusal:
        filter_condition(STORED, parse_filter(wanted))

    assert refusal.value.reason is Reason.INVALID


def nested(depth: int) -> object:
    tree: object = ["name", "=", "a"]
    for _ in range(depth):
        tree = {"and": [tree]}
    return tree


@pytest.mark.parametrize(
    "tree",
    [
        None,
        "name",
        [],
        ["name"],
        ["name", 1, "a"],
        ["name", "=", "a", "b"],
        {},
        {"and": ["name"]},
        {"and": "name"},
        {"not": []},
        {"and": [], "or": []},
        nested(7),
        {"or": [["name", "=", "a"]] * 200},
    ],
)
def test_what_is_no_filter_is_refused(tree: object) -> None:
    with pytest.raises(Refused) as refusal:
        parse_filter(tree)

    assert refusal.value.reason is Reason.INVALID


def test_the_fields_of_a_filter_are_known() -> None:
    tree = {"or": [["name", "=", "a"], {"and": [["day", "empty"], ["hours", ">", 1]]}]}

    assert fields_of(parse_filter(tree)) == {"name", "day", "hours"}
    assert fields_of(None) == set()


SAMPLES: dict[FieldType, Any] = {
    FieldType.INTEGER: 1,
    FieldType.NUMBER: "1.5",
    FieldType.BOOLEAN: True,
    FieldType.DATE: "2024-02-29",
    FieldType.YEARMONTH: "2024-02",
}


@pytest.mark.parametrize("field", SPEC.fields, ids=lambda field: field.type.value)
def test_every_operator_that_is_offered_can_be_used(engine: Engine, field: FieldSpec) -> None:
    sample = SAMPLES.get(field.type, "1")

    for operator in operators_of(field):
        several = [sample, sample] if operator in TAKES_SEVERAL else sample
        found(engine, [EMPTY], [field.code, operator, several])


@pytest.mark.parametrize("type_", list(FieldType), ids=lambda type_: type_.value)
def test_every_type_offers_operators_that_fit(type_: FieldType) -> None:
    offered = operators_of(FieldSpec("a", "甲", type_))

    assert {"=", "empty", "not_empty"} <= set(offered)
    assert len(set(offered)) == len(offered)
    is_text = type_ in {FieldType.STRING, FieldType.TEXT, FieldType.YEARMONTH, FieldType.REFERENCE}
    assert bool(LIKE & set(offered)) is is_text
    assert not (type_ is FieldType.BOOLEAN and ORDERS & set(offered))


def test_too_long_a_list_is_refused_with_its_length() -> None:
    with pytest.raises(Refused, match="at most 200 values; these are 201"):
        filter_condition(STORED, parse_filter(["code", "in", ["a"] * 201]))
