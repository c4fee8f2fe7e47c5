"""Spot checks as their readers see them: the list, one with its rows, what they come to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.spot_check import (
    DRAWABLE,
    sees_checks_of,
    why_not_check,
    why_not_draw,
    why_not_read_spot_checks,
)
from app.catalogue.base_table import FieldSpec, TableSpec
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.spot_check import CheckResult, Rate, rate_of
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.snapshot import Snapshot, find_snapshot, read_snapshot
from app.models.spot_check import SpotCheck, SpotCheckRow
from app.models.submission import Submission
from app.rules.reading import text_of


@dataclass(frozen=True)
class Results:
    """How many drawn rows were found how; ``drawn`` counts those not looked at yet, too."""

    drawn: int
    counts: Mapping[CheckResult, int]

    @property
    def checked(self) -> int:
        """How many were looked at."""
        return sum(self.counts.values())

    @property
    def mismatches(self) -> Rate | None:
        """The share that did not match among those looked at, with its interval."""
        return rate_of(self.counts.get(CheckResult.MISMATCHING, 0), self.checked)

    @property
    def unsupported(self) -> Rate | None:
        """The share without evidence among those looked at."""
        return rate_of(self.counts.get(CheckResult.UNSUPPORTED, 0), self.checked)


@dataclass(frozen=True)
class SpotCheckLine:
    """A spot check as the list shows it; ``is_current`` while the table still says the same."""

    check: SpotCheck
    submission: Submission
    spec: TableSpec
    department: str
    results: Results

    @property
    def is_current(self) -> bool:
        """Whether the department has reported nothing else since."""
        return self.check.content_hash == self.submission.content_hash


@dataclass(frozen=True)
class DrawnCell:
    """A value of a drawn row, stored and as text; ``is_masked`` where its ends only are seen."""

    field: FieldSpec
    value: object
    text: str
    is_masked: bool


@dataclass(frozen=True)
class DrawnRow:
    """A drawn row with what was found of it."""

    row: SpotCheckRow
    cells: Sequence[DrawnCell]


@dataclass(frozen=True)
class SpotCheckPage:
    """One spot check in full; ``refusal`` says why the reader may not enter results."""

    line: SpotCheckLine
    cycle: Cycle
    rows: Sequence[DrawnRow]
    refusal: Message | None


@dataclass(frozen=True)
class Drawable:
    """A submission of which rows can be drawn, and how many it has."""

    submission: Submission
    spec: TableSpec
    department: str
    row_count: int


def list_spot_checks(
    session: Session, store: Store, actor: Actor, cycle: Cycle
) -> list[SpotCheckLine]:
    """Those of a year that concern the actor, the latest first. Raises Refused."""
    refuse(why_not_read_spot_checks(actor))
    query = (
        select(SpotCheck, Submission, Department.name)
        .join(Submission, Submission.id == SpotCheck.submission_id)
        .join(Department, Department.code == Submission.department_code)
        .where(Submission.cycle_id == cycle.id)
        .order_by(SpotCheck.id.desc())
    )
    found = [
        (check, submission, name)
        for check, submission, name in session.execute(query)
        if _sees(store, actor, submission)
    ]
    results = _results(session, [check.id for check, _submission, _name in found])
    return [
        SpotCheckLine(
            check,
            submission,
            store.tables[submission.table_identifier].spec,
            name,
            results[check.id],
        )
        for check, submission, name in found
    ]


def read_spot_check(session: Session, store: Store, actor: Actor, number: int) -> SpotCheckPage:
    """One spot check with its rows as they were reported. Raises Refused."""
    refuse(why_not_read_spot_checks(actor))
    check = session.get(SpotCheck, number)
    submission = None if check is None else session.get(Submission, check.submission_id)
    if check is None or submission is None or not _sees(store, actor, submission):
        raise Refused(Message("There is no such spot check."), Reason.NOT_FOUND)
    stored = store.tables[submission.table_identifier]
    department = session.get_one(Department, submission.department_code).name
    results = _results(session, [number])[number]
    line = SpotCheckLine(check, submission, stored.spec, department, results)
    hidden = hidden_fields(actor, stored, submission.department_code)
    return SpotCheckPage(
        line,
        session.get_one(Cycle, submission.cycle_id),
        _drawn_rows(session, store, line, hidden),
        why_not_check(actor, submission.department_code),
    )


def list_drawable(session: Session, store: Store, actor: Actor, cycle: Cycle) -> list[Drawable]:
    """The reported tables of a year of which the actor may draw rows, in printed order."""
    query = (
        select(Submission, Department.name, Snapshot.row_count)
        .join(Department, Department.code == Submission.department_code)
        .join(
            Snapshot,
            (Snapshot.submission_id == Submission.id)
            & (Snapshot.content_hash == Submission.content_hash),
        )
        .where(Submission.cycle_id == cycle.id, Submission.status.in_(sorted(DRAWABLE)))
    )
    found = [
        Drawable(submission, store.tables[submission.table_identifier].spec, name, count)
        for submission, name, count in session.execute(query)
        if submission.table_identifier in store.tables
        and count
        and why_not_draw(actor, store.tables[submission.table_identifier], submission) is None
    ]
    return sorted(found, key=lambda each: (each.spec.sort_key, each.submission.department_code))


def _sees(store: Store, actor: Actor, submission: Submission) -> bool:
    stored = store.tables.get(submission.table_identifier)
    return stored is not None and sees_checks_of(actor, stored, submission.department_code)


def _results(session: Session, numbers: Sequence[int]) -> dict[int, Results]:
    counts: dict[int, Counter[CheckResult | None]] = {number: Counter() for number in numbers}
    query = (
        select(SpotCheckRow.spot_check_id, SpotCheckRow.result, func.count())
        .where(SpotCheckRow.spot_check_id.in_(numbers))
        .group_by(SpotCheckRow.spot_check_id, SpotCheckRow.result)
    )
    for number, result, count in session.execute(query):
        counts[number][result] += count
    return {
        number: Results(found.total(), {result: n for result, n in found.items() if result})
        for number, found in counts.items()
    }


def _drawn_rows(
    session: Session, store: Store, line: SpotCheckLine, hidden: frozenset[str]
) -> list[DrawnRow]:
    kept = find_snapshot(session, line.submission.id, line.check.content_hash)
    frame = None if kept is None else read_snapshot(session, kept)
    query = select(SpotCheckRow).where(SpotCheckRow.spot_check_id == line.check.id)
    rows = []
    for row in session.scalars(query.order_by(SpotCheckRow.number)):
        values = {} if frame is None else frame.row(row.position, named=True)
        cells = [
            DrawnCell(field, values.get(field.code), text, field.code in hidden)
            for field in line.spec.fields
            if (text := _shown(store, field, values.get(field.code)))
        ]
        rows.append(DrawnRow(row, cells))
    return rows


def _shown(store: Store, field: FieldSpec, value: object) -> str:
    """The value as people read it: codes by their labels."""
    text = text_of(value) or ""
    codes = store.catalogue.code_list_of(store.catalogue.stored_as(field))
    return codes.labels.get(text, text) if codes else text
