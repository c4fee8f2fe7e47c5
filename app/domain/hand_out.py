"""Handing out and collecting workbooks (分发与回收): divisions of a table, states of a part."""

from datetime import date
from enum import StrEnum


class Division(StrEnum):
    """By what a table is divided: its people, the values of one field, the departments."""

    PERSON = "person"
    FIELD = "field"
    DEPARTMENT = "department"


class PartState(StrEnum):
    """How a part stands.

    ``collected``: a file of it has come back and waits for its confirmation; ``conflicting``: rows
    of it were left out when it was merged; ``missing``: nothing came back by the due date.
    """

    HANDED_OUT = "handed_out"
    COLLECTED = "collected"
    MERGED = "merged"
    CONFLICTING = "conflicting"
    MISSING = "missing"


def state_on(state: PartState, due_on: date | None, today: date) -> PartState:
    """The state as people see it on a day: what was not returned in time is missing."""
    is_late = due_on is not None and due_on < today
    return PartState.MISSING if state is PartState.HANDED_OUT and is_late else state
