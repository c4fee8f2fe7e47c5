"""The difference of two contents: edit so many cells, and it lists exactly those."""

from datetime import date
from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from app.rules.difference import Counts, compare_frames, only_different

SCHEMA = {"code": pl.String, "name": pl.String, "hours": pl.Int64}


def frame(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


OLD = frame(("A", "语文", 64), ("B", "数学", 72), ("C", "英语", None))


def test_what_is_the_same_differs_in_nothing() -> None:
    found = compare_frames(OLD, OLD.reverse(), ["code"])

    assert found.counts == Counts(0, 0, 0, 0)
    assert only_different(found).is_empty()


def test_rows_and_cells_are_told_by_their_key() -> None:
    new = frame(("D", "体育", 32), ("C", "英语", 48), ("A", "语文", 60))

    found = compare_frames(OLD, new, ["code"])

    assert found.counts == Counts(added=1, removed=1, changed=2, cells=2)
    told = only_different(found).select("code", "hours", "hours__before", "__old", "__new").rows()
    assert told == [
        ("D", 32, None, None, 0),
        ("C", 48, None, 2, 1),
        ("A", 60, 64, 0, 2),
        ("B", None, 72, 1, None),
    ]


def test_of_equal_keys_the_first_is_compared_with_the_first() -> None:
    old = frame(("A", "语文", 1), ("A", "语文", 2))
    new = frame(("A", "语文", 1), ("A", "语文", 3), (None, None, None))

    assert compare_frames(old, new, ["code"]).counts == Counts(1, 0, 1, 1)


def test_without_a_key_rows_are_told_by_their_position() -> None:
    new = frame(("A", "语文", 64), ("B", "高等数学", 72))

    assert compare_frames(OLD, new, []).counts == Counts(0, 1, 1, 1)


def test_fields_of_one_content_alone_are_not_compared() -> None:
    new = OLD.rename({"hours": "total_hours"})

    found = compare_frames(OLD, new, ["code"])

    assert (found.compared, found.counts.rows) == (["code", "name"], 0)


def test_another_type_of_the_same_value_is_no_change() -> None:
    old = pl.DataFrame({"code": ["A"], "fee": ["1.50"], "day": ["2026-01-05"]})
    new = pl.DataFrame(
        {"code": ["A"], "fee": [Decimal("1.50")], "day": [date(2026, 1, 5)]},
        schema_overrides={"fee": pl.Decimal(10, 2)},
    )

    assert compare_frames(old, new, ["code"]).counts.rows == 0


def test_an_empty_content_is_compared_too() -> None:
    assert compare_frames(OLD.clear(), OLD, ["code"]).counts == Counts(3, 0, 0, 0)
    assert compare_frames(OLD, OLD.clear(), ["code"]).counts == Counts(0, 3, 0, 0)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["name", "hours"])), unique=True),
    st.sets(st.integers(0, 9)),
)
def test_so_many_edits_so_many_differences(edits: list[tuple[int, str]], removed: set[int]) -> None:
    old = frame(*((f"K{n}", f"课程{n}", n) for n in range(10)))
    rows = old.to_dicts()
    for position, code in edits:
        rows[position][code] = "改" if code == "name" else 100
    new = pl.DataFrame([r for n, r in enumerate(rows) if n not in removed], schema=SCHEMA)
    kept = [(position, code) for position, code in edits if position not in removed]

    counts = compare_frames(old, new, ["code"]).counts

    assert counts == Counts(0, len(removed), len({position for position, _ in kept}), len(kept))
