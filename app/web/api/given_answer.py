"""``Idempotency-Key``: a request that is sent again is answered again, not carried out again."""

import hashlib
import hmac
import re
from collections.abc import Callable
from contextlib import suppress

from flask import Response, current_app, g, make_response, request
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from app.actions.given_answer import (
    Answered,
    begin_answer,
    forget_answer,
    keep_answer,
    noting_deeds,
)
from app.domain.message import Refused
from app.models.given_answer import LONGEST_KEY
from app.web.api.schema import Malformed
from app.web.current import current_actor, current_session, current_time
from app.web.retry import persistently

HEADER = "Idempotency-Key"
REPEATED = "Idempotency-Replayed"
KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
JSON = "application/json"
PROBLEM = "application/problem+json"
# Under this name the request says of its refusal that it is to be kept.
KEPT = "keeps_refusal"


def answered_once(answer: Callable[[], Response]) -> Response:
    """``answer()``, or what the same request was answered within the last day.

    Only what was carried out is kept: a refusal has changed nothing, so the question may be asked
    again, unless it says itself that it has (``keep_refusal``). Raises Malformed for a key that is
    none, Refused where it belongs to another request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return answer()
    if not KEY.fullmatch(key):
        raise Malformed(
            _(
                "%(key)s has to be 1 to %(count)s printable characters.",
                key=HEADER,
                count=LONGEST_KEY,
            )
        )
    session, actor = current_session(), current_actor()
    given = begin_answer(session, key, _digest_of_request(), by=actor, now=current_time())
    if given is not None:
        return _again(given)
    try:
        with noting_deeds(session, key, by=actor):
            response = answer()
    except BaseException as error:
        session.rollback()
        forget_answer(session, key, was_refused=isinstance(error, Refused), by=actor)
        raise
    if response.status_code < 300 or g.pop(KEPT, False):
        kept = Answered(response.status_code, response.get_data())
        # What was carried out is done, whether its answer can be kept or not.
        with suppress(Refused, DBAPIError):
            persistently(lambda: keep_answer(session, key, kept, by=actor))
    else:
        forget_answer(session, key, was_refused=True, by=actor)
    return response


def keep_refusal() -> None:
    """Let the answer of this request be kept though it refuses: part of it was carried out."""
    setattr(g, KEPT, True)


def _again(given: Answered) -> Response:
    response = make_response(given.content, given.status)
    response.content_type = JSON if given.status < 300 else PROBLEM
    response.headers[REPEATED] = "true"
    return response


def _digest_of_request() -> str:
    """Tells requests apart; keyed, because a body may hold a password that could be guessed."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(secret, digestmod=hashlib.sha256)
    for part in (request.method, request.full_path, *_parts_of_body()):
        content = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()


def _parts_of_body() -> list[str | bytes]:
    """The body without what a repetition may write in another way: the borders of a form."""
    if not request.files:
        return [request.get_data()]
    parts: list[str | bytes] = []
    for name, texts in sorted(request.form.lists()):
        parts += [name, *texts]
    for name, file in sorted(request.files.items()):
        parts += [name, file.filename or "", file.stream.read()]
        file.stream.seek(0)
    return parts
