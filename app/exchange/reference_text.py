"""Cells that name a row of another table by key and label, as the drop-downs of workbooks do.

Or by the label alone, as people's own workbooks do.
"""

from collections.abc import Mapping

import polars as pl
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_read
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import cycle_of_period
from app.reports.reference import keys_of_labels, keys_of_shown

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
    """The keys of those cells that say key and label of a row that ``by`` may name, or its label.

    ``cells`` has a String column for each field that a file has. A label that several rows have
    means none of them.
    """
    given = [field for field in stored.spec.references if field.code in cells.columns]
    spaced = {field.code: _spaced(cells[field.code]) for field in given}
    named = {field.code: _worded(cells[field.code]) for field in given}
    if not any(spaced.values()) and not any(named.values()):
        return {}
    cycle = cycle_of_period(session, stored, period)
    if cycle is None:
        return {}
    found = keys_of_shown(session, store, stored, by, cycle, spaced)
    for field in given:
        reference, shown = field.reference, found.get(field.code, {})
        names = [text for text in named[field.code] if text not in shown]
        if reference is None or not names:
            continue
        if why_not_read(by, store.tables[reference.table], "pick") is None:
            keys = keys_of_labels(session, store, by, reference, cycle, names)
            found[field.code] = shown | keys
    return found


def with_keys(cells: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    """The cells, with the key alone where a cell says key and label."""
    return cells.with_columns(
        cells[code].replace(dict(meant)) for code, meant in keys.items() if meant
    )


def _spaced(texts: pl.Series) -> list[str]:
    """The different texts of several words; only those can be key and label."""
    different = texts.drop_nulls().unique()
    return different.filter(different.str.strip_chars().str.contains(r"\s")).to_list()


def _worded(texts: pl.Series) -> list[str]:
    """The different texts with letters beyond those of keys; asking for keys would take long."""
    different = texts.drop_nulls().unique()
    return different.filter(different.str.contains(r"[^\x00-\x7f]")).to_list()
