"""Texts that scripts show; the page carries them, already in Chinese."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

SCRIPT_MESSAGES: dict[str, LazyString] = {
    "cancel": _("Cancel"),
    "close": _("Close"),
    "confirm": _("Confirm"),
}


def script_messages() -> dict[str, str]:
    """Key → text for ``common/messages.js``."""
    return {key: str(text) for key, text in SCRIPT_MESSAGES.items()}
