"""The quality rules that a row tells all about: asked while it is typed, pasted, imported."""

import polars as pl

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import Year
from app.domain.period import Period
from app.rules.quality_rule import Judgement, judge
from app.rules.rule_book import rule_book
from app.rules.term_figures import Collected


def judge_rows(
    spec: TableSpec, catalogue: Catalogue, frame: pl.DataFrame, period: Period
) -> Judgement:
    """What the rules about single rows say of typed rows of one period."""
    rules = rule_book(catalogue).of(spec.identifier).of_one_row
    if not rules:
        return Judgement((), ())
    here = (spec.identifier, Year.THIS)
    collected = Collected({Year.THIS: period}, {here: frame})
    return judge(rules, catalogue, spec.identifier, collected)
