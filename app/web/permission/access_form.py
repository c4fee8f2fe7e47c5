"""The form of a role's rows and masks on a table: what stands in it and what was typed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.access.adopted_filter import operators_of as adopted_operators
from app.access.labels import OPERATOR_WORDS
from app.access.row_filter import (
    TAKES_NOTHING,
    TAKES_SEVERAL,
    Comparison,
    Filter,
    operators_of,
    parse_filter,
)
from app.access.row_rule import CURRENT, DEPARTMENT_FIELD, TAKES_CURRENT, Table
from app.access.table_access import key_fields, rule_labels
from app.catalogue.adopted_table import ColumnKind
from app.catalogue.base_table import FieldType
from app.domain.message import Message, Reason, Refused
from app.domain.table_access import AccessSetting, FieldMask, RowReach
from app.models.adopted_table import LiveTable
from app.rules.reading import BOOLEANS
from app.web.permission.rule_builder import from_builder
from app.web.translation import translated

BLANK_LINES = 3
MOST_LINES = 30
LONGEST = 20_000
SEPARATORS = re.compile("[,，、;；\n]")
UNFIT = Message("The form does not fit this page. Load it again.")


@dataclass(frozen=True)
class RuleLine:
    """One condition as it stands in the form; ``who`` is empty where ``value`` is typed."""

    field: str = ""
    operator: str = "="
    who: str = ""
    value: str = ""


@dataclass(frozen=True)
class AccessForm:
    """What stands in the form; ``nested`` is a rule that lines cannot show, as JSON."""

    rows: RowReach | None
    joined_by: str
    lines: tuple[RuleLine, ...]
    masks: Mapping[str, FieldMask]
    nested: str = ""


@dataclass(frozen=True)
class Choices:
    """What may be chosen: fields and operators of a rule, and the fields that may be masked."""

    fields: Sequence[tuple[str, str]]
    operators: Sequence[tuple[str, str]]
    maskable: Sequence[tuple[str, str]]
    keys: Sequence[str]
    may_hide: bool


def choices_of(table: Table) -> Choices:
    """The choices of a table."""
    labels = {
        code: translated(text) if isinstance(text, Message) else text
        for code, text in rule_labels(table).items()
    }
    offered = {operator for code in labels for operator in _operators(table, code)}
    keys = key_fields(table)
    fields = [(code, text) for code, text in labels.items() if code != DEPARTMENT_FIELD]
    return Choices(
        fields=list(labels.items()),
        operators=[(op, translated(text)) for op, text in OPERATOR_WORDS.items() if op in offered],
        maskable=[(code, text) for code, text in fields if code not in keys],
        keys=[text for code, text in fields if code in keys],
        may_hide=isinstance(table, LiveTable),
    )


def form_of(setting: AccessSetting) -> AccessForm:
    """The form as it opens."""
    joined_by, lines, nested = "and", tuple[RuleLine, ...](), ""
    if setting.rows is RowReach.RULE:
        shown = _lines_of(setting.rule)
        if shown is None:
            nested = json.dumps(setting.rule, ensure_ascii=False)
        else:
            joined_by, lines = shown
    return AccessForm(setting.rows, joined_by, lines, setting.masks, nested)


def typed_form(form: MultiDict[str, str]) -> AccessForm:
    """The form as it was sent. Raises Refused (invalid) for what no page of ours sends."""
    columns = [form.getlist(name)[:MOST_LINES] for name in ("field", "operator", "who", "value")]
    lines = [RuleLine(*words) for words in zip(*columns, strict=False) if words[0]]
    masks = {
        name.removeprefix("mask-"): FieldMask(value)
        for name, value in form.items()
        if name.startswith("mask-") and value in set(FieldMask)
    }
    nested = form.get("nested", "")
    if "tree" in form:
        lines, nested = [], _built(form["tree"])
    rows, joined_by = form.get("rows", ""), form.get("joined_by", "and")
    if rows not in {"", *RowReach} or joined_by not in {"and", "or"}:
        raise Refused(UNFIT, Reason.INVALID)
    reach = RowReach(rows) if rows else None
    return AccessForm(reach, joined_by, tuple(lines), masks, nested[:LONGEST])


def setting_of(form: AccessForm, table: Table) -> AccessSetting:
    """The setting that the form means. Raises Refused (invalid)."""
    rule: object | None = None
    if form.rows is RowReach.RULE:
        rule = {form.joined_by: [_tree_of(line, table) for line in form.lines]}
        if form.nested and not form.lines:
            rule = _read_json(form.nested)
    return AccessSetting(form.rows, rule, form.masks)


def carried(setting: AccessSetting) -> str:
    """The setting as the page that asks for confirmation carries it."""
    masks = {code: mask.value for code, mask in setting.masks.items()}
    return json.dumps(
        {"rows": setting.rows, "rule": setting.rule, "masks": masks}, ensure_ascii=False
    )


def carried_setting(text: str) -> AccessSetting:
    """What was carried. Raises Refused (invalid) where no page of ours sends it like that."""
    data = _read_json(text)
    try:
        rows = None if data["rows"] is None else RowReach(data["rows"])
        masks = {str(code): FieldMask(mask) for code, mask in data["masks"].items()}
        return AccessSetting(rows, data["rule"] if rows is RowReach.RULE else None, masks)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused(UNFIT, Reason.INVALID) from error


def _built(text: str) -> str:
    """What the builder sent, as the rule is kept."""
    try:
        tree = from_builder(_read_json(text[:LONGEST]))
    except RecursionError as error:
        raise Refused(UNFIT, Reason.INVALID) from error
    return json.dumps({"and": []} if tree is None else tree, ensure_ascii=False)


def rule_in(form: AccessForm, table: Table) -> object | None:
    """The rule that stands in the form; None where it is not complete."""
    try:
        return setting_of(replace(form, rows=RowReach.RULE), table).rule
    except Refused:
        return None


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(UNFIT, Reason.INVALID) from error


def _lines_of(tree: object) -> tuple[str, tuple[RuleLine, ...]] | None:
    """The rule as lines; None where it has groups within groups, or cannot be read."""
    try:
        rule: Filter = parse_filter(tree)
    except Refused:
        return None
    parts = (rule,) if isinstance(rule, Comparison) else rule.parts
    lines = [_line_of(part) for part in parts if isinstance(part, Comparison)]
    if len(lines) != len(parts):
        return None
    return ("and" if isinstance(rule, Comparison) else rule.joined_by), tuple(lines)


def _line_of(part: Comparison) -> RuleLine:
    if isinstance(part.value, Mapping):
        return RuleLine(part.field, part.operator, str(part.value.get(CURRENT)))
    values = part.value if isinstance(part.value, list) else [part.value]
    text = "、".join(_text(value) for value in values if value is not None)
    return RuleLine(part.field, part.operator, "", text)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _tree_of(line: RuleLine, table: Table) -> list[object]:
    if line.operator in TAKES_NOTHING:
        return [line.field, line.operator]
    if line.who:
        # Several departments are always a list; people need not choose that too.
        only = TAKES_CURRENT.get(line.who, ())
        operator = only[0] if len(only) == 1 and line.operator == "=" else line.operator
        return [line.field, operator, {CURRENT: line.who}]
    values = [line.value.strip()]
    if line.operator in TAKES_SEVERAL:
        values = [each.strip() for each in SEPARATORS.split(line.value) if each.strip()]
    if not all(values) or not values:
        label = rule_labels(table).get(line.field, line.field)
        message = Message("Type a value for the condition on %(field)s.", {"field": label})
        raise Refused(message, Reason.INVALID)
    typed = [_value(table, line.field, each) for each in values]
    return [line.field, line.operator, typed if line.operator in TAKES_SEVERAL else typed[0]]


def _value(table: Table, code: str, text: str) -> object:
    """The text, or yes and no where the field holds that."""
    if isinstance(table, LiveTable):
        column = table.spec.by_code.get(code)
        is_boolean = column is not None and column.kind is ColumnKind.BOOLEAN
    else:
        field = table.spec.by_code.get(code)
        is_boolean = field is not None and field.type is FieldType.BOOLEAN
    found = BOOLEANS.get(text.casefold()) if is_boolean else None
    return text if found is None else found


def _operators(table: Table, code: str) -> Sequence[str]:
    if isinstance(table, LiveTable):
        return adopted_operators(table.spec.by_code[code])
    field = table.spec.by_code.get(code)
    return ("=", "in", "!=") if field is None else operators_of(field)
