"""What was recorded of a department, as plain values: the evidence of its appraisal (第十七条).

``Records`` hold what was recorded up to one moment, so that counting again
gives the same. What happened after a table was opened again is kept apart from
what counts unless the department itself caused it, and so are tables that do not apply.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.period import LOCAL_ZONE
from app.domain.request import Cause
from app.domain.submission import Status, Verb


@dataclass(frozen=True)
class LoggedStep:
    """One step of a submission as the audit log has it; ``cause`` is why it was opened again."""

    verb: str
    at: datetime
    before: str | None
    after: str | None
    content_hash: str | None
    cause: Cause | None = None


@dataclass(frozen=True)
class Attempt:
    """What the first attempt to finish a table found; ``errors`` by dimension."""

    at: datetime
    rows: int
    cells: int
    required: int
    filled: int
    errors: Mapping[str, int]


@dataclass(frozen=True)
class Checked:
    """Rows of a table that were compared with their evidence, and how many did not match."""

    rows: int
    mismatching: int


@dataclass(frozen=True)
class Delegated:
    """Rows entered on behalf of teachers, and how many of them nobody vouches for."""

    rows: int
    unfounded: int


@dataclass(frozen=True)
class Reported:
    """A table that a department owed, with all steps in their order."""

    submission_id: int
    table: str
    due_at: datetime
    steps: tuple[LoggedStep, ...] = ()
    attempt: Attempt | None = None
    checked: Checked | None = None
    delegated: Delegated | None = None

    @cached_property
    def counting(self) -> tuple[LoggedStep, ...]:
        """The steps before the table was opened again for no fault of the department, if ever."""
        for position, step in enumerate(self.steps):
            if step.verb == Verb.REOPEN and step.cause is not Cause.DEPARTMENT:
                return self.steps[:position]
        return self.steps

    @cached_property
    def is_owed(self) -> bool:
        """Whether the table applies to the department."""
        steps = self.counting
        return not steps or steps[-1].after != Status.EXEMPT

    def until(self, taken_at: datetime) -> datetime:
        """The last moment that counts: the opening again, else ``taken_at``."""
        counting = len(self.counting)
        return self.steps[counting].at if counting < len(self.steps) else taken_at

    @cached_property
    def first_reported_at(self) -> datetime | None:
        """The first report, which lateness is about."""
        return next((s.at for s in self.counting if s.verb == Verb.CONFIRM), None)


@dataclass(frozen=True)
class Stewardship:
    """Somebody who was data steward of the department, both days included."""

    person: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Trainee:
    """Somebody who had to attend a training that was held, and the first one he attended."""

    person: str
    attended_on: date | None


@dataclass(frozen=True)
class AskedStep:
    """One step of a request; ``due_at`` is by when an answer was owed from then on."""

    verb: CooperationVerb
    after: CooperationStatus
    at: datetime
    due_at: datetime
    rating: int | None = None


@dataclass(frozen=True)
class Asked:
    """A co-operation request that the department was sent by ``lead``, with its steps."""

    number: int
    lead: str
    steps: tuple[AskedStep, ...]

    @property
    def status(self) -> CooperationStatus:
        """Where it stood at the moment that counts."""
        return self.steps[-1].after

    @property
    def rating(self) -> int | None:
        """What it was rated, as long as it is confirmed."""
        return self.steps[-1].rating

    def first(self, verb: CooperationVerb) -> AskedStep | None:
        """The first step of the kind."""
        return next((step for step in self.steps if step.verb is verb), None)


@dataclass(frozen=True)
class Records:
    """All that was recorded of a department up to ``taken_at``.

    ``meetings`` are the days of its mobilisation meetings.
    """

    opened_at: datetime
    taken_at: datetime
    due_at: datetime
    correction_days: int
    tables: Sequence[Reported] = ()
    stewards: Sequence[Stewardship] = ()
    meetings: Sequence[date] = ()
    trainees: Sequence[Trainee] = ()
    asked: Sequence[Asked] = ()

    @cached_property
    def owed(self) -> list[Reported]:
        """The tables that apply."""
        return [table for table in self.tables if table.is_owed]


def local_day(moment: datetime) -> date:
    """The day on the wall clock of the college."""
    return moment.astimezone(LOCAL_ZONE).date()


def days_late(moment: datetime, due_at: datetime) -> int:
    """Whole days after the due date; at least one when it was missed at all."""
    if moment <= due_at:
        return 0
    return max(1, (local_day(moment) - local_day(due_at)).days)
