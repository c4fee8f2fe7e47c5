"""Importing rows of a base table from a workbook (decision 5: one write path).

A dry run and the import itself are the same call; the import has to name the
digest of its dry run, so that what is written is what was looked at. An empty
cell clears the value, a column the file does not have leaves it (decision
record 0005).
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.access.policies import why_not_write
from app.actions.base_table import apply_changes
from app.actions.row_change import INSERT, UPDATE, UPSERT, Change, Outcome, RowResult
from app.catalogue.base_table import FieldSpec, TableKind, TableSpec
from app.domain.bulk import collecting_later
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message, Reason, Refused
from app.exchange.mask import is_masked
from app.exchange.sheet import column_letters
from app.exchange.template_identity import identity_of
from app.exchange.workbook import Upload, UploadedRow, read_upload
from app.models.base_table import Store
from app.models.base_table_rows import latest_change
from app.models.department import Department
from app.rules.raw_text import UNREADABLE, raw_text

WAY = "import"
# The rule of the finding that a row to be changed does not exist.
NO_SUCH_ROW = "ROW"
# How many rows a preview shows; the counts tell of all.
PREVIEWED = 200
# Told how many of how many rows are through; raises to give up before anything is written.
Told = Callable[[int, int], None]


class ImportMode(StrEnum):
    """What to do with a row whose key exists, and with one whose key does not."""

    INSERT = INSERT
    UPSERT = UPSERT
    UPDATE = UPDATE


@dataclass(frozen=True)
class ImportFinding:
    """A finding with its place in Excel: row number, column letters, heading.

    ``value`` is what was typed there, None for an empty cell.
    """

    row: int | None
    column: str | None
    field: str | None
    label: str | None
    rule: str
    severity: Severity
    message: Message
    value: str | None = None


@dataclass(frozen=True)
class PreviewRow:
    """What becomes of an Excel row; ``before`` holds the values that change."""

    row: int
    outcome: str
    values: Mapping[str, object]
    before: Mapping[str, object]


@dataclass(frozen=True)
class ImportResult:
    """The counts of rows, every finding, and the first rows of each outcome.

    ``incomplete`` of the created and changed rows lack something required.
    ``digest`` names the file together with where and how it is imported; the
    import has to repeat the one of its dry run. ``sheet`` is the one that was read.
    """

    created: int
    changed: int
    unchanged: int
    rejected: int
    incomplete: int
    findings: tuple[ImportFinding, ...]
    digest: str
    written: bool
    preview: tuple[PreviewRow, ...]
    sheet: str = ""


def _tell_nobody(_done: int, _total: int) -> None:
    """Nobody waits for progress."""


@collecting_later()
def import_rows(
    session: Session,
    store: Store,
    table: str,
    content: bytes,
    file_name: str,
    *,
    by: Actor,
    now: datetime,
    period: str,
    department: str,
    mode: ImportMode = ImportMode.UPSERT,
    dry_run: bool = True,
    partial: bool = False,
    digest: str | None = None,
    told: Told = _tell_nobody,
) -> ImportResult:
    """Carry out the file's rows, or show what would happen; Refused where the file misfits."""
    latest = latest_change(session, table, period, department)
    spec = _spec_to_import(store, table, by, department)
    own_digest = digest_of(content, table, period, department, mode, str(latest))
    _refuse_unseen(is_known=dry_run or digest == own_digest)
    upload = _read_told(store, spec, content, file_name, (period, department), told)
    foreign = _foreign_rows(session, upload, department)
    closed = masked_by_roles(by, store.tables[table], WAY)
    outcome = apply_changes(
        *(session, store, table),
        _changes(spec, _own_rows(upload, foreign), mode, closed),
        by=by,
        now=now,
        period=period,
        department=department,
        way=WAY,
        partial=partial,
        dry_run=dry_run or bool(foreign and not partial),
        seen=None if dry_run else latest,
    )
    told(len(outcome.results), len(outcome.results))
    return _result(spec, upload, foreign, outcome, own_digest, closed)


def _read_told(
    store: Store,
    spec: TableSpec,
    content: bytes,
    file_name: str,
    place: tuple[str, str],
    told: Told,
) -> Upload:
    """The file's rows; told before and after, because reading takes its time."""
    told(0, 0)
    identity = identity_of(spec, store.catalogue.digest, *place)
    upload = read_upload(content, file_name, spec, identity)
    told(0, len(upload.rows))
    return upload


def _spec_to_import(store: Store, table: str, by: Actor, department: str) -> TableSpec:
    """The table's description; nobody's file is read who may not import it."""
    refusal = why_not_write(by, store.tables[table], WAY, department)
    if refusal is not None:
        raise Refused(refusal)
    return store.tables[table].spec


def _refuse_unseen(*, is_known: bool) -> None:
    """What is written is what was shown before."""
    if not is_known:
        raise Refused(
            Message(
                "The file or the choices are not those of the preview. Look at the preview again"
                " and confirm it."
            ),
            Reason.CONFLICT,
        )


def digest_of(content: bytes, *decisive: str) -> str:
    """SHA-256, in hex, over the file and everything that decides what it does.

    The last change of the rows it meets belongs to that: when somebody changed
    one after the preview, the preview is no longer what would be written.
    """
    digest = hashlib.sha256("\x00".join((*decisive, "")).encode())
    digest.update(content)
    return digest.hexdigest()


