"""The rules in force: those that come along and the college's own, ready to be asked.

What the college publishes takes the place of rules with the same id. A rule that cannot be asked,
such as one about a field that is gone, is kept apart with its faults and stops no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import QualityRule
from app.rules.compiled_rule import CompiledRule, RuleError, RuleFault, compile_rule


@dataclass(frozen=True)
class RuleBook:
    """``by_table`` are the rules that are asked, ``faults`` those that cannot be, by id.

    ``version`` names the state of the college's own rules; None where there are none.
    """

    version: str | None = None
    by_table: Mapping[str, Sequence[CompiledRule]] = field(default_factory=dict)
    faults: Mapping[str, Sequence[RuleFault]] = field(default_factory=dict)


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
    """The rules, ready to be asked, with the faults of those that cannot be."""
    found: dict[str, list[CompiledRule]] = {}
    faults: dict[str, Sequence[RuleFault]] = {}
    present = catalogue.tables.keys()
    delivered = set(map(id, catalogue.rules))
    for rule in rules:
        # Where a catalogue is cut down to some tables, the rules about the others have no object.
        if id(rule) in delivered and not rule.tables <= present:
            continue
        try:
            compiled = compile_rule(rule, catalogue)
        except RuleError as error:
            faults[rule.identifier] = error.rule_faults
            continue
        found.setdefault(rule.table, []).append(compiled)
    return RuleBook(version, {table: tuple(each) for table, each in found.items()}, faults)
