"""Trying a request again when the database let another one go first.

Two transactions may want the same rows in a different order, a cluster may find at the end that
another machine was faster, SQLite lets one write at a time. Such a transaction has been taken back
whole, so the request is answered once more from its beginning: rows, versions and rights are read
anew. After a few attempts writing is refused in words, by way of the same code: pages show their
forms again with everything that was typed.
"""

import time
from collections.abc import Callable
from functools import wraps
from random import uniform
from typing import Any, TypeVar

from flask import Flask, current_app, request
from sqlalchemy.exc import DBAPIError

from app.models.database import is_passing, refusing_writes
from app.web.current import current_session
from app.web.guard import SAFE_METHODS

ATTEMPTS = 4
# Waiting for a lock can take long itself: no further attempt begins after so many seconds.
LONGEST = 20.0
FIRST_PAUSE = 0.05
Answer = TypeVar("Answer")


def install(application: Flask) -> None:
    """Answer every request that may write persistently; the other parts are installed already."""
    unsafe = {
        rule.endpoint
        for rule in application.url_map.iter_rules()
        if (rule.methods or set()) - SAFE_METHODS
    }
    for endpoint in unsafe:
        application.view_functions[endpoint] = _persistent(application.view_functions[endpoint])


def persistently(act: Callable[[], Answer]) -> Answer:
    """The result of ``act``, tried again while others are in its way.

    In the end it runs where every write is refused as busy. Nothing it has committed may be left
    to be done twice: give one transaction at a time.
    """
    began = time.monotonic()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return act()
        except DBAPIError as error:
            current_session().rollback()
            if not is_passing(error):
                raise
            current_app.logger.warning("attempt %s of %s: %s", attempt, request.path, error.orig)
        if time.monotonic() - began > LONGEST:
            break
        _rewind()
        # Of two that met, one should come back later than the other.
        time.sleep(uniform(0.5, 1.5) * FIRST_PAUSE * 2 ** (attempt - 1))  # noqa: S311
    _rewind()
    with refusing_writes(current_session()):
        return act()


def _persistent(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def answer(**parts: Any) -> Any:
        if request.method in SAFE_METHODS:
            return view(**parts)
        return persistently(lambda: view(**parts))

    return answer


def _rewind() -> None:
    """Let uploaded files be read once more from their beginning."""
    for _name, file in request.files.items(multi=True):
        file.stream.seek(0)
