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

from app.domain.account import NAME_LIMIT, Way
from app.domain.message import Refused
from app.web.account.sign_in import SECRET, STATUSES, sign_in
from app.web.problems import problem
from app.web.translation import translated

SCHEME = "Bearer "
TOO_MANY = 429


class TokenApi(SecurityApi):
    """``POST /api/v1/security/login``; renewing a token means signing in again."""

    exclude_route_methods = {"refresh"}

    @expose("/login", methods=["POST"])
    def login(self) -> ResponseReturnValue:
        """Answer ``{"access_token": …}`` for ``{"username", "password", "provider": "db"}``.

        Unknown, inactive and mistaken sign-ins get the same answer, and are counted like those
        on the login page. The token belongs to a session and ends with it.
        """
        credentials = _credentials(request.get_json(silent=True))
        if credentials is None:
            return problem(400, _("Send a JSON object with username, password and provider db."))
        try:
            opened, secret = sign_in(*credentials, Way.API)
        except Refused as refusal:
            answer = problem(STATUSES[refusal.reason], translated(refusal.message))
            if answer.status_code == TOO_MANY:
                answer.headers["Retry-After"] = str(int(NAME_LIMIT.pause.total_seconds()))
            return answer
        token = create_access_token(
            identity=str(opened.user_id), fresh=True, additional_claims={SECRET: secret}
        )
        return jsonify(access_token=token)


def bearer_token() -> str | None:
    """The token in the request's Authorization header, None when it has none."""
    header = request.headers.get("Authorization", "")
    return header[len(SCHEME) :].strip() if header.startswith(SCHEME) else None


def secret_of(token: str) -> str | None:
    """The secret of the session that ``token`` belongs to.

    None when it is forged, foreign or too old.
    """
    try:
        claims = decode_token(token)
    except (JWTExtendedException, PyJWTError):
        current_app.logger.info("a bearer token was refused")
        return None
    secret = claims.get(SECRET)
    return secret if claims.get("type") == "access" and isinstance(secret, str) else None


def _credentials(body: Any) -> tuple[str, str] | None:
    if not isinstance(body, dict) or body.get("provider", "db") != "db":
        return None
    username, password = body.get("username"), body.get("password")
    if isinstance(username, str) and isinstance(password, str):
        return username, password
    return None
