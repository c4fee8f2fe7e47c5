"""What a feed takes from where: its definition as data, read and judged here.

The definition is kept as JSON. Nothing in it is code: columns and fields go by their codes, a
period by a pattern of a few words in braces, the filter is the tree that grids use.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.catalogue.adopted_table import AdoptedTable, ColumnKind
from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.domain.message import Message, Reason, Refused
from app.domain.period import Period

LONGEST_TEXT = 400
MOST_PAIRS = 500
# Words of a pattern, each in braces; a star at its end stands for whatever follows.
WORDS = frozenset({"start", "end", "code"})
ANY_END = "*"
_WORD = re.compile(r"\{(\w*)\}")

_TEXTS = frozenset({ColumnKind.STRING, ColumnKind.TEXT, ColumnKind.CHOICE, ColumnKind.UUID})
_NUMBERS = frozenset({ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.FLOAT})
_DAYS = frozenset({ColumnKind.DATE, ColumnKind.DATETIME})
_NAMES = _TEXTS | _NUMBERS
# Of other columns there is no text that a field could hold.
NEVER_READ = frozenset(
    {ColumnKind.BINARY, ColumnKind.OPAQUE, ColumnKind.BITS, ColumnKind.JSON, ColumnKind.CHOICES}
)
FITTING: Mapping[FieldType, frozenset[ColumnKind]] = {
    FieldType.STRING: frozenset(ColumnKind) - NEVER_READ,
    FieldType.TEXT: frozenset(ColumnKind) - NEVER_READ,
    FieldType.INTEGER: _NAMES,
    FieldType.NUMBER: _NAMES,
    FieldType.BOOLEAN: _NAMES | {ColumnKind.BOOLEAN},
    FieldType.DATE: _TEXTS | _DAYS | {ColumnKind.INTEGER},
    FieldType.YEARMONTH: _TEXTS | _DAYS | {ColumnKind.INTEGER, ColumnKind.NUMBER},
    FieldType.CODE: _NAMES | {ColumnKind.BOOLEAN},
    FieldType.REFERENCE: _NAMES,
}


@dataclass(frozen=True)
class FieldSource:
    """Where a field's value comes from: a column, its values put into others, or always one."""

    column: str | None = None
    value: str | None = None
    translate: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DepartmentSource:
    """Whose the rows are: by a column, its codes put into the college's, or always one's."""

    column: str | None = None
    value: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PeriodSource:
    """The column that tells the period, and how it writes one: ``{start}-{end}``."""

    column: str
    pattern: str

    def text_of(self, period: Period) -> str:
        """How the source writes the period."""
        words = {"start": period.start.year, "end": period.end.year, "code": period.code}
        return _WORD.sub(lambda found: str(words[found[1]]), self.pattern)


@dataclass(frozen=True)
class FeedContent:
    """A whole definition; without ``period`` all rows count for whichever is chosen."""

    fields: Mapping[str, FieldSource]
    department: DepartmentSource
    period: PeriodSource | None = None
    filter: object = None

    @property
    def columns(self) -> frozenset[str]:
        """The codes of all columns whose values are taken; those of the filter aside."""
        used = {source.column for source in self.fields.values()} | {self.department.column}
        if self.period is not None:
            used.add(self.period.column)
        return frozenset(code for code in used if code)

    def as_json(self) -> dict[str, Any]:
        """The definition as it is kept; ``read_content`` reads it again."""
        fields = {code: _kept(vars(source)) for code, source in self.fields.items()}
        return {
            "fields": fields,
            "department": _kept(vars(self.department)),
            "period": None if self.period is None else dict(vars(self.period)),
            "filter": self.filter,
        }


def _kept(values: Mapping[str, object]) -> dict[str, object]:
    """What says something; empty maps and columns that are not used are left out."""
    return {name: value for name, value in values.items() if value not in (None, {})}


def read_content(data: object) -> FeedContent:
    """The definition from its JSON form; Refused (invalid) where it is none."""
    given = _mapping(data, "feed")
    fields = {
        _text(code): FieldSource(*_origin(source, code), _pairs(source.get("translate"), code))
        for code, source in ((c, _mapping(s, c)) for c, s in _mapping(given.get("fields")).items())
    }
    whose = _mapping(given.get("department"), "department")
    department = DepartmentSource(
        *_origin(whose, "department"), _pairs(whose.get("codes"), "department")
    )
    period = given.get("period")
    if period is not None:
        told = _mapping(period, "period")
        period = PeriodSource(_text(told.get("column")), _text(told.get("pattern")))
    return FeedContent(fields, department, period, given.get("filter"))


