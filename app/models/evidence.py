"""Reading what was recorded of every department in a year: the evidence of its appraisal.

Shared by the action that stores scores and the pages that explain them. A
handful of statements for the whole college, whatever its size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from app.catalogue.appraisal import ItemSpec
from app.domain.appraisal import Metric
from app.domain.evidence import (
    Asked,
    Attempt,
    Checked,
    Delegated,
    LoggedStep,
    Records,
    Reported,
    Stewardship,
)
from app.domain.measurement import Measurement, Recorded
from app.domain.metric import METRICS
from app.domain.person import Function
from app.domain.request import Cause, RequestKind, RequestStatus
from app.domain.scoring import BY_HAND, score
from app.domain.spot_check import CheckResult
from app.domain.submission import Verb
from app.models.audit_log import AuditEntry
from app.models.cooperation_evidence import asked_departments
from app.models.cycle import Cycle
from app.models.person import Appointment, Person
from app.models.preparation_evidence import Steward, read_preparation
from app.models.record_evidence import delegated_rows
from app.models.request import Request
from app.models.spot_check import SpotCheck, SpotCheckRow
from app.models.submission import FinishAttempt, Submission

SUBJECT = "submission:"
TAG = "submission."
# Every change of status; attempts that were refused have their own table.
STEP_TAGS = [f"{TAG}{verb}" for verb in Verb]
# A table came to another department together with the work on it (T16).
TAKEN_OVER = f"{TAG}assign"


@dataclass(frozen=True)
class Evidence:
    """The records of every department that had a submission in the year.

    ``countable`` are the metrics for which the year has records at all.
    """

    records: Mapping[str, Records]
    countable: frozenset[Metric]

    def counts(self, item: ItemSpec) -> bool:
        """Whether the platform counts the item itself; else the quality office settles it."""
        return item.metric in self.countable and item.scoring.kind not in BY_HAND

    def measure(self, department: str, item: ItemSpec) -> Measurement | None:
        """What the item's metric comes to; None where it is not counted here."""
        records = self.records.get(department)
        if item.metric is None or records is None or not self.counts(item):
            return None
        return METRICS[item.metric].measure(records)


def score_of(item: ItemSpec, measured: Measurement) -> Decimal | None:
    """The automatic score for what was measured; None where it does not apply."""
    if measured.value is None:
        return None
    return score(item.scoring, item.weight, measured.value, measured.amounts, measured.case)


_OF_SUBMISSION = (
    Submission.id,
    Submission.table_identifier,
    Submission.department_code,
    Submission.due_at,
    Submission.phase_due_at,
)


def read_evidence(
    session: Session,
    cycle: Cycle,
    *,
    taken_at: datetime,
    due_at: datetime,
    correction_days: int,
    departments: Sequence[str] | None = None,
) -> Evidence:
    """What was recorded up to ``taken_at``, of all departments or of those named."""
    submissions = _submissions(session, cycle, taken_at, departments)
    granted = _granted(session, cycle, taken_at)
    steps = _steps(session, cycle, taken_at, departments, granted.causes)
    attempts = _attempts(session, cycle, taken_at, departments)
    checks = _checks(session, cycle, taken_at, departments)
    stewards, asked = _stewards(session), asked_departments(session, cycle, taken_at)
    preparation = read_preparation(session, cycle, taken_at)
    tables: dict[str, list[Reported]] = {}
    for number, table, department, own_due, phase_due, rows, unfounded in submissions:
        due = _due(own_due or phase_due, due_at, granted.until.get(number))
        found = (tuple(steps.get(number, ())), attempts.get(number), checks.get(number))
        delegated = None if rows is None else Delegated(int(rows), int(unfounded))
        reported = Reported(number, table, due, *found, delegated)
        tables.setdefault(department, []).append(reported)
    records = {
        department: Records(
            opened_at=cycle.opened_at or taken_at,
            taken_at=taken_at,
            due_at=due_at,
            correction_days=correction_days,
            tables=owed,
            stewards=_stewardships(stewards.get(department, ())),
            meetings=preparation.meetings.get(department, ()),
            trainees=preparation.trainees_of(stewards.get(department, ())),
            asked=asked.get(department, ()),
        )
        for department, owed in tables.items()
    }
    recorded = _recorded(steps, attempts, checks, asked) | preparation.recorded
    return Evidence(records, _countable(recorded | _of_teachers(records)))


