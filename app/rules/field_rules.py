"""The rules every field is checked by, made from its description (第五条第二款).

A rule of field ``staff_no`` of table ``staff`` is named
``QR.STAFF.STAFF_NO.01``: the number stays the same for ever. Of one cell only
the first rule that fails is told.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.catalogue.code_list import CodeList
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.rules import finding_messages as messages
from app.rules.coercion import FEW_ROWS
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
# So many different wrong texts of a column are quoted; a file of the wrong kind
# would otherwise fill the memory with its quotations.
MOST_QUOTATIONS = 2_000


@dataclass(frozen=True)
class Column:
    """One field of the rows that are checked.

    ``stored`` is the field that a reference is stored as, else the field
    itself; ``codes`` is empty where the field has none; ``known`` holds the
    existing keys of a reference, None where they are not to be checked;
    ``target`` is the title of the table it names.
    """

    table: TableSpec
    field: FieldSpec
    stored: FieldSpec
    codes: CodeList
    target: str
    raw: pl.Series
    values: pl.Series
    faults: Mapping[int, Fault]
    known: Collection[object] | None

    @cached_property
    def few(self) -> list[Any] | None:
        """The values as a list where there are few: a frame is slow at one row."""
        return self.values.to_list() if len(self.values) <= FEW_ROWS else None

    @cached_property
    def suggests(self) -> bool:
        """Whether to look for the code that comes closest."""
        bad = self.rows_with(Fault.CODE)
        return len(bad) <= FEW_ROWS or self.raw.gather(bad).n_unique() <= MOST_SUGGESTIONS

    def texts_in(self, rows: list[int]) -> list[str | None]:
        """What was typed in these rows."""
        if self.few is not None:
            typed = self.raw.to_list()
            return [typed[row] for row in rows]
        return self.raw.gather(rows).to_list()

    def rows_with(self, fault: Fault) -> list[int]:
        """The rows that could not be read for this reason."""
        return [row for row, found in self.faults.items() if found is fault]

    def rows_where(
        self,
        is_wrong: Callable[[Any], bool],
        are_wrong: Callable[[pl.Series], pl.Series] | None = None,
    ) -> list[int]:
        """The rows whose value is wrong, empty ones never.

        ``are_wrong`` tells the same of a whole column; without it each
        different value is judged once.
        """
        if self.few is not None:
            values = enumerate(self.few)
            return [row for row, value in values if value is not None and is_wrong(value)]
        if are_wrong is not None:
            return positions(are_wrong(self.values))
        wrong = [value for value in self.values.unique().drop_nulls().to_list() if is_wrong(value)]
        return positions(self.values.is_in(wrong)) if wrong else []


NUMBER_DIGITS = 2


@dataclass(frozen=True)
class FieldRule:
    """One rule for the cells of every field it applies to.

    ``storable`` lets the row be saved all the same, except where a key field is
    empty: what is there can be kept and mended later (decision record 0002).
    ``needs_value`` marks the rule that misses a value.
    """

    number: str
    dimension: Dimension
    applies: Callable[[Column], bool]
    failing: Callable[[Column], Iterable[int]]
    message: Callable[[Column, str | None], Message]
    severity: Severity = Severity.ERROR
    storable: bool = False
    needs_value: bool = False


def rule_id(spec: TableSpec, field: FieldSpec | None, number: str) -> str:
    """The identifier of a rule; a rule of the row has ``*`` for its field."""
    return f"QR.{spec.identifier}.{field.code if field else '*'}.{number}".upper()


def is_rule_of(spec: TableSpec, identifier: str) -> bool:
    """Whether a rule is one that the table or one of its fields brings along by itself."""
    stem, _, number = identifier.rpartition(".")
    stems = {rule_id(spec, field, "").rstrip(".") for field in (None, *spec.fields)}
    return stem in stems and len(number) == NUMBER_DIGITS and number.isdecimal()


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
    for row, text in zip(rows, column.texts_in(rows), strict=True):
        quoted = text if text in said or len(said) < MOST_QUOTATIONS else None
        if quoted not in said:
            said[quoted] = rule.message(column, quoted)
        found[row] = Finding(
            rule=identifier,
            row=row,
            field=column.field.code,
            severity=rule.severity,
            dimension=rule.dimension,
            message=said[quoted],
            storable=rule.storable and not (is_key and rule.needs_value),
        )
    return found


def _empty_rows(column: Column) -> list[int]:
    if column.few is not None:
        empty = [row for row, value in enumerate(column.few) if value is None]
    else:
        empty = positions(column.values.is_null())
    return [row for row in empty if row not in column.faults] if column.faults else empty


def _type_message(column: Column, text: str | None) -> Message:
    return messages.type_message(column.field, column.stored, text)


def _code_message(column: Column, text: str | None) -> Message:
    return messages.code_message(column.field, column.codes, text, suggests=column.suggests)


def _longest(column: Column) -> int:
    longest = LONGEST_TEXT if column.stored.type is FieldType.TEXT else LONGEST_STRING
    return column.stored.max_length or longest


def _too_long_rows(column: Column) -> list[int]:
    longest = _longest(column)
    return column.rows_where(
        lambda text: len(text) > longest, lambda texts: texts.str.len_chars() > longest
    )


def _length_message(column: Column, text: str | None) -> Message:
    return messages.length_message(column.field, _longest(column), text)


def _has_bounds(column: Column) -> bool:
    stored = column.stored
    is_number = stored.type in {FieldType.INTEGER, FieldType.NUMBER}
    return is_number and (stored.minimum is not None or stored.maximum is not None)


def _rows_out_of_bounds(column: Column) -> list[int]:
    rows: list[int] = []
    least, most = column.stored.minimum, column.stored.maximum
    if least is not None:
        rows += column.rows_where(lambda value: value < least, lambda values: values < least)
    if most is not None:
        rows += column.rows_where(lambda value: value > most, lambda values: values > most)
    return rows


def _rows_against_pattern(column: Column) -> list[int]:
    if column.field.pattern is None:
        return []
    pattern = re.compile(column.field.pattern, re.ASCII)
    return column.rows_where(lambda text: not pattern.fullmatch(text))


def _rows_against_format(column: Column) -> list[int]:
    if column.field.format is None:
        return []
    follows = FORMATS[column.field.format]
    return column.rows_where(lambda text: not follows(text))


def _rows_without_target(column: Column) -> list[int]:
    known = column.known if column.known is not None else ()
    existing = known if isinstance(known, Set | Mapping) else frozenset(known)
    return column.rows_where(lambda value: value not in existing)


FIELD_RULES: tuple[FieldRule, ...] = (
    FieldRule(
        number="01",
        dimension=Dimension.COMPLETENESS,
        applies=lambda column: column.field.required,
        failing=_empty_rows,
        message=lambda column, _: messages.required_message(column.field),
        storable=True,
        needs_value=True,
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
        applies=lambda column: column.stored.type is FieldType.CODE,
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
        applies=lambda column: column.values.dtype == pl.String,
        failing=_rows_against_pattern,
        message=lambda column, text: messages.pattern_message(column.field, text),
    ),
    FieldRule(
        number="09",
        dimension=Dimension.CONFORMITY,
        applies=lambda column: column.values.dtype == pl.String,
        failing=_rows_against_format,
        message=lambda column, text: messages.format_message(column.field, text),
    ),
    FieldRule(
        number="10",
        dimension=Dimension.ACCURACY,
        applies=lambda column: column.known is not None and column.field.reference is not None,
        failing=_rows_without_target,
        message=lambda column, text: messages.reference_message(column.field, column.target, text),
        storable=True,
    ),
)
