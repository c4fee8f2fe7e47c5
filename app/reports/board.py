"""The board (第三条第二项): where every department stands with every table.

One query without mapped objects reads a whole year; everything else is
counted in memory, so that the board of a large college costs as little as a
small one's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from app.domain.submission import Status, Verb
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import Submission
from app.reports.submission import counts_as_late
from app.reports.workbench import DONE, FORWARD

# What the quality office has, whether it has dealt with it or not.
REPORTED = frozenset({Status.SUBMITTED, Status.UNDER_QA_REVIEW, *DONE})
# What a policy asks of a submission beside what the board shows of it.
ASKED = (
    Submission.version,
    Submission.finished_by,
    Submission.reviewed_by,
    Submission.confirmed_by,
    Submission.received_by,
)
SHOWN = (
    Submission.id,
    Submission.table_identifier,
    Submission.department_code,
    Submission.status,
    Submission.status_since,
    Submission.first_reported_at,
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
    lines = [_line(store, actor, cycle, row, now) for row in session.execute(query)]
    lines.sort(key=lambda line: (line.spec.sort_key, line.department_code))
    overlooks = overlooks_college(actor)
    return Board(
        cycle=cycle,
        lines=lines
        if overlooks
        else [line for line in lines if reports_to(actor, line.department_code)],
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


def _line(
    store: Store, actor: Actor, cycle: Cycle, row: Row[*tuple[Any, ...]], now: datetime
) -> BoardLine:
    status, reported_at = row.status, row.first_reported_at
    is_late = counts_as_late(cycle, status, reported_at, now)
    due, today = cycle.due_at.astimezone(now.tzinfo).date(), now.date()
    awaited = reported_at is None and status is not Status.EXEMPT
    until = today if reported_at is None else reported_at.astimezone(now.tzinfo).date()
    return BoardLine(
        submission_id=row.id,
        spec=store.catalogue.tables[row.table_identifier],
        department_code=row.department_code,
        department=row.name,
        kind=row.kind,
        status=status,
        is_nil=row.nil_reason is not None,
        is_late=is_late,
        days=(today - row.status_since.astimezone(now.tzinfo).date()).days,
        days_left=(due - today).days if awaited else None,
        days_late=(until - due).days if is_late else 0,
        permitted=_permitted(actor, cycle, row),
    )


def _permitted(actor: Actor, cycle: Cycle, row: Row[*tuple[Any, ...]]) -> tuple[Verb, ...]:
    """The step ahead where it is the actor's; who changed rows is asked by the step itself."""
    verb = FORWARD.get(row.status)
    if verb is None or not actor.may(verb.value, SUBMISSION):
        return ()
    if not reports_to(actor, row.department_code):
        return ()
    asked = {column.key: getattr(row, column.key) for column in (*SHOWN, *ASKED)}
    refusal = why_not_step(actor, Submission(**asked), cycle, verb)
    return () if refusal is not None else (verb,)
