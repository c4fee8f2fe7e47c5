"""The same step for many submissions: each in a transaction of its own.

What one of them is refused for keeps no other from being done.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.domain.message import Refused
from app.domain.submission import Status
from app.models.base_table import Store
from app.models.judged_table import JudgedTables
from app.models.submission import Submission

Done = TypeVar("Done")


@dataclass(frozen=True)
class Taken:
    """What became of one submission: its new state, or the refusal."""

    submission_id: int
    version: int = 0
    status: Status | None = None
    refusal: Refused | None = None


def take_steps(
    session: Session,
    store: Store,
    seen: Iterable[tuple[int, int]],
    request: StepRequest,
    *,
    by: Actor,
    now: datetime,
    each: Callable[[Callable[[], Submission]], Submission] = lambda act: act(),
) -> list[Taken]:
    """Take the step with each pair of id and version, as the person saw them, in this order.

    ``each`` carries out one of them, perhaps trying again when the database was busy: what was
    done for the first ones must not be done twice.
    """
    judged = JudgedTables()

    def act(number: int, version: int) -> Submission:
        asked = replace(request, version=version)
        return take_step(session, store, number, asked, by=by, now=now, judged=judged)

    return [
        Taken(number, refusal=found)
        if isinstance(found, Refused)
        else Taken(number, found.version, found.status)
        for number, found in one_by_one(seen, act, each)
    ]


def one_by_one(
    seen: Iterable[tuple[int, int]],
    act: Callable[[int, int], Done],
    each: Callable[[Callable[[], Done]], Done],
) -> Iterator[tuple[int, Done | Refused]]:
    """Act on each pair of id and version, in this order: the id with what came of it, or why not.

    ``each`` as ``take_steps`` has it.
    """
    for number, version in seen:
        try:
            yield number, each(partial(act, number, version))
        except Refused as refusal:
            yield number, refusal
