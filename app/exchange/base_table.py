"""Importing rows of a base table from a workbook (decision 5: one write path).

A dry run and the import itself are the same call; the import has to name the
digest of its dry run, so that what is written is what was looked at. An empty
cell clears the value, a column the file does not have leaves it (decision
record 0005).
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import polars as pl
from sqlalchemy.orm import Session

from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.access.policies import why_not_write
from app.actions.base_table import STEPS, Told, apply_changes
from app.actions.row_change import INSERT, UPDATE, UPSERT, Outcome, Results, RowResult
from app.actions.row_columns import ChangedColumns
from app.catalogue.base_table import FieldSpec, TableKind, TableSpec
from app.domain.bulk import collecting_later
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message, Reason, Refused
from app.exchange.mask import MASK
from app.exchange.returned_result import MISSING, missing_message, results_of_all
from app.exchange.returned_row import NOTHING_RETURNED, Returned, what_returned
from app.exchange.sheet import column_letters
from app.exchange.template_identity import identity_of
from app.exchange.workbook import Upload, read_upload
from app.models.base_table import Store
from app.models.base_table_rows import latest_change
from app.models.department import Department
from app.rules.raw_text import UNREADABLE

WAY = "import"
# The rule of the finding that a row to be changed does not exist.
NO_SUCH_ROW = "ROW"
# How many rows a preview shows; the counts tell of all.
PREVIEWED = 200


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


@dataclass(frozen=True)
class _File:
    """An upload and those of its rows that are the department's own: raw texts and Excel numbers.

    ``foreign`` maps the Excel numbers of the others to what they name as their department;
    ``returned`` tells which rows went out before and were edited since.
    """

    upload: Upload
    cells: pl.DataFrame
    numbers: Sequence[int]
    foreign: Mapping[int, str]
    returned: Returned = NOTHING_RETURNED


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
    told: Told = lambda _done, _total: None,
) -> ImportResult:
    """Carry out the file's rows, or show what would happen; Refused where the file misfits.

    ``told`` is called with how many steps are done of how many, one for each row read, checked,
    written and logged; what it raises takes everything back.
    """
    latest = latest_change(session, table, period, department)
    own_digest = digest_of(content, table, period, department, mode, str(latest))
    spec = _spec_to_import(store, table, by, department)
    _refuse_unseen(is_known=dry_run or digest == own_digest)
    file = _file(session, store, spec, (content, file_name), (period, department), mode)
    closed = masked_by_roles(by, store.tables[table], WAY)
    outcome = _carried_out(
        session,
        store,
        table,
        _changes(spec, file, mode, closed),
        (by, now, period, department),
        partial=partial,
        dry_run=dry_run or bool(file.foreign and not partial),
        seen=None if dry_run else latest,
        told=_told_after_reading(told, len(file.numbers)),
    )
    results = results_of_all(spec, file.numbers, file.returned, outcome.results)
    result = _result(spec, file, replace(outcome, results=results), own_digest, closed)
    return _with_missing(result, file.returned)


def _with_missing(result: ImportResult, returned: Returned) -> ImportResult:
    """The result, led by the word that rows are missing from the file which went out with it."""
    message = missing_message(returned)
    if message is None:
        return result
    told = ImportFinding(None, None, None, None, MISSING, Severity.WARNING, message)
    return replace(result, findings=(told, *result.findings))


def _carried_out(
    session: Session,
    store: Store,
    table: str,
    changes: ChangedColumns,
    place: tuple[Actor, datetime, str, str],
    *,
    partial: bool,
    dry_run: bool,
    seen: int | None,
    told: Told,
) -> Outcome:
    """What becomes of the changes by somebody, now, in a period and department."""
    by, now, period, department = place
    return apply_changes(
        session,
        store,
        table,
        changes,
        by=by,
        now=now,
        period=period,
        department=department,
        way=WAY,
        partial=partial,
        dry_run=dry_run,
        seen=seen,
        told=told,
    )


def _told_after_reading(told: Told, rows: int) -> Told:
    """Tell that so many rows are read; what is told from then on counts them as done."""
    told(rows, (STEPS + 1) * rows)
    return lambda done, total: told(rows + done, rows + total)


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
    file: _File,
    outcome: Outcome,
    digest: str,
    closed: frozenset[str],
) -> ImportResult:
    results = outcome.results
    outcomes, found = _outcomes_of(results)
    findings = _findings(spec, file, found)
    findings += [_foreign_finding(file.upload, *each) for each in file.foreign.items()]
    findings.sort(key=lambda finding: finding.row or 0)
    counts = Counter(outcomes)
    return ImportResult(
        created=counts["created"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        rejected=counts["rejected"] + counts["conflict"] + len(file.foreign),
        incomplete=sum(is_incomplete(outcomes[row], each) for row, each in found.items()),
        findings=tuple(findings),
        digest=digest,
        written=outcome.written,
        preview=_preview(file, results, outcomes, closed),
        sheet=file.upload.sheet,
    )


def _outcomes_of(
    results: Sequence[RowResult],
) -> tuple[Sequence[str], Mapping[int, Sequence[Finding]]]:
    """What became of each row, and what was found in those where something was."""
    if isinstance(results, Results):
        return results.outcomes, results.findings
    found = {row: result.findings for row, result in enumerate(results) if result.findings}
    return [result.outcome for result in results], found


def is_incomplete(outcome: str, findings: Sequence[Finding]) -> bool:
    """Whether a row is written although something required is missing in it."""
    return outcome in {"created", "changed"} and any(
        finding.severity is Severity.ERROR and finding.dimension is Dimension.COMPLETENESS
        for finding in findings
    )


def _changes(
    spec: TableSpec, file: _File, mode: ImportMode, closed: frozenset[str]
) -> ChangedColumns:
    """A change per row that somebody touched, of a row that went out by its id.

    A masked value says nothing and keeps what is stored; neither does an empty cell of a field
    that is ``closed`` to whoever imports, nor a cell that nobody edited since it went out.
    """
    operation = UPSERT if spec.kind is TableKind.SINGLE_ROW else mode.value
    silent: dict[str, frozenset[int]] = {}
    cells, numbers, returned = _touched(file)
    for code in cells.columns:
        says_nothing = _says_nothing(spec.by_code[code], cells[code], closed)
        as_sent = frozenset(
            position
            for position, number in enumerate(numbers if returned.edited else ())
            if number in returned.edited and code not in returned.edited[number]
        )
        if says_nothing is not None and says_nothing.any():
            silent[code] = frozenset(says_nothing.arg_true().to_list())
            cells = cells.with_columns(cells[code].set(says_nothing, None))
        if as_sent:
            silent[code] = silent.get(code, frozenset()) | as_sent
    marks = ((position, returned.marks.get(number)) for position, number in enumerate(numbers))
    named = {position: (mark.id, mark.version) for position, mark in marks if mark is not None}
    return ChangedColumns(operation, cells, numbers, silent, named)


def _touched(file: _File) -> tuple[pl.DataFrame, Sequence[int], Returned]:
    """The rows without those that came back as they went out."""
    untouched = file.returned.untouched
    if not untouched:
        return file.cells, file.numbers, file.returned
    rows = [row for row, number in enumerate(file.numbers) if number not in untouched]
    return file.cells[rows], [file.numbers[row] for row in rows], file.returned


def _says_nothing(field: FieldSpec, texts: pl.Series, closed: frozenset[str]) -> pl.Series | None:
    """Where the cells of a field are as if they were not there; None: nowhere."""
    if not field.mask and field.code not in closed:
        return None
    is_masked = texts.str.contains(MASK, literal=True).fill_null(value=False)
    return is_masked | texts.is_null() if field.code in closed else is_masked


def _file(
    session: Session,
    store: Store,
    spec: TableSpec,
    sent: tuple[bytes, str],
    place: tuple[str, str],
    mode: ImportMode,
) -> _File:
    """The file that was sent, its rows parted into those of the department and of others.

    Who only adds rows means all of them as they stand.
    """
    period, department = place
    identity = identity_of(spec, store.catalogue.digest, period, department)
    upload = read_upload(*sent, spec, identity)
    returned = NOTHING_RETURNED
    if mode is not ImportMode.INSERT:
        returned = what_returned(session, store, spec.identifier, upload, period, department)
    foreign = {}
    if any(upload.departments):
        own = session.get(Department, department)
        names = {None, department, own.name if own is not None else department}
        named = zip(upload.numbers, upload.departments, strict=True)
        foreign = {number: str(name) for number, name in named if name not in names}
    if not foreign:
        return _File(upload, upload.cells, upload.numbers, {}, returned)
    rows = [row for row, number in enumerate(upload.numbers) if number not in foreign]
    numbers = [upload.numbers[row] for row in rows]
    return _File(upload, upload.cells[rows], numbers, foreign, returned)


def _foreign_finding(upload: Upload, number: int, text: str) -> ImportFinding:
    message = Message(
        "This row belongs to the department “%(department)s”. Only rows of your own department"
        " are imported; delete the row.",
        {"department": text},
    )
    column = column_letters(upload.department_column or 0)
    return ImportFinding(number, column, None, None, "DEPARTMENT", Severity.ERROR, message, text)


def _findings(
    spec: TableSpec, file: _File, found: Mapping[int, Sequence[Finding]]
) -> list[ImportFinding]:
    """The findings of all rows, each with its place in the file."""
    return [_placed(spec, file, row, finding) for row, some in found.items() for finding in some]


def _placed(spec: TableSpec, file: _File, row: int, finding: Finding) -> ImportFinding:
    field = spec.by_code.get(finding.field or "")
    column = file.upload.columns.get(finding.field or "")
    number = file.numbers[row]
    message = finding.message
    if field is not None and (number, field.code) in file.upload.lost:
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
    typed = None if field is None or column is None else file.cells[field.code][row]
    return ImportFinding(
        row=number,
        column=None if column is None else column_letters(column),
        field=finding.field,
        label=None if field is None else field.label,
        rule=finding.rule,
        severity=finding.severity,
        message=message,
        value=_shown(typed),
    )


def _preview(
    file: _File,
    results: Sequence[RowResult],
    outcomes: Sequence[str],
    closed: frozenset[str],
) -> tuple[PreviewRow, ...]:
    """The first rows of each outcome, in the order of the file; ``closed`` fields are left out."""
    shown: Counter[str] = Counter()
    preview = []
    for row, outcome in enumerate(outcomes):
        shown[outcome] += 1
        if shown[outcome] <= PREVIEWED:
            result = results[row]
            known = result.values or _as_typed(file, row)
            values = {code: value for code, value in known.items() if code not in closed}
            preview.append(PreviewRow(file.numbers[row], outcome, values, result.before))
    return tuple(preview)


def _as_typed(file: _File, row: int) -> dict[str, object]:
    """The row's raw texts; what cannot be read is empty."""
    return {code: _shown(text) for code, text in file.cells.row(row, named=True).items()}


def _shown(text: str | None) -> str | None:
    return None if text is None or UNREADABLE in text else text
