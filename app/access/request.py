"""Who may ask for what, and who decides on it (第四条, 第七条, 第十二条)."""

from collections.abc import Mapping
from datetime import datetime

from app.access.person import Actor
from app.access.policies import WORKING
from app.access.roles import REQUEST
from app.domain.cycle import CycleStatus
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.domain.request import (
    RequestHolder,
    RequestKind,
    RequestStatus,
    RequestVerb,
    decider_of,
    request_step_for,
)
from app.domain.submission import Status, Verb, step_for
from app.models.cycle import Cycle
from app.models.request import Request
from app.models.submission import Submission

# The right, and the ending of the address, with which each kind is asked for.
ASK_RIGHTS: Mapping[RequestKind, str] = {
    RequestKind.EXTENSION: "request_extension",
    RequestKind.EXEMPTION: "request_exemption",
    RequestKind.REOPENING_WISH: "request_reopening",
    RequestKind.REOPENING: Verb.REOPEN.value,
    RequestKind.UNLOCKING: "unlock",
    RequestKind.LOCKING: "lock",
}
# What a department asks for; the others come with a step of the quality office.
OF_DEPARTMENTS = (RequestKind.EXTENSION, RequestKind.EXEMPTION, RequestKind.REOPENING_WISH)
# Nothing is owed any more, so that there is nothing to put off.
SETTLED = frozenset({Status.EXEMPT, Status.ACCEPTED, Status.LOCKED})
DEPARTMENT_FUNCTIONS = {
    RequestHolder.STEWARD: (Function.DATA_STEWARD,),
    RequestHolder.DEPARTMENT: (Function.DATA_STEWARD, Function.HEAD),
}
DECIDERS = (RequestHolder.QA_OFFICE, RequestHolder.SECOND_PERSON, RequestHolder.LEADER)
WAITS = Message("The same has been asked for already and waits for a decision.")
NOT_PAST_ITS_DATE = Message("The collection year is not past its due date any more.")
_NOT_YOURS = {
    RequestHolder.STEWARD: Message("Only the data steward of the department asks for this."),
    RequestHolder.DEPARTMENT: Message("Only the data steward and the head of the department can."),
    RequestHolder.QA_OFFICE: Message("Only the quality office decides on this."),
    RequestHolder.SECOND_PERSON: Message(
        "A second person of the quality office or a leader of the college decides on this."
    ),
    RequestHolder.LEADER: Message("Only a leader of the college decides on this."),
    RequestHolder.ASKER: Message("Only the person who asked for this takes it back."),
}


def why_not_ask(
    actor: Actor, kind: RequestKind, submission: Submission, cycle: Cycle, now: datetime
) -> Message | None:
    """Why the actor may not ask for this now; for the kinds that departments ask for."""
    if kind not in OF_DEPARTMENTS or not actor.may(ASK_RIGHTS[kind], REQUEST):
        return Message("You have no right to ask for this.")
    step = request_step_for(kind, None, RequestVerb.REQUEST)
    holder = RequestHolder.DEPARTMENT if step is None else step.holder
    if not _is_of_department(actor, holder, submission.department_code):
        return _NOT_YOURS[holder]
    if cycle.status not in WORKING:
        return Message("The collection year %(year)s is not open.", {"year": cycle.academic_year})
    return why_not_wanted(kind, submission, cycle, now)


def why_not_wanted(
    kind: RequestKind, submission: Submission, cycle: Cycle, now: datetime
) -> Message | None:
    """Why what is asked for cannot be done with the submission as it stands."""
    if kind is RequestKind.EXTENSION:
        return _why_not_later(submission, cycle, now)
    verb = Verb.EXEMPT if kind is RequestKind.EXEMPTION else Verb.REOPEN
    if step_for(submission.status, verb) is None:
        return Message(
            "The table is %(status)s; %(verb)s is not possible in this state.",
            {"status": label(submission.status), "verb": label(verb)},
        )
    return None


def _why_not_later(submission: Submission, cycle: Cycle, now: datetime) -> Message | None:
    if submission.first_reported_at is not None:
        return Message("The table has been reported already; what comes back makes nothing late.")
    if submission.status in SETTLED:
        return Message(
            "The table is %(status)s; there is nothing to put off.",
            {"status": label(submission.status)},
        )
    if now > submission.due_by(cycle.due_at):
        return Message(
            "The due date has passed, so it cannot be put off any more. You can still report; the"
            " table is then marked as late."
        )
    return None


