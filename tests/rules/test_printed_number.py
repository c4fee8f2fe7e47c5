"""Every rule of the college's printed list is answered by a record."""

from pathlib import Path

from app.catalogue.loader import load_catalogue
from app.catalogue.printed_number import answers, printed_numbers
from app.rules.field_rules import FIELD_RULES

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue(ROOT / "seed" / "catalogue")


def test_the_printed_list_has_127_rules() -> None:
    assert len(printed_numbers()) == 127


def test_every_printed_number_is_answered_and_no_other_one_is_named() -> None:
    assert sorted(answers(CATALOGUE.printed, CATALOGUE.rules)) == printed_numbers()


def test_the_field_rules_that_answer_exist() -> None:
    known = {rule.number for rule in FIELD_RULES}

    assert {number for each in CATALOGUE.printed for number in each.rules} <= known


def test_the_page_of_rules_says_for_every_number_what_answers_it() -> None:
    page = (ROOT / "docs" / "校验规则.md").read_text(encoding="utf-8")

    assert [number for number in printed_numbers() if f"| {number} | " not in page] == []
