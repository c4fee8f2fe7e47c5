"""General rules and facts: one record becomes a rule of every field it is about."""

from pathlib import Path

import pytest

from app.catalogue.fact import read_fact, rules_of_fact
from app.catalogue.loader import load_catalogue
from app.catalogue.rule_family import Expansion, read_family

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "seed" / "catalogue")
EXPANSION = Expansion(CATALOGUE.tables, CATALOGUE.code_lists)
BOUNDED = {
    "number": "90",
    "name": "范围",
    "severity": "warning",
    "dimension": "accuracy",
    "message": "“{label}”不在{low}至{high}之间。",
    "condition": "{field} between {low} and {high}",
    "pass": [{"{field}": "{low}"}],
    "fail": [{"{field}": "{beyond}"}],
}


def test_a_family_fills_in_each_field_and_its_own_words() -> None:
    family = read_family({**BOUNDED, "to": {"class_group.student_count": {"low": 10, "high": 80}}})

    (rule,) = EXPANSION.rules_of(family)

    assert rule.identifier == "QR.CLASS_GROUP.STUDENT_COUNT.90"
    assert rule.message == "“班级人数”不在10至80之间。"
    assert rule.condition == "student_count between 10 and 80"
    assert dict(rule.passing[0].rows[0]) == {"student_count": 10}
    assert rule.family == "范围"


def test_a_family_chooses_fields_by_what_they_are_but_for_exceptions() -> None:
    chosen = {
        "applies": {"kind": "single_row", "units": ["台"]},
        "except": ["computer_classroom.computer_total"],
    }
    family = read_family({**BOUNDED, "condition": "{field} >= 0", **chosen})

    fields = {rule.fields[0] for rule in EXPANSION.rules_of(family)}

    assert "teaching_computer" in fields
    assert "computer_total" not in fields


def test_a_family_about_a_field_that_is_not_there_is_refused() -> None:
    family = read_family({**BOUNDED, "to": ["staff.shoe_size"]})

    with pytest.raises(ValueError, match=r"no field staff\.shoe_size"):
        list(EXPANSION.rules_of(family))


def test_a_fact_compares_every_source_with_the_first_one() -> None:
    sources = [
        {"table": "staff", "field": "name", "key": "staff_no"},
        {"table": "leader", "field": "name", "key": "staff_no"},
        {"table": "major_head", "field": "name", "key": "head_no"},
    ]

    rules = list(
        rules_of_fact(
            read_fact(
                {"name": "姓名", "message": "{label}与{believed}不一致。", "sources": sources}
            ),
            EXPANSION,
        )
    )

    assert [rule.identifier for rule in rules] == ["QR.LEADER.NAME.61", "QR.MAJOR_HEAD.NAME.62"]
    assert rules[1].terms["believed"].by == {"staff_no": "head_no"}


def test_a_fact_of_one_source_is_refused() -> None:
    source = {"table": "staff", "field": "name", "key": "staff_no"}

    with pytest.raises(ValueError, match="two sources"):
        read_fact({"name": "姓名", "message": "{label}与{believed}不一致。", "sources": [source]})


@pytest.mark.parametrize("said", [{"total": True}, {"where": "name = '田一'"}])
def test_only_the_believed_source_adds_up_or_chooses_rows(said: dict[str, object]) -> None:
    source = {"table": "staff", "field": "name", "key": "staff_no"}

    with pytest.raises(ValueError, match="only the first source"):
        read_fact({"name": "姓名", "message": "", "sources": [source, source | said]})
