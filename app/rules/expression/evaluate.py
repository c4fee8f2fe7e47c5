"""Asking a condition of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from app.domain.period import Period
from app.rules.coercion import FEW_ROWS
from app.rules.expression.compile import Condition
from app.rules.expression.kinds import PERIOD_END, PERIOD_START


@dataclass(frozen=True)
class Verdict:
    """The positions, from 0, of rows that break the condition and of rows it cannot judge."""

    failing: tuple[int, ...]
    broken: tuple[int, ...]


def evaluate(conditions: Sequence[Condition], frame: pl.DataFrame, period: Period) -> list[Verdict]:
    """What each condition says of the rows of one period, in their order.

    ``frame`` has typed columns as ``coerce`` makes them. A missing value means that a condition
    does not apply; a row that cannot be calculated is the condition's failure, not the row's.
    """
    if not conditions:
        return []
    asked = with_period(frame.lazy(), period)
    columns = []
    for position, condition in enumerate(conditions):
        holds = condition.holds.cast(pl.Boolean)
        columns.append((~holds).alias(_fails(position)))
        if condition.breaks is not None:
            # What is decided without the part that cannot be calculated is decided.
            broken = condition.breaks & holds.is_null()
            columns.append(broken.alias(_breaks(position)))
    # For a few rows it takes longer to think about a plan, and to share the work, than to do it.
    if frame.height <= FEW_ROWS:
        told = asked.select_seq(columns).collect(optimizations=pl.QueryOptFlags.none())
    else:
        told = asked.select(columns).collect()
    return [
        Verdict(
            _positions(told[_fails(position)], frame.height),
            _positions(told[_breaks(position)], frame.height)
            if condition.breaks is not None
            else (),
        )
        for position, condition in enumerate(conditions)
    ]


def _fails(position: int) -> str:
    return f"fails {position}"


def _breaks(position: int) -> str:
    return f"breaks {position}"


def with_period(frame: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """The rows with what conditions read of their period."""
    return frame.with_columns(
        pl.lit(period.start).alias(PERIOD_START), pl.lit(period.end).alias(PERIOD_END)
    )


def _positions(wrong: pl.Series, height: int) -> tuple[int, ...]:
    # What names no column is one value for all rows.
    if len(wrong) != height:
        wrong = wrong.new_from_index(0, height)
    if height <= FEW_ROWS:
        return tuple(position for position, is_wrong in enumerate(wrong.to_list()) if is_wrong)
    return tuple(wrong.fill_null(value=False).arg_true().to_list())
