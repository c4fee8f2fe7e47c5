"""Every rule of the catalogue with rows that it lets pass and rows that it finds, kept as data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

from app.catalogue.base_table import FieldSpec, FieldType
from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import Measure, QualityRule, RuleCase, Term, Year
from app.rules.coercion import coerce, raw_frame
from app.rules.compiled_rule import compile_rule, has_masked_value
from app.rules.quality_rule import Broken, Judgement, judge
from app.rules.rule_case import YEAR_OF_CASES, judge_case
from app.rules.term_figures import Collected
from tests.factories import catalogue_of, table_of
from tests.rules.every_table import of_every_table

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue(ROOT / "seed" / "catalogue")


NUMBERS_OF_TABLES = {
    spec.title.split()[0]: identifier for identifier, spec in CATALOGUE.tables.items()
}
OF_EVERY_TABLE = of_every_table(CATALOGUE)


def judged(rule: QualityRule, case: RuleCase) -> Judgement:
    return judge_case(compile_rule(rule, CATALOGUE), CATALOGUE, case)


def judgements(
    rules: Sequence[QualityRule], outcome: Literal["passing", "failing"]
) -> Mapping[tuple[str, int], Judgement]:
    """Rule and number of the case → what the rule says of it."""
    return {
        (rule.identifier, number): judged(rule, case)
        for rule in rules
        for number, case in enumerate(getattr(rule, outcome), 1)
    }


@OF_EVERY_TABLE
def test_right_rows_pass(rules: Sequence[QualityRule]) -> None:
    told = judgements(rules, "passing")

    assert {case: found for case, found in told.items() if found != Judgement((), ())} == {}


@OF_EVERY_TABLE
def test_wrong_rows_are_found(rules: Sequence[QualityRule]) -> None:
    told = judgements(rules, "failing")

    found = {case: {each.rule for each in judgement.findings} for case, judgement in told.items()}
    assert found == {case: {case[0]} for case in told}
    assert {case: told[case].broken for case in told if told[case].broken} == {}


@OF_EVERY_TABLE
def test_every_rule_has_cases_that_pass_and_fail_and_says_where(
    rules: Sequence[QualityRule],
) -> None:
    assert [rule.identifier for rule in rules if not (rule.passing and rule.failing)] == []
    assert [r.identifier for r in rules if not r.fields and r.judged != "table"] == []
    assert [r.identifier for r in rules if not r.message.endswith("。")] == []


@OF_EVERY_TABLE
def test_a_rule_names_no_number_of_a_table_that_it_does_not_read(
    rules: Sequence[QualityRule],
) -> None:
    for rule in rules:
        said = " ".join([rule.message, *(term.label for term in rule.terms.values())])
        numbers = set(re.findall(r"[0-9]+(?:\.[0-9]+)+", said)) & set(NUMBERS_OF_TABLES)

        named = {NUMBERS_OF_TABLES[number] for number in numbers}
        assert named <= rule.tables, rule.identifier


TWO_OF_A_TABLE = [
    rule for rule in CATALOGUE.rules if rule.table == "full_time_teacher" and rule.is_about_one_row
][:2]
VALUE_OF_LAST_YEAR = next(
    rule
    for rule in CATALOGUE.rules
    if rule.needs_previous and any(term.measure is Measure.VALUE for term in rule.terms.values())
)


def test_a_value_of_a_table_without_rows_is_missing_and_no_failure() -> None:
    case = VALUE_OF_LAST_YEAR.failing[0]
    empty = dict.fromkeys(case.previous, ())

    found = judged(VALUE_OF_LAST_YEAR, replace(case, previous=empty))

    assert found == Judgement((), ())


def test_a_rule_that_fails_as_a_whole_stops_no_other() -> None:
    (sound, spoilt) = (compile_rule(rule, CATALOGUE) for rule in TWO_OF_A_TABLE)
    nonsense = replace(spoilt.condition, holds=pl.lit("no date").str.to_date("%Y"))
    spoilt = replace(spoilt, condition=nonsense)
    spec = CATALOGUE.tables[sound.rule.table]
    frame = coerce(spec, CATALOGUE, raw_frame(spec, sound.rule.failing[0].rows)).frame
    rows = Collected(
        {Year.THIS: spec.period_in(YEAR_OF_CASES)}, {(sound.rule.table, Year.THIS): frame}
    )

    found = judge([spoilt, sound], CATALOGUE, sound.rule.table, rows)

    assert {finding.rule for finding in found.findings} == {sound.rule.identifier}
    assert found.broken == (Broken(spoilt.rule.identifier, ()),)


@pytest.mark.parametrize(
    ("measure", "is_masked"),
    [(measure, measure not in {Measure.COUNT, Measure.COUNT_DISTINCT}) for measure in Measure],
)
def test_a_figure_made_of_masked_values_is_masked_too(measure: Measure, *, is_masked: bool) -> None:
    salary = Term("起薪", "graduate_destination", measure, column="monthly_salary")

    assert has_masked_value(salary, CATALOGUE) is is_masked


SHOWN = table_of(
    FieldSpec("enrolling", "招生", FieldType.BOOLEAN),
    FieldSpec("years", "学制", FieldType.NUMBER, precision=4, scale=1),
    FieldSpec("rate", "比例", FieldType.NUMBER, precision=6, scale=2),
    identifier="shown",
)


def test_values_are_told_as_people_write_them() -> None:
    catalogue = catalogue_of(SHOWN)
    rule = replace(
        CATALOGUE.rules[0],
        table="shown",
        condition="enrolling = were_enrolling and years = last_years and rate < 0",
        fields=("enrolling",),
        once_by=(),
        terms={
            "were_enrolling": Term("上年招生", "shown", Measure.VALUE, "enrolling"),
            "last_years": Term("上年学制", "shown", Measure.GREATEST, "years"),
        },
    )
    case = RuleCase(({"enrolling": "否", "years": "2.0", "rate": "10.50"},))

    [found] = judge_case(compile_rule(rule, catalogue), catalogue, case).findings

    told = found.message.parameters["values"]
    assert told == "招生 否、学制 2、比例 10.5、上年招生 否、上年学制 2"


def test_a_figure_may_be_called_like_a_field_of_the_table_it_is_taken_from() -> None:
    """Which rows are chosen is noted beside the fields, not over one of them."""
    (rule,) = (each for each in CATALOGUE.rules if each.identifier == "QR.CERTIFICATE_ITEM.*.21")
    term = rule.terms["graduates"]
    assert term.column == "graduates"
    where = replace(term, where="graduates > 0")

    found = judged(replace(rule, terms={"graduates": where}), rule.failing[0])

    [there], [here] = found.findings, judged(rule, rule.failing[0]).findings
    assert replace(there, asked=here.asked) == here
