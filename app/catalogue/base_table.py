"""Base tables and their fields (第九条: 基础数据表), described once.

From a ``TableSpec`` come the SQL table, the grid, the form, the Excel
template, the import parser, the checks, the field help and the completeness
figures (decision 1). Types and constraints carry Frictionless Table Schema's
names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from app.domain.period import AcademicYear, Period, PeriodKind, period_for
from app.domain.person import TeacherKind
from app.domain.teacher_record import TeacherSection
from app.domain.work_plan import Phase


class FieldType(StrEnum):
    """The types a field may have."""

    STRING = "string"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    YEARMONTH = "yearmonth"
    CODE = "code"
    REFERENCE = "reference"


class FieldFormat(StrEnum):
    """Formats of text fields that a rule knows how to check."""

    URL = "url"
    PHONE = "phone"
    MOBILE = "mobile"
    EMAIL = "email"
    ID_CARD = "id_card"
    SOCIAL_CREDIT_CODE = "social_credit_code"
    ISBN = "isbn"


class TableKind(StrEnum):
    """A list has many rows for a department and period, a single row one."""

    LIST = "list"
    SINGLE_ROW = "single_row"


class FilledBy(StrEnum):
    """Who types the rows (第十条)."""

    STEWARD = "steward"
    TEACHER = "teacher"


class MaterialRule(StrEnum):
    """Whether supporting material is asked for: without it a table is finished, or is not."""

    RECOMMENDED = "recommended"
    REQUIRED = "required"


class Tier(StrEnum):
    """Core tables are collected from the first year on, extensions by choice."""

    CORE = "core"
    EXTENSION = "extension"


class Carrying(StrEnum):
    """What becomes of a field when a row of last year is taken over."""

    KEEP = "keep"
    CLEAR = "clear"
    NEXT = "next"


@dataclass(frozen=True)
class Reference:
    """The key field of another base table that a field's value names."""

    table: str
    field: str


@dataclass(frozen=True)
class FieldSpec:
    """One field (字段) of a base table.

    ``max_length`` counts characters; ``precision`` and ``scale`` are decimal
    digits of a number; ``minimum`` and ``maximum`` are inclusive; ``unit`` is
    shown in headings; ``period`` overrides the table's period kind (money
    inside an academic-year table follows the calendar year, 第七条).
    ``personal`` marks data about a person, ``mask`` hides it by default. ``material`` asks for
    supporting material wherever the field says something.
    ``carried`` says what becomes of the value in the next year, where its role does not.
    ``aliases`` are what other workbooks call the field, such as 工号 for 教工号.
    """

    code: str
    label: str
    type: FieldType
    required: bool = False
    key: bool = False
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    code_list: str | None = None
    reference: Reference | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str | None = None
    format: FieldFormat | None = None
    unit: str = ""
    guidance: str = ""
    period: PeriodKind | None = None
    personal: bool = False
    mask: bool = False
    unverified: bool = False
    material: MaterialRule | None = None
    carried: Carrying | None = None
    aliases: tuple[str, ...] = ()

    @property
    def carrying(self) -> Carrying:
        """What becomes of the value in the next year: a period of its own is over by then."""
        own = Carrying.KEEP if self.period is None else Carrying.CLEAR
        return self.carried or own


@dataclass(frozen=True)
class StaffListSpec:
    """Which fields of a base table tell who works at the college.

    ``number``, ``name`` and ``department`` are field codes; people whose value
    of the field ``status`` is among ``left`` are there no more.
    """

    number: str
    name: str
    department: str
    status: str | None = None
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """One base table.

    ``number`` is printed (``6.1.1``) and may change every year;
    ``identifier`` is the key everywhere else. ``teacher_kinds`` are the kinds of teacher who fill
    in a table that teachers fill; none named means all of them. ``staff_list`` marks the table
    that accounts are matched against. ``material`` asks for supporting material of every row.
    ``teaches`` marks, among the tables that teachers fill, those about lessons.
    ``spot_check`` asks for rows to be compared with their evidence before the table is accepted.
    ``carried_forward`` says whether rows of last year may be
    taken over: those of what lasts, never those of what happened in the year, such as lessons.
    """

    identifier: str
    number: str
    name: str
    chapter: str
    kind: TableKind
    period: PeriodKind
    filled_by: FilledBy
    tier: Tier
    fields: tuple[FieldSpec, ...]
    point: str = "08-31"
    teacher_kinds: tuple[TeacherKind, ...] = ()
    guidance: str = ""
    unverified: bool = False
    staff_list: StaffListSpec | None = None
    material: MaterialRule | None = None
    carried_forward: bool = True
    spot_check: bool = False
    teaches: bool = False

    @cached_property
    def asks_for_material(self) -> bool:
        """Whether supporting material is asked for anywhere in the table."""
        return self.material is not None or any(field.material for field in self.fields)

    @cached_property
    def by_code(self) -> Mapping[str, FieldSpec]:
        """Field code → field, in the printed order."""
        return {field.code: field for field in self.fields}

    @cached_property
    def key_fields(self) -> tuple[FieldSpec, ...]:
        """The fields that tell rows apart within a period and department.

        A single-row table has none: the period and department are its key.
        """
        if self.kind is TableKind.SINGLE_ROW:
            return ()
        return tuple(field for field in self.fields if field.key)

    @cached_property
    def references(self) -> tuple[FieldSpec, ...]:
        """The fields whose values name rows of another table."""
        return tuple(field for field in self.fields if field.reference)

    @cached_property
    def masked(self) -> frozenset[str]:
        """The codes of the fields that show their ends only, unless somebody answers for them."""
        return frozenset(field.code for field in self.fields if field.mask)

    @cached_property
    def person_field(self) -> FieldSpec | None:
        """The field that names the teacher a row is about.

        In a table that teachers fill it is the first key field (第十条第二款).
        """
        return self.key_fields[0] if self.filled_by is FilledBy.TEACHER else None

    @cached_property
    def phase(self) -> Phase:
        """When in the year it is filled in: what teachers say of themselves comes first.

        A table with one row about each teacher tells who he is; the others what he did.
        """
        if self.person_field is None:
            return Phase.DEPARTMENT_DATA
        return Phase.BASIC_DATA if self.is_about_himself else Phase.TEACHING_DATA

    @cached_property
    def is_about_himself(self) -> bool:
        """Whether each teacher has one row, which tells who he is."""
        return self.person_field is not None and self.key_fields == (self.person_field,)

    @cached_property
    def section(self) -> TeacherSection | None:
        """Which of the three kinds of a teacher's own data it holds; None for other tables."""
        if self.person_field is None:
            return None
        if self.is_about_himself:
            return TeacherSection.BASIC
        return TeacherSection.TEACHING if self.teaches else TeacherSection.OTHER

    @property
    def sort_key(self) -> tuple[int, ...]:
        """The printed number as numbers, so that 5.2 comes before 5.10."""
        return tuple(int(part) for part in self.number.split("."))

    @property
    def title(self) -> str:
        """Number and name as people say it: ``6.1.1 校内专任教师基本情况``."""
        return f"{self.number} {self.name}"

    def period_in(self, year: AcademicYear) -> Period:
        """The period that a cycle of ``year`` collects for this table."""
        return period_for(self.period, year, self.point)
