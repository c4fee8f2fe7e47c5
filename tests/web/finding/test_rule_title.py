"""Every rule that a finding may name has words."""

from dataclasses import replace

from flask import Flask

from app.rules.field_rules import rule_id
from app.rules.rule_book import use_rules
from app.rules.supporting_material import MISSING
from app.web.finding.rule_title import rule_title


def test_missing_material_is_called_so(application: Flask) -> None:
    store = application.extensions["store"]
    spec = store.catalogue.tables["full_time_award"]

    with application.test_request_context():
        of_row = rule_title(store, spec.identifier, rule_id(spec, None, MISSING))
        of_cell = rule_title(store, spec.identifier, rule_id(spec, spec.fields[0], MISSING))

    assert of_row == "各行的佐证材料"
    assert of_cell == f"{spec.fields[0].label}：佐证材料"


def test_a_rule_of_the_college_is_called_by_its_words(application: Flask) -> None:
    store = application.extensions["store"]
    delivered = store.catalogue.rules[0]
    own = replace(delivered, identifier="QR.MAJOR.*.51", message="本校的规则。")
    worded = replace(delivered, message="本校改过的说法。")
    use_rules(store.catalogue, [*store.catalogue.rules[1:], worded, own], "own")
    try:
        titles = [rule_title(store, "major", each.identifier) for each in (own, worded)]
    finally:
        use_rules(store.catalogue, store.catalogue.rules, None)

    assert titles == ["本校的规则。", "本校改过的说法。"]
