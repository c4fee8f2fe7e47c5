"""Addresses that came with a request and may be followed."""

import unicodedata
from urllib.parse import urlsplit


def safe_path(text: str | None) -> str:
    r"""``text`` when it is a path of this site, else the start page.

    Browsers read ``//host``, ``/\host`` and control characters before them as another site.
    """
    if not text or not text.startswith("/") or text.startswith(("//", "/login", "/logout")):
        return "/"
    if "\\" in text or any(unicodedata.category(character)[0] == "C" for character in text):
        return "/"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else text
