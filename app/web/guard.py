"""Every request passes here first: who asks, and was it this person's own page that asked.

A request with a Bearer token is judged by the token alone; a session cookie beside it counts for
nothing and no CSRF token is needed, because a foreign page cannot send that header. Every other
unsafe request has to carry the CSRF token of its session.
"""

from contextlib import suppress
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.access.person import Actor
from app.actions.sign_in_session import note_seen
from app.domain.account import Way
from app.models.rule_revision import follow_rules
from app.reports.account import LivingSession, read_session
from app.reports.person import ActorCache
from app.web.account.sign_in import (
    address_of_request,
    hash_of,
    secret_of_cookie,
    session_limits,
)
from app.web.current import current_catalogue, current_session, current_time, local_time
from app.web.errors import error_answer
from app.web.fab.token_api import bearer_token, secret_of

# Neither the database nor the session is asked for these.
FREE_ENDPOINTS = frozenset(
    {"static", "appbuilder.static", "vendor_file", "messages_file", "healthz", "readyz"}
)
ANONYMOUS_ENDPOINTS = frozenset({"LoginView.login", "LoginView.logout", "TokenApi.login"})
PASSWORD_ENDPOINTS = ANONYMOUS_ENDPOINTS | {"PasswordView.password"}
CSRF_FREE_ENDPOINTS = frozenset({"TokenApi.login"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_csrf = CSRFProtect()


def install(application: Flask) -> None:
    """Let every request to ``application`` pass the guard."""
    application.extensions["actors"] = ActorCache()
    _csrf.init_app(application)
    application.before_request(check_request)


def check_request() -> ResponseReturnValue | None:
    """Settle who asks; returns the answer when the request goes no further."""
    if request.endpoint in FREE_ENDPOINTS:
        return None
    token = bearer_token()
    g.sign_in = _session_of(token)
    g.actor = _actor_of(g.sign_in)
    if g.sign_in is not None:
        follow_rules(current_session(), current_catalogue(), g.sign_in.rule_version)
    if request.endpoint is None:  # the router answers: 404 or 405
        return _redirect_to_right_form(request.routing_exception)
    if g.actor is None and request.endpoint not in ANONYMOUS_ENDPOINTS:
        return _ask_to_sign_in()
    if g.actor is not None and _has_initial_password():
        return _ask_for_new_password()
    if request.endpoint in CSRF_FREE_ENDPOINTS or (token is not None and g.actor):
        return None
    _csrf.protect()
    return None


def _redirect_to_right_form(found: HTTPException | None) -> ResponseReturnValue | None:
    """Lead to the address with its slash; the router's own answer would name the host it heard."""
    if not isinstance(found, RequestRedirect):
        return None
    parts = urlsplit(found.new_url)
    target = parts._replace(scheme="", netloc="", path=f"/{parts.path.lstrip('/')}")
    return redirect(target.geturl(), found.code)


def _session_of(token: str | None) -> LivingSession | None:
    """The session that a token, or else the cookie, belongs to; a token is of no use as cookie."""
    way = Way.FORM if token is None else Way.API
    secret = secret_of_cookie() if token is None else secret_of(token)
    if secret is None:
        return None
    limits, now = session_limits(), current_time()
    found = read_session(current_session(), hash_of(secret), limits, now)
    if found is None or found.way is not way:
        return None
    if way is Way.FORM and now - found.last_seen_at >= limits[way].grain:
        # Being seen is of no importance beside the request itself.
        with suppress(OperationalError):
            note_seen(current_session(), found.id, address=address_of_request(), now=now)
    return found


def _actor_of(found: LivingSession | None) -> Actor | None:
    if found is None:
        return None
    actors: ActorCache = current_app.extensions["actors"]
    return actors.load(current_session(), found.user_id, found.permission_version, local_time())


def _has_initial_password() -> bool:
    """Whether a new password has to be set before this request goes on."""
    return g.sign_in.must_change_password and request.endpoint not in PASSWORD_ENDPOINTS


def _ask_for_new_password() -> ResponseReturnValue:
    """Pages that are opened lead to the one for the new password; everything else is refused."""
    if request.path.startswith("/api/") or request.method not in SAFE_METHODS:
        detail = _("Set a new password in a browser first: yours was given to you by others.")
        return error_answer(403, detail)
    return redirect(current_app.url_for("PasswordView.password", next=_asked_for()))


def _ask_to_sign_in() -> ResponseReturnValue:
    """Programs and unsafe requests get 401; a page that was opened leads to the login page."""
    if request.path.startswith("/api/") or request.method not in SAFE_METHODS:
        return error_answer(401)
    return redirect(current_app.url_for("LoginView.login", next=_asked_for()))


def _asked_for() -> str | None:
    """The page to come back to; None for the start page."""
    target = request.full_path.rstrip("?") if request.query_string else request.path
    return target if target != "/" else None
