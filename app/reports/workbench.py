"""What the workbench shows (S2): to-dos, progress, what came back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import overlooks_college
from app.access.roles import SUBMISSION
from app.domain.person import Function
from app.domain.submission import Holder, Status, Verb
from app.models.audit_log import AuditEntry
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.reports.assignment import TableLine, list_tables
from app.reports.comment import NewComment, new_comments
from app.reports.cycle import collected_cycles, current_cycle
from app.reports.submission import SubmissionLine, list_submissions

# The step that brings a submission nearer to acceptance.
FORWARD: Mapping[Status, Verb] = {
    Status.NOT_STARTED: Verb.ENTER,
    Status.ENTERING: Verb.FINISH,
    Status.RETURNED: Verb.FINISH,
    Status.UNDER_REVIEW: Verb.REVIEW,
    Status.AWAITING_CONFIRMATION: Verb.CONFIRM,
    Status.SUBMITTED: Verb.RECEIVE,
    Status.UNDER_QA_REVIEW: Verb.ACCEPT,
}
DONE = (Status.ACCEPTED, Status.LOCKED)
# What the quality office has, whether it has dealt with it or not.
REPORTED = frozenset({Status.SUBMITTED, Status.UNDER_QA_REVIEW, *DONE})
HOLDER_FUNCTION: Mapping[Holder, Function] = {
    Holder.FILLER: Function.DATA_STEWARD,
    Holder.STEWARD: Function.DATA_STEWARD,
    Holder.HEAD: Function.HEAD,
    Holder.QA_OFFICE: Function.QA_OFFICE,
}
# A teacher's tables: what came back, what is open, then what is closed to him.
OWN_ORDER: Mapping[Status | None, int] = {
    Status.RETURNED: 0,
    Status.ENTERING: 1,
    Status.NOT_STARTED: 2,
    None: 2,
}
SOON = timedelta(days=3)
MOST_TOLD = 50
MOST_BEHIND = 5


class Standing(Protocol):
    """A line of any list that tells where a table stands and what the reader may do."""

    @property
    def status(self) -> Status:
        """Where the table stands."""

    @property
    def permitted(self) -> tuple[Verb, ...]:
        """The steps the reader may take."""


class Urgency(IntEnum):
    """The order of to-dos: what came back first, what has not begun last."""

    RETURNED = 1
    LATE = 2
    SOON = 3
    UNDER_WAY = 4
    NOT_STARTED = 5


@dataclass(frozen=True)
class Todo:
    """A submission whose next step is the reader's, and that step."""

    line: SubmissionLine
    verb: Verb
    urgency: Urgency

    @property
    def function(self) -> Function:
        """As what the reader takes the step."""
        return HOLDER_FUNCTION[self.line.status.holder]


@dataclass(frozen=True)
class SentBack:
    """Who sent a table back, and when."""

    person: str
    at: datetime


@dataclass(frozen=True)
class Behind:
    """How far a department is with what it owes."""

    code: str
    department: str
    owed: int
    reported: int
    late: int

    @property
    def percent(self) -> int:
        """The reported share, rounded down."""
        return self.reported * 100 // self.owed if self.owed else 100


@dataclass(frozen=True)
class Progress:
    """How many submissions stand where; ``department`` is None for the college."""

    department: str | None
    counts: Mapping[Status, int]

    @property
    def total(self) -> int:
        """How many are owed: those that do not apply are not."""
        return sum(self.counts.values()) - self.counts.get(Status.EXEMPT, 0)

    @property
    def percent(self) -> int:
        """The accepted share of what is owed, rounded down; 0 where nothing is owed."""
        done = sum(self.counts.get(status, 0) for status in DONE)
        return done * 100 // self.total if self.total else 0


