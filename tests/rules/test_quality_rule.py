"""Every rule of the catalogue with rows that it lets pass and rows that it finds, kept as data."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import QualityRule, RuleCase, Year
from app.domain.period import AcademicYear
from app.rules.coercion import coerce, raw_frame
from app.rules.compiled_rule import compile_rule
from app.rules.quality_rule import Collected, Judgement, judge

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue(ROOT / "seed" / "catalogue")
THIS = AcademicYear(2025)


def cases(outcome: str) -> list[Any]:
    return [
        pytest.param(rule, case, id=f"{rule.identifier}-{number}")
        for rule in CATALOGUE.rules
        for number, case in enumerate(getattr(rule, outcome), 1)
    ]


def frame_of(table: str, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    spec = CATALOGUE.tables[table]
    read = coerce(spec, CATALOGUE, raw_frame(spec, rows))
    unknown = {code for row in rows for code in row} - set(spec.by_code)
    assert not unknown
    assert not any(read.faults.values()), read.faults
    return read.frame


def judged(rule: QualityRule, case: RuleCase, catalogue: Catalogue = CATALOGUE) -> Judgement:
    present = {rule.table: case.rows, **case.others}
    frames = {(table, Year.THIS): frame_of(table, rows) for table, rows in present.items()}
    for table, rows in case.previous.items():
        frames[table, Year.PREVIOUS] = frame_of(table, rows)
    spec = catalogue.tables[rule.table]
    periods = {
        Year.THIS: spec.period_in(THIS),
        Year.PREVIOUS: spec.period_in(THIS.previous),
    }
    return judge([compile_rule(rule, catalogue)], catalogue, rule.table, Collected(periods, frames))


@pytest.mark.parametrize(("rule", "case"), cases("passing"))
def test_right_rows_pass(rule: QualityRule, case: RuleCase) -> None:
    assert judged(rule, case) == Judgement((), ())


@pytest.mark.parametrize(("rule", "case"), cases("failing"))
def test_wrong_rows_are_found(rule: QualityRule, case: RuleCase) -> None:
    found = judged(rule, case)

    assert {finding.rule for finding in found.findings} == {rule.identifier}
    assert found.broken == ()


@pytest.mark.parametrize("rule", CATALOGUE.rules, ids=lambda rule: rule.identifier)
def test_every_rule_has_cases_that_pass_and_fail_and_says_where(rule: QualityRule) -> None:
    assert rule.passing
    assert rule.failing
    assert rule.fields or rule.judged == "table"
    assert rule.message.endswith("。") or rule.message.endswith("）。")
