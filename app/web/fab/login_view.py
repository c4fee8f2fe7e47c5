"""The login page (S1) and the way out."""

from flask import current_app, g, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.security.views import AuthDBView
from flask_babel import gettext as _

from app.access.account import WHO_HELPS
from app.actions.sign_in_session import sign_out
from app.domain.account import NAME_LIMIT, Way
from app.domain.message import Refused
from app.web.account.sign_in import STATUSES, begin_cookie, sign_in
from app.web.current import (
    actor_or_none,
    current_session,
    current_time,
    sign_in_or_none,
)
from app.web.redirects import safe_path
from app.web.translation import translated

REMEMBERED_NAME = "statedata_username"
REMEMBERED_SECONDS = 180 * 24 * 3600
TOO_MANY = 429


class LoginView(AuthDBView):
    """Signing in with staff number and password, and signing out."""

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> ResponseReturnValue:
        """Show the form; on POST sign in and go on to the page that was asked for."""
        target = safe_path(request.args.get("next"))
        if actor_or_none() is not None:
            return redirect(target)
        if request.method == "GET":
            name = request.cookies.get(REMEMBERED_NAME, "")
            return _page(name, remember=bool(name))
        username = request.form.get("username", "").strip()
        password = request.form.get("password", "")
        remember = "remember" in request.form
        if not username or not password:
            error = _("Enter your staff number and your password.")
            return _page(username, remember=remember, error=error), 400
        try:
            opened, secret = sign_in(username, password, Way.FORM)
        except Refused as refusal:
            error = translated(refusal.message)
            page = make_response(_page(username, remember=remember, error=error))
            page.status_code = STATUSES[refusal.reason]
            if page.status_code == TOO_MANY:
                page.headers["Retry-After"] = str(int(NAME_LIMIT.pause.total_seconds()))
            return page
        begin_cookie(secret, opened.username)
        return _go_on(target, username if remember else None)

    @expose("/logout/", methods=["GET", "POST"])
    def logout(self) -> ResponseReturnValue:
        """Ask on GET, for a link must not sign anybody out; sign out on POST."""
        known = sign_in_or_none()
        if request.method == "GET":
            return render_template("logout.html", username=known.username if known else "")
        if known is not None:
            sign_out(current_session(), known.id, username=known.username, now=current_time())
        session.clear()
        g.actor = g.sign_in = None
        return redirect("/login/")


def _page(username: str, *, remember: bool, error: str | None = None) -> str:
    return render_template(
        "login.html", username=username, remember=remember, error=error, who_helps=WHO_HELPS
    )


def _go_on(target: str, remembered_name: str | None) -> ResponseReturnValue:
    response = redirect(target)
    if remembered_name is None:
        response.delete_cookie(REMEMBERED_NAME, path="/login/")
    else:
        response.set_cookie(
            REMEMBERED_NAME,
            remembered_name,
            max_age=REMEMBERED_SECONDS,
            path="/login/",
            httponly=True,
            samesite="Lax",
            secure=current_app.session_interface.get_cookie_secure(current_app),
        )
    return response
