"""Facts that are told in several tables, such as a teacher's title (V23: 一处填, 处处用).

The first source is the one that is believed; every other one gets a rule that compares it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalogue.quality_rule import Measure, QualityRule
from app.catalogue.rule_family import Expansion
from app.catalogue.rule_records import read_rule

FIRST_NUMBER = 61


@dataclass(frozen=True)
class Source:
    """Where a fact is told: a field of a table, of the rows named by ``key``.

    Without a key it is told of the whole table; ``total`` adds the values of all rows up,
    ``where`` chooses some of them.
    """

    table: str
    field: str
    key: str = ""
    total: bool = False
    where: str = ""


@dataclass(frozen=True)
class Fact:
    """One fact and where it is told.

    ``message`` says in the college's words that two places differ, with ``{label}`` for the
    field and ``{believed}`` for the place that is believed. ``margin`` is the difference of numbers
    that is let pass.
    """

    name: str
    message: str
    sources: tuple[Source, ...]
    margin: float | None = None


def read_fact(item: Mapping[str, Any]) -> Fact:
    """A fact from ``{name, message, sources: [{table, field, key, …}, …], margin}``."""
    unknown = sorted(set(item) - {"name", "message", "sources", "margin"})
    if unknown:
        raise ValueError(f"unknown words {', '.join(unknown)}")
    sources = tuple(Source(**source) for source in item["sources"])
    if len(sources) < 2:
        raise ValueError("a fact needs two sources at least")
    if any(source.total or source.where for source in sources[1:]):
        raise ValueError("only the first source can be a total or choose rows")
    return Fact(item["name"], item["message"], sources, item.get("margin"))


def rules_of_fact(fact: Fact, expansion: Expansion) -> Iterator[QualityRule]:
    """A rule for every source but the first. Raises KeyError for one that does not exist."""
    believed = fact.sources[0]
    taken = expansion.tables[believed.table]
    for position, source in enumerate(fact.sources[1:]):
        spec = expansion.tables[source.table]
        told = spec.by_code[source.field]
        same, different = _cases(believed, source, expansion)
        place = f"{taken.title}“{taken.by_code[believed.field].label}”"
        condition = f"{told.code} = believed"
        if fact.margin is not None:
            condition = f"abs({told.code} - believed) <= {fact.margin}"
        yield read_rule(
            {
                "id": rule_of(source, position),
                "severity": "warning",
                "dimension": "consistency",
                "message": fact.message.format(label=told.label, believed=place),
                "fields": [told.code],
                "family": fact.name,
                "terms": {"believed": _term(believed, source, place)},
                "condition": condition,
                "pass": [same],
                "fail": [different],
            }
        )


def rule_of(source: Source, position: int) -> str:
    """The rule that compares a source with the first; ``position`` counts the others from 0."""
    return f"QR.{source.table}.{source.field}.{FIRST_NUMBER + position}".upper()


def _term(believed: Source, source: Source, label: str) -> Mapping[str, Any]:
    return {
        "label": label,
        "table": believed.table,
        "measure": Measure.SUM if believed.total else Measure.VALUE,
        "field": believed.field,
        "where": believed.where,
        "by": {believed.key: source.key} if believed.key else {},
    }


def _cases(
    believed: Source, source: Source, expansion: Expansion
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Rows that agree and rows that do not."""
    field = expansion.tables[believed.table].by_code[believed.field]
    one, other = expansion.sample(field), expansion.sample(field, 1)
    keys = {believed.key: "T1001"} if believed.key else {}
    own = {source.key: "T1001"} if source.key else {}
    others = {believed.table: [{**keys, believed.field: one}]}
    return (
        {"rows": [{**own, source.field: one}], "others": others},
        {"rows": [{**own, source.field: other}], "others": others},
    )