@dataclass(frozen=True)
class Workbench:
    """What concerns one person in the present year.

    ``cycles`` are all years, the latest first; ``returned`` are the submissions
    that wait for correction, the latest first, and ``sent_back`` tells by
    their ids who sent them; ``elsewhere`` counts the tables that wait for
    others. ``behind`` are the departments that have reported the smallest
    share. ``own_tables`` are those in which a teacher enters rows about
    himself, what came back first. ``comments`` are what others wrote lately.
    """

    cycle: Cycle | None
    cycles: Sequence[Cycle]
    todos: Sequence[Todo] = ()
    progress: Sequence[Progress] = ()
    returned: Sequence[SubmissionLine] = ()
    sent_back: Mapping[int, SentBack] = field(default_factory=dict)
    elsewhere: Mapping[Holder, int] = field(default_factory=dict)
    behind: Sequence[Behind] = ()
    own_tables: Sequence[TableLine] = field(default=())
    comments: Sequence[NewComment] = ()

    @property
    def waiting(self) -> Mapping[Verb, int]:
        """How many to-dos there are of each step, in the order of the steps."""
        counted = Counter(todo.verb for todo in self.todos)
        return {verb: counted[verb] for verb in FORWARD.values() if counted[verb]}

    def groups(self, most: int) -> list[tuple[Function, Sequence[Todo]]]:
        """The ``most`` urgent to-dos by the function that has them, most urgent function first."""
        found: dict[Function, list[Todo]] = {}
        for todo in self.todos[:most]:
            found.setdefault(todo.function, []).append(todo)
        return list(found.items())


def read_workbench(session: Session, store: Store, actor: Actor, *, now: datetime) -> Workbench:
    """Collect what the person may see; nothing is refused, only left out."""
    cycles = collected_cycles(session)
    cycle = current_cycle(cycles)
    lines: list[SubmissionLine] = []
    if cycle is not None and actor.may("read", SUBMISSION):
        lines = list_submissions(session, store, actor, cycle, now=now)
    returned = [line for line in lines if line.submission.status is Status.RETURNED]
    returned.sort(key=lambda line: line.submission.status_since, reverse=True)
    overlooks = sees_whole_college(actor)
    return Workbench(
        cycle=cycle,
        cycles=cycles,
        todos=[] if cycle is None else todos_in(lines, cycle.due_at, now),
        progress=_progress(actor, lines),
        returned=returned,
        sent_back=_sent_back(session, returned[:MOST_TOLD]),
        elsewhere=_elsewhere(lines),
        behind=departments_behind(lines)[:MOST_BEHIND] if overlooks else (),
        own_tables=_own_tables(session, store, actor, cycle),
        comments=new_comments(session, store, actor, now=now),
    )


def forward_verb(line: Standing) -> Verb | None:
    """The step ahead where it is the reader's to take."""
    verb = FORWARD.get(line.status)
    return verb if verb in line.permitted else None


def todos_in(lines: Iterable[SubmissionLine], due_at: datetime, now: datetime) -> list[Todo]:
    """The lines whose next step is the reader's, the most urgent first.

    ``due_at`` is the due date of the year. One that is near presses for what is missing.
    """
    found = [
        Todo(line, verb, _urgency(line, line.submission.due_by(due_at) - now))
        for line in lines
        if (verb := forward_verb(line)) is not None
    ]
    return sorted(found, key=lambda todo: (todo.urgency, _waiting_since(todo.line)))


def _waiting_since(line: SubmissionLine) -> float:
    """What was reported is dealt with in the order it came; all else stays in printed order."""
    submission = line.submission
    reported = submission.first_reported_at is not None
    return submission.status_since.timestamp() if reported else 0.0


def departments_behind(lines: Iterable[SubmissionLine]) -> list[Behind]:
    """The departments that still owe something, the smallest reported share first."""
    own: dict[tuple[str, str], list[SubmissionLine]] = {}
    for line in lines:
        if line.status is not Status.EXEMPT:
            own.setdefault((line.department_code, line.department), []).append(line)
    found = [
        Behind(
            code,
            name,
            owed=len(owed),
            reported=sum(line.status in REPORTED for line in owed),
            late=sum(line.is_late for line in owed),
        )
        for (code, name), owed in own.items()
    ]
    missing = [each for each in found if each.reported < each.owed]
    return sorted(missing, key=lambda each: (each.reported / each.owed, -each.owed, each.code))


