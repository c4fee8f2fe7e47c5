"""Drawing by a seed, and the share that did not match with its interval."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spot_check import count_of_share, drawn, rate_of

KEYS = [f"T{number:04}" for number in range(200)]


def test_the_rows_with_the_smallest_digests_are_drawn() -> None:
    first = min(KEYS, key=lambda key: sha256(f"20261001:{key}".encode()).hexdigest())

    assert KEYS[drawn(KEYS, "20261001", 1)[0]] == first


def test_a_known_drawing_stays_for_ever() -> None:
    assert [KEYS[at] for at in drawn(KEYS, "20261001", 5)] == [
        "T0166",
        "T0105",
        "T0060",
        "T0068",
        "T0041",
    ]


@given(st.permutations(KEYS[:30]), st.text(max_size=20), st.integers(1, 30))
def test_the_order_of_the_rows_plays_no_part(order: list[str], seed: str, count: int) -> None:
    mine = [order[at] for at in drawn(order, seed, count)]

    assert mine == [KEYS[at] for at in drawn(KEYS[:30], seed, count)]
    assert len(set(mine)) == count


def test_another_seed_draws_other_rows() -> None:
    assert drawn(KEYS, "1", 20) != drawn(KEYS, "2", 20)


def test_rows_with_equal_keys_are_each_drawn_once() -> None:
    assert sorted(drawn(["same"] * 5, "1", 5)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("rows", "percent", "count"), [(95, 10, 10), (3, 10, 1), (40, 100, 40)])
def test_a_share_is_rounded_up(rows: int, percent: int, count: int) -> None:
    assert count_of_share(rows, percent) == count


# R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine
# 17 (1998), 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(count: int, total: int, low: float, high: float) -> None:
    rate = rate_of(count, total)

    assert rate is not None
    assert (round(rate.low, 4), round(rate.high, 4)) == (low, high)


def test_nothing_checked_has_no_rate() -> None:
    assert rate_of(0, 0) is None


@given(st.integers(1, 500), st.data())
def test_the_share_lies_in_its_interval(total: int, data: st.DataObject) -> None:
    rate = rate_of(data.draw(st.integers(0, total)), total)

    assert rate is not None
    assert 0 <= rate.low <= rate.share <= rate.high <= 1
