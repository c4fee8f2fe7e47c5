"""The written tables of what everybody is answered, and how an answer is told in one letter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from werkzeug.test import TestResponse

# Kind of caller, as the tables call it → the demo college's account.
CALLERS: Mapping[str, str | None] = {
    "visitor": None,
    "admin": "admin",
    "qa": "qa",
    "steward": "qcx_steward",
    "head": "qcx_head",
    "teacher": "t_full",
    "other": "jdx_steward",
    "leader": "leader",
    "archive": "archive",
    "reader": "reader",
}
# Whose reach is a question of rows, which every kind of database has to answer alike; what the
# others may do is the same set of rights wherever it has been read.
OF_ROWS = ("qa", "steward", "teacher", "other")
# Understood and allowed, though impossible now: stale, incomplete, locked.
IMPOSSIBLE_NOW = frozenset({409, 422, 423})
LETTERS = {401: "l", 403: "n", 404: "h", 422: "r"}
# Letters that tell more than being let in.
LET_IN = frozenset("ygr")
CONVERTER = re.compile(r"<(?:[^<>]*:)?(\w+)>")


@dataclass(frozen=True)
class Line:
    """One question with the answer that every kind of caller is to get."""

    method: str
    route: str
    what: str
    whose: str
    expected: Mapping[str, str]

    def __str__(self) -> str:
        words = [self.method, self.route, self.what, self.whose]
        return " ".join(word for word in words if word != "-")


def read_lines(name: str) -> list[Line]:
    """The lines of a table beside this file."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    told = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    heading, *rows = told
    callers = heading[4:]
    return [Line(*words[:4], expected=dict(zip(callers, words[4:], strict=True))) for words in rows]


def asking_on(dialect: str) -> list[str]:
    """Who asks: everybody, on a second kind of database those whose reach it decides."""
    return list(CALLERS if dialect == "sqlite" else OF_ROWS)


def plain_route(rule: str) -> str:
    """A rule without the converters of its parts: ``/people/<number>``."""
    return CONVERTER.sub(r"<\1>", rule)


def letter_of(answer: TestResponse, expected: str, *, wrote: bool) -> str:
    """The letter of an answer, in the words of what is ``expected``; its status where it has none.

    ``wrote`` tells that the request changed something: who is refused in whatever words must not.
    """
    status = answer.status_code
    if status == 302 and answer.location.startswith("/login/"):
        return "l"
    if expected == "y" and (status < 400 or status in IMPOSSIBLE_NOW):
        return "y"
    found = "g" if status < 400 else LETTERS.get(status, str(status))
    return f"{found} and wrote" if wrote else found
