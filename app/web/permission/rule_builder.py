"""The rule of rows as the builder of filters has it: whoever asks is an operator of its own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.access.row_rule import CURRENT, DEPARTMENT_FIELD, DEPARTMENTS, USER, Table
from app.access.table_access import DEPARTMENT_LABEL
from app.catalogue.catalogue import Catalogue
from app.models.adopted_table import LiveTable
from app.web.api.adopted_table import column_shape
from app.web.api.shapes import Json, field_shape
from app.web.translation import translated

NEEDED = ("code", "label", "type", "operators", "codes")
# The builder would offer periods that move with the calendar; a rule is kept as it is.
AS_TEXT = frozenset({"date", "datetime", "yearmonth", "reference"})
WORDS: Mapping[str, tuple[str, str]] = {
    "=user": ("=", USER),
    "!=user": ("!=", USER),
    "in_departments": ("in", DEPARTMENTS),
}
BY_MEANING = {meaning: word for word, meaning in WORDS.items()}


def builder_fields(catalogue: Catalogue, table: Table) -> list[Json]:
    """The fields a rule may look at, masked or not, with their operators."""
    if isinstance(table, LiveTable):
        columns = (replace(column, masked=False) for column in table.spec.columns)
        return [_field(column_shape(table.spec, column)) for column in columns]
    fields = [_field(field_shape(catalogue, each, hidden=False)) for each in table.spec.fields]
    department: Json = {"code": DEPARTMENT_FIELD, "label": translated(DEPARTMENT_LABEL)}
    operators = ["in_departments", "=", "!=", "in"]
    return [*fields, {**department, "type": "string", "operators": operators}]


def to_builder(tree: Any) -> Any:
    """The rule with words for whoever asks."""
    if isinstance(tree, dict):
        return {joined: [to_builder(part) for part in parts] for joined, parts in tree.items()}
    if isinstance(tree, list) and len(tree) == 3 and isinstance(tree[2], dict):
        word = BY_MEANING.get((str(tree[1]), str(tree[2].get(CURRENT))))
        return tree if word is None else [tree[0], word]
    return tree


def from_builder(tree: Any) -> Any:
    """The rule with values for whoever asks; what is none of ours is left to be refused."""
    if isinstance(tree, dict):
        return {
            joined: [from_builder(part) for part in parts] if isinstance(parts, list) else parts
            for joined, parts in tree.items()
        }
    if isinstance(tree, list) and len(tree) == 2 and tree[1] in WORDS:
        operator, who = WORDS[tree[1]]
        return [tree[0], operator, {CURRENT: who}]
    return tree


def _field(shape: Json) -> Json:
    field = {name: shape[name] for name in NEEDED if name in shape}
    offered = field["operators"]
    words = [word for word, (operator, _who) in WORDS.items() if operator in offered]
    kind = "string" if field["type"] in AS_TEXT else field["type"]
    return {**field, "type": kind, "operators": [*offered, *words]}