def _of_teachers(records: Mapping[str, Records]) -> frozenset[Recorded]:
    """Whether the year has any record of a teacher."""
    found = any(table.delegated for each in records.values() for table in each.tables)
    return frozenset({Recorded.TEACHERS} if found else ())


def _submissions(
    session: Session, cycle: Cycle, taken_at: datetime, departments: Sequence[str] | None
) -> Sequence[Any]:
    """What was owed, and with it what was entered on behalf of teachers."""
    behalf = delegated_rows(cycle, taken_at)
    query = (
        select(*_OF_SUBMISSION, behalf.c.delegated, behalf.c.unfounded)
        .join(
            behalf,
            (behalf.c.table_identifier == Submission.table_identifier)
            & (behalf.c.department_code == Submission.department_code),
            isouter=True,
        )
        .where(Submission.cycle_id == cycle.id)
    )
    if departments is not None:
        query = query.where(Submission.department_code.in_(departments))
    return session.execute(query.order_by(Submission.id)).all()


def _due(settled: datetime | None, due_at: datetime, granted: datetime | None) -> datetime:
    """By when a table had to be reported.

    A later due date of the year forgives nobody who was late by then (``Submission.due_at``); one
    that was settled after the evidence was taken changes nothing of it.
    """
    due = due_at if settled is None else min(settled, due_at)
    return max(due, granted or due)


@dataclass(frozen=True)
class _Granted:
    """What was granted by then: submission id → due date, and (id, moment) → cause of opening."""

    until: Mapping[int, datetime]
    causes: Mapping[tuple[int, datetime], Cause | None]


def _granted(session: Session, cycle: Cycle, taken_at: datetime) -> _Granted:
    """An extension is granted before the due date only, so that the latest one counts."""
    query = (
        select(Request)
        .where(
            Request.cycle_id == cycle.id,
            Request.status == RequestStatus.GRANTED,
            Request.decided_at <= taken_at,
        )
        .order_by(Request.id)
    )
    until: dict[int, datetime] = {}
    causes: dict[tuple[int, datetime], Cause | None] = {}
    for request in session.scalars(query):
        if request.kind is RequestKind.EXTENSION and request.until is not None:
            until[request.submission_id or 0] = request.until
        for number in request.tables or (request.submission_id or 0,):
            causes[number, request.decided_at or taken_at] = request.cause
    return _Granted(until, causes)


def _steps(
    session: Session,
    cycle: Cycle,
    taken_at: datetime,
    departments: Sequence[str] | None,
    causes: Mapping[tuple[int, datetime], Cause | None],
) -> dict[int, list[LoggedStep]]:
    query = (
        select(
            AuditEntry.subject,
            AuditEntry.tag,
            AuditEntry.at,
            AuditEntry.before,
            AuditEntry.after,
            AuditEntry.content_hash,
        )
        .where(AuditEntry.tag.in_(STEP_TAGS), AuditEntry.at <= taken_at)
        .order_by(AuditEntry.id)
    )
    if cycle.opened_at is not None:
        query = query.where(AuditEntry.at >= cycle.opened_at)
    if departments is not None:
        query = query.where(_concerns(departments))
    found: dict[int, list[LoggedStep]] = {}
    for subject, tag, at, before, after, content_hash in session.execute(query):
        number = int(subject.removeprefix(SUBJECT))
        cause = causes.get((number, at))
        step = LoggedStep(tag.removeprefix(TAG), at, before, after, content_hash, cause)
        found.setdefault(number, []).append(step)
    return found


