"""The rules every field is checked by, made from its description (第五条第二款).

A rule of field ``staff_no`` of table ``staff`` is named
``QR.STAFF.STAFF_NO.01``: the number stays the same for ever. Of one cell only
the first rule that fails is told.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.catalogue.code_list import CodeList
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.rules import finding_messages as messages
from app.rules.formats import FORMATS
from app.rules.raw_text import NUMERIC
from app.rules.reading import Fault

# A TEXT column of MySQL holds 65,535 bytes, a character takes up to four.
LONGEST_TEXT = 16_000
# What the models give a string whose description names no length.
LONGEST_STRING = 1_000
LENGTHY = frozenset({FieldType.STRING, FieldType.TEXT})
# Looking for the nearest code takes time; a column of thousands of bad codes
# has another fault than slips of the pen.
MOST_SUGGESTIONS = 200


@dataclass(frozen=True)
class Column:
    """One field of the rows that are checked.

    ``stored`` is the field that a reference is stored as, else the field
    itself; ``known`` holds the existing keys of a reference, None where they
    are not to be checked; ``target`` is the title of the table it names.
    """

    table: TableSpec
    field: FieldSpec
    stored: FieldSpec
    codes: CodeList | None
    target: str
    raw: pl.Series
    values: pl.Series
    faults: Mapping[int, Fault]
    known: Collection[object] | None

    @cached_property
    def suggests(self) -> bool:
        """Whether to look for the code that comes closest."""
        bad = [row for row, fault in self.faults.items() if fault is Fault.CODE]
        return self.raw.gather(bad).n_unique() <= MOST_SUGGESTIONS

    def rows_with(self, *faults: Fault) -> list[int]:
        """The rows that could not be read for one of these reasons."""
        return [row for row, fault in self.faults.items() if fault in faults]

    def rows_where(self, is_wrong: Callable[[str], bool]) -> list[int]:
        """The rows whose text is wrong; each different text is judged once."""
        wrong = [text for text in self.values.unique() if text is not None and is_wrong(text)]
        return positions(self.values.is_in(wrong)) if wrong else []


@dataclass(frozen=True)
class FieldRule:
    """One rule for the cells of every field it applies to.

    ``storable`` lets the row be saved all the same, except in a key field.
    """

    number: str
    dimension: Dimension
    applies: Callable[[Column], bool]
    failing: Callable[[Column], Iterable[int]]
    message: Callable[[Column, str | None], Message]
    severity: Severity = Severity.ERROR
    storable: bool = False


def rule_id(spec: TableSpec, field: FieldSpec | None, number: str) -> str:
    """The identifier of a rule; a rule of the row has ``*`` for its field."""
    return f"QR.{spec.identifier}.{field.code if field else '*'}.{number}".upper()


def positions(wrong: pl.Series) -> list[int]:
    """The row numbers where ``wrong`` is true, from 0."""
    return wrong.fill_null(value=False).arg_true().to_list()


def field_findings(column: Column) -> dict[int, Finding]:
    """Row → finding for the cells of one column that fail a rule."""
    found: dict[int, Finding] = {}
    for rule in FIELD_RULES:
        if not rule.applies(column):
            continue
        rows = [row for row in rule.failing(column) if row not in found]
        if rows:
            found.update(_findings(rule, column, rows))
    return found


def _findings(rule: FieldRule, column: Column, rows: list[int]) -> dict[int, Finding]:
    identifier = rule_id(column.table, column.field, rule.number)
    is_key = column.field in column.table.key_fields
    said: dict[str | None, Message] = {}
    found: dict[int, Finding] = {}
    for row, text in zip(rows, column.raw.gather(rows).to_list(), strict=True):
        if text not in said:
            said[text] = rule.message(column, text)
        found[row] = Finding(
            rule=identifier,
            row=row,
            field=column.field.code,
            severity=rule.severity,
            dimension=rule.dimension,
            message=said[text],
            storable=rule.storable and not is_key,
        )
    return found


def _is_required(column: Column) -> bool:
    return column.field.required or column.field in column.table.key_fields


def _empty_rows(column: Column) -> list[int]:
    empty = positions(column.values.is_null())
    return [row for row in empty if row not in column.faults] if column.faults else empty


def _type_message(column: Column, text: str | None) -> Message:
    return messages.type_message(column.field, column.stored, text)


def _code_message(column: Column, text: str | None) -> Message:
    if column.codes is None:
        return _type_message(column, text)
    return messages.code_message(column.field, column.codes, text, suggests=column.suggests)


def _longest(column: Column) -> int:
    longest = LONGEST_TEXT if column.stored.type is FieldType.TEXT else LONGEST_STRING
    return column.stored.max_length or longest


def _too_long_rows(column: Column) -> list[int]:
    return positions(column.values.str.len_chars() > _longest(column))


def _length_message(column: Column, text: str | None) -> Message:
    return messages.length_message(column.field, _longest(column), text)


def _has_bounds(column: Column) -> bool:
    stored = column.stored
    is_number = stored.type in {FieldType.INTEGER, FieldType.NUMBER}
    return is_number and (stored.minimum is not None or stored.maximum is not None)


def _rows_out_of_bounds(column: Column) -> list[int]:
    rows: list[int] = []
    if column.stored.minimum is not None:
        rows += positions(column.values < column.stored.minimum)
    if column.stored.maximum is not None:
        rows += positions(column.values > column.stored.maximum)
    return rows


def _rows_against_pattern(column: Column) -> list[int]:
    pattern = re.compile(column.field.pattern or "", re.ASCII)
    return column.rows_where(lambda text: not pattern.fullmatch(text))


def _rows_against_format(column: Column) -> list[int]:
    if column.field.format is None:
        return []
    follows = FORMATS[column.field.format]
    return column.rows_where(lambda text: not follows(text))


def _rows_without_target(column: Column) -> list[int]:
    known = column.known if column.known is not None else ()
    existing = known if isinstance(known, Set | Mapping) else frozenset(known)
    used = column.values.unique().drop_nulls()
    missing = used.filter(pl.Series([value not in existing for value in used], dtype=pl.Boolean))
    return positions(column.values.is_in(missing.implode())) if len(missing) else []


FIELD_RULES: tuple[FieldRule, ...] = (
    FieldRule(
        number="01",
        dimension=Dimension.COMPLETENESS,
        applies=_is_required,
        failing=_empty_rows,
        message=lambda column, _: messages.required_message(column.field),
        storable=True,
    ),
    FieldRule(
        number="02",
        dimension=Dimension.CONFORMITY,
        applies=lambda _: True,
        failing=lambda column: column.rows_with(Fault.TYPE),
        message=_type_message,
    ),
    FieldRule(
        number="03",
        dimension=Dimension.CONFORMITY,
        applies=lambda column: column.codes is not None,
        failing=lambda column: column.rows_with(Fault.CODE),
        message=_code_message,
    ),
    FieldRule(
        number="04",
        dimension=Dimension.CONFORMITY,
        applies=lambda column: column.stored.type in LENGTHY,
        failing=_too_long_rows,
        message=_length_message,
    ),
    FieldRule(
        number="05",
        dimension=Dimension.CONFORMITY,
        applies=lambda column: column.stored.type in NUMERIC,
        failing=lambda column: column.rows_with(Fault.DIGITS),
        message=lambda column, _: messages.digits_message(column.field, column.stored),
    ),
    FieldRule(
        number="06",
        dimension=Dimension.CONFORMITY,
        applies=lambda column: column.stored.type in NUMERIC,
        failing=lambda column: column.rows_with(Fault.DECIMALS),
        message=lambda column, _: messages.decimals_message(column.field, column.stored),
    ),
    FieldRule(
        number="07",
        dimension=Dimension.CONFORMITY,
        applies=_has_bounds,
        failing=_rows_out_of_bounds,
        message=lambda column, _: messages.range_message(column.field, column.stored),
    ),
    FieldRule(
        number="08",
        dimension=Dimension.CONFORMITY,
        applies=lambda column: column.field.pattern is not None,
        failing=_rows_against_pattern,
        message=lambda column, text: messages.pattern_message(column.field, text),
    ),
    FieldRule(
        number="09",
        dimension=Dimension.CONFORMITY,
        applies=lambda column: column.field.format is not None,
        failing=_rows_against_format,
        message=lambda column, text: messages.format_message(column.field, text),
    ),
    FieldRule(
        number="10",
        dimension=Dimension.ACCURACY,
        applies=lambda column: column.known is not None and column.field.reference is not None,
        failing=_rows_without_target,
        message=lambda column, text: messages.reference_message(column.field, column.target, text),
    ),
)
