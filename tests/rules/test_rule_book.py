"""Rules in force: the college's own among them; one that cannot be asked stops no other."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import RuleCase
from app.rules.compiled_rule import compile_rule
from app.rules.quality_rule import Broken
from app.rules.rule_book import make_rule_book, rule_book, use_rules
from app.rules.rule_case import judge_case

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "seed" / "catalogue")
RULE = next(rule for rule in CATALOGUE.rules if rule.identifier == "QR.LIBRARY_COLLECTION.*.11")
ROW = RuleCase(({"paper_book_new": 1, "paper_book_total": 2},))


def test_a_rule_about_a_field_that_is_gone_stops_no_other() -> None:
    gone = replace(RULE, identifier="QR.LIBRARY_COLLECTION.*.51", condition="no_such_field > 0")

    book = make_rule_book(CATALOGUE, [gone, RULE])

    asked = book.of(RULE.table)
    assert list(asked.faults) == [gone.identifier]
    assert [each.rule for each in asked.compiled] == [RULE]


def test_a_rule_about_a_table_that_is_gone_is_told() -> None:
    gone = replace(RULE, identifier="QR.GONE.*.51", table="gone")

    assert list(make_rule_book(CATALOGUE, [gone]).of("gone").faults) == [gone.identifier]


def test_rules_are_made_ready_and_faults_told_when_their_table_is_asked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    gone = replace(RULE, identifier="QR.LIBRARY_COLLECTION.*.51", condition="no_such_field > 0")
    book = make_rule_book(CATALOGUE, [*CATALOGUE.rules, gone])

    book.of("full_time_teacher")
    assert caplog.messages == []
    book.of(gone.table)
    book.of(gone.table)

    (told,) = caplog.messages
    assert gone.identifier in told


@pytest.mark.parametrize(
    "condition",
    [
        "part('a', 1e300) = 'a' and paper_book_new > 0",
        "part('a', 1, 1e19) = 'a' and paper_book_new > 0",
    ],
)
def test_a_rule_that_fails_while_it_is_asked_is_told_as_its_own_failure(condition: str) -> None:
    compiled = compile_rule(replace(RULE, condition=condition), CATALOGUE)

    judged = judge_case(compiled, CATALOGUE, ROW)

    assert judged.findings == ()
    assert judged.broken == (Broken(RULE.identifier, ()),)


def test_the_rules_of_the_catalogue_that_is_asked_again_and_again_stay() -> None:
    served = replace(CATALOGUE, rules=())
    kept = use_rules(served, [RULE], "own")
    others = [replace(CATALOGUE, rules=()) for _number in range(20)]

    for other in others:
        rule_book(other)
        assert rule_book(served) is kept