def counts_of(lines: Iterable[Standing]) -> dict[Status, int]:
    """How many lines stand in each status, in the order of the statuses; no zeros."""
    counted = Counter(line.status for line in lines)
    return {status: counted[status] for status in Status if counted[status]}


def counts_by_cycle(session: Session) -> dict[int, dict[Status, int]]:
    """Cycle id → how many submissions of the college stand in each status."""
    query = (
        select(Submission.cycle_id, Submission.status, func.count())
        .group_by(Submission.cycle_id, Submission.status)
        .order_by(Submission.cycle_id)
    )
    found: dict[int, dict[Status, int]] = {}
    for cycle_id, status, count in session.execute(query):
        found.setdefault(cycle_id, {})[status] = count
    return {
        cycle_id: {status: counts[status] for status in Status if status in counts}
        for cycle_id, counts in found.items()
    }


def sees_whole_college(actor: Actor) -> bool:
    """Whether submissions of every department exist for the actor."""
    return overlooks_college(actor) and actor.may("read", SUBMISSION)


def _sent_back(session: Session, returned: Sequence[SubmissionLine]) -> dict[int, SentBack]:
    """Submission id → who sent it back last; nothing is asked where nothing came back."""
    if not returned:
        return {}
    subjects = {f"submission:{line.submission.id}": line.submission.id for line in returned}
    query = (
        select(AuditEntry.subject, AuditEntry.person_name, AuditEntry.at)
        .where(
            AuditEntry.subject.in_(sorted(subjects)),
            AuditEntry.tag.in_([f"submission.{verb}" for verb in (Verb.SEND_BACK, Verb.REOPEN)]),
        )
        .order_by(AuditEntry.id)
    )
    return {
        subjects[subject]: SentBack(person, at) for subject, person, at in session.execute(query)
    }


def _elsewhere(lines: Iterable[SubmissionLine]) -> dict[Holder, int]:
    """How many tables wait for whom, without the reader's own."""
    counted = Counter(line.status.holder for line in lines if forward_verb(line) is None)
    return {
        holder: counted[holder]
        for holder in (Holder.STEWARD, Holder.HEAD, Holder.QA_OFFICE)
        if counted[holder]
    }


def _urgency(line: SubmissionLine, left: timedelta) -> Urgency:
    submission = line.submission
    if submission.status is Status.RETURNED:
        return Urgency.RETURNED
    if line.is_late and submission.first_reported_at is None:
        return Urgency.LATE
    if timedelta() <= left <= SOON and submission.first_reported_at is None:
        return Urgency.SOON
    if submission.status is Status.NOT_STARTED:
        return Urgency.NOT_STARTED
    return Urgency.UNDER_WAY


def _progress(actor: Actor, lines: Sequence[SubmissionLine]) -> list[Progress]:
    """The actor's own departments, then the college where he overlooks it."""
    own = actor.departments(Function.DATA_STEWARD, Function.HEAD)
    by_department: dict[str, list[SubmissionLine]] = {}
    for line in lines:
        if line.submission.department_code in own:
            by_department.setdefault(line.department, []).append(line)
    found = [Progress(name, counts_of(some)) for name, some in by_department.items()]
    if lines and sees_whole_college(actor):
        found.append(Progress(None, counts_of(lines)))
    return found


def _own_tables(
    session: Session, store: Store, actor: Actor, cycle: Cycle | None
) -> list[TableLine]:
    if not actor.holds(Function.TEACHER):
        return []
    found = [
        line
        for line in list_tables(session, store, actor, cycle)
        if line.own and line.spec.person_field and actor.may("edit", line.spec.identifier)
    ]
    return sorted(found, key=lambda line: OWN_ORDER.get(line.status, len(OWN_ORDER)))
