"""Base tables as SQL tables: one description, stored where its rows live.

``StoredTable`` is what the rooms above work with: it tells which columns play
period, department, person, version and key, so that an adopted table without
some of them is served by the same code (decision 3).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    inspect,
    true,
)
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.types import TypeEngine

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.catalogue.catalogue import Catalogue
from app.models.adopted_table import LiveTable
from app.models.database import NAMING, TABLE_OPTIONS, BigKey, ExactDecimal
from app.models.row_id import encode_row_id
from app.rules.row_findings import RowFindings

PREFIX = "bt_"
# A VARCHAR longer than this eats into MySQL's 64 KiB for a row; text does not.
LONGEST_STRING = 1000
CODE_LENGTH = 32
_TABLE_OPTIONS: dict[str, Any] = dict(TABLE_OPTIONS)


@dataclass(frozen=True)
class StoredTable:
    """A base table and the SQL columns that hold it.

    ``columns`` maps field codes to columns; ``identity`` is the primary key.
    ``period``, ``department``, ``person``, ``version`` and ``key`` are the
    columns that play these parts, None where a table has none.
    """

    spec: TableSpec
    table: Table
    columns: Mapping[str, Column[Any]]
    identity: tuple[Column[Any], ...]
    period: Column[Any] | None
    department: Column[Any] | None
    person: Column[Any] | None
    version: Column[Any] | None
    key: Column[Any] | None

    @property
    def key_codes(self) -> tuple[str, ...]:
        """The codes of the fields by which rows are told apart."""
        return tuple(each.code for each in self.spec.key_fields)

    def in_place(self, period: str, department: str | None = None) -> ColumnElement[bool]:
        """The rows of a period and, if named, a department, both by the college's codes.

        A table without such a column is served whole.
        """
        parts: list[ColumnElement[bool]] = [true()]
        if self.period is not None:
            parts.append(self.period == period)
        if department is not None:
            parts.append(self.of_departments([department]))
        return and_(*parts)

    def of_departments(self, codes: Collection[str]) -> ColumnElement[bool]:
        """The rows of these departments; of all where the table knows none."""
        return true() if self.department is None else self.department.in_(sorted(codes))

    def knows(self, _department: str) -> bool:
        """Whether rows can be those of the department."""
        return True

    def selected(self, _dialect: str) -> Sequence[ColumnElement[Any]]:
        """What is read of a row, so that ``row_id`` and ``values_of`` find it."""
        return list(self.table.c)

    def row_id(self, row: RowMapping) -> str:
        """The row's id as it stands in addresses."""
        return encode_row_id([row[column] for column in self.identity])

    def version_of(self, row: RowMapping) -> str:
        """The row's version as opaque text."""
        return str(row[self.version]) if self.version is not None else ""

    def values_of(self, row: RowMapping) -> dict[str, object]:
        """Field code → stored value."""
        return {code: row[column] for code, column in self.columns.items()}


@dataclass(frozen=True)
class Store:
    """The catalogue together with the SQL tables that hold its base tables.

    ``row_findings`` remembers what the rules say about single rows; ``adopted`` are tables that
    were there before us, by identifier, and ``of_others`` those among them that departments report.
    ``tables`` are ours alone: they are made, filled by import and referred to.
    """

    catalogue: Catalogue
    tables: Mapping[str, StoredTable]
    row_findings: RowFindings
    adopted: Mapping[str, LiveTable] = field(default_factory=dict)
    of_others: Mapping[str, StoredTable] = field(default_factory=dict)

    @cached_property
    def reported(self) -> Mapping[str, StoredTable]:
        """Every table that departments report, whoever made it."""
        return {**self.tables, **self.of_others}


def build_store(catalogue: Catalogue, adopted: Mapping[str, LiveTable] | None = None) -> Store:
    """Every base table of the catalogue as a managed table ``bt_<identifier>``.

    An adopted table never hides a base table of the same identifier.
    """
    metadata = MetaData(naming_convention=NAMING)
    tables = {
        identifier: _managed(metadata, catalogue, spec)
        for identifier, spec in catalogue.tables.items()
    }
    others = {name: live for name, live in (adopted or {}).items() if name not in tables}
    return Store(catalogue, tables, RowFindings(catalogue), others)


def create_missing(connection: Connection, tables: Sequence[StoredTable]) -> list[str]:
    """Create those managed tables that do not exist yet; returns their names.

    Existing tables are never altered here.
    """
    existing = set(inspect(connection).get_table_names())
    missing = [stored.table for stored in tables if stored.table.name not in existing]
    if missing:
        missing[0].metadata.create_all(connection, tables=missing, checkfirst=False)
    return [table.name for table in missing]


def _managed(metadata: MetaData, catalogue: Catalogue, spec: TableSpec) -> StoredTable:
    columns = {
        each.code: Column(each.code, column_type(catalogue, each), comment=each.label)
        for each in spec.fields
    }
    identity = Column("sys_id", BigKey, primary_key=True)
    period = Column("sys_period", String(16), nullable=False)
    department = Column("sys_department", String(16), nullable=False)
    person = Column("sys_person", String(32), index=True)
    version = Column("sys_version", Integer, nullable=False)
    key = Column("sys_key", String(64), nullable=False)
    table = Table(
        PREFIX + spec.identifier,
        metadata,
        identity,
        period,
        department,
        person,
        version,
        key,
        *columns.values(),
        UniqueConstraint(period, department, key, name=f"uq_{PREFIX}{spec.identifier}_key"),
        # Both end in the primary key, so a page in stable order needs no sorting.
        Index(f"ix_{PREFIX}{spec.identifier}_place", period, department),
        Index(f"ix_{PREFIX}{spec.identifier}_period", period),
        comment=spec.name,
        # The id of a deleted row is never given to another.
        sqlite_autoincrement=True,
        **_TABLE_OPTIONS,
    )
    return StoredTable(spec, table, columns, (identity,), period, department, person, version, key)


_PLAIN_TYPES: Mapping[FieldType, TypeEngine[Any]] = {
    FieldType.INTEGER: BigInteger(),
    FieldType.BOOLEAN: Boolean(create_constraint=False),
    FieldType.DATE: Date(),
    FieldType.YEARMONTH: String(7),
    FieldType.CODE: String(CODE_LENGTH),
    FieldType.TEXT: Text(),
}


def column_type(catalogue: Catalogue, field: FieldSpec) -> TypeEngine[Any]:
    """The SQL type that holds every value the field accepts."""
    stored = catalogue.stored_as(field)
    if stored.type in _PLAIN_TYPES:
        return _PLAIN_TYPES[stored.type]
    if stored.type is FieldType.NUMBER:
        return ExactDecimal(stored.precision or 18, stored.scale or 0)
    length = stored.max_length or LONGEST_STRING
    return String(length) if length <= LONGEST_STRING else Text()
