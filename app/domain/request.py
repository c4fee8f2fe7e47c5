"""What one person asks for and another decides (第四条, 第七条, 第十二条).

``REQUEST_STEPS`` is the single table from which policies, buttons, audit tags, the table in the
docs and the exhaustive test are made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class RequestKind(StrEnum):
    """What is asked for."""

    EXTENSION = "extension"
    EXEMPTION = "exemption"
    REOPENING_WISH = "reopening_wish"
    REOPENING = "reopening"
    UNLOCKING = "unlocking"
    LOCKING = "locking"


class RequestStatus(StrEnum):
    """Where a request stands; what is over by the clock is ``expired`` without anybody's doing."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RequestVerb(StrEnum):
    """What can be done with a request; the clock lets it expire."""

    REQUEST = "request"
    ANSWER = "answer"
    REFUSE = "refuse"
    CANCEL = "cancel"
    EXPIRE = "expire"


class RequestHolder(StrEnum):
    """Who may take a step.

    ``second_person`` is anybody of the quality office, or a leader, but the one who asked.
    """

    STEWARD = "steward"
    DEPARTMENT = "department"
    QA_OFFICE = "qa_office"
    SECOND_PERSON = "second_person"
    LEADER = "leader"
    ASKER = "asker"
    CLOCK = "clock"


class Cause(StrEnum):
    """Why accepted data are opened again; only what the department caused counts (第十七条)."""

    DEPARTMENT = "department"
    QA_OFFICE = "qa_office"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class RequestStep:
    """One permitted change of a request's status; ``source`` is None where it begins."""

    kind: RequestKind
    source: RequestStatus | None
    verb: RequestVerb
    target: RequestStatus
    holder: RequestHolder
    article: int
    needs_reason: bool = False


def _asked(
    kind: RequestKind,
    article: int,
    asker: RequestHolder,
    decider: RequestHolder,
    *,
    needs_reason: bool = True,
) -> tuple[RequestStep, ...]:
    """Asking with a reason, granting, refusing with a reason, and taking it back."""
    s, v, h = RequestStatus, RequestVerb, RequestHolder
    taker = h.ASKER if asker is h.QA_OFFICE else h.DEPARTMENT
    return (
        RequestStep(kind, None, v.REQUEST, s.ASKED, asker, article, needs_reason),
        RequestStep(kind, s.ASKED, v.ANSWER, s.GRANTED, decider, article),
        RequestStep(kind, s.ASKED, v.REFUSE, s.REFUSED, decider, article, True),
        RequestStep(kind, s.ASKED, v.CANCEL, s.WITHDRAWN, taker, article),
    )


def _expiring(kind: RequestKind, article: int, *sources: RequestStatus) -> tuple[RequestStep, ...]:
    s, v, clock = RequestStatus, RequestVerb, RequestHolder.CLOCK
    return tuple(
        RequestStep(kind, source, v.EXPIRE, s.EXPIRED, clock, article) for source in sources
    )


REQUEST_STEPS: tuple[RequestStep, ...] = (
    *_asked(RequestKind.EXTENSION, 7, RequestHolder.DEPARTMENT, RequestHolder.QA_OFFICE),
    *_expiring(RequestKind.EXTENSION, 7, RequestStatus.ASKED, RequestStatus.GRANTED),
    *_asked(RequestKind.EXEMPTION, 4, RequestHolder.STEWARD, RequestHolder.QA_OFFICE),
    *_asked(RequestKind.REOPENING_WISH, 12, RequestHolder.DEPARTMENT, RequestHolder.QA_OFFICE),
    *_asked(RequestKind.REOPENING, 12, RequestHolder.QA_OFFICE, RequestHolder.SECOND_PERSON),
    *_expiring(RequestKind.REOPENING, 12, RequestStatus.ASKED),
    *_asked(RequestKind.UNLOCKING, 12, RequestHolder.QA_OFFICE, RequestHolder.LEADER),
    *_expiring(RequestKind.UNLOCKING, 12, RequestStatus.ASKED),
    # Nobody decides on what he asked for himself: it takes two of the office.
    *_asked(
        *(RequestKind.LOCKING, 12, RequestHolder.QA_OFFICE, RequestHolder.QA_OFFICE),
        needs_reason=False,
    ),
    *_expiring(RequestKind.LOCKING, 12, RequestStatus.ASKED),
)
# What takes two accounts has to be decided within a day; what stands longer is asked anew.
SECOND_PERSON_WITHIN = timedelta(hours=24)
LIFETIMES = {
    RequestKind.REOPENING: SECOND_PERSON_WITHIN,
    RequestKind.UNLOCKING: SECOND_PERSON_WITHIN,
    RequestKind.LOCKING: SECOND_PERSON_WITHIN,
}
# What is asked for about a whole year, not about one table.
OF_YEAR = frozenset({RequestKind.UNLOCKING, RequestKind.LOCKING})
# Statuses after which nothing more becomes of a request.
FINAL = frozenset(
    {RequestStatus.GRANTED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN, RequestStatus.EXPIRED}
)


def request_step_for(
    kind: RequestKind, source: RequestStatus | None, verb: RequestVerb
) -> RequestStep | None:
    """The step that ``verb`` takes; None when there is none."""
    for step in REQUEST_STEPS:
        if (step.kind, step.source, step.verb) == (kind, source, verb):
            return step
    return None


def decider_of(kind: RequestKind) -> RequestHolder:
    """Who decides on requests of the kind."""
    step = request_step_for(kind, RequestStatus.ASKED, RequestVerb.ANSWER)
    if step is None:  # pragma: no cover - every kind has an answer
        raise LookupError(kind)
    return step.holder


def status_at(
    kind: RequestKind, status: RequestStatus, expires_at: datetime | None, now: datetime
) -> RequestStatus:
    """Where a request stands at that moment; the very moment it expires still counts."""
    if request_step_for(kind, status, RequestVerb.EXPIRE) is None:
        return status
    is_over = expires_at is not None and now > expires_at
    return RequestStatus.EXPIRED if is_over else status
