"""Old workbooks into years of history, for one department or for the whole college at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_history
from app.actions.history import replace_history
from app.actions.row_change import Outcome
from app.catalogue.base_table import TableSpec
from app.domain.finding import Finding, Severity
from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.lost_value import why_lost
from app.exchange.sheet import column_letters
from app.exchange.template_identity import identity_of
from app.exchange.workbook import Upload, UploadedRow, read_upload
from app.models.assignment_plan import all_departments
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.rules.base_table import check_rows, is_lenient
from app.rules.coercion import raw_frame


@dataclass(frozen=True)
class HistoryFault:
    """What of a workbook cannot be kept, in an Excel row.

    Where it is a cell, ``label`` is that of its field and ``cell`` its address, such as C5.
    """

    row: int
    label: str | None
    message: Message
    cell: str | None = None


@dataclass(frozen=True)
class HistoryPart:
    """What becomes of one department's rows: how many are kept."""

    department: str
    name: str
    rows: int


@dataclass(frozen=True)
class HistoryImport:
    """The result: ``faults`` are left out or left empty where that was chosen, else in the way."""

    table: TableSpec
    parts: Sequence[HistoryPart]
    faults: Sequence[HistoryFault]
    written: bool

    @property
    def rows(self) -> int:
        """How many rows there are in all departments."""
        return sum(part.rows for part in self.parts)


def import_history(
    session: Session,
    store: Store,
    cycle: Cycle,
    table: str,
    content: bytes,
    file_name: str,
    *,
    by: Actor,
    now: datetime,
    department: str | None = None,
    leaves_out: bool = False,
    dry_run: bool = True,
) -> HistoryImport:
    """Bring the file's rows into the year, or show what would happen.

    Without ``department`` the file's own column tells it. Unless ``leaves_out`` is chosen any fault
    keeps everything from being written. Raises Refused.
    """
    refuse(why_not_history(by, cycle))
    stored = store.tables.get(table)
    if stored is None:
        raise Refused(
            Message("There is no base table %(table)s.", {"table": table}), Reason.INVALID
        )
    spec, period = stored.spec, stored.spec.period_in(cycle.year).code
    here = identity_of(spec, store.catalogue.digest, period, department or "")
    upload = read_upload(content, file_name, spec, here)
    by_department, faults = _divided(session, upload, department)
    job = _Job(session, store, cycle, table, upload, by, now, leaves_out)
    cleaned: dict[str, list[UploadedRow]] = {}
    for code, rows in by_department.items():
        cleaned[code], unreadable = _readable(store, spec, upload, rows)
        faults += unreadable
    parts, rejected = _replace(job, cleaned, dry_run=True)
    faults = sorted([*faults, *rejected], key=lambda fault: fault.row)
    written = not dry_run and (leaves_out or not faults)
    if written:
        parts, _known = _replace(job, cleaned, dry_run=False)
    return HistoryImport(spec, parts, faults, written)


@dataclass(frozen=True)
class _Job:
    session: Session
    store: Store
    cycle: Cycle
    table: str
    upload: Upload
    by: Actor
    now: datetime
    leaves_out: bool


def _replace(
    job: _Job, cleaned: Mapping[str, Sequence[UploadedRow]], *, dry_run: bool
) -> tuple[list[HistoryPart], list[HistoryFault]]:
    """What becomes of every department's rows; the faults are of rows that cannot be kept."""
    parts, faults = [], []
    names = all_departments(job.session)
    for code, rows in cleaned.items():
        outcome = replace_history(
            job.session,
            job.store,
            job.table,
            job.cycle,
            code,
            [row.values for row in rows],
            by=job.by,
            now=job.now,
            partial=job.leaves_out,
            dry_run=dry_run,
        )
        faults += _rejected(job.store.tables[job.table].spec, job.upload, rows, outcome)
        kept = sum(result.ok for result in outcome.results)
        parts.append(HistoryPart(code, names[code].name, kept))
    return parts, faults


def _divided(
    session: Session, upload: Upload, department: str | None
) -> tuple[dict[str, list[UploadedRow]], list[HistoryFault]]:
    """The rows by department, and those whose department nobody knows or wants here."""
    known = all_departments(session)
    if department is not None and department not in known:
        raise Refused(Message("There is no such department."), Reason.INVALID)
    if department is None and upload.department_column is None:
        raise Refused(
            Message(
                "The file has no column of the department. Add one, or choose the department whose"
                " rows these are."
            ),
            Reason.INVALID,
        )
    codes = {found.name: code for code, found in known.items()} | {code: code for code in known}
    rows: dict[str, list[UploadedRow]] = {}
    faults = []
    for row in upload.rows:
        code = codes.get(row.department) if row.department else department
        if code is None or department not in (None, code):
            faults.append(_foreign(row))
        else:
            rows.setdefault(code, []).append(row)
    return rows, faults


def _foreign(row: UploadedRow) -> HistoryFault:
    message = Message(
        "There is no department “%(department)s” to take this row. Correct the name.",
        {"department": row.department or ""},
    )
    return HistoryFault(row.number, None, message)


def _readable(
    store: Store, spec: TableSpec, upload: Upload, rows: Sequence[UploadedRow]
) -> tuple[list[UploadedRow], list[HistoryFault]]:
    """The rows without the cells that cannot be read as what their fields are."""
    raw = raw_frame(spec, [row.values for row in rows])
    emptied: dict[int, dict[str, None]] = {}
    faults = []
    for finding in check_rows(spec, store.catalogue, raw, {}).findings:
        if not _is_unreadable(spec, finding):
            continue
        position, code = finding.row or 0, finding.field or ""
        emptied.setdefault(position, {})[code] = None
        faults.append(_fault(spec, upload, rows[position].number, finding))
    clean = [
        replace(row, values={**row.values, **emptied.get(position, {})})
        for position, row in enumerate(rows)
    ]
    return clean, faults


def _is_unreadable(spec: TableSpec, finding: Finding) -> bool:
    field = spec.by_code.get(finding.field or "")
    if field is None or field.key or finding.storable:
        return False
    return finding.severity is Severity.ERROR and not is_lenient(spec, finding)


def _fault(spec: TableSpec, upload: Upload, number: int, finding: Finding) -> HistoryFault:
    """What is told of a row's cell, whose value may be missing from the file itself."""
    field = spec.by_code.get(finding.field or "")
    if field is None:
        return HistoryFault(number, None, finding.message)
    column = upload.columns.get(field.code)
    cell = None if column is None else f"{column_letters(column)}{number}"
    message = why_lost(upload, number, field) or finding.message
    return HistoryFault(number, field.label, message, cell)


def _rejected(
    spec: TableSpec, upload: Upload, rows: Sequence[UploadedRow], outcome: Outcome
) -> list[HistoryFault]:
    """The rows that cannot be kept at all: without a key, or with one that stands twice."""
    faults = []
    for row, result in zip(rows, outcome.results, strict=True):
        finding = result.obstacle
        if not result.ok and finding is not None:
            faults.append(_fault(spec, upload, row.number, finding))
    return faults
