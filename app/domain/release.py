"""Accepted data that the quality office hands to a functional department (第十二条).

``RELEASE_STEPS`` is the single table from which policies, buttons and audit tags are made.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReleaseStatus(StrEnum):
    """Where a release stands; what is over by the clock is ``expired`` without anybody's doing."""

    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ReleaseVerb(StrEnum):
    """What can be done with a release; the clock lets it expire."""

    RELEASE = "release"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class ReleaseHolder(StrEnum):
    """Who may take a step."""

    QA_OFFICE = "qa_office"
    CLOCK = "clock"


@dataclass(frozen=True)
class ReleaseStep:
    """One permitted change of a release's status; ``source`` is None where it begins."""

    source: ReleaseStatus | None
    verb: ReleaseVerb
    target: ReleaseStatus
    holder: ReleaseHolder
    article: int
    needs_reason: bool = False


_S, _V, _H = ReleaseStatus, ReleaseVerb, ReleaseHolder
RELEASE_STEPS: tuple[ReleaseStep, ...] = (
    ReleaseStep(None, _V.RELEASE, _S.RELEASED, _H.QA_OFFICE, 12, needs_reason=True),
    ReleaseStep(_S.RELEASED, _V.WITHDRAW, _S.WITHDRAWN, _H.QA_OFFICE, 12, needs_reason=True),
    ReleaseStep(_S.RELEASED, _V.EXPIRE, _S.EXPIRED, _H.CLOCK, 12),
)


def release_step_for(source: ReleaseStatus | None, verb: ReleaseVerb) -> ReleaseStep | None:
    """The step that ``verb`` takes; None when there is none."""
    for step in RELEASE_STEPS:
        if (step.source, step.verb) == (source, verb):
            return step
    return None


def status_at(status: ReleaseStatus, expires_at: datetime, now: datetime) -> ReleaseStatus:
    """Where a release stands at that moment; the very moment it expires still counts."""
    expires = release_step_for(status, ReleaseVerb.EXPIRE)
    return status if expires is None or now <= expires_at else expires.target