def _result(
    spec: TableSpec,
    upload: Upload,
    foreign: Mapping[int, str],
    outcome: Outcome,
    digest: str,
    closed: frozenset[str],
) -> ImportResult:
    results = outcome.results
    rows = _own_rows(upload, foreign)
    findings = _findings(spec, upload, rows, results)
    findings += [_foreign_finding(upload, number, text) for number, text in foreign.items()]
    findings.sort(key=lambda finding: finding.row or 0)
    counts = Counter(result.outcome for result in results)
    return ImportResult(
        created=counts["created"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        rejected=counts["rejected"] + counts["conflict"] + len(foreign),
        incomplete=sum(is_incomplete(result) for result in results),
        findings=tuple(findings),
        digest=digest,
        written=outcome.written,
        preview=_preview(spec, rows, results, closed),
        sheet=upload.sheet,
    )


def is_incomplete(result: RowResult) -> bool:
    """Whether the row is written although something required is missing in it."""
    is_written = result.outcome in {"created", "changed"}
    return is_written and any(
        finding.severity is Severity.ERROR and finding.dimension is Dimension.COMPLETENESS
        for finding in result.findings
    )


def _changes(
    spec: TableSpec, rows: Sequence[UploadedRow], mode: ImportMode, closed: frozenset[str]
) -> list[Change]:
    """A change per row; a masked value says nothing and keeps what is stored.

    Neither does an empty cell of a field that is ``closed`` to whoever imports.
    """
    operation = UPSERT if spec.kind is TableKind.SINGLE_ROW else mode.value
    masks = {field.code for field in spec.fields if field.mask}
    return [
        Change(
            operation,
            {
                code: value
                for code, value in row.values.items()
                if not (code in masks and is_masked(value))
                and not (code in closed and (value in (None, "") or is_masked(value)))
            },
            number=row.number,
        )
        for row in rows
    ]


def _foreign_rows(session: Session, upload: Upload, department: str) -> dict[int, str]:
    """Excel row → what it names as its department where that is another one."""
    if upload.department_column is None:
        return {}
    own = session.get(Department, department)
    names = {department, own.name if own is not None else department}
    return {
        row.number: row.department
        for row in upload.rows
        if row.department is not None and row.department not in names
    }


def _own_rows(upload: Upload, foreign: Mapping[int, str]) -> list[UploadedRow]:
    return [row for row in upload.rows if row.number not in foreign]


def _foreign_finding(upload: Upload, number: int, text: str) -> ImportFinding:
    message = Message(
        "This row belongs to the department “%(department)s”. Only rows of your own department"
        " are imported; delete the row.",
        {"department": text},
    )
    column = column_letters(upload.department_column or 0)
    return ImportFinding(number, column, None, None, "DEPARTMENT", Severity.ERROR, message, text)


def _findings(
    spec: TableSpec,
    upload: Upload,
    rows: Sequence[UploadedRow],
    results: Sequence[RowResult],
) -> list[ImportFinding]:
    """The findings of all rows, each with its place in the file."""
    found = []
    for row, result in zip(rows, results, strict=True):
        for finding in result.findings:
            found.append(_placed(spec, upload, row, finding))
    return found


def _placed(spec: TableSpec, upload: Upload, row: UploadedRow, finding: Finding) -> ImportFinding:
    field = spec.by_code.get(finding.field or "")
    column = upload.columns.get(finding.field or "")
    message = finding.message
    if field is not None and (row.number, field.code) in upload.lost:
        message = Message(
            "%(label)s: the cell shows an error, or its formula was never calculated. Type the"
            " value itself.",
            {"label": field.label},
        )
    if finding.rule == NO_SUCH_ROW:
        message = Message(
            "There is no row with this key yet. Correct the key, or choose a way of importing that"
            " adds rows."
        )
    return ImportFinding(
        row=row.number,
        column=None if column is None else column_letters(column),
        field=finding.field,
        label=None if field is None else field.label,
        rule=finding.rule,
        severity=finding.severity,
        message=message,
        value=None if field is None else _text_of(field, row.values.get(field.code)),
    )


def _preview(
    spec: TableSpec,
    rows: Sequence[UploadedRow],
    results: Sequence[RowResult],
    closed: frozenset[str],
) -> tuple[PreviewRow, ...]:
    """The first rows of each outcome, in the order of the file; ``closed`` fields are left out."""
    shown: Counter[str] = Counter()
    preview = []
    for row, result in zip(rows, results, strict=True):
        shown[result.outcome] += 1
        if shown[result.outcome] <= PREVIEWED:
            known = result.values or _as_typed(spec, row)
            values = {code: value for code, value in known.items() if code not in closed}
            preview.append(PreviewRow(row.number, result.outcome, values, result.before))
    return tuple(preview)


def _as_typed(spec: TableSpec, row: UploadedRow) -> dict[str, object]:
    """The row's raw values as texts; what cannot be read is empty."""
    return {code: _text_of(spec.by_code[code], value) for code, value in row.values.items()}


def _text_of(field: FieldSpec, value: object) -> str | None:
    text = raw_text(field, value)
    return None if text is None or UNREADABLE in text else text
