"""Leading from a form to the page that shows what came of it, which can be gone back to."""

import json
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.kept_answer import keep
from app.reports.kept_answer import kept_content
from app.web.current import current_actor, current_session, current_time
from app.web.retry import persistently

# The parameter that carries the key.
KEPT = "kept"
SEE_OTHER = 303


def show_next(kind: str, value: object, endpoint: str, **parts: Any) -> ResponseReturnValue:
    """Keep the value and lead to the page that shows it; ``parts`` are those of its address."""
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    session, by, now = current_session(), current_actor(), current_time()
    key = persistently(lambda: keep(session, kind, content, by=by, now=now))
    found: dict[str, Any] = {**parts, KEPT: key}
    return redirect(url_for(endpoint, **found), SEE_OTHER)


def kept_value(kind: str) -> Any:
    """What the address asks for; None where nothing, or nothing more, is kept under its key."""
    key = request.args.get(KEPT, "")
    content = kept_content(current_session(), kind, key, current_actor())
    return None if content is None else json.loads(content)


def begin_again(endpoint: str, **parts: Any) -> ResponseReturnValue:
    """Lead to where it begins, saying that the page is not kept any more."""
    if KEPT in request.args:
        flash(_("This page is not kept any more. Nothing is lost: begin again here."), "info")
    return redirect(url_for(endpoint, **parts))
