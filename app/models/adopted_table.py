"""Adopted tables as SQL: what is selected so that no value of any column can fail a page.

A column is used as it is in conditions and when it is written; what is read of it is an
expression that every driver can hand over (dates as text, large objects by their size). Nothing
here creates or alters anything (decision 3).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    cast,
    func,
    quoted_name,
)
from sqlalchemy.types import UserDefinedType

from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind
from app.models.row_id import encode_row_id

# Characters of a text that a page shows; what is longer is told by its beginning.
LONGEST_SHOWN = 20_000
BEGINNING = 200
DIGEST_BYTES = 12
LARGEST_IN_ID = 2**63
TEXTS = frozenset({ColumnKind.STRING, ColumnKind.TEXT})
MAY_BE_LONG = frozenset({ColumnKind.TEXT, ColumnKind.JSON, ColumnKind.OPAQUE})
# Read as the database writes them: drivers fail on some of their values, or lose what they mean.
WRITTEN_OUT = frozenset(
    {
        ColumnKind.DATE,
        ColumnKind.DATETIME,
        ColumnKind.TIME,
        ColumnKind.JSON,
        ColumnKind.UUID,
        ColumnKind.OPAQUE,
    }
)
MYSQL = frozenset({"mysql", "mariadb"})
GEOMETRIES = frozenset(
    {
        "geometry",
        "point",
        "linestring",
        "polygon",
        "multipoint",
        "multilinestring",
        "multipolygon",
        "geometrycollection",
    }
)


class AsGiven(UserDefinedType[Any]):
    """A column whose values go to the driver as they are: the database knows its own type.

    A type of ours would add casts that PostgreSQL refuses for enumerations and dates.
    """

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Never asked for: nothing is created here."""
        raise NotImplementedError

    def bind_processor(self, dialect: Dialect) -> Any:
        """SQLite's driver takes no decimals; the column's affinity reads their text."""
        if dialect.name != "sqlite":
            return None
        return lambda value: str(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class LiveTable:
    """An adopted table and its columns in SQL; ``columns`` go by their codes.

    ``beside`` are all tables that were adopted with it, by identifier, itself among them.
    """

    spec: AdoptedTable
    table: Table
    columns: Mapping[str, Column[Any]]
    beside: Mapping[str, "LiveTable"] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def identity(self) -> tuple[Column[Any], ...]:
        """The columns by which rows are told apart."""
        return tuple(self.columns[code] for code in self.spec.key)

    def selected(self, dialect: str) -> tuple[ColumnElement[Any], ...]:
        """What is read of every column that is shown or part of the key, under its code."""
        found = self._selected.get(dialect)
        if found is None:
            found = self._selected[dialect] = tuple(
                expression.label(code)
                for column in self.spec.columns
                for code, expression in _read(column, self.columns[column.code], dialect)
            )
        return found

    @cached_property
    def _selected(self) -> dict[str, tuple[ColumnElement[Any], ...]]:
        """What was selected before, by dialect."""
        return {}

    @cached_property
    def kinds(self) -> tuple[tuple[str, ColumnKind], ...]:
        """Code and kind of every column that is read."""
        return tuple((column.code, column.kind) for column in self.spec.columns)

    def whole(self, codes: Collection[str], dialect: str) -> list[ColumnElement[Any]]:
        """These columns with texts at their whole length, each under its code."""
        return [
            _written(column, self.columns[column.code], dialect).label(column.code)
            for column in self.spec.columns
            if column.code in codes
        ]

    @cached_property
    def lengthy(self) -> tuple[str, ...]:
        """The codes of the columns whose length is read, since they may be cut."""
        return tuple(column.code for column in self.spec.columns if column.kind in MAY_BE_LONG)

    def row_id(self, row: Mapping[str, object]) -> str:
        """The row's id as it stands in addresses; empty where rows cannot be told apart."""
        key = [_in_id(row[code]) for code in self.spec.key]
        return encode_row_id(key) if key else ""

    def version_of(self, row: Mapping[str, object]) -> str:
        """A digest of everything that is selected: it differs when any other program changed it.

        What a page reads besides, for its marks, stands behind and does not count.
        """
        content = repr(list(islice(row.values(), len(self.kinds) + len(self.lengthy))))
        digest = blake2b(content.encode("utf-8", "replace"), digest_size=DIGEST_BYTES)
        return digest.hexdigest()


def _in_id(value: object) -> object:
    """A part of a key as it stands in an id; a number beyond 63 bits goes as text."""
    return str(value) if isinstance(value, int) and abs(value) >= LARGEST_IN_ID else value


def is_geometry(column: AdoptedColumn) -> bool:
    """Whether the column holds a shape, which MySQL turns into text by a function only."""
    return _base_type(column) in GEOMETRIES


def live_tables(tables: Mapping[str, AdoptedTable]) -> dict[str, LiveTable]:
    """SQL tables for all adopted ones, built from the files alone: no database is asked."""
    found: dict[str, LiveTable] = {}
    for identifier, spec in tables.items():
        found[identifier] = _live(spec, found)
    return found


def length_code(code: str) -> str:
    """Under which name the length of a text that may be cut is read."""
    return f"{code} length"


def _live(spec: AdoptedTable, beside: Mapping[str, LiveTable]) -> LiveTable:
    columns: dict[str, Column[Any]] = {
        column.code: Column(
            quoted_name(column.name, quote=True),
            Text() if column.kind in TEXTS else AsGiven(),
            key=column.code,
        )
        for column in spec.columns
    }
    schema = None if spec.schema is None else quoted_name(spec.schema, quote=True)
    table = Table(quoted_name(spec.name, quote=True), MetaData(), *columns.values(), schema=schema)
    return LiveTable(spec, table, columns, beside)


def _read(
    column: AdoptedColumn, sql: Column[Any], dialect: str
) -> list[tuple[str, ColumnElement[Any]]]:
    """What is read of one column, each part with the name it is read under."""
    if column.kind is ColumnKind.BINARY:
        return [(column.code, _bytes(sql, dialect))]
    written = _written(column, sql, dialect)
    if column.kind in MAY_BE_LONG:
        count = func.length if dialect == "sqlite" else func.char_length
        shown = func.substr(written, 1, LONGEST_SHOWN)
        return [(column.code, shown), (length_code(column.code), count(written))]
    return [(column.code, written)]


def _written(column: AdoptedColumn, sql: Column[Any], dialect: str) -> ColumnElement[Any]:
    """The column, or its text where drivers are not to interpret it."""
    if column.kind is ColumnKind.BITS and dialect in MYSQL:
        return func.bin(sql + 0)
    if dialect in MYSQL and is_geometry(column):
        return func.ST_AsText(sql)
    enumerated = column.kind in {ColumnKind.CHOICE, ColumnKind.CHOICES, ColumnKind.BITS}
    if column.kind in WRITTEN_OUT or (enumerated and dialect == "postgresql"):
        return cast(sql, String() if dialect in MYSQL else Text())
    return sql


def _bytes(sql: Column[Any], dialect: str) -> ColumnElement[int]:
    return func.length(cast(sql, LargeBinary)) if dialect == "sqlite" else func.octet_length(sql)


def _base_type(column: AdoptedColumn) -> str:
    return column.stored.partition("(")[0].strip().lower()
