"""The figures that rules compare rows with are taken together, and none stops another."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import Measure, QualityRule, RuleCase, Term, Year
from app.domain.finding import Dimension, Severity
from app.rules.coercion import coerce, raw_frame
from app.rules.compiled_rule import CompiledRule, RuleError, compile_rule
from app.rules.quality_rule import Broken, Judgement, judge
from app.rules.rule_book import rule_book
from app.rules.rule_case import YEAR_OF_CASES, judge_case
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


def asking_for_names(**term: object) -> QualityRule:
    """A rule that every name listed under ``students`` is that of a student."""
    told = {"column": "name", "by": {"name": "students"}, **term}
    return QualityRule(
        "QR.STUDENT_AWARD.*.99",
        "student_award",
        Severity.WARNING,
        Dimension.CONSISTENCY,
        "。",
        "unlisted = 0",
        ("students",),
        terms={"unlisted": Term("名单里没有的人数", "student", Measure.UNLISTED, **told)},  # type: ignore[arg-type]
    )


STUDENTS = ({"name": "张三"}, {"name": "李四"}, {"student_no": "S3"})


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("张三", 0),
        ("张三、李四", 0),
        ("张三、李四等", 0),
        ("李四， 张三等人", 0),
        ("张三 李四", 1),
        ("、张三；", 0),
        ("王五", 1),
        ("张三、王五，赵六", 2),
        (None, 0),
    ],
)
def test_names_that_are_on_no_list_are_counted(text: str | None, missing: int) -> None:
    case = RuleCase(({"students": "王五"}, {"students": text}), {"student": STUDENTS})

    found = judge_case(compile_rule(asking_for_names(), CATALOGUE), CATALOGUE, case).findings

    figures = {finding.row: finding.figures for finding in found}
    assert figures.get(1, ()) == ((f"unlisted={float(missing)}",) if missing else ())
    assert figures[0] == ("unlisted=1.0",)


@pytest.mark.parametrize(
    "term",
    [
        {"by": {}},
        {"by": {"student_no": "students"}},
        {"by": {"name": "students", "gender": "award_level"}},
        {"by": {"birth_date": "students"}, "column": "birth_date"},
    ],
)
def test_names_are_looked_for_in_one_field_of_texts(term: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        compile_rule(asking_for_names(**term), CATALOGUE)
