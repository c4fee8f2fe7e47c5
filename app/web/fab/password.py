"""Proving once more who one is, where a step asks for it (第五条第三款)."""

from flask import current_app
from werkzeug.security import check_password_hash

from app.access.person import Actor


def is_own_password(actor: Actor, password: str) -> bool:
    """Whether ``password`` is the one ``actor`` signs in with."""
    user = current_app.extensions["appbuilder"].sm.load_user(actor.user_id)
    return bool(user and user.password and check_password_hash(user.password, password))
