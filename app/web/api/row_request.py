"""What requests for rows and their changes have in common, of base and of adopted tables."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from flask import Response
from flask_babel import gettext as _

from app.access.row_filter import Filter, parse_filter
from app.actions.row_change import Change, Outcome
from app.web.api.schema import Malformed
from app.web.api.shapes import Json
from app.web.problems import problem

MOST_SORTED = 5


def filter_of(text: str | None) -> Filter | None:
    """The filter of a query; raises Malformed or Refused where it cannot be read."""
    if text is None:
        return None
    try:
        return parse_filter(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise Malformed(_("%(key)s is not valid JSON.", key="filter")) from error


def sort_of(text: str) -> tuple[str, ...]:
    """The fields to sort by, a leading ``-`` for descending."""
    words = tuple(word for word in text.split(",") if word)
    if len(words) > MOST_SORTED:
        raise Malformed(_("%(key)s has more than %(count)s items.", key="sort", count=MOST_SORTED))
    return words


def cursor_of(offset: int) -> str:
    """An opaque mark of a place in the list; what is in it may change."""
    return base64.urlsafe_b64encode(f"o{offset}".encode()).decode().rstrip("=")


def offset_of(query: Mapping[str, Any]) -> int:
    """Where a page begins: at the mark of an earlier answer, or at a number of rows."""
    cursor = query.get("after")
    if cursor is None:
        return int(query.get("offset", 0))
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise Malformed(_("%(key)s is not a mark of ours.", key="after")) from error
    if not text.startswith("o") or not text[1:].isdigit() or len(text) > 10:
        raise Malformed(_("%(key)s is not a mark of ours.", key="after"))
    return int(text[1:])


def change_of_row(sent: Json, position: int) -> Change:
    """A change of a stored row, which has to be named in a version."""
    for key in ("id", "version"):
        if sent.get(key) is None:
            raise Malformed(_("%(key)s is missing.", key=f"changes[{position}].{key}"))
    return Change(sent["op"], sent.get("values") or {}, sent["id"], sent["version"])


def refused_changes(outcome: Outcome, results: list[Json], status: int) -> Response:
    """Nothing was written: a conflict goes before whatever else ``status`` tells."""
    if any(result.outcome == "conflict" for result in outcome.results):
        return problem(409, results=results)
    findings = [
        {"row": position, **finding}
        for position, result in enumerate(results)
        for finding in result["findings"]
    ]
    return problem(status, findings=findings, results=results)
