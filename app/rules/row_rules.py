"""The quality rules that a row tells all about: asked while it is typed, pasted, imported."""

from collections.abc import Mapping, Sequence

import polars as pl

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Year
from app.domain.period import Period
from app.rules.compiled_rule import CompiledRule
from app.rules.quality_rule import Collected, Judgement, judge
from app.rules.rule_book import rule_book


def compiled_rules(catalogue: Catalogue) -> Mapping[str, Sequence[CompiledRule]]:
    """Table → its rules in force that can be asked, those of the college among them."""
    return rule_book(catalogue).by_table


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
