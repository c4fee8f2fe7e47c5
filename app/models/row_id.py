"""Row ids as they stand in addresses: whole numbers, text, composite keys.

A single whole number of at most 18 digits is itself (``12``); anything else is
base64url over the JSON list of the key's values, marked with a leading ``~``.
"""

import base64
import json
from collections.abc import Sequence

LONGEST_NUMBER = 18


def encode_row_id(values: Sequence[object]) -> str:
    """Key values → url-safe text. Values that JSON lacks are kept as text."""
    first = values[0]
    if len(values) == 1 and type(first) is int and 0 <= first < 10**LONGEST_NUMBER:
        return str(first)
    content = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), default=str)
    return "~" + base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def decode_row_id(text: str) -> tuple[object, ...]:
    """Url-safe text → key values; ValueError when it is not a row id."""
    if text.startswith("~"):
        padded = text[1:] + "=" * (-len(text[1:]) % 4)
        try:
            values = json.loads(base64.urlsafe_b64decode(padded))
        except (ValueError, RecursionError) as error:
            raise ValueError("not a row id") from error
        if not isinstance(values, list) or not values or not all(map(_can_be_key, values)):
            raise ValueError("not a row id")
        return tuple(values)
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise ValueError("not a row id")
    return (int(text),)


def _can_be_key(value: object) -> bool:
    """Whether every database can look for the value: storable text or a 64-bit number."""
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    return isinstance(value, int) and abs(value) < 2**63
