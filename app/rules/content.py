"""The content of rows as bytes that are the same wherever they are made (decision 8).

Confirmations, acceptances and archives name the hash over these bytes, never
over a file format that a library may change.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import groupby
from json.encoder import JSONEncoder, encode_basestring

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.rules.reading import text_of

_ARITHMETIC = Context(prec=100, rounding=ROUND_HALF_EVEN)
_JSON = JSONEncoder(ensure_ascii=False)


def canonical_lines(spec: TableSpec, rows: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Typed rows as JSON objects, one after the other: of many never all texts are held at once.

    Rows are sorted by their key values, then by their content; fields by
    their code. Decimals are text at the field's scale, dates ISO text, a
    missing value null. What is no field of the table is left out.
    """
    fields = sorted(spec.fields, key=lambda field: field.code)
    named = [(encode_basestring(field.code), field) for field in fields]
    keys = [_key(spec.key_fields, row) for row in rows]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    for _key_values, alike in groupby(order, key=keys.__getitem__):
        yield from sorted(_line(named, rows[place]) for place in alike)


def canonical_rows(spec: TableSpec, rows: Sequence[Mapping[str, object]]) -> bytes:
    """Typed rows as UTF-8 JSON: an array of ``canonical_lines``, one a line."""
    return b"".join(_pieces(spec, rows))


def content_hash(spec: TableSpec, rows: Sequence[Mapping[str, object]]) -> str:
    """SHA-256, in hex, over ``canonical_rows``."""
    digest = hashlib.sha256()
    for piece in _pieces(spec, rows):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(spec: TableSpec, rows: Sequence[Mapping[str, object]]) -> Iterator[bytes]:
    between = "["
    for line in canonical_lines(spec, rows):
        yield f"{between}{line}".encode()
        between = ",\n"
    yield b"]" if rows else b"[]"


def _key(keys: Sequence[FieldSpec], row: Mapping[str, object]) -> list[str]:
    return [text_of(_canonical(key, row.get(key.code))) or "" for key in keys]


def _line(named: Sequence[tuple[str, FieldSpec]], row: Mapping[str, object]) -> str:
    # By hand: a JSON encoder of its own for every row takes most of the time.
    cells = [f"{name}:{_written(field, row.get(field.code))}" for name, field in named]
    return f"{{{','.join(cells)}}}"


def _written(field: FieldSpec, value: object) -> str:
    """The value as JSON."""
    if value is None:
        return "null"
    if type(value) is not str or field.type is FieldType.BOOLEAN:
        value = _canonical(field, value)
    if type(value) is str:
        return encode_basestring(value)
    return _JSON.encode(value)


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
