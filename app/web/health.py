"""What a supervisor asks: is the process alive, and can it serve."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.models.setting import PERMISSION_VERSION, Setting
from app.web.current import current_session


def install(application: Flask) -> None:
    """Offer ``/healthz`` and ``/readyz``; both tell nothing about versions or addresses."""
    application.add_url_rule("/healthz", "healthz", healthz)
    application.add_url_rule("/readyz", "readyz", readyz)


def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


def readyz() -> ResponseReturnValue:
    """The database answers and has been set up; 503 otherwise."""
    statement = select(Setting.value).where(Setting.name == PERMISSION_VERSION)
    try:
        ready = current_session().scalar(statement) is not None
    except SQLAlchemyError:
        ready = False
    return jsonify(database="ok" if ready else "unavailable"), 200 if ready else 503
