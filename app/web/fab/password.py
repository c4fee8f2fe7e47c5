"""Proving once more who one is, where a step asks for it (第五条第三款)."""

from flask import current_app
from werkzeug.security import check_password_hash

from app.access.person import Actor
from app.domain.message import Message, Reason, Refused


def proves_password(actor: Actor, password: str | None) -> bool:
    """Whether ``actor`` gave a password; Refused (invalid) when it is not his own.

    Comparing is slow on purpose: once per request is enough.
    """
    if not password:
        return False
    if not is_own_password(actor, password):
        raise Refused(
            Message("This is not your password. Nothing was changed; try again."), Reason.INVALID
        )
    return True


def is_own_password(actor: Actor, password: str) -> bool:
    """Whether ``password`` is the one ``actor`` signs in with."""
    user = current_app.extensions["appbuilder"].sm.load_user(actor.user_id)
    return bool(user and user.password and check_password_hash(user.password, password))
