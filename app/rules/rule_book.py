"""The rules in force: those that come along and the college's own, ready to be asked.

What the college publishes takes the place of rules with the same id. A rule that cannot be asked,
such as one about a field that is gone, is kept apart with its faults and stops no other.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import QualityRule
from app.rules.compiled_rule import CompiledRule, RuleError, RuleFault, compile_rule

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class TableRules:
    """The rules of one table that can be asked; ``faults`` are those of the others, by id."""

    compiled: tuple[CompiledRule, ...]
    faults: Mapping[str, Sequence[RuleFault]]

    @cached_property
    def of_one_row(self) -> tuple[CompiledRule, ...]:
        """Those that a row tells all about."""
        return tuple(each for each in self.compiled if each.rule.is_about_one_row)

    @cached_property
    def across(self) -> tuple[CompiledRule, ...]:
        """Those that look beyond one row."""
        return tuple(each for each in self.compiled if not each.rule.is_about_one_row)


@dataclass(frozen=True)
class RuleBook:
    """``in_force`` are the rules by table, as they are written, whether or not they can be asked.

    ``version`` names the state of the college's own rules; None where there are none. The rules of
    a table are made ready when somebody asks for them first: no start waits for those of all.
    """

    catalogue: Catalogue
    in_force: Mapping[str, Sequence[QualityRule]]
    version: str | None = None
    _ready: dict[str, TableRules] = field(default_factory=dict)

    def of(self, table: str) -> TableRules:
        """The rules of a table, ready to be asked, with the faults of those that cannot be."""
        ready = self._ready.get(table)
        if ready is None:
            # Two threads may do this at once: what they find is equal.
            ready = self._ready[table] = _made_ready(self.catalogue, self.in_force.get(table, ()))
        return ready


# id of a catalogue → itself, which keeps the id taken, and its rules.
_KEPT: dict[int, tuple[Catalogue, RuleBook]] = {}
_MOST_KEPT = 8
# id of a catalogue → the turn at which its rules were asked for last.
_ASKED: dict[int, int] = {}
_TURNS = count(1)


def rule_book(catalogue: Catalogue) -> RuleBook:
    """The rules in force for a catalogue; until told otherwise those that come along."""
    kept = _KEPT.get(id(catalogue))
    if kept is None:
        return use_rules(catalogue, catalogue.rules, None)
    _ASKED[id(catalogue)] = next(_TURNS)
    return kept[1]


def use_rules(catalogue: Catalogue, rules: Sequence[QualityRule], version: str | None) -> RuleBook:
    """Let these rules be in force from now on, in this process."""
    book = make_rule_book(catalogue, rules, version)
    # Threads read while one of them writes: a whole record takes the place of another.
    while len(_KEPT) >= _MOST_KEPT and id(catalogue) not in _KEPT:
        # What was asked for last stays: above all the catalogue that is served.
        forgotten = min(tuple(_KEPT), key=lambda each: _ASKED.get(each, 0))
        _KEPT.pop(forgotten, None)
        _ASKED.pop(forgotten, None)
    _KEPT[id(catalogue)] = (catalogue, book)
    _ASKED[id(catalogue)] = next(_TURNS)
    return book


def make_rule_book(
    catalogue: Catalogue, rules: Sequence[QualityRule], version: str | None = None
) -> RuleBook:
    """The rules in force, by table, in their order."""
    in_force: dict[str, list[QualityRule]] = {}
    present = catalogue.tables.keys()
    delivered = set(map(id, catalogue.rules))
    for rule in rules:
        # Where a catalogue is cut down to some tables, the rules about the others have no object.
        if rule.tables <= present or id(rule) not in delivered:
            in_force.setdefault(rule.table, []).append(rule)
    return RuleBook(catalogue, in_force, version)


def _made_ready(catalogue: Catalogue, rules: Iterable[QualityRule]) -> TableRules:
    compiled: list[CompiledRule] = []
    faults: dict[str, Sequence[RuleFault]] = {}
    for rule in rules:
        try:
            compiled.append(compile_rule(rule, catalogue))
        except RuleError as error:
            faults[rule.identifier] = error.rule_faults
            told = error.rule_faults[0].message.english()
            LOG.warning("rule %s cannot be asked: %s", rule.identifier, told)
    return TableRules(tuple(compiled), faults)
