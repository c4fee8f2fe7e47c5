"""The content of rows as bytes that are the same wherever they are made (decision 8).

Confirmations, acceptances and archives name the hash over these bytes, never
over a file format that a library may change.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.rules.reading import text_of

_ARITHMETIC = Context(prec=100, rounding=ROUND_HALF_EVEN)


def canonical_rows(spec: TableSpec, rows: Iterable[Mapping[str, object]]) -> bytes:
    """Typed rows as UTF-8 JSON: an array of objects, one a line.

    Rows are sorted by their key values, then by their content; fields by
    their code. Decimals are text at the field's scale, dates ISO text, a
    missing value null. What is no field of the table is left out.
    """
    fields = sorted(spec.fields, key=lambda field: field.code)
    keys = spec.key_fields
    lines = sorted(
        (
            [text_of(_canonical(key, row.get(key.code))) or "" for key in keys],
            _json({field.code: _canonical(field, row.get(field.code)) for field in fields}),
        )
        for row in rows
    )
    return "[{}]".format(",\n".join(line for _, line in lines)).encode()


def content_hash(spec: TableSpec, rows: Iterable[Mapping[str, object]]) -> str:
    """SHA-256, in hex, over ``canonical_rows``."""
    return hashlib.sha256(canonical_rows(spec, rows)).hexdigest()


def _json(row: Mapping[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _canonical(field: FieldSpec, value: object) -> object:
    if isinstance(value, Decimal):
        return _at_scale(field, value)
    if isinstance(value, date):
        return value.isoformat()
    if field.type is FieldType.NUMBER and isinstance(value, int):
        return _at_scale(field, Decimal(value))
    if field.type is FieldType.BOOLEAN and value is not None:
        return bool(value)
    return value


def _at_scale(field: FieldSpec, number: Decimal) -> str:
    step = Decimal(1).scaleb(-(field.scale or 0))
    rounded = number.quantize(step, context=_ARITHMETIC)
    return f"{rounded if rounded else abs(rounded):f}"
