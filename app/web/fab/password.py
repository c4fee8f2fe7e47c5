"""Proving once more who one is, where a step asks for it (第五条第三款)."""

from app.access.person import Actor
from app.web.account.sign_in import prove


def proves_password(_actor: Actor, password: str | None) -> bool:
    """Whether the person gave a password; Refused when it is not his own or was wrong too often.

    Comparing is slow on purpose: once per request is enough.
    """
    if not password:
        return False
    prove(password)
    return True
