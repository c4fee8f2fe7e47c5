"""What may be set about a role and one table: which rows it opens, which fields are masked.

Only who may change rights sets it. It never gives a right: of what a role grants it says on which
rows, and what of them is shown.
"""

import json
from collections.abc import Iterator

from app.access.row_rule import Table, rule_columns, why_not_rule
from app.domain.message import Message
from app.domain.table_access import AccessSetting, FieldMask, RowReach
from app.models.adopted_table import LiveTable
from app.models.base_table import Store

DEPARTMENT_LABEL = Message("Department of the row")


def find_described(store: Store, table: str) -> Table | None:
    """The base table or adopted table of this identifier."""
    return store.tables.get(table) or store.adopted.get(table)


def field_labels(table: Table) -> dict[str, str]:
    """Code → label of every field that may be masked or named in a rule."""
    if isinstance(table, LiveTable):
        return {column.code: column.label for column in table.spec.columns}
    return {each.code: each.label for each in table.spec.fields}


def key_fields(table: Table) -> frozenset[str]:
    """The codes of the fields by which rows are told apart or named by others."""
    if isinstance(table, LiveTable):
        return frozenset(table.spec.key)
    return frozenset(each.code for each in table.spec.key_fields)


def why_not_rows(table: Table, rows: RowReach | None) -> Message | None:
    """Why rows of the table cannot be opened in this way."""
    if isinstance(table, LiveTable):
        plays = {
            RowReach.DEPARTMENT: table.spec.mapping.department,
            RowReach.PERSON: table.spec.mapping.person,
        }
        if rows in plays and plays[rows] is None:
            return Message(
                "No column of table %(table)s says whose row it is. Name one under mapping in the"
                " file overrides.yaml first, or use a rule.",
                {"table": table.spec.title},
            )
    elif rows is RowReach.PERSON and table.spec.person_field is None:
        return Message(
            "Rows of table %(table)s are about no person. Choose another scope.",
            {"table": table.spec.title},
        )
    return None


def why_not_mask(table: Table, code: str, mask: FieldMask) -> Message | None:
    """Why the field cannot be masked like this."""
    label = field_labels(table).get(code)
    if label is None:
        return Message("There is no field %(field)s in this table.", {"field": code[:80]})
    if code in key_fields(table):
        return Message(
            "%(field)s is part of the key: it stands in addresses and in the log, where nothing"
            " masks it. Take the right to view the table away instead.",
            {"field": label},
        )
    if mask is FieldMask.HIDDEN and not isinstance(table, LiveTable):
        return Message(
            "%(field)s belongs to a base table, where fields are shown or masked but not hidden.",
            {"field": label},
        )
    return None


def why_not_set(table: Table, setting: AccessSetting) -> Iterator[Message]:
    """Everything that stands against the setting."""
    refusals = [why_not_rows(table, setting.rows)]
    if setting.rows is RowReach.RULE:
        refusals.append(why_not_rule(table, setting.rule))
    refusals += [why_not_mask(table, code, mask) for code, mask in sorted(setting.masks.items())]
    yield from (refusal for refusal in refusals if refusal is not None)


def rule_labels(table: Table) -> dict[str, str | Message]:
    """Code → label of everything a rule may look at."""
    labels: dict[str, str | Message] = dict(field_labels(table))
    if not isinstance(table, LiveTable):
        beside = rule_columns(table).keys() - labels.keys()
        labels |= dict.fromkeys(beside, DEPARTMENT_LABEL)
    return labels


def told_changes(before: AccessSetting, after: AccessSetting) -> list[str]:
    """What changes, in the words of the file of a policy, for the log and for review."""
    lines = []
    if (before.rows, before.rule) != (after.rows, after.rule):
        lines += [f"{sign}rows {rows_text(each)}" for sign, each in (("-", before), ("+", after))]
    for code in sorted({*before.masks, *after.masks}):
        was, becomes = before.masks.get(code, "shown"), after.masks.get(code, "shown")
        if was != becomes:
            lines.append(f"{code}: {was} → {becomes}")
    return lines


def rows_text(setting: AccessSetting) -> str:
    """The rows in the words of the file of a policy."""
    if setting.rows is None:
        return "by rights"
    if setting.rows is RowReach.RULE:
        return json.dumps(setting.rule, ensure_ascii=False)
    return setting.rows.value
