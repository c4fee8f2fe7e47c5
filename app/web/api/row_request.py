"""What requests for rows and their changes have in common, of base and of adopted tables."""

import json

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


def change_of_row(sent: Json, position: int) -> Change:
    """A change of a stored row, which has to be named in a version."""
    for key in ("id", "version"):
        if sent.get(key) is None:
            raise Malformed(_("%(key)s is missing.", key=f"changes[{position}].{key}"))
    return Change(sent["op"], sent.get("values") or {}, sent["id"], sent["version"])


def refused_changes(
    outcome: Outcome, results: list[Json], status: int, detail: str | None = None
) -> Response:
    """A bad row stopped them: a conflict goes before whatever else ``status`` tells.

    Nothing was written, unless ``detail`` says what was.
    """
    if any(result.outcome == "conflict" for result in outcome.results):
        return problem(409, detail, results=results)
    findings = [
        {"row": position, **finding}
        for position, result in enumerate(results)
        for finding in result["findings"]
    ]
    return problem(status, detail, findings=findings, results=results)
