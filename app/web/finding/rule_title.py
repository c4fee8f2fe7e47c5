"""What a rule is called where no single finding of it tells."""

from flask_babel import gettext as _

from app.models.base_table import Store


def rule_title(store: Store, table: str, rule: str) -> str:
    """The words of a quality rule; of a field's own rule the field it belongs to."""
    for each in store.catalogue.rules:
        if each.identifier == rule:
            return each.message
    spec = store.catalogue.reported.get(table)
    stem, _dot, _number = rule.rpartition(".")
    for field in () if spec is None else spec.fields:
        if stem == f"QR.{spec.identifier}.{field.code}".upper():  # type: ignore[union-attr]
            return str(_("%(field)s: what the field asks for", field=field.label))
    return rule
