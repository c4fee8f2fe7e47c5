"""The collection cycle of an academic year (第七条—第九条, 第十二条)."""

from dataclasses import dataclass
from enum import StrEnum


class CycleStatus(StrEnum):
    """Where a cycle stands."""

    PREPARING = "preparing"
    OPEN = "open"
    CLOSED = "closed"
    LOCKED = "locked"
    ARCHIVED = "archived"


# Years whose rows nobody changes any more.
OVER = frozenset({CycleStatus.LOCKED, CycleStatus.ARCHIVED})


class CycleVerb(StrEnum):
    """What can be done with a cycle."""

    OPEN = "open"
    CLOSE = "close"
    EXTEND = "extend"
    LOCK = "lock"
    UNLOCK = "unlock"
    ARCHIVE = "archive"


class CycleHolder(StrEnum):
    """Who may take a step of the cycle."""

    QA_OFFICE = "qa_office"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class CycleStep:
    """One permitted change of a cycle's status; ``article`` and ``needs_second`` as in ``Step``."""

    source: CycleStatus
    verb: CycleVerb
    target: CycleStatus
    holder: CycleHolder
    article: int
    needs_reason: bool = False
    needs_second: bool = False


CYCLE_STEPS: tuple[CycleStep, ...] = (
    CycleStep(CycleStatus.PREPARING, CycleVerb.OPEN, CycleStatus.OPEN, CycleHolder.QA_OFFICE, 8),
    CycleStep(CycleStatus.OPEN, CycleVerb.CLOSE, CycleStatus.CLOSED, CycleHolder.QA_OFFICE, 7),
    CycleStep(
        CycleStatus.CLOSED, CycleVerb.EXTEND, CycleStatus.OPEN, CycleHolder.QA_OFFICE, 7, True
    ),
    CycleStep(
        CycleStatus.CLOSED,
        CycleVerb.LOCK,
        CycleStatus.LOCKED,
        CycleHolder.QA_OFFICE,
        12,
        needs_second=True,
    ),
    CycleStep(
        CycleStatus.LOCKED,
        CycleVerb.UNLOCK,
        CycleStatus.CLOSED,
        CycleHolder.QA_OFFICE,
        12,
        needs_reason=True,
        needs_second=True,
    ),
    CycleStep(CycleStatus.LOCKED, CycleVerb.ARCHIVE, CycleStatus.ARCHIVED, CycleHolder.ARCHIVE, 16),
)


def cycle_step_for(source: CycleStatus, verb: CycleVerb) -> CycleStep | None:
    """The step that ``verb`` takes from ``source``; None when there is none."""
    for step in CYCLE_STEPS:
        if step.source is source and step.verb is verb:
            return step
    return None


def cycle_steps_from(source: CycleStatus) -> tuple[CycleStep, ...]:
    """All steps that lead away from ``source``."""
    return tuple(step for step in CYCLE_STEPS if step.source is source)
