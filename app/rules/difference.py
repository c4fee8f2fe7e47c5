"""What differs between two contents of one table: rows added, removed and changed, cell by cell.

Rows are told apart by the key of the table; of rows with the same key the first is compared with
the first. Everything is worked out over whole columns, so that a large table takes little longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

OLD, NEW, NTH = "__old", "__new", "__nth"
BEFORE = "__before"


@dataclass(frozen=True)
class Counts:
    """How many rows were added, removed and changed, and how many cells of those changed."""

    added: int
    removed: int
    changed: int
    cells: int

    @property
    def rows(self) -> int:
        """How many rows are not as they were."""
        return self.added + self.removed + self.changed


@dataclass(frozen=True)
class Difference:
    """``compared`` are the codes that both contents have; ``frame`` has a row for each of either.

    Its columns: ``__old`` and ``__new``, the positions in the contents (null where the row is
    missing there), each field's new value under its code and its old one under code + ``__before``.
    """

    keys: Sequence[str]
    compared: Sequence[str]
    frame: pl.DataFrame
    counts: Counts


def compare_frames(old: pl.DataFrame, new: pl.DataFrame, keys: Sequence[str]) -> Difference:
    """The difference from ``old`` to ``new``; without ``keys`` rows are told by their position."""
    compared = [code for code in new.columns if code in old.columns]
    told_by = [code for code in keys if code in compared]
    before, now = _aligned(old, new, compared)
    joined = _joined(_numbered(before, told_by, OLD), _numbered(now, told_by, NEW), told_by)
    others = [code for code in compared if code not in told_by]
    return Difference(told_by, compared, joined, _counts(joined, others))


def changed_cells(code: str) -> pl.Expr:
    """Whether a row that stands in both contents has another value of the field."""
    is_in_both = pl.col(OLD).is_not_null() & pl.col(NEW).is_not_null()
    return is_in_both & pl.col(code).ne_missing(pl.col(f"{code}{BEFORE}"))


def only_different(difference: Difference) -> pl.DataFrame:
    """The rows that are not the same in both, as the new content orders them, removed ones last."""
    others = [code for code in difference.compared if code not in difference.keys]
    is_changed = pl.any_horizontal(*map(changed_cells, others)) if others else pl.lit(value=False)
    is_missing = pl.col(OLD).is_null() | pl.col(NEW).is_null()
    return difference.frame.filter(is_missing | is_changed)


def _aligned(
    old: pl.DataFrame, new: pl.DataFrame, compared: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both with the same types: a field may be stored otherwise by now, then as text."""
    of_old, of_new = [], []
    for code in compared:
        before, now = old.schema[code], new.schema[code]
        if before == now:
            continue
        if before.is_numeric() and now.is_numeric():
            of_old.append(pl.col(code).cast(now, strict=False))
        else:
            of_old.append(pl.col(code).cast(pl.String))
            of_new.append(pl.col(code).cast(pl.String))
    return old.select(compared).with_columns(of_old), new.with_columns(of_new)


def _numbered(frame: pl.DataFrame, keys: Sequence[str], position: str) -> pl.DataFrame:
    """The frame with each row's position, and which one it is of those with the same key."""
    nth = pl.int_range(pl.len(), dtype=pl.UInt32)
    return frame.with_row_index(position).with_columns((nth.over(keys) if keys else nth).alias(NTH))


def _joined(old: pl.DataFrame, new: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    joined = new.join(
        old, on=[*keys, NTH], how="full", nulls_equal=True, suffix=BEFORE, coalesce=True
    )
    same = [pl.col(code).alias(f"{code}{BEFORE}") for code in keys]
    return joined.with_columns(same).sort(NEW, OLD, nulls_last=True)


def _counts(joined: pl.DataFrame, others: Sequence[str]) -> Counts:
    cells = pl.sum_horizontal(
        pl.lit(0, dtype=pl.UInt32), *(changed_cells(code).cast(pl.UInt32) for code in others)
    )
    counted = joined.select(
        added=pl.col(OLD).is_null().sum(),
        removed=pl.col(NEW).is_null().sum(),
        changed=(cells > 0).sum(),
        cells=cells.sum(),
    )
    return Counts(**counted.row(0, named=True))
