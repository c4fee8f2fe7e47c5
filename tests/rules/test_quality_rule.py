"""Every rule of the catalogue with rows that it lets pass and rows that it finds, kept as data."""

from pathlib import Path
from typing import Any

import pytest

from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import QualityRule, RuleCase
from app.rules.compiled_rule import compile_rule
from app.rules.quality_rule import Judgement
from app.rules.rule_case import judge_case

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue(ROOT / "seed" / "catalogue")


def cases(outcome: str) -> list[Any]:
    return [
        pytest.param(rule, case, id=f"{rule.identifier}-{number}")
        for rule in CATALOGUE.rules
        for number, case in enumerate(getattr(rule, outcome), 1)
    ]


def judged(rule: QualityRule, case: RuleCase) -> Judgement:
    return judge_case(compile_rule(rule, CATALOGUE), CATALOGUE, case)


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
