"""Walking a table from nothing to accepted, with the people in office, by the real policies.

The submissions are hypothetical: they are never added to a session. Every department is walked
once for each set of people; what differs from table to table is asked for each table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from app.access.person import Actor
from app.access.policies import why_not_step, why_not_write
from app.access.roles import SUBMISSION
from app.domain.cycle import CycleStatus
from app.domain.message import Message
from app.domain.person import Function
from app.domain.rehearsal import PATH
from app.domain.submission import Holder, Status, Step, Verb, step_for
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.reports.office_actor import Office

# Who is looked for where a step waits; the policies decide whether he may take it.
FUNCTION_OF = {
    Holder.FILLER: Function.DATA_STEWARD,
    Holder.STEWARD: Function.DATA_STEWARD,
    Holder.HEAD: Function.HEAD,
    Holder.QA_OFFICE: Function.QA_OFFICE,
}
WRITING = ("add", "edit")


class Cause(Enum):
    """Why there is nobody for a step."""

    VACANT = auto()
    WITHOUT_LOGIN = auto()
    WITHOUT_RIGHT = auto()
    SEPARATED = auto()


@dataclass(frozen=True)
class Blocked:
    """Nobody can take the step ``verb``; ``verb`` None where whoever holds the duty is lacking.

    ``names`` are those who hold the duty and ``refusal`` is what the policies say to them.
    """

    cause: Cause
    function: Function
    verb: Verb | None = None
    names: tuple[str, ...] = ()
    refusal: Message | None = None


@dataclass(frozen=True)
class Trail:
    """Who took the steps so far, by number; None where there was nobody."""

    taken: Mapping[Verb, str | None] = field(default_factory=dict)

    def after(self, verb: Verb, number: str | None) -> "Trail":
        """The trail with one step more."""
        return Trail({**self.taken, verb: number})

    def submission(self, department: str, status: Status) -> Submission:
        """What the policies are shown; it belongs to no session."""
        return Submission(
            department_code=department,
            status=status,
            finished_by=self.taken.get(Verb.FINISH),
            reviewed_by=self.taken.get(Verb.REVIEW),
            confirmed_by=self.taken.get(Verb.CONFIRM),
            received_by=self.taken.get(Verb.RECEIVE),
        )

    @property
    def fillers(self) -> list[str]:
        """Those who changed rows."""
        filler = self.taken.get(Verb.ENTER)
        return [] if filler is None else [filler]

    def told(self, judges: frozenset[str]) -> tuple[object, ...]:
        """What the steps still to come can see of it: trails that tell the same are one."""
        handled = frozenset(number for number in self.taken.values() if number in judges)
        received = self.taken.get(Verb.RECEIVE)
        if Verb.CONFIRM in self.taken:
            return handled, received
        return handled, self.taken.get(Verb.ENTER), self.taken.get(Verb.REVIEW)


def opened(cycle: Cycle) -> Cycle:
    """The year as it will be while departments report; it belongs to no session either."""
    return Cycle(academic_year=cycle.academic_year, status=CycleStatus.OPEN, due_at=cycle.due_at)


def blocked_steps(cycle: Cycle, department: str, office: Office) -> list[Blocked]:
    """The steps for which the department has nobody on that day.

    The walk goes on behind each of them as if somebody had taken it.
    """
    judges = frozenset(actor.number for actor in office.holding(Function.QA_OFFICE))
    trails, status = [Trail()], Status.NOT_STARTED
    blocked: list[Blocked] = []
    for verb in PATH:
        step = step_for(status, verb)
        if step is None:
            raise ValueError(f"{verb} does not follow {status}")
        found, refused = _take(cycle, department, office, step, trails)
        if not found:
            one = _blocked(department, office, step, refused)
            if not any(_is_same(one, other) for other in blocked):
                blocked.append(one)
            found = [trail.after(verb, None) for trail in trails]
        trails = list({trail.told(judges): trail for trail in found}.values())
        status = step.target
    return blocked


def _take(
    cycle: Cycle, department: str, office: Office, step: Step, trails: Iterable[Trail]
) -> tuple[list[Trail], list[tuple[Actor, Message]]]:
    """Every way in which the step can be taken, and who is refused."""
    found, refused = [], []
    for trail in trails:
        submission = trail.submission(department, step.source)
        for actor in office.holding(*_duty(step, department)):
            refusal = why_not_step(actor, submission, cycle, step.verb, trail.fillers)
            if refusal is None:
                found.append(trail.after(step.verb, actor.number))
            else:
                refused.append((actor, refusal))
    return found, refused


def _is_same(one: Blocked, other: Blocked) -> bool:
    """Whether it is the same trouble: whoever is too close to the data is so at every step."""
    is_close = one.cause is other.cause is Cause.SEPARATED
    return one == other or (is_close and one.function is other.function)


def _duty(step: Step, department: str) -> tuple[Function, str]:
    function = FUNCTION_OF[step.holder]
    return function, "" if function is Function.QA_OFFICE else department


def _blocked(
    department: str, office: Office, step: Step, refused: Sequence[tuple[Actor, Message]]
) -> Blocked:
    duty = _duty(step, department)
    if not refused:
        names = tuple(dict.fromkeys(office.names.get(duty, ())))
        return Blocked(Cause.WITHOUT_LOGIN if names else Cause.VACANT, duty[0], None, names)
    has_right = any(actor.may(step.verb, SUBMISSION) for actor, _ in refused)
    names = tuple(dict.fromkeys(actor.name for actor, _ in refused))
    # Of those who have the right the reason tells more.
    reason = next(m for a, m in refused if not has_right or a.may(step.verb, SUBMISSION))
    cause = Cause.SEPARATED if has_right else Cause.WITHOUT_RIGHT
    return Blocked(cause, duty[0], step.verb, names, reason)


def unwritable_tables(
    store: Store, department: str, tables: Iterable[str], office: Office
) -> dict[str, Message]:
    """Table → why no data steward who can sign in may enter its rows.

    Tables of other systems are not filled in here.
    """
    stewards = office.holding(Function.DATA_STEWARD, department)
    found: dict[str, Message] = {}
    for table in tables:
        if table not in store.tables or not stewards:
            continue
        refusals = [_why_not_write(store, steward, table, department) for steward in stewards]
        if all(refusals) and refusals[0] is not None:
            found[table] = refusals[0]
    return found


def _why_not_write(store: Store, actor: Actor, table: str, department: str) -> Message | None:
    reasons = (why_not_write(actor, store.tables[table], each, department) for each in WRITING)
    return next((reason for reason in reasons if reason is not None), None)