def _origin(source: Mapping[str, object], place: str) -> tuple[str | None, str | None]:
    column, value = source.get("column"), source.get("value")
    if (column is None) == (value is None):
        raise _unreadable(place)
    return (None if column is None else _text(column)), (None if value is None else _text(value))


def _pairs(data: object, place: str) -> dict[str, str]:
    pairs = _mapping({} if data is None else data, place)
    if len(pairs) > MOST_PAIRS:
        raise _unreadable(place)
    return {_text(name): _text(value) for name, value in pairs.items()}


def _mapping(data: object, place: str = "fields") -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _unreadable(place)
    return data


def _text(data: object) -> str:
    if not isinstance(data, str) or len(data) > LONGEST_TEXT or "\x00" in data:
        raise _unreadable(str(data)[:40])
    return data


def _unreadable(place: str) -> Refused:
    return Refused(
        Message("The definition of the feed cannot be read at %(place)s.", {"place": place}),
        Reason.INVALID,
    )


def content_faults(
    content: FeedContent,
    spec: TableSpec,
    source: AdoptedTable,
    hidden: Collection[str] = (),
) -> list[Message]:
    """Everything that keeps the definition from being used, in the order of the table's fields.

    ``hidden`` are the columns of the source that whoever asks does not see whole.
    """
    faults = [
        Message("The table %(table)s has no field %(field)s.", {"table": spec.title, "field": code})
        for code in content.fields
        if code not in spec.by_code
    ]
    for each in spec.fields:
        faults += _field_faults(content.fields.get(each.code), each, source)
    used = _used(content, spec.by_code)
    faults += [fault for code, place in used if (fault := _column_fault(code, place, source))]
    faults += [
        Message(
            "Column %(column)s of the source is hidden from you or shown with its ends only, so"
            " that it feeds nothing.",
            {"column": source.by_code[code].label},
        )
        for code in dict.fromkeys(code for code, _place in used)
        if code in hidden and code in source.by_code
    ]
    return [*faults, *_period_faults(content.period)]


def _field_faults(
    chosen: FieldSource | None, field: FieldSpec, source: AdoptedTable
) -> list[Message]:
    if chosen is None:
        message = Message(
            "The key field %(field)s needs a column or a fixed value: rows are matched by it.",
            {"field": field.label},
        )
        return [message] if field.key else []
    column = source.by_code.get(chosen.column or "")
    if column is None or column.kind in NEVER_READ:
        return []
    if column.kind in FITTING[field.type] or chosen.translate:
        return []
    return [
        Message(
            "Column %(column)s (%(type)s) does not fit the field %(field)s. Choose another column,"
            " or say what each of its values means.",
            {"column": column.label, "type": column.stored, "field": field.label},
        )
    ]


def _used(content: FeedContent, fields: Mapping[str, FieldSpec]) -> list[tuple[str, Message | str]]:
    """Columns with the place of the definition that uses them."""
    found: list[tuple[str | None, Message | str]] = [
        (source.column, fields[code].label if code in fields else code)
        for code, source in content.fields.items()
    ]
    found.append((content.department.column, Message("the department")))
    if content.period is not None:
        found.append((content.period.column, Message("the period")))
    return [(code, place) for code, place in found if code is not None]


def _column_fault(code: str, place: Message | str, source: AdoptedTable) -> Message | None:
    column = source.by_code.get(code)
    parameters = {"table": source.label, "column": code, "place": place}
    if column is None:
        return Message(
            "Table %(table)s has no column %(column)s any more, which is used for %(place)s."
            " Choose another one.",
            parameters,
        )
    if column.kind in NEVER_READ:
        return Message(
            "Column %(column)s of table %(table)s holds nothing that can be read as text; it is"
            " used for %(place)s. Choose another one.",
            {**parameters, "column": column.label},
        )
    return None


def _period_faults(period: PeriodSource | None) -> list[Message]:
    if period is None:
        return []
    words = set(_WORD.findall(period.pattern))
    rest = _WORD.sub("", period.pattern.removesuffix(ANY_END))
    if words and words <= WORDS and not set(rest) & set("{}*"):
        return []
    return [
        Message(
            "The pattern of the period has to hold {start}, {end} or {code}, for example"
            " {start}-{end}; a * may stand at its end only."
        )
    ]
