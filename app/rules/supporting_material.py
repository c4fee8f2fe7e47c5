"""Where materials have to support what a row says, and do not."""

from collections.abc import Collection, Mapping, Sequence

from app.catalogue.base_table import FieldSpec, MaterialRule, TableSpec
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.rules.field_rules import rule_id

MISSING = "90"
SEVERITIES = {
    MaterialRule.REQUIRED: Severity.ERROR,
    MaterialRule.RECOMMENDED: Severity.WARNING,
}


def is_claimed(value: object) -> bool:
    """Whether the value says anything that could be supported: “no” and nothing do not."""
    return value not in (None, "", False)


def material_findings(
    spec: TableSpec,
    values: Sequence[Mapping[str, object]],
    present: Sequence[Collection[str]],
) -> list[Finding]:
    """A finding for every row and cell that lacks its material.

    ``present`` tells for each row the codes of the fields that have one, the empty text for the
    row itself. A material of any cell supports the row as well.
    """
    found = []
    for row, (row_values, fields) in enumerate(zip(values, present, strict=True)):
        if spec.material is not None and not fields:
            found.append(_finding(spec, row, None, spec.material))
        found += [
            _finding(spec, row, field, field.material)
            for field in spec.fields
            if field.material is not None
            and field.code not in fields
            and is_claimed(row_values.get(field.code))
        ]
    return found


def _finding(spec: TableSpec, row: int, field: FieldSpec | None, rule: MaterialRule) -> Finding:
    message = (
        Message("This row has no supporting material. Add a photograph or a PDF to it.")
        if field is None
        else Message(
            "%(label)s has no supporting material. Add a photograph or a PDF to this cell.",
            {"label": field.label},
        )
    )
    return Finding(
        rule_id(spec, field, MISSING),
        row,
        field.code if field else None,
        SEVERITIES[rule],
        Dimension.CREDIBILITY,
        message,
        storable=True,
    )
