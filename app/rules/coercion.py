"""Coercion: from raw text to typed columns, telling what was tidied.

What already stands in its plain form is converted a whole column at a time;
only the rest is read text by text, once for each different text.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import polars as pl

from app.catalogue.base_table import FieldSpec, TableSpec
from app.catalogue.catalogue import Catalogue
from app.rules.column_type import ColumnType, column_types
from app.rules.raw_text import raw_text, repaired
from app.rules.reading import EMPTY, Fault, Read, text_of

# Up to here reading text by text is faster than converting the column.
FEW_ROWS = 64
# Kinds of values of which two that are equal have the same text, as long as all are of one kind.
_ALIKE_IF_EQUAL = frozenset({bool, int, float, date})


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
    if len(rows) <= FEW_ROWS:
        return raw_columns(
            spec, {field.code: [row.get(field.code) for row in rows] for field in spec.fields}
        )
    # Column after column: of very many rows not all the lists at once.
    return pl.DataFrame(
        [raw_column(field, [row.get(field.code) for row in rows]) for field in spec.fields]
    )


def raw_columns(spec: TableSpec, columns: Mapping[str, Sequence[object]]) -> pl.DataFrame:
    """The same of any values of every field, by the field's code, each in the order of the rows."""
    if len(next(iter(columns.values()), ())) <= FEW_ROWS:
        texts = zip(*(_texts(field, columns[field.code]) for field in spec.fields), strict=True)
        schema = dict.fromkeys(spec.by_code, pl.String())
        with suppress(UnicodeEncodeError):
            return pl.DataFrame(list(texts), schema=schema, orient="row")
    return pl.DataFrame([raw_column(field, columns[field.code]) for field in spec.fields])


def raw_column(field: FieldSpec, values: Sequence[object]) -> pl.Series:
    """Any values of one field as a column of raw text, named by the field's code."""
    texts = _texts(field, values)
    try:
        return pl.Series(field.code, texts, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series(field.code, [repaired(text) for text in texts], dtype=pl.String)


def _texts(field: FieldSpec, values: Sequence[object]) -> Sequence[str | None]:
    """The raw text of each value; of numbers and dates each different one is converted once."""
    kinds = set(map(type, values)) - {str, type(None)}
    if not kinds:
        return values  # type: ignore[return-value]
    if len(kinds) == 1 and kinds <= _ALIKE_IF_EQUAL:
        texts = {value: raw_text(field, value) for value in set(values)}
        return [texts[value] for value in values]
    return [raw_text(field, value) for value in values]


def coerce(
    spec: TableSpec, catalogue: Catalogue, raw: pl.DataFrame, codes: Collection[str] | None = None
) -> Coerced:
    """Typed columns from raw text, in the order of the fields; of ``codes`` alone where given.

    string, text, code, reference, yearmonth → String; integer → Int64;
    number → Decimal; boolean → Boolean; date → Date. What a text cannot be
    read as is null and stands in ``faults``.
    """
    types = column_types(catalogue, spec)
    chosen = [field.code for field in spec.fields if codes is None or field.code in codes]
    if raw.height <= FEW_ROWS:
        return _coerce_few(chosen, types, raw)
    reads = {code: _read_column(code, types[code], raw[code]) for code in chosen}
    frame = pl.DataFrame([read.values for read in reads.values()])
    return _coerced(frame, reads)


@dataclass(frozen=True)
class _TextsRead:
    """The same as a column read, of few rows: a list is made in less time than a column."""

    values: Sequence[object]
    faults: Mapping[int, Fault]
    tidied: tuple[Tidied, ...]


def _coerce_few(
    codes: Sequence[str], types: Mapping[str, ColumnType], raw: pl.DataFrame
) -> Coerced:
    """Read text by text, and make the frame of all rows at once."""
    texts = _columns_of(raw)
    reads = {code: _read_few(code, types[code], texts[code]) for code in codes}
    rows = list(zip(*(read.values for read in reads.values()), strict=True))
    schema = {code: types[code].dtype for code in codes}
    return _coerced(pl.DataFrame(rows, schema=schema, orient="row"), reads)


def _columns_of(frame: pl.DataFrame) -> Mapping[str, Sequence[str | None]]:
    """Column → its values, of a frame of few rows."""
    rows = frame.rows()
    columns = zip(*rows, strict=True) if rows else [()] * frame.width
    return dict(zip(frame.columns, columns, strict=True))


def _coerced(frame: pl.DataFrame, reads: Mapping[str, ColumnRead | _TextsRead]) -> Coerced:
    tidied = [change for read in reads.values() for change in read.tidied]
    tidied.sort(key=lambda change: change.row)
    return Coerced(frame, {code: read.faults for code, read in reads.items()}, tuple(tidied))


def _read_column(code: str, column_type: ColumnType, raw: pl.Series) -> ColumnRead:
    """Read one column of raw text as ``column_type``."""
    plain = column_type.convert(raw)
    doubtful = (raw.is_not_null() & plain.is_null()).arg_true()
    if not len(doubtful):
        return ColumnRead(plain.alias(code), {}, ())
    return _read_doubtful(code, column_type, raw, plain, doubtful)


def _read_doubtful(
    code: str, column_type: ColumnType, raw: pl.Series, plain: pl.Series, doubtful: pl.Series
) -> ColumnRead:
    """The column with its ``doubtful`` rows read text by text, each different text once."""
    texts = raw.gather(doubtful).alias("text")
    different = texts.unique()
    reads = [column_type.read(text) for text in different.to_list()]
    known = pl.DataFrame(
        {
            "text": different,
            "value": pl.Series([read.value for read in reads], dtype=column_type.dtype),
            "fault": pl.Series([read.fault for read in reads], dtype=pl.String),
            "after": pl.Series([text_of(read.value) for read in reads], dtype=pl.String),
            "tidied": pl.Series([read.tidied for read in reads], dtype=pl.Boolean),
        }
    )
    found = pl.DataFrame([doubtful.alias("row"), texts])
    found = found.join(known, on="text", how="left", maintain_order="left")
    faulty = found.filter(pl.col("fault").is_not_null())
    tidied = found.filter(pl.col("tidied"))
    return ColumnRead(
        plain.scatter(doubtful, found["value"]).alias(code),
        dict(zip(faulty["row"].to_list(), map(Fault, faulty["fault"].to_list()), strict=True)),
        tuple(
            Tidied(row, code, text, after)
            for row, text, after in tidied.select("row", "text", "after").iter_rows()
        ),
    )


def _read_few(code: str, column_type: ColumnType, texts: Sequence[str | None]) -> _TextsRead:
    outcomes: dict[str | None, Read] = {
        text: EMPTY if text is None else column_type.read(text) for text in set(texts)
    }
    reads = [outcomes[text] for text in texts]
    return _TextsRead(
        [read.value for read in reads],
        {row: read.fault for row, read in enumerate(reads) if read.fault},
        tuple(
            Tidied(row, code, text, text_of(read.value))
            for row, (text, read) in enumerate(zip(texts, reads, strict=True))
            if read.tidied and text is not None
        ),
    )
