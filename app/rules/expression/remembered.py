"""Asking conditions of a few rows, without asking again what was asked of the same values.

What a condition says of a row follows from the values that it reads and from the period. So when
one cell of a row is changed, only the conditions that read it are asked; every answer comes from
the one evaluator all the same.
"""

from collections.abc import Sequence
from operator import itemgetter

import polars as pl

from app.domain.period import Period
from app.rules.expression.compile import Condition
from app.rules.expression.evaluate import Verdict, evaluate
from app.rules.memory import Memory, digest_of

# About 300 bytes each.
MOST_REMEMBERED = 50_000
# Whether a row fails, and whether it cannot be judged.
Said = tuple[bool, bool]


class RememberedVerdicts:
    """Remembers what conditions said of the values that they were asked about last."""

    def __init__(self, size: int = MOST_REMEMBERED) -> None:
        self._memory: Memory[Said] = Memory(size)

    def of(
        self, conditions: Sequence[Condition], frame: pl.DataFrame, period: Period
    ) -> list[Verdict]:
        """As ``evaluate``, which is asked the conditions with values that are not known."""
        rows = frame.rows(named=True)
        keys = [_keys(condition, rows, period) for condition in conditions]
        known = self._memory.known([key for each in keys for key in each])
        open_ones = [place for place, each in enumerate(keys) if not known.keys() >= set(each)]
        verdicts = evaluate([conditions[place] for place in open_ones], frame, period)
        for place, verdict in zip(open_ones, verdicts, strict=True):
            failing, broken = set(verdict.failing), set(verdict.broken)
            said = {key: (row in failing, row in broken) for row, key in enumerate(keys[place])}
            self._memory.keep(said)
            known |= said
        return [_verdict([known[key] for key in each]) for each in keys]


def _keys(
    condition: Condition, rows: Sequence[dict[str, object]], period: Period
) -> Sequence[bytes]:
    values = map(itemgetter(*condition.fields), rows)
    return [digest_of((condition.number, period.code, each)) for each in values]


def _verdict(said: Sequence[Said]) -> Verdict:
    return Verdict(
        tuple(row for row, (fails, _) in enumerate(said) if fails),
        tuple(row for row, (_, breaks) in enumerate(said) if breaks),
    )
