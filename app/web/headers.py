"""Headers that every answer carries, and when the session cookie needs https."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.exceptions import SecurityError

STATIC_ENDPOINTS = frozenset({"static", "appbuilder.static", "vendor_file", "messages_file"})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class SessionInterface(SecureCookieSessionInterface):
    """Signed cookie sessions that demand https everywhere but on this machine."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Secure unless the browser asked this very machine over plain http."""
        try:
            name = urlsplit(f"//{request.host}").hostname
        except SecurityError:  # a foreign Host header, already refused
            return True
        return request.is_secure or name not in LOOPBACK_NAMES


def install(application: Flask) -> None:
    """Put the headers on every answer of ``application``."""
    application.session_interface = SessionInterface()
    application.after_request(add_headers)
    application.jinja_env.globals["style_nonce"] = style_nonce


def style_nonce() -> str:
    """The word that lets the grid's own style sheet pass the content policy of this answer."""
    if "style_nonce" not in g:
        g.style_nonce = secrets.token_urlsafe(16)
    return str(g.style_nonce)


def add_headers(response: Response) -> Response:
    """Forbid framing, sniffing, foreign content and, for anything but static files, caching."""
    for name, value in FIXED_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=style_nonce()))
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in STATIC_ENDPOINTS:
        response.headers["Cache-Control"] = "no-store"
    return response
