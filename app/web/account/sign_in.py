"""Looking at passwords: the one place for form, token and steps.

A name that nobody has takes the same way and the same time as one that somebody has.
"""

import hashlib
import secrets
from datetime import timedelta

from flask import current_app, request
from flask import session as cookie
from werkzeug.security import check_password_hash

from app.access.account import why_not_try
from app.actions.attempt import Attempt
from app.actions.sign_in import note_failure, note_success, open_session
from app.domain.account import SessionLimit, Way
from app.domain.message import Reason, Refused
from app.models.account import SignInSession
from app.reports.account import Limits, Login, find_login, owner_of, read_attempts
from app.web.current import current_session, current_sign_in, local_time

# The secret in the session cookie and in a token.
SECRET = "sid"  # noqa: S105 - the name of the place
# Where the forms' extension keeps its word.
CSRF = "csrf_token"
# No password is longer; looking at more would only cost time.
LONGEST_LOOKED_AT = 1024
LONGEST_ADDRESS = 45
STATUSES = {Reason.INVALID: 401, Reason.LOCKED: 429, Reason.FORBIDDEN: 403}


def sign_in(username: str, password: str, way: Way) -> tuple[SignInSession, str]:
    """Begin a session with the right password; returns it with its secret. Raises Refused.

    INVALID stands for wrong, LOCKED for too many wrong ones before, FORBIDDEN for a right one
    that does not open anything.
    """
    attempt = _attempt(username, way)
    login = _look_at(attempt, password)
    secret = secrets.token_urlsafe(32)
    opened = open_session(
        current_session(),
        attempt,
        user_id=login.user_id,
        password_hash=login.password_hash,
        id_hash=hash_of(secret),
        now=local_time(),
    )
    return opened, secret


def prove(password: str) -> None:
    """Let whoever is signed in prove once more who he is. Raises Refused."""
    asking = current_sign_in()
    attempt = _attempt(asking.username, Way.STEP, asking.id)
    _look_at(attempt, password)
    note_success(current_session(), attempt, now=local_time())


def hash_of(secret: str) -> str:
    """What is kept of a session's secret: a copy of the database opens no session."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def secret_of_cookie() -> str | None:
    """The secret that the browser's cookie carries."""
    found = cookie.get(SECRET)
    return found if isinstance(found, str) else None


def begin_cookie(secret: str, username: str) -> None:
    """Give the browser a session of its own: nothing of the visitor's session lives on.

    But where the same person's session has run out, the word that proves his pages stays: what he
    has typed in another tab can then still be sent. A planted cookie is somebody else's.
    """
    before = secret_of_cookie()
    proof = cookie.get(CSRF)
    is_same = before is not None and owner_of(current_session(), hash_of(before)) == username
    cookie.clear()
    cookie[SECRET] = secret
    if is_same and proof:
        cookie[CSRF] = proof


def session_limits() -> Limits:
    """How long sessions live; a token's end is written in it."""
    settings = current_app.config
    token: timedelta = settings["JWT_ACCESS_TOKEN_EXPIRES"]
    return {
        Way.FORM: SessionLimit(settings["SESSION_IDLE"], settings["SESSION_LIFETIME"]),
        Way.API: SessionLimit(token, token),
    }


def address_of_request() -> str:
    """Where the request comes from, as far as it can be told."""
    return (request.remote_addr or "")[:LONGEST_ADDRESS]


def _attempt(username: str, way: Way, session_id: int | None = None) -> Attempt:
    client = request.user_agent.string or ""
    return Attempt(username, way, address_of_request(), client, session_id)


def _look_at(attempt: Attempt, password: str) -> Login:
    """The login whose password this is; counts it where it is wrong. Raises Refused."""
    session, now = current_session(), local_time()
    counted = read_attempts(session, attempt.username, attempt.counted_address, attempt.session_id)
    refusal = why_not_try(*counted, now)
    if refusal is not None:
        raise Refused(refusal, Reason.LOCKED)
    login = find_login(session, attempt.username)
    # Comparing takes a tenth of a second on purpose; a made-up hash takes as long.
    stored = current_app.config["AUTH_DB_FAKE_PASSWORD_HASH_CHECK"]
    if login is not None:
        stored = login.password_hash
    readable = password[:LONGEST_LOOKED_AT].encode("utf-8", "backslashreplace").decode()
    if not check_password_hash(stored, readable) or login is None:
        raise note_failure(session, attempt, now=now)
    return login