def why_not_decide(
    actor: Actor, request: Request, submission: Submission | None, verb: RequestVerb, now: datetime
) -> Message | None:
    """Why the actor may not answer, refuse or take back the request."""
    if not actor.may(verb.value, REQUEST):
        return Message("You have no right to %(verb)s.", {"verb": label(verb)})
    over = why_over(request, verb, now)
    step = request_step_for(request.kind, request.status_at(now), verb)
    if over is not None or step is None:
        return over
    department = "" if submission is None else submission.department_code
    if not _holds(actor, step.holder, request, department):
        return _NOT_YOURS[step.holder]
    if verb is RequestVerb.CANCEL:
        return None
    return _why_not_separate(actor, request, department)


def why_over(request: Request, verb: RequestVerb, now: datetime) -> Message | None:
    """Why nothing of the kind can be done with the request any more, whoever asks."""
    status = request.status_at(now)
    step = request_step_for(request.kind, status, verb)
    if step is not None and step.holder is not RequestHolder.CLOCK:
        return None
    return Message(
        "The request is %(status)s already; nothing more becomes of it.",
        {"status": label(status)},
    )


def why_not_granted(
    request: Request, submission: Submission | None, cycle: Cycle, now: datetime
) -> Message | None:
    """Why what was asked for cannot be done any more; it can still be refused or taken back."""
    if request.kind is RequestKind.LOCKING:
        return None if cycle.status is CycleStatus.CLOSED else NOT_PAST_ITS_DATE
    if submission is None:
        if cycle.status is not CycleStatus.LOCKED:
            return Message("The collection year is not locked any more.")
        return None
    if cycle.status not in WORKING:
        return Message("The collection year %(year)s is not open.", {"year": cycle.academic_year})
    return why_not_wanted(request.kind, submission, cycle, now)


def _is_of_department(actor: Actor, holder: RequestHolder, department: str) -> bool:
    return any(actor.holds(function, department) for function in DEPARTMENT_FUNCTIONS[holder])


def _holds(actor: Actor, holder: RequestHolder, request: Request, department: str) -> bool:
    if holder in DEPARTMENT_FUNCTIONS:
        return _is_of_department(actor, holder, department)
    if holder is RequestHolder.ASKER:
        return actor.number == request.asked_by
    return _decides(actor, holder)


def _decides(actor: Actor, holder: RequestHolder) -> bool:
    if holder not in DECIDERS:
        return False
    leads = actor.holds(Function.LEADER) and holder is not RequestHolder.QA_OFFICE
    works = actor.holds(Function.QA_OFFICE) and holder is not RequestHolder.LEADER
    return leads or works


def decided_kinds(actor: Actor) -> tuple[RequestKind, ...]:
    """The kinds on which the actor decides by his functions."""
    return tuple(kind for kind in RequestKind if _decides(actor, decider_of(kind)))


def _why_not_separate(actor: Actor, request: Request, department: str) -> Message | None:
    """Nobody decides on what he asked for himself, nor on what his own department asks for."""
    if actor.number == request.asked_by:
        return Message(
            "You asked for this yourself; a second person has to decide, with an account of his"
            " own."
        )
    own = actor.departments(Function.DATA_STEWARD, Function.HEAD, Function.TEACHER)
    if request.kind in OF_DEPARTMENTS and department in own:
        return Message(
            "You belong to the department that asks; another person of the quality office has to"
            " decide."
        )
    return None


def decides_at_all(actor: Actor) -> bool:
    """Whether requests ever wait for the actor."""
    return actor.may(RequestVerb.ANSWER.value, REQUEST) and (
        actor.holds(Function.QA_OFFICE) or actor.holds(Function.LEADER)
    )


def why_not_read_requests(actor: Actor) -> Message | None:
    """Why the actor may not see what was asked for."""
    if actor.may("read", REQUEST):
        return None
    return Message("You have no right to view requests.")


def may_decide(
    actor: Actor, request: Request, submission: Submission | None, now: datetime
) -> bool:
    """Whether the request waits for the actor."""
    return (
        request.status_at(now) is RequestStatus.ASKED
        and why_not_decide(actor, request, submission, RequestVerb.ANSWER, now) is None
    )
