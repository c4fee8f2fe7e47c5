"""Pages and answers for everything that does not go through."""

import secrets
from http import HTTPStatus

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    SecurityError,
)

from app.domain.message import Reason, Refused
from app.models.database_fault import missing_right
from app.web.current import current_time
from app.web.problems import detail_of, problem, title_of
from app.web.translation import translated

STATUSES = {
    Reason.FORBIDDEN: 403,
    Reason.NOT_FOUND: 404,
    Reason.CONFLICT: 409,
    Reason.LOCKED: 423,
    Reason.INVALID: 422,
    Reason.BUSY: 503,
}


def install(application: Flask) -> None:
    """Answer refusals, errors of the protocol and bugs of ``application`` in Chinese."""
    application.register_error_handler(Refused, on_refused)
    application.register_error_handler(HTTPException, on_http_error)
    application.register_error_handler(OperationalError, on_database_error)
    application.register_error_handler(ProgrammingError, on_refused_statement)


def on_refused(refusal: Refused) -> ResponseReturnValue:
    """Something was understood and declined: show the reason."""
    details = [translated(detail) for detail in refusal.details]
    return error_answer(STATUSES[refusal.reason], translated(refusal.message), details)


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    """An error of the protocol, or a bug that the framework has wrapped into a 500."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    if isinstance(error, SecurityError):  # a foreign Host header: no address can be built
        return title_of(400), 400, {"Content-Type": "text/plain; charset=utf-8"}
    if isinstance(error, InternalServerError):
        return _with_number(500, error.original_exception)
    if isinstance(error, CSRFError):
        return error_answer(
            400, _("This page is too old. Load it again and repeat your last step.")
        )
    if isinstance(error, RequestEntityTooLarge):
        limit = current_app.config["MAX_CONTENT_LENGTH"] // 2**20
        return error_answer(413, detail_of(413, megabytes=limit))
    return error_answer(error.code)


def on_database_error(error: OperationalError) -> ResponseReturnValue:
    """The database is away, full or overloaded, or a right is missing; nothing was committed."""
    return _with_number(503, error, _missing_right(error))


def on_refused_statement(error: ProgrammingError) -> ResponseReturnValue:
    """PostgreSQL counts a missing right among the faults of a program; others are bugs."""
    told = _missing_right(error)
    if told is None:
        raise error
    return _with_number(503, error, told)


def _missing_right(error: DBAPIError) -> str | None:
    """Which right the database account lacks, for whoever looks after the database."""
    missing = missing_right(error)
    if missing is None:
        return None
    right, table = missing
    return str(
        _(
            "The database account of the platform lacks the right “%(right)s” on table “%(table)s”."
            " Nothing was saved. Tell whoever looks after the database to grant it.",
            right=right or "?",
            table=table or "?",
        )
    )


def error_answer(
    status: int, detail: str | None = None, details: list[str] | None = None, number: str = ""
) -> ResponseReturnValue:
    """A problem document for programs, a page for people."""
    if request.path.startswith("/api/"):
        members = {"details": details} if details else {}
        return problem(status, detail, **members, **({"number": number} if number else {}))
    page = render_template(
        "error.html",
        status=status,
        title=title_of(status),
        detail=detail or detail_of(status),
        details=details or [],
        number=number,
        # After a failure of the database the page must do without anything read from it.
        actor=g.get("actor") if status < HTTPStatus.INTERNAL_SERVER_ERROR else None,
    )
    return page, status


def _with_number(
    status: int, error: BaseException | None, detail: str | None = None
) -> ResponseReturnValue:
    number = f"E-{current_time():%Y%m%d}-{secrets.token_hex(3).upper()}"
    current_app.logger.error("%s %s %s", number, request.method, request.path, exc_info=error)
    return error_answer(status, detail, number=number)
