"""What a department that reports a table asks of another one (第十条第三款).

``COOPERATION_STEPS`` is the single table from which policies, buttons, audit tags, the table in the
docs and the exhaustive test are made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LEAST_RATING, BEST_RATING = 1, 5


class CooperationStatus(StrEnum):
    """Where a co-operation request stands; being overdue is a mark, not a status."""

    DRAFT = "draft"
    SENT = "sent"
    ANSWERED = "answered"
    REFUSED = "refused"
    APPEALED = "appealed"
    ORDERED = "ordered"
    RELEASED = "released"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class CooperationVerb(StrEnum):
    """What can be done with a co-operation request; ``order`` and ``release`` are the rulings."""

    REQUEST = "request"
    REVISE = "revise"
    SEND = "send"
    EXTEND = "extend"
    ANSWER = "answer"
    REFUSE = "refuse"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"
    APPEAL = "appeal"
    ORDER = "order"
    RELEASE = "release"
    CANCEL = "cancel"


class CooperationHolder(StrEnum):
    """Who may take a step.

    ``asker`` is the side that asked: the department that reports the table, or the quality office.
    ``lead`` is that department in any case, and with it the office where that asked; ``partner`` is
    the department that is asked, ``either`` lead or partner.
    """

    ASKER = "asker"
    LEAD = "lead"
    PARTNER = "partner"
    EITHER = "either"
    QA_OFFICE = "qa_office"


@dataclass(frozen=True)
class CooperationStep:
    """One permitted change of status; ``source`` is None where a request begins.

    ``when_overdue`` steps are open only once the due date has passed without an answer.
    """

    source: CooperationStatus | None
    verb: CooperationVerb
    target: CooperationStatus
    holder: CooperationHolder
    needs_reason: bool = False
    when_overdue: bool = False


def _asking() -> tuple[CooperationStep, ...]:
    """Writing a request down, sending it, giving more time, taking it back while none answered.

    Whoever has named the date puts it off: the asker, or the quality office where it has ruled.
    """
    s, v, asker = CooperationStatus, CooperationVerb, CooperationHolder.ASKER
    return (
        CooperationStep(None, v.REQUEST, s.DRAFT, asker),
        CooperationStep(s.DRAFT, v.REVISE, s.DRAFT, asker),
        CooperationStep(s.DRAFT, v.SEND, s.SENT, asker),
        CooperationStep(s.SENT, v.EXTEND, s.SENT, asker),
        CooperationStep(s.ORDERED, v.EXTEND, s.ORDERED, CooperationHolder.QA_OFFICE),
        *(
            CooperationStep(source, v.CANCEL, s.WITHDRAWN, asker)
            for source in (s.DRAFT, s.SENT, s.REFUSED, s.APPEALED, s.ORDERED)
        ),
    )


def _answering() -> tuple[CooperationStep, ...]:
    """Answering or refusing; what was answered or confirmed goes back to be mended."""
    s, v, h = CooperationStatus, CooperationVerb, CooperationHolder
    return (
        CooperationStep(s.SENT, v.ANSWER, s.ANSWERED, h.PARTNER),
        CooperationStep(s.ORDERED, v.ANSWER, s.ANSWERED, h.PARTNER),
        CooperationStep(s.SENT, v.REFUSE, s.REFUSED, h.PARTNER, needs_reason=True),
        CooperationStep(s.ANSWERED, v.CONFIRM, s.CONFIRMED, h.LEAD),
        CooperationStep(s.ANSWERED, v.SEND_BACK, s.SENT, h.LEAD, needs_reason=True),
        CooperationStep(s.CONFIRMED, v.SEND_BACK, s.SENT, h.LEAD, needs_reason=True),
    )


def _ruling() -> tuple[CooperationStep, ...]:
    """What was refused, or has not been answered in time, is ruled on by the quality office."""
    s, v, h = CooperationStatus, CooperationVerb, CooperationHolder
    return (
        CooperationStep(s.REFUSED, v.APPEAL, s.APPEALED, h.EITHER, needs_reason=True),
        *(
            CooperationStep(
                source, v.APPEAL, s.APPEALED, h.LEAD, needs_reason=True, when_overdue=True
            )
            for source in (s.SENT, s.ORDERED)
        ),
        CooperationStep(s.APPEALED, v.ORDER, s.ORDERED, h.QA_OFFICE, needs_reason=True),
        CooperationStep(s.APPEALED, v.RELEASE, s.RELEASED, h.QA_OFFICE, needs_reason=True),
    )


COOPERATION_STEPS: tuple[CooperationStep, ...] = (*_asking(), *_answering(), *_ruling())
# All of them follow from the same clause (第十条第三款).
ARTICLE = 10
# Whose move it is; nobody has to do anything about the others.
STATUS_HOLDERS: Mapping[CooperationStatus, CooperationHolder] = {
    CooperationStatus.DRAFT: CooperationHolder.ASKER,
    CooperationStatus.SENT: CooperationHolder.PARTNER,
    CooperationStatus.ANSWERED: CooperationHolder.LEAD,
    CooperationStatus.APPEALED: CooperationHolder.QA_OFFICE,
    CooperationStatus.ORDERED: CooperationHolder.PARTNER,
}
# Nothing more becomes of these.
FINAL = frozenset({CooperationStatus.RELEASED, CooperationStatus.WITHDRAWN})
# As long as one stands here, the table is not complete and is not handed to review.
OPEN = frozenset(
    {
        CooperationStatus.SENT,
        CooperationStatus.ANSWERED,
        CooperationStatus.APPEALED,
        CooperationStatus.ORDERED,
    }
)
# The department that was asked owes an answer.
AWAITING_ANSWER = frozenset({CooperationStatus.SENT, CooperationStatus.ORDERED})
# It may add and change its rows.
CONTRIBUTING = frozenset({*AWAITING_ANSWER, CooperationStatus.ANSWERED})
# It answers for the rows that it has contributed: nobody else changes them.
ANSWERED_FOR = frozenset({*OPEN, CooperationStatus.CONFIRMED})


def cooperation_step_for(
    source: CooperationStatus | None, verb: CooperationVerb
) -> CooperationStep | None:
    """The step that ``verb`` takes from ``source``; None when there is none."""
    for step in COOPERATION_STEPS:
        if (step.source, step.verb) == (source, verb):
            return step
    return None


def cooperation_steps_from(source: CooperationStatus) -> tuple[CooperationStep, ...]:
    """All steps that lead away from ``source``, in the order of the table."""
    return tuple(step for step in COOPERATION_STEPS if step.source is source)


def is_overdue(status: CooperationStatus, due_at: datetime, now: datetime) -> bool:
    """Whether an answer is owed and its last moment, which still counts, has passed."""
    return status in AWAITING_ANSWER and now > due_at
