"""Every request passes here first: who asks, and was it this person's own page that asked.

A request with a Bearer token is judged by the token alone; a session cookie beside it counts for
nothing and no CSRF token is needed, because a foreign page cannot send that header. Every other
unsafe request has to carry the CSRF token of its session.
"""

from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.access.person import Actor
from app.reports.person import ActorCache
from app.web.current import current_session, local_time
from app.web.errors import error_answer
from app.web.fab.token_api import bearer_token, user_id_of

# Neither the database nor the session is asked for these.
FREE_ENDPOINTS = frozenset({"static", "appbuilder.static", "vendor_file", "healthz", "readyz"})
ANONYMOUS_ENDPOINTS = frozenset({"LoginView.login", "LoginView.logout", "TokenApi.login"})
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
    g.actor = _actor_of(_user_id_of_session() if token is None else user_id_of(token))
    if request.endpoint is None:  # the router answers: 404 or 405
        return _redirect_to_right_form(request.routing_exception)
    if g.actor is None and request.endpoint not in ANONYMOUS_ENDPOINTS:
        return _ask_to_sign_in()
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


def _user_id_of_session() -> int | None:
    # The login extension checks here that the cookie comes from the browser that signed in.
    return current_user.id if current_user.is_authenticated else None


def _actor_of(user_id: int | None) -> Actor | None:
    if user_id is None:
        return None
    actors: ActorCache = current_app.extensions["actors"]
    return actors.load(current_session(), user_id, local_time())


def _ask_to_sign_in() -> ResponseReturnValue:
    """Programs and unsafe requests get 401; a page that was opened leads to the login page."""
    if request.path.startswith("/api/") or request.method not in SAFE_METHODS:
        return error_answer(401)
    target = request.full_path.rstrip("?") if request.query_string else request.path
    return redirect(current_app.url_for("LoginView.login", next=target if target != "/" else None))
