"""Every rule that a finding may name has words."""

from flask import Flask

from app.rules.field_rules import rule_id
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
