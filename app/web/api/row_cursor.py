"""Marks of places in lists of rows as they go through addresses: opaque, signed, never long.

A mark is good for the very list it was given for: the same table, filter, search and order.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.reports.row_cursor import RowCursor
from app.web.api.schema import Malformed

# What the address takes; a mark that would be longer finds its place by counting instead.
LONGEST = 1000
SIGNED_BYTES = 12
# Where a page begins is no part of what the list is.
PLACES = frozenset({"after", "offset", "limit"})


def cursor_text(cursor: RowCursor | None, table: str, query: Mapping[str, Any]) -> str | None:
    """The mark as text for the list that ``query`` asks for; None stays None."""
    if cursor is None:
        return None
    values = None if cursor.values is None else [_packed(value) for value in cursor.values]
    text = _signed([cursor.offset, int(cursor.backwards), values], table, query)
    if len(text) <= LONGEST:
        return text
    return None if cursor.backwards else _signed([cursor.offset, 0, None], table, query)


def cursor_of(table: str, query: Mapping[str, Any]) -> RowCursor | None:
    """The mark that a request names, None without one; Malformed where it is none of this list."""
    text = query.get("after")
    if text is None:
        return None
    foreign = Malformed(_("%(key)s is not a mark of ours.", key="after"))
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise foreign from error
    signature, payload = content[:SIGNED_BYTES], content[SIGNED_BYTES:]
    if not hmac.compare_digest(signature, _signature(payload, table, query)):
        raise foreign
    offset, backwards, values = json.loads(payload)
    read = None if values is None else tuple(_unpacked(value) for value in values)
    return RowCursor(offset, read, bool(backwards))


def _signed(content: list[object], table: str, query: Mapping[str, Any]) -> str:
    payload = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    text = base64.urlsafe_b64encode(_signature(payload, table, query) + payload)
    return text.decode().rstrip("=")


def _signature(payload: bytes, table: str, query: Mapping[str, Any]) -> bytes:
    asked = sorted((name, str(value)) for name, value in query.items() if name not in PLACES)
    meant = json.dumps(["row_cursor", table, asked]).encode()
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, meant + b"\n" + payload, hashlib.sha256).digest()[:SIGNED_BYTES]


def _packed(value: object) -> object:
    """A value in JSON: decimals and days as a pair of their kind and their text."""
    if isinstance(value, Decimal):
        return ["decimal", str(value)]
    return ["date", value.isoformat()] if isinstance(value, date) else value


def _unpacked(value: Any) -> object:
    if not isinstance(value, list):
        return value
    kind, text = value
    return Decimal(text) if kind == "decimal" else date.fromisoformat(text)
