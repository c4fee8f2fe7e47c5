"""The board (第三条第二项): where every department stands with every table.

One query without mapped objects reads a whole year, two more what the registers know of it;
everything else is counted in memory, so that the board of a large college costs as little as a
small one's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import (
    overlooks_college,
    reports_to,
    why_not_read_board,
    why_not_step,
)
from app.access.roles import SUBMISSION
from app.catalogue.base_table import TableSpec
from app.domain.department import DepartmentKind
from app.domain.message import Refused
from app.domain.submission import Status, Verb, is_late
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import Submission
from app.reports.board_quality import UNKNOWN, Place, PlaceQuality, board_quality
from app.reports.workbench import DONE, FORWARD, REPORTED, SOON

# What a policy asks of a submission: the same answers mean the same decision.
ASKED = (
    Submission.status,
    Submission.department_code,
    Submission.finished_by,
    Submission.reviewed_by,
    Submission.confirmed_by,
    Submission.received_by,
)
SHOWN = (
    Submission.id,
    Submission.table_identifier,
    Submission.status_since,
    Submission.first_reported_at,
    Submission.due_at,
    Submission.phase_due_at,
    Submission.nil_reason,
)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One department's table as the board shows it.

    ``days`` have passed since it came into its status; ``days_left`` remain
    until the due date, None once it is reported or not owed; ``days_late`` is
    how far past the due date it was reported, or is missing now. Days are
    those of the calendar. ``permitted`` holds the step ahead where it is the
    reader's.
    """

    submission_id: int
    spec: TableSpec
    department_code: str
    department: str
    kind: DepartmentKind
    status: Status
    is_nil: bool
    is_late: bool
    days: int
    days_left: int | None
    days_late: int
    permitted: tuple[Verb, ...]
    quality: PlaceQuality = UNKNOWN

    @property
    def needs_attention(self) -> bool:
        """Whether it came back, is missing or soon due, or somebody has to mend an error."""
        if self.days_left is not None and self.days_left <= SOON.days:
            return True
        is_open = self.status.is_editable
        return self.status is Status.RETURNED or (is_open and self.quality.errors > 0)


@dataclass(frozen=True)
class Figures:
    """How many tables are owed and how far they are (应报, 已报, 通过, 退回, 逾期).

    What does not apply is owed by nobody and stands in ``exempt`` alone. A nil
    return is a report. ``reported`` is what the quality office has: a table
    that it sent back counts as ``returned`` until it is reported anew.
    ``late`` are those reported after the due date, and with them those
    ``missing`` after it.
    """

    owed: int = 0
    reported: int = 0
    accepted: int = 0
    returned: int = 0
    late: int = 0
    missing: int = 0
    exempt: int = 0

    def percent(self, count: int) -> float:
        """The share of what is owed; 0 where nothing is."""
        return count * 100 / self.owed if self.owed else 0.0


@dataclass(frozen=True)
class Board:
    """A year on one page.

    ``lines`` are those the reader follows, by printed number and department;
    ``college`` counts the whole college, of which whoever does not overlook it
    is shown the shares only.
    """

    cycle: Cycle
    lines: Sequence[BoardLine]
    college: Figures
    overlooks: bool


def read_board(
    session: Session, store: Store, actor: Actor, cycle: Cycle, *, now: datetime
) -> Board:
    """The year as the reader may see it; days are counted on the clock of ``now``."""
    refusal = why_not_read_board(actor)
    if refusal is not None:
        raise Refused(refusal)
    query = (
        select(*SHOWN, *ASKED, Department.name, Department.kind)
        .join(Department, Department.code == Submission.department_code)
        .where(Submission.cycle_id == cycle.id)
    )
    reader = _Reader(store, actor, cycle, now, board_quality(session, store, actor, cycle))
    place = {identifier: number for number, identifier in enumerate(store.catalogue.reported)}
    # A table of another system may be reported no more.
    known = (row for row in session.execute(query) if row.table_identifier in place)
    lines = [reader.line(row) for row in known]
    lines.sort(key=lambda line: (place[line.spec.identifier], line.department_code))
    overlooks = overlooks_college(actor)
    followed = (line for line in lines if reports_to(actor, line.department_code))
    return Board(
        cycle=cycle,
        lines=lines if overlooks else list(followed),
        college=figures_of(lines),
        overlooks=overlooks,
    )


def figures_of(lines: Iterable[BoardLine]) -> Figures:
    """The figures of the lines."""
    owed = reported = accepted = returned = late = missing = exempt = 0
    for line in lines:
        if line.status is Status.EXEMPT:
            exempt += 1
            continue
        owed += 1
        reported += line.status in REPORTED
        accepted += line.status in DONE
        returned += line.status is Status.RETURNED
        late += line.is_late
        missing += line.is_late and line.days_left is not None
    return Figures(owed, reported, accepted, returned, late, missing, exempt)


def by_department(lines: Iterable[BoardLine]) -> dict[str, list[BoardLine]]:
    """Department code → its lines, by code."""
    found: dict[str, list[BoardLine]] = {}
    for line in lines:
        found.setdefault(line.department_code, []).append(line)
    return dict(sorted(found.items()))


def by_chapter(lines: Iterable[BoardLine]) -> dict[str, list[BoardLine]]:
    """Chapter → its lines, in the order of the lines."""
    found: dict[str, list[BoardLine]] = {}
    for line in lines:
        found.setdefault(line.spec.chapter, []).append(line)
    return found


class _Reader:
    """Makes the lines of one board; what many of them share is found out once."""

    def __init__(
        self,
        store: Store,
        actor: Actor,
        cycle: Cycle,
        now: datetime,
        quality: Mapping[Place, PlaceQuality],
    ) -> None:
        self.tables = store.catalogue.reported
        self.actor = actor
        self.cycle = cycle
        self.now = now
        self.quality = quality
        self.today = now.date()
        self._permitted: dict[tuple[object, ...], tuple[Verb, ...]] = {}

    def line(self, row: Row[*tuple[Any, ...]]) -> BoardLine:
        """The row as a line."""
        status, reported_at = row.status, row.first_reported_at
        due_at = row.due_at or row.phase_due_at or self.cycle.due_at
        late = is_late(status, due_at, reported_at, self.now)
        awaited = reported_at is None and status is not Status.EXEMPT
        until = self.today if reported_at is None else self._day(reported_at)
        return BoardLine(
            submission_id=row.id,
            spec=self.tables[row.table_identifier],
            department_code=row.department_code,
            department=row.name,
            kind=row.kind,
            status=status,
            is_nil=row.nil_reason is not None,
            is_late=late,
            days=(self.today - self._day(row.status_since)).days,
            days_left=(self._day(due_at) - self.today).days if awaited else None,
            days_late=(until - self._day(due_at)).days if late else 0,
            permitted=self.permitted(row),
            quality=self.quality.get((row.table_identifier, row.department_code), UNKNOWN),
        )

    def permitted(self, row: Row[*tuple[Any, ...]]) -> tuple[Verb, ...]:
        """The step ahead where it is the actor's; who changed rows is asked by the step itself."""
        verb = FORWARD.get(row.status)
        if verb is None or not self.actor.may(verb.value, SUBMISSION):
            return ()
        asked = {column.key: getattr(row, column.key) for column in ASKED}
        answers = tuple(asked.values())
        if answers not in self._permitted:
            refusal = why_not_step(self.actor, Submission(**asked), self.cycle, verb)
            may = refusal is None and reports_to(self.actor, row.department_code)
            self._permitted[answers] = (verb,) if may else ()
        return self._permitted[answers]

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.now.tzinfo).date()