def _concerns(departments: Sequence[str]) -> ColumnElement[bool]:
    """Whether an entry is about what the departments report, or others reported before them."""
    taken_over = select(AuditEntry.subject).where(
        AuditEntry.tag == TAKEN_OVER, AuditEntry.department_code.in_(departments)
    )
    return or_(AuditEntry.department_code.in_(departments), AuditEntry.subject.in_(taken_over))


def _attempts(
    session: Session, cycle: Cycle, taken_at: datetime, departments: Sequence[str] | None
) -> dict[int, Attempt]:
    """The first attempt of every submission."""
    query = (
        select(
            FinishAttempt.submission_id,
            FinishAttempt.attempted_at,
            FinishAttempt.row_count,
            FinishAttempt.cell_count,
            FinishAttempt.required_count,
            FinishAttempt.filled_count,
            FinishAttempt.errors,
        )
        .join(Submission, Submission.id == FinishAttempt.submission_id)
        .where(Submission.cycle_id == cycle.id, FinishAttempt.attempted_at <= taken_at)
        .order_by(FinishAttempt.id)
    )
    if departments is not None:
        query = query.where(Submission.department_code.in_(departments))
    found: dict[int, Attempt] = {}
    for submission_id, at, rows, cells, required, filled, errors in session.execute(query):
        found.setdefault(submission_id, Attempt(at, rows, cells, required, filled, errors))
    return found


def _checks(
    session: Session, cycle: Cycle, taken_at: datetime, departments: Sequence[str] | None
) -> dict[int, Checked]:
    """The rows of spot checks that were looked at, all spot checks of a submission together."""
    wrong = func.sum(case((SpotCheckRow.result == CheckResult.MISMATCHING, 1), else_=0))
    query = (
        select(SpotCheck.submission_id, func.count(), wrong)
        .join(SpotCheckRow, SpotCheckRow.spot_check_id == SpotCheck.id)
        .join(Submission, Submission.id == SpotCheck.submission_id)
        .where(
            Submission.cycle_id == cycle.id,
            SpotCheckRow.result.is_not(None),
            SpotCheckRow.checked_at <= taken_at,
        )
        .group_by(SpotCheck.submission_id)
    )
    if departments is not None:
        query = query.where(Submission.department_code.in_(departments))
    return {number: Checked(rows, int(bad)) for number, rows, bad in session.execute(query)}


def _stewards(session: Session) -> dict[str, list[Steward]]:
    query = (
        select(
            Appointment.department_code,
            Person.number,
            Person.name,
            Appointment.valid_from,
            Appointment.valid_to,
        )
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.function == Function.DATA_STEWARD)
        .order_by(Appointment.id)
    )
    found: dict[str, list[Steward]] = {}
    for department, number, name, valid_from, valid_to in session.execute(query):
        found.setdefault(department, []).append(Steward(number, name, valid_from, valid_to))
    return found


def _stewardships(stewards: Sequence[Steward]) -> list[Stewardship]:
    return [Stewardship(each.name, each.valid_from, each.valid_to) for each in stewards]


def _recorded(
    steps: Mapping[int, Sequence[LoggedStep]],
    attempts: Mapping[int, Attempt],
    checks: Mapping[int, Checked],
    asked: Mapping[str, Sequence[Asked]],
) -> frozenset[Recorded]:
    """A year from before attempts were recorded has finished tables without any."""
    finished = any(step.verb == Verb.FINISH for found in steps.values() for step in found)
    has = {
        Recorded.ATTEMPTS: bool(attempts) or not finished,
        Recorded.CHECKS: bool(checks),
        Recorded.COOPERATION: bool(asked),
    }
    return frozenset(kind for kind, is_there in has.items() if is_there)


def _countable(recorded: frozenset[Recorded]) -> frozenset[Metric]:
    """The metrics with records; the quality office settles the others by hand."""
    return frozenset(
        spec.metric for spec in METRICS.values() if spec.needs is None or spec.needs in recorded
    )
