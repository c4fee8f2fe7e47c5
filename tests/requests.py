"""Requests as people make and decide them, for tests of several rooms."""

from datetime import timedelta
from typing import Any

from app.access.person import Actor
from app.actions.request import Decision, ask, decide
from app.domain.request import RequestKind, RequestVerb
from app.models.request import Request
from tests.college import DUE, College

LATER = DUE + timedelta(days=10)


def ask_for(
    college: College, kind: RequestKind, *, by: Actor, table: str = "course", **asked: Any
) -> Request:
    """Ask for something about a table of 教务处; an extension until ``LATER``."""
    if kind is RequestKind.EXTENSION:
        asked.setdefault("until", LATER)
    reason = asked.pop("reason", "按实际情况办理")
    number = college.submission(table).id
    place = (college.session, college.store, number)
    return ask(*place, kind, reason, by=by, now=college.now, **asked)


def decide_on(
    college: College, request: Request, verb: RequestVerb, *, by: Actor, **said: Any
) -> Request:
    """Decide on the request as it was when it was read."""
    decision = Decision(verb, said.pop("version", request.version), **said)
    place = (college.session, college.store, request.id)
    decide(*place, decision, by=by, now=college.now)
    return last_request(college)


def last_request(college: College) -> Request:
    """The newest request as it is stored now."""
    return college.all(Request)[-1]
