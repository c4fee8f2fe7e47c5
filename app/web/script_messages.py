"""Texts that scripts show; the page carries them, already in Chinese."""

import json
from functools import cache
from pathlib import Path

from flask_babel import gettext

SOURCE = Path(__file__).parent / "assets" / "messages.json"


@cache
def script_messages() -> dict[str, str]:
    """Key → text for ``common/messages.js``.

    ``messages.json`` names the msgid of each key. Read once: there is one language.
    """
    msgids: dict[str, str] = json.loads(SOURCE.read_text(encoding="utf-8"))
    return {key: str(gettext(msgid)) for key, msgid in msgids.items()}
