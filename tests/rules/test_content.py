"""The same content gives the same hash, any other content another one."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.base_table import FieldSpec, FieldType
from app.rules.content import canonical_rows, content_hash
from tests.factories import table_of

SPEC = table_of(
    FieldSpec("no", "编号", FieldType.STRING, key=True, max_length=20),
    FieldSpec("count", "人数", FieldType.INTEGER),
    FieldSpec("amount", "金额", FieldType.NUMBER, precision=10, scale=2),
    FieldSpec("is_open", "是否", FieldType.BOOLEAN),
    FieldSpec("day", "日期", FieldType.DATE),
    FieldSpec("remark", "说明", FieldType.TEXT),
)
CELLS = {
    "no": st.text(st.sampled_from("ab1"), max_size=2),
    "count": st.none() | st.integers(-99, 99),
    "amount": st.none() | st.decimals(-99, 99, places=2).map(lambda number: number + Decimal(0)),
    "is_open": st.none() | st.booleans(),
    "day": st.none() | st.dates(),
    "remark": st.none() | st.text(max_size=5),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=5)


@given(rows=ROWS, data=st.data())
def test_the_order_of_rows_and_fields_does_not_matter(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    codes = data.draw(st.permutations(list(CELLS)))
    shuffled = [{code: row[code] for code in codes} for row in data.draw(st.permutations(rows))]

    assert canonical_rows(SPEC, shuffled) == canonical_rows(SPEC, rows)
    assert content_hash(SPEC, shuffled) == content_hash(SPEC, rows)


@given(rows=ROWS.filter(bool), data=st.data())
def test_any_changed_cell_changes_the_hash(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(rows) - 1))
    code = data.draw(st.sampled_from(list(CELLS)))
    old = rows[position][code]
    new = data.draw(CELLS[code].filter(lambda value: value != old))
    changed = [*rows[:position], {**rows[position], code: new}, *rows[position + 1 :]]

    assert content_hash(SPEC, changed) != content_hash(SPEC, rows)


@given(rows=ROWS)
def test_a_row_more_changes_the_hash(rows: list[dict[str, Any]]) -> None:
    assert content_hash(SPEC, [*rows, rows[0] if rows else {}]) != content_hash(SPEC, rows)


def written(row: Mapping[str, object]) -> Any:
    (read,) = json.loads(canonical_rows(SPEC, [row]))
    return read


def test_values_have_one_way_of_being_written() -> None:
    row = {
        "no": "甲",
        "count": 3,
        "amount": Decimal("1.5"),
        "is_open": 1,
        "day": date(2025, 9, 1),
        "stranger": "x",
    }

    assert canonical_rows(SPEC, [row]).decode() == (
        '[{"amount":"1.50","count":3,"day":"2025-09-01","is_open":true,"no":"甲","remark":null}]'
    )


def test_databases_that_give_other_types_make_no_difference() -> None:
    assert written({"amount": 2})["amount"] == written({"amount": Decimal("2")})["amount"]
    assert written({"amount": Decimal("-0.00")})["amount"] == "0.00"
    assert written({"is_open": 0})["is_open"] is False


def test_rows_stand_in_the_order_of_their_keys() -> None:
    rows = [{"no": "b", "count": 1}, {"no": "a", "count": 2}]

    assert [row["no"] for row in json.loads(canonical_rows(SPEC, rows))] == ["a", "b"]


@given(rows=ROWS)
def test_every_line_is_what_a_json_writer_makes_of_it(rows: list[dict[str, Any]]) -> None:
    written = canonical_rows(SPEC, rows).decode()
    lines = [
        json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in json.loads(written)
    ]

    assert written == "[{}]".format(",\n".join(lines))
    assert content_hash(SPEC, rows) == sha256(written.encode()).hexdigest()


def test_no_rows_have_a_hash_too() -> None:
    assert canonical_rows(SPEC, []) == b"[]"
    assert len(content_hash(SPEC, [])) == 64
