"""The login page (S1) and the way out."""

from flask import current_app, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.security.views import AuthDBView
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from app.web.current import actor_or_none
from app.web.redirects import safe_path

REMEMBERED_NAME = "statedata_username"
REMEMBERED_SECONDS = 180 * 24 * 3600


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
        user = self.appbuilder.sm.auth_user_db(username, password)
        if user is None:
            error = _("The staff number or the password is not right. Check both and try again.")
            return _page(username, remember=remember, error=error), 401
        return _signed_in(user, target, username if remember else None)

    @expose("/logout/", methods=["GET", "POST"])
    def logout(self) -> ResponseReturnValue:
        """Ask on GET, for a link must not sign anybody out; sign out on POST."""
        if request.method == "GET":
            return render_template("logout.html")
        user = self._get_authenticated_user()
        logout_user()
        session.clear()
        g.actor = None
        if user is not None:
            self.appbuilder.sm.on_user_logout(user)
        return redirect("/login/")


def _page(username: str, *, remember: bool, error: str | None = None) -> str:
    return render_template("login.html", username=username, remember=remember, error=error)


def _signed_in(user: object, target: str, remembered_name: str | None) -> ResponseReturnValue:
    """Start a session of its own for ``user``: nothing of the visitor's session lives on."""
    session.clear()
    login_user(user, remember=False)
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
