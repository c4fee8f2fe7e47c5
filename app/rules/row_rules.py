"""The quality rules that a row tells all about: asked while it is typed, pasted, imported."""

import polars as pl

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Year
from app.domain.period import Period
from app.rules.compiled_rule import CompiledRule, RuleError, compile_rule
from app.rules.quality_rule import Collected, Judgement, judge

# id of a catalogue → itself, which keeps the id taken, and its rules by table.
_KEPT: dict[int, tuple[Catalogue, dict[str, tuple[CompiledRule, ...]]]] = {}
_MOST_KEPT = 8


def compiled_rules(catalogue: Catalogue) -> dict[str, tuple[CompiledRule, ...]]:
    """Table → its rules, ready to be asked; made once for a catalogue.

    Raises RuleError with every fault of every rule.
    """
    if id(catalogue) not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[id(catalogue)] = (catalogue, _compile_all(catalogue))
    return _KEPT[id(catalogue)][1]


def judge_rows(
    spec: TableSpec, catalogue: Catalogue, frame: pl.DataFrame, period: Period
) -> Judgement:
    """What the rules about single rows say of typed rows of one period."""
    rules = [
        each
        for each in compiled_rules(catalogue).get(spec.identifier, ())
        if each.rule.is_about_one_row
    ]
    if not rules:
        return Judgement((), ())
    here = (spec.identifier, Year.THIS)
    collected = Collected({Year.THIS: period}, {here: frame})
    return judge(rules, catalogue, spec.identifier, collected)


def _compile_all(catalogue: Catalogue) -> dict[str, tuple[CompiledRule, ...]]:
    found: dict[str, tuple[CompiledRule, ...]] = {}
    errors: list[RuleError] = []
    # Where a catalogue is cut down to some tables, the rules about the others have no object.
    present = catalogue.tables.keys()
    for rule in (each for each in catalogue.rules if each.tables <= present):
        try:
            compiled = compile_rule(rule, catalogue)
        except RuleError as error:
            errors.append(error)
            continue
        found[rule.table] = (*found.get(rule.table, ()), compiled)
    if errors:
        raise RuleError([fault for error in errors for fault in error.rule_faults])
    return found
