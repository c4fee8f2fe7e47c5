"""General rules: one record stands for the same rule about many fields (第五条).

A family is written once with ``{field}``, ``{label}`` and ``{table}`` in it and is told which
fields it is about; every field gets a rule of its own, with cases, as if written by hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.catalogue.base_table import Carrying, FieldSpec, FieldType, TableSpec
from app.catalogue.code_list import CodeList
from app.catalogue.quality_rule import QualityRule
from app.catalogue.rule_records import read_rule

_FAMILY_WORDS = {"number", "name", "severity", "dimension", "message", "condition", "terms"}
_FAMILY_WORDS |= {"once_by", "pass", "fail", "to", "applies", "except", "note"}
_APPLIES_WORDS = {"types", "units", "kind", "carried", "having", "at", "optional"}
_APPLIES_WORDS |= {"unless_key", "unless_cleared"}
KEY = "{key}"
KEYS = "{keys}"
# Two values of every type that differ from each other, for the cases.
_SAMPLES: Mapping[FieldType, tuple[object, object]] = {
    FieldType.STRING: ("A1", "B1"),
    FieldType.TEXT: ("A1", "B1"),
    FieldType.INTEGER: (1, 2),
    FieldType.NUMBER: (1, 2),
    FieldType.BOOLEAN: (True, False),
    FieldType.DATE: ("2010-01-01", "2011-01-01"),
    FieldType.YEARMONTH: ("2010-01", "2011-01"),
}


@dataclass(frozen=True)
class RuleFamily:
    """A general rule: what is written of every field, and which fields it is about.

    ``to`` maps ``table.field`` to further words that are filled in; ``applies`` chooses fields by
    what they are; ``excluded`` leaves some of those out.
    """

    number: str
    name: str
    record: Mapping[str, Any]
    to: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    applies: Mapping[str, Any] = field(default_factory=dict)
    excluded: frozenset[str] = frozenset()


def read_family(item: Mapping[str, Any]) -> RuleFamily:
    """A family from ``{number, name, to or applies, except, …}`` with the words of a rule."""
    applies = item.get("applies", {})
    unknown = sorted((set(item) - _FAMILY_WORDS) | (set(applies) - _APPLIES_WORDS))
    if unknown:
        raise ValueError(f"unknown words {', '.join(unknown)}")
    to = item.get("to", {})
    if not to and not applies:
        raise ValueError("name the fields under to or applies")
    return RuleFamily(
        number=item["number"],
        name=item["name"],
        record={word: item[word] for word in item if word not in {"number", "name", "to"}},
        to=to if isinstance(to, Mapping) else {name: {} for name in to},
        applies=applies,
        excluded=frozenset(item.get("except", ())),
    )


@dataclass(frozen=True)
class _Target:
    table: TableSpec
    field: FieldSpec
    words: Mapping[str, Any]


@dataclass(frozen=True)
class Expansion:
    """The tables and code lists that families are made to rules with."""

    tables: Mapping[str, TableSpec]
    code_lists: Mapping[str, CodeList]

    def rules_of(self, family: RuleFamily) -> Iterator[QualityRule]:
        """A rule for every field the family is about. Raises ValueError for an unknown one."""
        for target in self._targets(family):
            words = self._words(target)
            record = {
                name: _filled(value, words)
                for name, value in family.record.items()
                if name not in {"applies", "except"}
            }
            identifier = f"QR.{target.table.identifier}.{target.field.code}.{family.number}".upper()
            own = {"id": identifier, "fields": [target.field.code], "family": family.name}
            yield read_rule({**record, **own})

    def sample(self, field: FieldSpec, other: int = 0) -> object:
        """A value that ``field`` may have; another one for ``other`` = 1."""
        while field.reference:
            field = self.tables[field.reference.table].by_code[field.reference.field]
        if field.type is FieldType.CODE and field.code_list:
            items = self.code_lists[field.code_list].items
            return items[min(other, len(items) - 1)].code
        return _SAMPLES[field.type][other]

    def _targets(self, family: RuleFamily) -> Iterator[_Target]:
        unknown = [name for name in (*family.to, *family.excluded) if not self._find(name)]
        if unknown:
            raise ValueError(f"family {family.number}: no field {', '.join(unknown)}")
        for name, words in family.to.items():
            table, _, code = name.partition(".")
            yield _Target(self.tables[table], self.tables[table].by_code[code], words)
        for spec in self.tables.values() if family.applies else ():
            for each in _chosen(spec, family.applies):
                if f"{spec.identifier}.{each.code}" not in family.excluded:
                    yield _Target(spec, each, {})

    def _find(self, name: str) -> bool:
        table, _, code = name.partition(".")
        return table in self.tables and code in self.tables[table].by_code

    def _words(self, target: _Target) -> Mapping[str, Any]:
        keys = [key for key in target.table.key_fields if key is not target.field]
        return {
            "{field}": target.field.code,
            "{label}": target.field.label,
            "{table}": target.table.identifier,
            "{title}": target.table.title,
            "{one}": self.sample(target.field),
            "{other}": self.sample(target.field, 1),
            KEY: {key.code: key.code for key in keys},
            KEYS: {key.code: self.sample(key) for key in keys},
            **{f"{{{name}}}": value for name, value in target.words.items()},
            # Above the upper end, where the family has one.
            "{beyond}": target.words.get("high", 0) + 1,
        }


def _chosen(spec: TableSpec, applies: Mapping[str, Any]) -> Sequence[FieldSpec]:
    """The fields of a table that the family is about."""
    if applies.get("kind", spec.kind) != spec.kind:
        return ()
    if "carried" in applies and applies["carried"] is not spec.carried_forward:
        return ()
    if not set(applies.get("having", ())) <= set(spec.by_code):
        return ()
    if "at" in applies:
        return [spec.by_code[applies["at"]]] if applies["at"] in spec.by_code else ()
    types, units = applies.get("types"), applies.get("units")
    return [
        each
        for each in spec.fields
        if (types is None or each.type in types)
        and (units is None or each.unit in units)
        and not (applies.get("optional") and each.required)
        and not (applies.get("unless_key") and each.key)
        and not (applies.get("unless_cleared") and each.carried is Carrying.CLEAR)
    ]


def _filled(value: Any, words: Mapping[str, Any]) -> Any:
    """The words put in wherever they stand; alone in a place, they keep their type."""
    if isinstance(value, str):
        if value in words:
            return words[value]
        for word, told in words.items():
            if isinstance(told, str | int | float):
                value = value.replace(word, str(told))
        return value
    if isinstance(value, Mapping):
        filled: dict[str, Any] = {}
        for name, each in value.items():
            if name == KEYS:
                filled |= words[KEYS]
            else:
                filled[str(_filled(name, words))] = _filled(each, words)
        return filled
    if isinstance(value, list):
        return [_filled(each, words) for each in value]
    return value
