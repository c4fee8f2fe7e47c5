"""The difference of two contents of a very large table, as the page of changes asks for it.

Beside it stands the floor: what two contents of that size cost to be read from Parquet and joined
by their key, without saying what changed.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.models.snapshot import pack, unpack
from app.rules.coercion import coerce, raw_frame
from app.rules.difference import compare_frames, only_different
from benchmarks.measure import Line, cpu_seconds, seconds
from tests.factories import plausible_row

ROOT = Path(__file__).resolve().parent.parent
TABLE = "full_time_teacher"
TARGET = 2.0
FLOOR_TARGET = 8.0
# One row in so many is changed, added or removed.
ONE_IN = 50


def measures(rows: int) -> Iterator[Line]:
    """Seconds from two stored snapshots to the first page of what changed."""
    catalogue = load_catalogue(ROOT / "seed" / "catalogue")
    spec = catalogue.tables[TABLE]
    old = _content(catalogue, spec, rows)
    kept = [list(pack(frame)) for frame in (old, _edited(old, spec))]
    keys = [field.code for field in spec.key_fields]

    def ask() -> None:
        difference = compare_frames(unpack(kept[0]), unpack(kept[1]), keys)
        only_different(difference).slice(0, 50).to_dicts()

    def join_only() -> None:
        unpack(kept[1]).join(unpack(kept[0]), on=keys, how="full", suffix="_before")

    what = f"{rows} rows of {TABLE}"
    ours, floor = cpu_seconds(ask, 5), cpu_seconds(join_only, 5)
    yield Line(f"difference of {what}", seconds(ask, 5), None, "s", TARGET)
    yield Line(f"difference of {what}, CPU", ours, None, "s", TARGET)
    yield Line(f"the same beside reading and joining, {what}, CPU", ours, floor, "s", FLOOR_TARGET)


def _content(catalogue: Catalogue, spec: TableSpec, rows: int) -> pl.DataFrame:
    raw = raw_frame(spec, [plausible_row(spec, catalogue, number) for number in range(1, rows + 1)])
    return coerce(spec, catalogue, raw).frame


def _edited(old: pl.DataFrame, spec: TableSpec) -> pl.DataFrame:
    """The content with some rows gone and a text of some others changed."""
    chance = random.Random(1)
    [key] = [field.code for field in spec.key_fields][:1]
    text = next(code for code, kind in old.schema.items() if kind == pl.String and code != key)
    picked = pl.Series([chance.randrange(ONE_IN) for _ in range(old.height)])
    changed = pl.when(picked == 0).then(pl.lit("改")).otherwise(pl.col(text)).alias(text)
    return old.with_columns(changed).filter(picked != 1)


if __name__ == "__main__":
    for line in measures(50_000):
        floor = "" if line.floor is None else f" (floor {line.floor:.3f} {line.unit})"
        print(
            f"{line.what}: {line.ours:.3f} {line.unit}{floor}, {'met' if line.is_met else 'missed'}"
        )
