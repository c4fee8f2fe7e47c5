"""What the workbench shows (S2): to-dos, progress, what came back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import overlooks_college
from app.access.roles import SUBMISSION
from app.domain.person import Function
from app.domain.submission import Status, Verb
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.reports.assignment import TableLine, list_tables
from app.reports.cycle import all_cycles, current_cycle
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
    UNDER_WAY = 3
    NOT_STARTED = 4


@dataclass(frozen=True)
class Todo:
    """A submission whose next step is the reader's, and that step."""

    line: SubmissionLine
    verb: Verb
    urgency: Urgency


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
    that wait for correction, the latest first; ``own_tables`` are those in
    which a teacher enters rows about himself, those under way first.
    """

    cycle: Cycle | None
    cycles: Sequence[Cycle]
    todos: Sequence[Todo] = ()
    progress: Sequence[Progress] = ()
    returned: Sequence[SubmissionLine] = ()
    own_tables: Sequence[TableLine] = field(default=())


def read_workbench(session: Session, store: Store, actor: Actor, *, now: datetime) -> Workbench:
    """Collect what the person may see; nothing is refused, only left out."""
    cycles = all_cycles(session)
    cycle = current_cycle(cycles)
    lines: list[SubmissionLine] = []
    if cycle is not None and actor.may("read", SUBMISSION):
        lines = list_submissions(session, store, actor, cycle, now=now)
    returned = [line for line in lines if line.submission.status is Status.RETURNED]
    return Workbench(
        cycle=cycle,
        cycles=cycles,
        todos=todos_in(lines),
        progress=_progress(actor, lines),
        returned=sorted(returned, key=lambda r: r.submission.status_since, reverse=True),
        own_tables=_own_tables(session, store, actor, cycle),
    )


def forward_verb(line: Standing) -> Verb | None:
    """The step ahead where it is the reader's to take."""
    verb = FORWARD.get(line.status)
    return verb if verb in line.permitted else None


def todos_in(lines: Iterable[SubmissionLine]) -> list[Todo]:
    """The lines whose next step is the reader's, the most urgent first."""
    found = [
        Todo(line, verb, _urgency(line))
        for line in lines
        if (verb := forward_verb(line)) is not None
    ]
    return sorted(found, key=lambda todo: todo.urgency)


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


def _urgency(line: SubmissionLine) -> Urgency:
    submission = line.submission
    if submission.status is Status.RETURNED:
        return Urgency.RETURNED
    if line.is_late and submission.first_reported_at is None:
        return Urgency.LATE
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
    return sorted(found, key=lambda line: line.status in {None, Status.NOT_STARTED})
