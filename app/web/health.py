"""What a supervisor asks: is the process alive, and can it serve."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.jobs.queue import QueueUnreachableError
from app.models.setting import PERMISSION_VERSION, Setting
from app.web.current import current_queue, current_session


def install(application: Flask) -> None:
    """Offer ``/healthz`` and ``/readyz``; both tell nothing about versions or addresses."""
    application.add_url_rule("/healthz", "healthz", healthz)
    application.add_url_rule("/readyz", "readyz", readyz)


def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


def readyz() -> ResponseReturnValue:
    """The database answers and has been set up; 503 otherwise.

    Queue and worker are told beside it and decide nothing: pages are read, rows are saved and files
    imported without them, only large ones take their time inside the request.
    """
    statement = select(Setting.value).where(Setting.name == PERMISSION_VERSION)
    try:
        ready = current_session().scalar(statement) is not None
    except SQLAlchemyError:
        ready = False
    told = {"database": "ok" if ready else "unavailable", **_background()}
    return jsonify(told), 200 if ready else 503


def _background() -> dict[str, str]:
    queue = current_queue()
    try:
        has_worker = queue.has_worker()
        queue.waiting()
    except QueueUnreachableError:
        return {"queue": "unavailable", "worker": "unknown"}
    return {"queue": "ok", "worker": "ok" if has_worker else "missing"}
