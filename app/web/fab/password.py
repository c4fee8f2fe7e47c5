"""Proving once more who one is, where a step asks for it (第五条第三款)."""

from flask import current_app
from werkzeug.security import check_password_hash, generate_password_hash

from app.access.person import Actor
from app.domain.message import Message, Reason, Refused

# A thirtieth of the usual work, still a megabyte of memory for every guess.
INITIAL_METHOD = "scrypt:1024:8:1"


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


def hash_initial_password(password: str) -> str:
    """The hash of a random initial password: a hundred of them take half a second.

    59 random bits need no slow hash to withstand guessing (decision record
    0011); the password that replaces it is hashed slowly, as all are.
    """
    return generate_password_hash(password, INITIAL_METHOD)
