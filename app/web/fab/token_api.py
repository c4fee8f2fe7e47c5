"""Bearer tokens: where one is got and whose it is."""

from typing import Any

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_appbuilder.api import expose
from flask_appbuilder.security.api import SecurityApi
from flask_babel import gettext as _
from flask_jwt_extended import create_access_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import PyJWTError

from app.web.problems import problem

SCHEME = "Bearer "


class TokenApi(SecurityApi):
    """``POST /api/v1/security/login``; renewing a token means signing in again."""

    exclude_route_methods = {"refresh"}

    @expose("/login", methods=["POST"])
    def login(self) -> ResponseReturnValue:
        """Answer ``{"access_token": …}`` for ``{"username", "password", "provider": "db"}``.

        Unknown, inactive and mistaken sign-ins get the same answer.
        """
        credentials = _credentials(request.get_json(silent=True))
        if credentials is None:
            return problem(400, _("Send a JSON object with username, password and provider db."))
        user = self.appbuilder.sm.auth_user_db(*credentials)
        if user is None:
            return problem(401, _("The staff number or the password is not right."))
        return jsonify(access_token=create_access_token(identity=str(user.id), fresh=True))


def bearer_token() -> str | None:
    """The token in the request's Authorization header, None when it has none."""
    header = request.headers.get("Authorization", "")
    return header[len(SCHEME) :].strip() if header.startswith(SCHEME) else None


def user_id_of(token: str) -> int | None:
    """The user to whom ``token`` was given.

    None when it is forged, foreign or too old, or when the account was closed meanwhile.
    """
    try:
        claims = decode_token(token)
    except (JWTExtendedException, PyJWTError):
        current_app.logger.info("a bearer token was refused")
        return None
    subject = str(claims.get("sub", ""))
    if claims.get("type") != "access" or not subject.isdigit():
        return None
    user = current_app.extensions["appbuilder"].sm.load_user(int(subject))
    return None if user is None else int(user.id)


def _credentials(body: Any) -> tuple[str, str] | None:
    if not isinstance(body, dict) or body.get("provider", "db") != "db":
        return None
    username, password = body.get("username"), body.get("password")
    if isinstance(username, str) and isinstance(password, str):
        return username, password
    return None
