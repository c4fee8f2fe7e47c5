"""Texts that scripts show, already in Chinese: a script of its own that browsers keep.

Its address changes with the texts, so a page need not carry 40 KB of them every time.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, url_for
from flask_babel import gettext

from app.web.static_files import YEAR_IN_SECONDS

SOURCE = Path(__file__).parent / "assets" / "messages.json"


def install(application: Flask) -> None:
    """Serve the texts under ``/static/`` and offer ``messages_address()`` to templates."""
    application.add_url_rule("/static/messages/<name>.js", "messages_file", messages_file)
    application.jinja_env.globals["messages_address"] = messages_address


@cache
def script_messages() -> dict[str, str]:
    """Key → text for ``common/messages.js``.

    ``messages.json`` names the msgid of each key. Read once: there is one language.
    """
    msgids: dict[str, str] = json.loads(SOURCE.read_text(encoding="utf-8"))
    return {key: str(gettext(msgid)) for key, msgid in msgids.items()}


def messages_address() -> str:
    """The address of the script with the texts."""
    return url_for("messages_file", name=_version())


def messages_file(name: str) -> Response:
    """The script; not found for texts of another version, which must not be kept as these."""
    if name != _version():
        abort(404)
    response = Response(_script(), mimetype="text/javascript")
    response.cache_control.public = True
    response.cache_control.max_age = YEAR_IN_SECONDS
    return response


@cache
def _script() -> str:
    # JSON is a subset of the language of scripts; the name is read by ``common/messages.js``.
    return f"globalThis.pageTexts={json.dumps(script_messages(), ensure_ascii=False)};"


@cache
def _version() -> str:
    return hashlib.sha256(_script().encode()).hexdigest()[:12]
