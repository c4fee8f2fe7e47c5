"""Giving a password wherever one is asked for, and what a test does to logins beforehand."""

from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from app.actions.account import require_new_password
from app.domain.submission import Status
from app.models.account import Account, SignInSession
from app.models.permission import user
from app.reports.person import load_actor
from tests.demo import PASSWORD, Caller, DemoCollege, token_of

TOKENS = "/api/v1/security/login"
INITIAL = "Anfang-7391-x"
NEW = "Kiefernwald-58"


def by_form(demo: DemoCollege, username: str, password: str) -> TestResponse:
    """Try a password on the login page."""
    visitor = demo.visitor()
    form = {"username": username, "password": password, "csrf_token": token_of(visitor)}
    return visitor.post("/login/", data=form)


def by_api(demo: DemoCollege, username: str, password: str) -> TestResponse:
    """Try to get a token for a password."""
    body = {"username": username, "password": password, "provider": "db"}
    return demo.visitor().post(TOKENS, json=body)


def by_step(demo: DemoCollege, username: str, password: str) -> TestResponse:
    """Try to confirm a submission of one's department, which asks for the password."""
    demo.set_status("course", "A03", Status.AWAITING_CONFIRMATION)
    found = demo.submission("course", "A03")
    body = {"version": str(found.version), "password": password}
    return demo.caller(username).post(f"submissions/{found.id}/confirm", body)


def bearer(demo: DemoCollege, username: str, password: str = PASSWORD) -> dict[str, str]:
    """The header of a program that has signed in."""
    token = by_api(demo, username, password).json["access_token"]
    return {"Authorization": f"Bearer {token}"}


def browser(demo: DemoCollege, username: str, password: str = PASSWORD) -> Caller:
    """A browser that has just signed in, with a session that ends with the test."""
    client: FlaskClient = demo.visitor()
    form = {"username": username, "password": password, "csrf_token": token_of(client)}
    assert client.post("/login/", data=form).status_code == 302
    return Caller(client, token_of(client))


def hand_out(demo: DemoCollege, username: str, ago: timedelta = timedelta()) -> None:
    """Give somebody an initial password, as an administrator does."""
    hashed = generate_password_hash(INITIAL, "pbkdf2:sha256:1")
    now = datetime.now().astimezone() - ago
    with demo.session() as session:
        admin_id = session.scalar(select(user.c.id).where(user.c.username == "admin")) or 0
        admin = load_actor(session, admin_id, now.date())
        assert admin is not None
        session.execute(update(user).where(user.c.username == username).values(password=hashed))
        require_new_password(session, [username], by=admin, now=now)
        session.commit()


def age_session(demo: DemoCollege, username: str, **ages: timedelta) -> None:
    """Let the sessions of somebody be as old as told: ``created_at``, ``last_seen_at``."""
    now = datetime.now().astimezone()
    values = {name: now - age for name, age in ages.items()}
    with demo.session() as session:
        session.execute(
            update(SignInSession).where(SignInSession.username == username).values(**values)
        )
        session.commit()


def age_lock(demo: DemoCollege, username: str) -> None:
    """Let the lock of an account run out."""
    with demo.session() as session:
        account = session.get_one(Account, username)
        assert account.locked_until is not None
        account.locked_until -= timedelta(minutes=15)
        session.commit()
