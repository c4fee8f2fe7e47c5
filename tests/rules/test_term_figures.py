"""The figures that rules compare rows with are taken together, and none stops another."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import Year
from app.rules.coercion import coerce, raw_frame
from app.rules.compiled_rule import CompiledRule
from app.rules.quality_rule import Broken, Judgement, judge
from app.rules.rule_book import rule_book
from app.rules.rule_case import YEAR_OF_CASES
from app.rules.term_figures import Collected

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "seed" / "catalogue")
TABLE = "staff"
SPEC = CATALOGUE.tables[TABLE]
# Rules that compare a row with itself a year ago, each with another field of it.
RULES = [
    each
    for each in rule_book(CATALOGUE).of(TABLE).across
    if each.rule.tables == {TABLE} and each.rule.needs_previous
]
BEFORE: list[dict[str, object]] = [
    {"staff_no": "T1", "name": "张三", "gender": "1", "birth_date": "1980-01-02", "degree": "3"},
    {
        "staff_no": "T2",
        "name": "李四",
        "gender": "2",
        "birth_date": "1980-01-03",
        "email": "a@b.cn",
    },
]
NOW: list[dict[str, object]] = [
    {**BEFORE[1], "gender": "1", "email": None},
    {"staff_no": None, "name": "王五", "gender": "1"},
    {**BEFORE[0], "name": "张山", "degree": "4"},
    {"staff_no": "T3", "name": "赵六", "gender": "2"},
]


def frame(rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    return coerce(SPEC, CATALOGUE, raw_frame(SPEC, rows)).frame


def judged(rules: Sequence[CompiledRule]) -> Judgement:
    periods = {
        Year.THIS: SPEC.period_in(YEAR_OF_CASES),
        Year.PREVIOUS: SPEC.period_in(YEAR_OF_CASES.previous),
    }
    frames = {(TABLE, Year.THIS): frame(NOW), (TABLE, Year.PREVIOUS): frame(BEFORE)}
    return judge(rules, CATALOGUE, TABLE, Collected(periods, frames))


def told(judgement: Judgement) -> list[tuple[int | None, str | None]]:
    return sorted((finding.row, finding.field) for finding in judgement.findings)


def test_every_row_is_compared_with_itself_a_year_ago() -> None:
    assert told(judged(RULES)) == [(0, "email"), (0, "gender"), (2, "degree"), (2, "name")]


def test_rules_asked_together_say_what_each_says_alone() -> None:
    alone = [finding for each in RULES for finding in judged([each]).findings]

    together = judged(RULES).findings

    assert sorted(together, key=str) == sorted(alone, key=str)


def test_a_figure_that_cannot_be_taken_stops_no_other() -> None:
    (first, *others) = RULES
    (name, term) = next(iter(first.terms.items()))
    nonsense = replace(term, term=replace(term.term, column="nowhere"), figure=pl.col("nowhere"))
    spoilt = replace(first, terms={name: nonsense})

    found = judged([spoilt, *others])

    assert found.broken == (Broken(first.rule.identifier, ()),)
    assert told(found) == told(judged(others))
