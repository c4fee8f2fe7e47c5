"""Spot checks (抽查核验): which rows are drawn, and what their results tell (V16, 第五条 准确性).

The drawing is ours and simple, so that anybody can repeat it on any database or by hand: every row
gets the SHA-256 of the text ``seed:key`` in UTF-8, rows are put in the order of these digests, and
the first ones are drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil, sqrt

# Two-sided 95 %: the 0.975 quantile of the normal distribution.
NORMAL_QUANTILE = 1.959963984540054
MOST_DRAWN = 500
LONGEST_SEED = 64


class CheckResult(StrEnum):
    """What somebody found who compared a row with its evidence."""

    MATCHING = "matching"
    MISMATCHING = "mismatching"
    UNSUPPORTED = "unsupported"


def drawn(keys: Sequence[str], seed: str, count: int) -> list[int]:
    """The positions of ``count`` of the rows with these keys, in the order of drawing.

    Rows with equal keys are told apart by their position among the equal ones. The order in which
    the rows are given plays no part otherwise.
    """
    met: dict[str, int] = {}
    digests = []
    for position, key in enumerate(keys):
        same = met[key] = met.get(key, 0) + 1
        text = f"{seed}:{key}" if same == 1 else f"{seed}:{key}:{same}"
        digests.append((sha256(text.encode()).hexdigest(), position))
    return [position for _digest, position in sorted(digests)[:count]]


def count_of_share(rows: int, percent: int) -> int:
    """How many rows a share in per cent is, rounded up, so that one at least is drawn."""
    return ceil(rows * percent / 100)


@dataclass(frozen=True)
class Rate:
    """A share with its confidence interval, all from 0 to 1."""

    share: float
    low: float
    high: float


def rate_of(count: int, total: int) -> Rate | None:
    """The share of ``count`` in ``total`` with the 95 % interval of Wilson (1927).

    None where nothing was checked. It is right for small samples and for shares near zero too,
    and somewhat wide where a large part of a small table was drawn.
    """
    if not total:
        return None
    share, square = count / total, NORMAL_QUANTILE**2
    middle = share + square / (2 * total)
    spread = NORMAL_QUANTILE * sqrt(share * (1 - share) / total + square / (4 * total**2))
    whole = 1 + square / total
    low, high = (middle - spread) / whole, (middle + spread) / whole
    # At the ends the formula gives 0 and 1 but for the noise of floating point.
    return Rate(share, 0.0 if count == 0 else low, 1.0 if count == total else high)
