"""The program at the other end in a few words, as far as it tells the truth about itself."""

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

# The first mark that is found names the program: most of them also call themselves by others.
BROWSERS: tuple[tuple[str, LazyString], ...] = (
    ("MicroMessenger", lazy_gettext("WeChat")),
    ("DingTalk", lazy_gettext("DingTalk")),
    ("Edg", lazy_gettext("Edge browser")),
    ("Firefox", lazy_gettext("Firefox browser")),
    ("Chrome", lazy_gettext("Chrome browser")),
    ("Safari", lazy_gettext("Safari browser")),
)
SYSTEMS: tuple[tuple[str, LazyString], ...] = (
    ("HarmonyOS", lazy_gettext("Harmony device")),
    ("Android", lazy_gettext("Android device")),
    ("iPhone", lazy_gettext("iPhone")),
    ("iPad", lazy_gettext("iPad")),
    ("Windows", lazy_gettext("Windows computer")),
    ("Mac OS", lazy_gettext("Mac computer")),
    ("Linux", lazy_gettext("Linux computer")),
)


def client_text(client: str | None) -> str:
    """``Chrome browser · Windows computer`` for what a program sent as its name."""
    known = [
        str(name)
        for marks in (BROWSERS, SYSTEMS)
        for name in [next((name for mark, name in marks if mark in (client or "")), None)]
        if name is not None
    ]
    return " · ".join(known) or str(gettext("unknown program"))
