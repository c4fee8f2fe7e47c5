"""The operators of conditions: how values of one kind are compared and calculated with."""

from collections.abc import Callable, Mapping

import polars as pl
from sqlglot import exp

from app.rules.expression.kinds import Kind

# Numbers that differ by so small a share of themselves are the same: 0.1 + 0.2 is 0.3.
NOISE = 1e-9

Comparison = Callable[[Kind, pl.Expr, pl.Expr], pl.Expr]
Binary = Callable[[pl.Expr, pl.Expr], pl.Expr]


def _same(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    size = pl.max_horizontal(left.abs(), right.abs(), pl.lit(1.0))
    return (left - right).abs() <= size * NOISE


def _equal(kind: Kind, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return _same(left, right) if kind is Kind.NUMBER else left == right


def _at_most(kind: Kind, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    if kind is Kind.NUMBER:
        return (left < right) | _same(left, right)
    return left <= right


def _below(kind: Kind, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return ~_at_most(kind, right, left)


COMPARISONS: Mapping[type[exp.Expr], Comparison] = {
    exp.EQ: _equal,
    exp.NEQ: lambda kind, left, right: ~_equal(kind, left, right),
    exp.LTE: _at_most,
    exp.GTE: lambda kind, left, right: _at_most(kind, right, left),
    exp.LT: _below,
    exp.GT: lambda kind, left, right: _below(kind, right, left),
}
ARITHMETIC: Mapping[type[exp.Expr], Binary] = {
    exp.Add: lambda left, right: left + right,
    exp.Sub: lambda left, right: left - right,
    exp.Mul: lambda left, right: left * right,
    exp.Div: lambda left, right: left / right,
}
BOTH: Binary = lambda left, right: left.cast(pl.Boolean) & right.cast(pl.Boolean)  # noqa: E731 - a record
EITHER: Binary = lambda left, right: left.cast(pl.Boolean) | right.cast(pl.Boolean)  # noqa: E731 - a record
