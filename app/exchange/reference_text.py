"""Cells that name a row of another table by key and label, as the drop-downs of workbooks do."""

from collections.abc import Mapping

import polars as pl
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import cycle_of_period
from app.reports.reference import keys_of_shown

# Code of a reference field → what a cell says → the key that is meant.
Keys = Mapping[str, Mapping[str, str]]


def keys_in(
    session: Session,
    store: Store,
    stored: StoredTable,
    by: Actor,
    period: str,
    cells: pl.DataFrame,
) -> Keys:
    """The keys of those cells that say key and label of a row that ``by`` may name.

    ``cells`` has a String column for each field that a file has.
    """
    texts = {
        field.code: _spaced(cells[field.code])
        for field in stored.spec.references
        if field.code in cells.columns
    }
    cycle = cycle_of_period(session, stored, period) if any(texts.values()) else None
    return {} if cycle is None else keys_of_shown(session, store, stored, by, cycle, texts)


def with_keys(cells: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    """The cells, with the key alone where a cell says key and label."""
    return cells.with_columns(
        cells[code].replace(dict(meant)) for code, meant in keys.items() if meant
    )


def _spaced(texts: pl.Series) -> list[str]:
    """The different texts of several words; only those can be key and label."""
    different = texts.drop_nulls().unique()
    return different.filter(different.str.strip_chars().str.contains(r"\s")).to_list()
