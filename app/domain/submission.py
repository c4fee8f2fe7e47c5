"""The submission of one table by one department in one cycle (第十条—第十二条).

``STEPS`` is the single table from which buttons, policies, audit tags, the
diagram in the docs and the exhaustive test are made.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Holder(StrEnum):
    """Whose move it is."""

    FILLER = "filler"
    STEWARD = "steward"
    HEAD = "head"
    QA_OFFICE = "qa_office"
    CYCLE = "cycle"
    NOBODY = "nobody"


class Status(StrEnum):
    """Where a submission stands; being late is a mark, not a status."""

    NOT_STARTED = "not_started"
    ENTERING = "entering"
    UNDER_REVIEW = "under_review"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    SUBMITTED = "submitted"
    UNDER_QA_REVIEW = "under_qa_review"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LOCKED = "locked"
    EXEMPT = "exempt"

    @property
    def holder(self) -> Holder:
        """Whose move it is in this status."""
        return STATUS_HOLDERS[self]

    @property
    def is_editable(self) -> bool:
        """Whether rows may change while a submission stands here."""
        return self in EDITABLE


STATUS_HOLDERS = {
    Status.NOT_STARTED: Holder.STEWARD,
    Status.ENTERING: Holder.STEWARD,
    Status.UNDER_REVIEW: Holder.STEWARD,
    Status.AWAITING_CONFIRMATION: Holder.HEAD,
    Status.SUBMITTED: Holder.QA_OFFICE,
    Status.UNDER_QA_REVIEW: Holder.QA_OFFICE,
    Status.RETURNED: Holder.STEWARD,
    Status.ACCEPTED: Holder.NOBODY,
    Status.LOCKED: Holder.NOBODY,
    Status.EXEMPT: Holder.NOBODY,
}
EDITABLE = frozenset({Status.NOT_STARTED, Status.ENTERING, Status.RETURNED})


class Verb(StrEnum):
    """What can be done with a submission.

    The same word names the route, the permission and the audit tag.
    """

    ENTER = "enter"
    FINISH = "finish"
    EXEMPT = "exempt"
    WITHDRAW = "withdraw"
    SEND_BACK = "send_back"
    REVIEW = "review"
    CONFIRM = "confirm"
    RECEIVE = "receive"
    ACCEPT = "accept"
    REOPEN = "reopen"
    LOCK = "lock"
    UNLOCK = "unlock"


@dataclass(frozen=True)
class Step:
    """One permitted change of status.

    ``holder`` may take it; ``article`` is the article of the regulation it
    follows from; ``needs_reason`` steps are refused without one. A finish without
    rows is a nil return and then needs a reason too. A step that ``needs_second`` is
    asked for by one person and carried out when another one takes it too.
    """

    source: Status
    verb: Verb
    target: Status
    holder: Holder
    article: int
    needs_reason: bool = False
    needs_second: bool = False


STEPS: tuple[Step, ...] = (
    Step(Status.NOT_STARTED, Verb.ENTER, Status.ENTERING, Holder.FILLER, 10),
    Step(Status.NOT_STARTED, Verb.FINISH, Status.UNDER_REVIEW, Holder.STEWARD, 10),
    Step(Status.NOT_STARTED, Verb.EXEMPT, Status.EXEMPT, Holder.QA_OFFICE, 4, True),
    Step(Status.ENTERING, Verb.FINISH, Status.UNDER_REVIEW, Holder.STEWARD, 11),
    Step(Status.ENTERING, Verb.EXEMPT, Status.EXEMPT, Holder.QA_OFFICE, 4, True),
    Step(Status.UNDER_REVIEW, Verb.REVIEW, Status.AWAITING_CONFIRMATION, Holder.STEWARD, 5),
    Step(Status.UNDER_REVIEW, Verb.SEND_BACK, Status.RETURNED, Holder.STEWARD, 11, True),
    Step(Status.UNDER_REVIEW, Verb.WITHDRAW, Status.ENTERING, Holder.STEWARD, 11),
    Step(Status.AWAITING_CONFIRMATION, Verb.CONFIRM, Status.SUBMITTED, Holder.HEAD, 5),
    Step(Status.AWAITING_CONFIRMATION, Verb.SEND_BACK, Status.RETURNED, Holder.HEAD, 11, True),
    Step(Status.SUBMITTED, Verb.RECEIVE, Status.UNDER_QA_REVIEW, Holder.QA_OFFICE, 12),
    Step(Status.SUBMITTED, Verb.WITHDRAW, Status.ENTERING, Holder.HEAD, 11, True),
    Step(Status.UNDER_QA_REVIEW, Verb.ACCEPT, Status.ACCEPTED, Holder.QA_OFFICE, 12),
    Step(Status.UNDER_QA_REVIEW, Verb.SEND_BACK, Status.RETURNED, Holder.QA_OFFICE, 12, True),
    Step(Status.RETURNED, Verb.FINISH, Status.UNDER_REVIEW, Holder.STEWARD, 11),
    Step(
        Status.ACCEPTED, Verb.REOPEN, Status.RETURNED, Holder.QA_OFFICE, 12, True, needs_second=True
    ),
    Step(Status.ACCEPTED, Verb.LOCK, Status.LOCKED, Holder.CYCLE, 12),
    Step(Status.LOCKED, Verb.UNLOCK, Status.ACCEPTED, Holder.CYCLE, 12),
    Step(Status.EXEMPT, Verb.REOPEN, Status.NOT_STARTED, Holder.QA_OFFICE, 4, True),
)


def step_for(source: Status, verb: Verb) -> Step | None:
    """The step that ``verb`` takes from ``source``; None when there is none."""
    for step in STEPS:
        if step.source is source and step.verb is verb:
            return step
    return None


def steps_from(source: Status) -> tuple[Step, ...]:
    """All steps that lead away from ``source``, in the order of ``STEPS``."""
    return tuple(step for step in STEPS if step.source is source)


def is_late(
    status: Status, due_at: datetime, first_reported_at: datetime | None, now: datetime
) -> bool:
    """Whether a table was or, unreported, is by now reported after its due date (第七条).

    The very moment it is due is still in time. What is sent back after the first report makes
    nothing late, and nothing is owed where the table is exempt.
    """
    return status is not Status.EXEMPT and (first_reported_at or now) > due_at
