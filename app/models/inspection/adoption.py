"""From what a database says to an adopted table: codes, labels, the key, what may be done."""

from collections.abc import Mapping
from dataclasses import replace

from app.catalogue.adopted_code import codes_for
from app.catalogue.adopted_table import (
    NEVER_EDITED,
    AdoptedColumn,
    AdoptedTable,
    ColumnKind,
    ForeignKey,
)
from app.catalogue.comment_label import label_and_help
from app.models.inspection.check import closed_list
from app.models.inspection.found import DELETE, INSERT, SELECT, UPDATE, FoundColumn, FoundTable
from app.models.inspection.stored_type import ColumnType

HAS_CLOSED_LIST = frozenset({ColumnKind.STRING, ColumnKind.TEXT})


def readable_part(found: FoundTable) -> FoundTable:
    """The table without the columns the account may not read, and without keys over them."""
    columns = tuple(column for column in found.columns if SELECT in column.granted)
    names = {column.name for column in columns}
    hidden = [column for column in found.columns if column.name not in names]
    if any(column.required for column in hidden):
        # No new row without a value that nobody could type.
        columns = tuple(replace(each, granted=each.granted - {INSERT}) for each in columns)
    return replace(
        found,
        columns=columns,
        primary=found.primary if names.issuperset(found.primary) else (),
        unique=tuple(key for key in found.unique if names.issuperset(key)),
        foreign_keys=tuple(key for key in found.foreign_keys if names.issuperset(key.columns)),
    )


def adopted(found: FoundTable, identifier: str, known: AdoptedTable | None) -> AdoptedTable:
    """The table under ``identifier``; columns that are ``known`` by name keep their codes."""
    before = {column.name: column.code for column in known.columns} if known else {}
    codes = codes_for([column.name for column in found.columns], "column", known=before)
    label, help_text = label_and_help(found.comment, found.name)
    lists = _closed_lists(found)
    return AdoptedTable(
        identifier=identifier,
        name=found.name,
        label=label,
        columns=tuple(_column(column, codes[column.name], lists) for column in found.columns),
        schema=found.schema,
        help=help_text,
        is_view=found.is_view,
        key=tuple(codes[name] for name in _key(found)),
        unique=tuple(tuple(codes[name] for name in key) for key in found.unique),
        foreign_keys=tuple(_foreign_key(key, codes) for key in found.foreign_keys),
        checks=found.checks,
        granted=_granted(found),
        transactional=found.transactional,
    )


def _column(found: FoundColumn, code: str, lists: Mapping[str, tuple[str, ...]]) -> AdoptedColumn:
    label, help_text = label_and_help(found.comment, found.name)
    has_list = found.name in lists and found.type.kind in HAS_CLOSED_LIST
    kind = ColumnType(ColumnKind.CHOICE, values=lists[found.name]) if has_list else found.type
    return AdoptedColumn(
        code=code,
        name=found.name,
        label=label,
        kind=kind.kind,
        stored=found.stored,
        help=help_text,
        nullable=found.nullable,
        default=found.default,
        generated=found.generated,
        counted=found.counted,
        max_length=kind.max_length,
        precision=kind.precision,
        scale=kind.scale,
        minimum=kind.minimum,
        maximum=kind.maximum,
        values=kind.values,
    )


def _closed_lists(found: FoundTable) -> dict[str, tuple[str, ...]]:
    """Column → the values a check allows it; databases fold the case of names without quotes."""
    names = {column.name.lower(): column.name for column in found.columns}
    lists = filter(None, map(closed_list, found.checks))
    return {names[name.lower()]: values for name, values in lists if name.lower() in names}


def _key(found: FoundTable) -> tuple[str, ...]:
    """The primary key, else the shortest unique key without gaps.

    A primary key over values we cannot read back gives way to a unique key over others.
    """
    columns = {column.name: column for column in found.columns}
    without_gaps = [key for key in found.unique if not any(columns[name].nullable for name in key)]
    keys = ([found.primary] if found.primary else []) + sorted(without_gaps, key=len)
    for key in keys:
        if not any(columns[name].type.kind in NEVER_EDITED for name in key):
            return key
    return keys[0] if keys else ()


def _foreign_key(key: ForeignKey, codes: Mapping[str, str]) -> ForeignKey:
    return replace(key, columns=tuple(codes[name] for name in key.columns))


def _granted(found: FoundTable) -> tuple[str, ...]:
    """The statements the account may use on every column that is not worked out."""
    columns = [column for column in found.columns if not column.generated]
    granted = [
        word for word in (INSERT, UPDATE) if all(word in column.granted for column in columns)
    ]
    return (*granted, DELETE) if found.may_delete else tuple(granted)
