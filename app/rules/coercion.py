"""Coercion: from raw text to typed columns, telling what was tidied.

What already stands in its plain form is converted a whole column at a time;
only the rest is read text by text, once for each different text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from app.catalogue.base_table import FieldSpec, TableSpec
from app.catalogue.catalogue import Catalogue
from app.rules.column_type import ColumnType, column_types
from app.rules.raw_text import raw_text, repaired
from app.rules.reading import EMPTY, Fault, Read, text_of

# Up to here reading text by text is faster than converting the column.
FEW_ROWS = 64


@dataclass(frozen=True)
class Tidied:
    """A cell whose text was changed in substance, not merely trimmed.

    ``row`` counts from 0; ``after`` is None where the cell became empty.
    """

    row: int
    field: str
    before: str
    after: str | None


@dataclass(frozen=True)
class ColumnRead:
    """One column read: its values, and the rows that could not be read."""

    values: pl.Series
    faults: Mapping[int, Fault]
    tidied: tuple[Tidied, ...]


@dataclass(frozen=True)
class Coerced:
    """Typed rows; a cell in ``faults`` (field code → row → fault) is null."""

    frame: pl.DataFrame
    faults: Mapping[str, Mapping[int, Fault]]
    tidied: tuple[Tidied, ...]


def raw_frame(spec: TableSpec, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Rows of any values as a frame of String columns in the order of the fields.

    A missing field is null; keys that are no field of the table are left out
    here, the caller refuses them. Never raises.
    """
    return pl.DataFrame([_raw_column(field, rows) for field in spec.fields])


def _raw_column(field: FieldSpec, rows: Sequence[Mapping[str, object]]) -> pl.Series:
    code = field.code
    texts = [
        value if type(value) is str or value is None else raw_text(field, value)
        for value in [row.get(code) for row in rows]
    ]
    try:
        return pl.Series(code, texts, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series(code, [repaired(text) for text in texts], dtype=pl.String)


def coerce(spec: TableSpec, catalogue: Catalogue, raw: pl.DataFrame) -> Coerced:
    """Typed columns from raw text, in the order of the fields.

    string, text, code, reference, yearmonth → String; integer → Int64;
    number → Decimal; boolean → Boolean; date → Date. What a text cannot be
    read as is null and stands in ``faults``.
    """
    columns: list[pl.Series] = []
    faults: dict[str, Mapping[int, Fault]] = {}
    tidied: list[Tidied] = []
    types = column_types(catalogue, spec)
    for field in spec.fields:
        read = read_column(field.code, types[field.code], raw[field.code])
        columns.append(read.values)
        faults[field.code] = read.faults
        tidied += read.tidied
    tidied.sort(key=lambda change: change.row)
    return Coerced(pl.DataFrame(columns), faults, tuple(tidied))


def read_column(code: str, column_type: ColumnType, raw: pl.Series) -> ColumnRead:
    """Read one column of raw text as ``column_type``."""
    if len(raw) <= FEW_ROWS:
        return _read_few(code, column_type, raw.to_list())
    plain = column_type.convert(raw)
    doubtful = (raw.is_not_null() & plain.is_null()).arg_true()
    if not len(doubtful):
        return ColumnRead(plain.alias(code), {}, ())
    rows = doubtful.to_list()
    rest = _read_few(code, column_type, raw.gather(doubtful).to_list())
    return ColumnRead(
        plain.scatter(doubtful, rest.values).alias(code),
        {rows[position]: fault for position, fault in rest.faults.items()},
        tuple(replace(change, row=rows[change.row]) for change in rest.tidied),
    )


def _read_few(code: str, column_type: ColumnType, texts: Sequence[str | None]) -> ColumnRead:
    outcomes: dict[str | None, Read] = {
        text: EMPTY if text is None else column_type.read(text) for text in set(texts)
    }
    reads = [outcomes[text] for text in texts]
    return ColumnRead(
        pl.Series(code, [read.value for read in reads], dtype=column_type.dtype),
        {row: read.fault for row, read in enumerate(reads) if read.fault},
        tuple(
            Tidied(row, code, text, text_of(read.value))
            for row, (text, read) in enumerate(zip(texts, reads, strict=True))
            if read.tidied and text is not None
        ),
    )
