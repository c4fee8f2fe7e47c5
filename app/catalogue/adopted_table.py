"""Tables and views of a database that was there before us (decision 3).

An ``AdoptedTable`` says what ``statedata adopt`` found, in words that are the same for every
database; nothing here is ever altered in that database. What people add to it (labels, groups,
mapping) lies in a file of its own and wins (``app.catalogue.adopted_file``).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from app.catalogue.reporting import DepartmentPairs, Reporting, own_departments, plain_text


class ColumnKind(StrEnum):
    """What a column holds, as far as showing and typing it goes.

    ``opaque`` is everything we show as the database writes it and do not edit (geometry, ranges,
    arrays); ``choices`` is a SET of several; ``binary`` is told by its size only.
    """

    STRING = "string"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    JSON = "json"
    BITS = "bits"
    UUID = "uuid"
    BINARY = "binary"
    OPAQUE = "opaque"


# Shown, never typed: we could not give back what we read.
NEVER_EDITED = frozenset({ColumnKind.BINARY, ColumnKind.OPAQUE, ColumnKind.BITS})


class Verdict(StrEnum):
    """What may be done with the rows of an adopted table, whoever asks."""

    EDITABLE = "editable"
    INSERT_ONLY = "insert_only"
    READ_ONLY = "read_only"


class VerdictReason(StrEnum):
    """Why a table is not editable; ``none`` where it is."""

    NONE = "none"
    VIEW = "view"
    NO_KEY = "no_key"
    KEY_UNREADABLE = "key_unreadable"
    NO_GRANT = "no_grant"


@dataclass(frozen=True)
class AdoptedColumn:
    """One column.

    ``code`` names it in addresses and JSON and never changes, ``name`` is the database's own.
    ``stored`` is the type in the database's words. ``max_length`` counts characters, ``precision``
    and ``scale`` decimal digits; ``minimum`` and ``maximum`` bound whole numbers. A ``generated``
    column is worked out by the database, a ``counted`` one is numbered by it where left out.
    """

    code: str
    name: str
    label: str
    kind: ColumnKind
    stored: str
    help: str = ""
    nullable: bool = True
    default: str | None = None
    generated: bool = False
    counted: bool = False
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()
    hidden: bool = False
    masked: bool = False

    @property
    def required(self) -> bool:
        """Whether a new row has to bring a value."""
        return not (self.nullable or self.generated or self.counted or self.default is not None)

    @property
    def editable(self) -> bool:
        """Whether people may type a value."""
        return not self.generated and self.kind not in NEVER_EDITED


class DeleteEffect(StrEnum):
    """What becomes of a row when the row that it names is deleted."""

    REFUSE = "refuse"
    CASCADE = "cascade"
    SET_NULL = "set_null"


@dataclass(frozen=True)
class ForeignKey:
    """Columns (by code) that name a row of another table, given by the database's own names."""

    columns: tuple[str, ...]
    schema: str | None
    table: str
    referred: tuple[str, ...]
    on_delete: DeleteEffect = DeleteEffect.REFUSE


@dataclass(frozen=True)
class ColumnMapping:
    """Which columns (by code) play period, department, person and version.

    ``departments`` pairs the codes that the department column holds with those of the college,
    empty where they are the same.
    """

    period: str | None = None
    department: str | None = None
    person: str | None = None
    version: str | None = None
    departments: DepartmentPairs = ()

    @property
    def played(self) -> tuple[str, ...]:
        """The columns that play a part."""
        parts = (self.period, self.department, self.person, self.version)
        return tuple(code for code in parts if code is not None)


@dataclass(frozen=True)
class AdoptedTable:
    """One table or view.

    ``identifier`` is its address; ``schema`` is None for the connection's own one. ``key`` are the
    codes by which rows are told apart: the primary key, else a unique key without gaps, else
    nothing. ``label_column`` is the code of the column by which people call a row, where they have
    said so. A table that is not ``transactional`` keeps every change at once and takes none back.
    ``granted`` are the statements the adopting account might use, in capitals. ``report`` is how it
    takes part in the collection year, None where it does not.
    """

    identifier: str
    name: str
    label: str
    columns: tuple[AdoptedColumn, ...]
    schema: str | None = None
    help: str = ""
    group: str = ""
    is_view: bool = False
    key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[str, ...] = ()
    granted: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")
    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    label_column: str | None = None
    transactional: bool = True
    report: Reporting | None = None

    @cached_property
    def by_code(self) -> Mapping[str, AdoptedColumn]:
        """Code → column, in the order shown."""
        return {column.code: column for column in self.columns}

    @cached_property
    def shown(self) -> tuple[AdoptedColumn, ...]:
        """The columns that pages show."""
        return tuple(column for column in self.columns if not column.hidden)

    @property
    def departments(self) -> DepartmentPairs:
        """The table's own codes of departments with the college's, empty where they are the same.

        Reported or not, a table has one set of them.
        """
        return self.mapping.departments if self.report is None else self.report.departments

    def own_departments(self, codes: Collection[str]) -> list[str]:
        """How the table writes these departments; those it does not know are left out."""
        return own_departments(self.departments, codes)

    def department_of(self, own: object) -> str | None:
        """The college's code for a value of the table, None where it stands for no department."""
        text = plain_text(own)
        return (dict(self.departments).get(text) if self.departments else text) or None

    def place_of(self, values: Mapping[str, object]) -> tuple[str, str] | None:
        """Period and department of a stored row by the college's codes.

        None where the table is not reported, and where the row belongs to no place of it.
        """
        if self.report is None:
            return None
        period = self.report.period_near(values.get(self.mapping.period or ""))
        department = self.report.department_near(values.get(self.mapping.department or ""))
        return (period, department) if period and department else None

    def tells_place(self, values: Mapping[str, object]) -> bool:
        """Whether the values say where in the reporting a row stands, rightly or not."""
        return {self.mapping.period, self.mapping.department} <= set(values)

    @property
    def title(self) -> str:
        """What people call the table."""
        return self.label

    @cached_property
    def why_limited(self) -> VerdictReason:
        """Why rows cannot be edited freely."""
        if self.is_view:
            return VerdictReason.VIEW
        if not self.key:
            return VerdictReason.NO_KEY
        if any(self.by_code[code].kind in NEVER_EDITED for code in self.key):
            return VerdictReason.KEY_UNREADABLE
        if set(self.granted) < {"INSERT", "UPDATE", "DELETE"}:
            return VerdictReason.NO_GRANT
        return VerdictReason.NONE

    @cached_property
    def verdict(self) -> Verdict:
        """What may be done with rows."""
        limited = self.why_limited
        if limited is VerdictReason.NONE:
            return Verdict.EDITABLE
        if limited is VerdictReason.NO_GRANT and "UPDATE" in self.granted:
            return Verdict.EDITABLE
        if limited is VerdictReason.NO_GRANT and "INSERT" in self.granted:
            return Verdict.INSERT_ONLY
        return Verdict.READ_ONLY
