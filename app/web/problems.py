"""Answers to programs when something was refused (RFC 9457), and the words for each status."""

from typing import Any

from flask import Response, json, make_response
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

TITLES: dict[int, LazyString] = {
    400: lazy_gettext("The request cannot be read"),
    401: lazy_gettext("You are not signed in"),
    403: lazy_gettext("You have no right to do this"),
    404: lazy_gettext("This page was not found"),
    405: lazy_gettext("This address does not offer that"),
    409: lazy_gettext("Somebody else has changed this meanwhile"),
    413: lazy_gettext("The file is too large"),
    415: lazy_gettext("This kind of file is not accepted"),
    422: lazy_gettext("Some values have to be corrected"),
    423: lazy_gettext("This is locked"),
    429: lazy_gettext("Too many requests"),
    500: lazy_gettext("Something went wrong in the system"),
    503: lazy_gettext("This cannot be done at the moment"),
}
DETAILS: dict[int, LazyString] = {
    400: lazy_gettext("Go back, load the page again and repeat your last step."),
    401: lazy_gettext("Your session is over. Sign in again, then go back and continue."),
    403: lazy_gettext("If your work needs it, ask the QA office to grant it."),
    404: lazy_gettext("It may have been deleted, or it does not belong to this academic year."),
    405: lazy_gettext("Go back and use the buttons of the page."),
    409: lazy_gettext("Load the page again to see the present state, then repeat your change."),
    413: lazy_gettext("Send a file of at most %(megabytes)s MB, or split it into several."),
    415: lazy_gettext("Use the Excel template of the table."),
    422: lazy_gettext("Correct the values that are marked and save again."),
    423: lazy_gettext("Ask the QA office to reopen it if a change is needed."),
    429: lazy_gettext("Wait a minute, then try again."),
    500: lazy_gettext(
        "What you did last was not completed. Send this number to the administrator."
    ),
    503: lazy_gettext(
        "Nothing was saved. Try again in a minute; if it stays so, tell the administrator."
    ),
}
OTHER_STATUS = {4: 400, 5: 500}


def title_of(status: int) -> str:
    """The heading for ``status``; unlisted ones borrow that of 400 or 500."""
    return str(TITLES.get(status) or TITLES[OTHER_STATUS[status // 100]])


def detail_of(status: int, **parameters: object) -> str:
    """What to do about ``status``."""
    detail = DETAILS.get(status) or DETAILS[OTHER_STATUS[status // 100]]
    return str(detail) % parameters if parameters else str(detail)


def problem(status: int, detail: str | None = None, **members: Any) -> Response:
    """An ``application/problem+json`` answer; ``members`` (findings, results) are added to it."""
    body = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": detail or detail_of(status),
        **members,
    }
    response = make_response(json.dumps(body), status)
    response.content_type = "application/problem+json"
    return response
