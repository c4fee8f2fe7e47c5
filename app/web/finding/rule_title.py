"""What a rule is called where no single finding of it tells."""

from itertools import chain

from flask_babel import gettext as _

from app.models.base_table import Store
from app.rules.field_rules import rule_id
from app.rules.rule_book import rule_book
from app.rules.supporting_material import MISSING


def rule_title(store: Store, table: str, rule: str) -> str:
    """The words of a quality rule; of a field's or table's own rule what it asks for."""
    # What is in force comes first: the college may have worded a rule anew, or written its own.
    in_force = chain.from_iterable(rule_book(store.catalogue).in_force.values())
    for each in chain(in_force, store.catalogue.rules):
        if each.identifier == rule:
            return each.message
    spec = store.catalogue.reported.get(table)
    if spec is None:
        return rule
    if rule == rule_id(spec, None, MISSING):
        return str(_("Supporting material of the rows"))
    number = rule.rpartition(".")[2]
    for field in spec.fields:
        if rule == rule_id(spec, field, MISSING):
            return str(_("%(field)s: supporting material", field=field.label))
        if rule == rule_id(spec, field, number):
            return str(_("%(field)s: what the field asks for", field=field.label))
    return rule
