"""Whether the records of a catalogue agree with each other."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from app.catalogue.base_table import (
    Carrying,
    FieldSpec,
    FieldType,
    FilledBy,
    TableKind,
    TableSpec,
)
from app.catalogue.code_list import CodeList
from app.catalogue.department import DepartmentSpec
from app.catalogue.quality_rule import QualityRule

NO_LEAP_YEAR = 2001
# Room for the longest column name and for our own prefixes in every database.
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,47}")


def faults_of(
    tables: Sequence[TableSpec],
    code_lists: Sequence[CodeList],
    departments: Sequence[DepartmentSpec],
) -> list[str]:
    """Every contradiction, as English sentences that name the place."""
    known = {table.identifier: table for table in tables}
    lists = {code_list.identifier for code_list in code_lists}
    faults = [f"identifier {name} is used twice" for name in _twice(t.identifier for t in tables)]
    faults += [f"number {name} is used twice" for name in _twice(t.number for t in tables)]
    for code_list in code_lists:
        repeated = _twice(item.code for item in code_list.items)
        faults += [f"code list {code_list.identifier}: code {code} twice" for code in repeated]
        if not all(isinstance(item.code, str) for item in code_list.items):
            faults.append(f"code list {code_list.identifier}: codes have to be text in quotes")
    for table in tables:
        faults += [f"table {table.identifier}: {fault}" for fault in _table_faults(table)]
        for field in table.fields:
            place = f"field {table.identifier}.{field.code}"
            faults += [f"{place}: {fault}" for fault in _field_faults(field, known, lists)]
    marked = [table.identifier for table in tables if table.staff_list]
    if len(marked) > 1:
        faults.append(f"only one table can be the staff_list, not {', '.join(marked)}")
    for department in departments:
        named = {*department.owns, *department.fills_for_own_staff}
        missing = sorted(named - set(known))
        faults += [f"department {department.code}: no table {name}" for name in missing]
    return faults


def rule_faults(rules: Sequence[QualityRule], tables: Sequence[TableSpec]) -> list[str]:
    """Rules of one name, and rules about tables that are not there, as English sentences."""
    known = {table.identifier for table in tables}
    faults = [f"rule {name} is there twice" for name in _twice(r.identifier for r in rules)]
    for rule in rules:
        faults += [f"rule {rule.identifier}: no table {name}" for name in rule.tables - known]
    return faults


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _table_faults(table: TableSpec) -> Iterator[str]:
    if not IDENTIFIER.fullmatch(table.identifier):
        yield "the identifier has to be lower-case letters, digits and underscores"
    if not re.fullmatch(r"\d+(\.\d+)*", table.number):
        yield f"the number {table.number} has to look like 6.1.1"
    if not _is_day_of_every_year(table.point):
        yield f"the point {table.point} has to be a day of every year, like 08-31"
    for code in _twice(field.code for field in table.fields):
        yield f"field {code} twice"
    yield from _alias_faults(table)
    if table.kind is TableKind.LIST and not table.key_fields:
        yield "a list needs at least one key field"
    yield from _teacher_faults(table)
    for key in table.key_fields if table.carried_forward else ():
        if key.carrying is Carrying.CLEAR:
            yield f"rows are carried forward, so the key {key.code} cannot be cleared"
    if table.staff_list is not None:
        listed = table.staff_list
        named = (listed.number, listed.name, listed.department, listed.status)
        for named_code in named:
            if named_code is not None and named_code not in table.by_code:
                yield f"staff_list names the field {named_code}, which it does not have"


def _teacher_faults(table: TableSpec) -> Iterator[str]:
    """What is said of teachers only where they fill in the rows."""
    fills_himself = table.filled_by is FilledBy.TEACHER
    if table.teacher_kinds and not fills_himself:
        yield "teacher_kinds are named only where teachers fill in the rows"
    if table.teaches and (not fills_himself or table.is_about_himself):
        yield "teaches marks only tables of what teachers did, filled in by them"
    for kind in _twice(table.teacher_kinds):
        yield f"the kind of teacher {kind} twice"


def _alias_faults(table: TableSpec) -> Iterator[str]:
    """An alias names one field of the table only, or a column could go either way."""
    labels = {_plain(field.label) for field in table.fields}
    aliases = [alias for field in table.fields for alias in field.aliases]
    if not all(_plain(alias) for alias in aliases):
        yield "an alias is empty"
    for name in sorted(labels & {_plain(alias) for alias in aliases}):
        yield f"the alias {name} is the label of a field"
    for name in _twice(_plain(alias) for alias in aliases):
        yield f"the alias {name} twice"


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _is_day_of_every_year(point: str) -> bool:
    if not re.fullmatch(r"\d\d-\d\d", point, re.ASCII):
        return False
    try:
        date.fromisoformat(f"{NO_LEAP_YEAR}-{point}")
    except ValueError:
        return False
    return True


def _field_faults(
    field: FieldSpec, tables: dict[str, TableSpec], code_lists: set[str]
) -> Iterator[str]:
    if not IDENTIFIER.fullmatch(field.code):
        yield "the code has to be lower-case letters, digits and underscores"
    if field.code.startswith("sys_"):
        yield "codes that begin with sys_ are kept for the platform"
    if field.type is FieldType.STRING and not field.max_length:
        yield "a string needs max_length"
    if field.type is FieldType.NUMBER and (field.precision is None or field.scale is None):
        yield "a number needs precision and scale"
    if field.type is FieldType.CODE and field.code_list not in code_lists:
        yield f"no code list {field.code_list}"
    if field.type is FieldType.REFERENCE:
        yield from _reference_faults(field, tables)
    if field.pattern is not None:
        try:
            re.compile(field.pattern)
        except re.error as error:
            yield f"the pattern cannot be read: {error}"


def _reference_faults(field: FieldSpec, tables: dict[str, TableSpec]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    while field.reference:
        step = (field.reference.table, field.reference.field)
        target = tables.get(field.reference.table)
        next_field = target.by_code.get(field.reference.field) if target else None
        if next_field is None or not next_field.key:
            yield f"{step[0]}.{step[1]} is not a key field"
            return
        if step in seen:
            yield "references run in a circle"
            return
        seen.add(step)
        field = next_field
