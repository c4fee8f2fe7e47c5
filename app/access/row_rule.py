"""Rules of an administrator that choose rows: filters in which somebody himself may stand.

A rule is a filter of the grid's own grammar. A value ``{"current": "user"}`` stands for the number
of whoever asks, ``{"current": "departments"}`` for the codes of the departments he answers for. A
rule that does not compile (any more) lets no row in.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnElement, false, or_

from app.access.adopted_filter import compared_adopted
from app.access.row_filter import (
    Comparison,
    Filter,
    Group,
    compared,
    joined,
    parse_filter,
)
from app.domain.message import Message, Refused
from app.models.adopted_table import LiveTable
from app.models.base_table import StoredTable

CURRENT = "current"
USER = "user"
DEPARTMENTS = "departments"
# With which operators each of them makes sense.
TAKES_CURRENT: Mapping[str, tuple[str, ...]] = {USER: ("=", "!="), DEPARTMENTS: ("in",)}
# Where the department of a base table's row stands: none of the fields people fill in.
DEPARTMENT_FIELD = "sys_department"
NEVER: Filter = Group("or", ())

Table = StoredTable | LiveTable
Compare = Callable[[Comparison], ColumnElement[bool]]


@dataclass(frozen=True)
class Own:
    """``who`` asks and the values that stand for it; one that a column cannot hold fits no row."""

    who: str
    values: tuple[str, ...]


def rule_of(tree: object, number: str, departments: Collection[str]) -> Filter:
    """The stored rule for the person with this number; ``NEVER`` where it cannot be read."""
    try:
        return _with_own(
            parse_filter(tree), {USER: (number,), DEPARTMENTS: tuple(sorted(departments))}
        )
    except Refused:
        return NEVER


def rule_condition(table: Table, rule: Filter) -> ColumnElement[bool]:
    """The rule as a condition over the table's columns; false where it does not compile."""
    try:
        return _compiled(table, rule)
    except Refused:
        return false()


def why_not_rule(table: Table, tree: object) -> Message | None:
    """Why rows of the table cannot be chosen by this rule; None where they can."""
    try:
        rule = parse_filter(tree)
        _refuse_misplaced(rule)
        _compiled(table, _with_own(rule, {USER: ("0",), DEPARTMENTS: ("0",)}))
    except Refused as refusal:
        return refusal.message
    return None


def written_rule(tree: object) -> Filter:
    """The rule as it is written, for nobody in particular."""
    return rule_of(tree, "", ())


def why_broken(table: Table, rule: Filter) -> Message | None:
    """Why a rule that is kept lets no row in at all (any more)."""
    try:
        _compiled(table, rule)
    except Refused as refusal:
        return refusal.message
    return None


def rule_columns(stored: StoredTable) -> dict[str, Column[Any]]:
    """The columns of a base table that rules may name: its fields and the row's department."""
    columns = dict(stored.columns)
    if stored.department is not None:
        columns[DEPARTMENT_FIELD] = stored.department
    return columns


def _compiled(table: Table, rule: Filter) -> ColumnElement[bool]:
    _refuse_empty(rule)
    compare: Compare = (
        partial(compared_adopted, table)
        if isinstance(table, LiveTable)
        else partial(compared, rule_columns(table))
    )
    return joined(rule, partial(_compared, compare))


def _compared(compare: Compare, wanted: Comparison) -> ColumnElement[bool]:
    """One comparison; with ``Own`` only the values count that the column can hold."""
    if not isinstance(wanted.value, Own):
        return compare(wanted)
    # Whatever the values are, the field has to be there.
    compare(Comparison(wanted.field, "not_empty", None))
    operator = "!=" if wanted.operator == "!=" else "="
    parts = []
    for value in wanted.value.values:
        try:
            parts.append(compare(Comparison(wanted.field, operator, value)))
        except Refused:
            continue
    return or_(false(), *parts)


def _with_own(rule: Filter, own: Mapping[str, tuple[str, ...]]) -> Filter:
    if isinstance(rule, Group):
        return replace(rule, parts=tuple(_with_own(part, own) for part in rule.parts))
    if isinstance(rule.value, Mapping):
        who = str(rule.value.get(CURRENT))
        return replace(rule, value=Own(who, own.get(who, ())))
    return rule


def _refuse_empty(rule: Filter) -> None:
    """A group without conditions would let in every row, or say nothing."""
    if isinstance(rule, Comparison):
        return
    if not rule.parts:
        raise Refused(Message("The rule has a group without any condition. Add one."))
    for part in rule.parts:
        _refuse_empty(part)


def _refuse_misplaced(rule: Filter) -> None:
    if isinstance(rule, Group):
        for part in rule.parts:
            _refuse_misplaced(part)
        return
    if isinstance(rule.value, Mapping):
        if set(rule.value) != {CURRENT} or rule.value[CURRENT] not in TAKES_CURRENT:
            raise Refused(Message("The filter cannot be read."))
        operators = TAKES_CURRENT[rule.value[CURRENT]]
        if rule.operator not in operators:
            raise Refused(
                Message(
                    "The person who asks can only be equal or unequal to a field, the departments"
                    " only be a list in which it is."
                )
            )
