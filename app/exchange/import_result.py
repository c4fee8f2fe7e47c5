"""What became of the rows of an imported file, with every finding at its place in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.actions.row_change import Outcome, Results, RowResult
from app.catalogue.base_table import TableSpec
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.exchange.layout import Layout
from app.exchange.lost_value import why_lost
from app.exchange.returned_result import MISSING, missing_message, results_of_all
from app.exchange.sheet import column_letters
from app.exchange.uploaded_file import UploadedFile
from app.exchange.workbook import Upload
from app.rules.coercion import Tidied
from app.rules.raw_text import UNREADABLE

# The rule of the finding that a row to be changed does not exist.
NO_SUCH_ROW = "ROW"
# How many rows a preview shows; the counts tell of all.
PREVIEWED = 2_000


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
class ImportTidied:
    """A cell whose text was changed in substance; ``after`` is None where it became empty."""

    row: int
    column: str | None
    label: str
    before: str
    after: str | None


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
    import has to repeat the one of its dry run. ``layout`` tells how the file was understood.
    ``tidied_count`` cells were tidied, of which ``tidied`` has the first ones.
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
    layout: Layout
    tidied: tuple[ImportTidied, ...] = ()
    tidied_count: int = 0

    @property
    def sheet(self) -> str:
        """The sheet that was read."""
        return self.layout.sheet

    @property
    def cell_count(self) -> int:
        """How many cells were read: those of all rows, in the columns that hold something."""
        rows = self.created + self.changed + self.unchanged + self.rejected
        return rows * len(self.layout.columns)


def import_result(
    spec: TableSpec,
    file: UploadedFile,
    outcome: Outcome,
    digest: str,
    closed: frozenset[str],
) -> ImportResult:
    """What is told of the file, led by the word that rows which went out with it are missing."""
    results = results_of_all(spec, file.numbers, file.returned, outcome.results)
    result = _result(spec, file, replace(outcome, results=results), digest, closed)
    message = missing_message(file.returned)
    if message is None:
        return result
    told = ImportFinding(None, None, None, None, MISSING, Severity.WARNING, message)
    return replace(result, findings=(told, *result.findings))


def _result(
    spec: TableSpec,
    file: UploadedFile,
    outcome: Outcome,
    digest: str,
    closed: frozenset[str],
) -> ImportResult:
    results = outcome.results
    outcomes, found = _outcomes_of(results)
    tidied = [(row, each) for row, some in _tidied_of(results).items() for each in some]
    told = [(row, each) for row, each in tidied if each.field not in closed]
    findings = _findings(spec, file, found, closed)
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
        layout=file.upload.layout,
        tidied=tuple(_placed_tidied(spec, file, *each) for each in told[:PREVIEWED]),
        tidied_count=len(told),
    )


def _outcomes_of(
    results: Sequence[RowResult],
) -> tuple[Sequence[str], Mapping[int, Sequence[Finding]]]:
    """What became of each row, and what was found in those where something was."""
    if isinstance(results, Results):
        return results.outcomes, results.findings
    found = {row: result.findings for row, result in enumerate(results) if result.findings}
    return [result.outcome for result in results], found


def _tidied_of(results: Sequence[RowResult]) -> Mapping[int, Sequence[Tidied]]:
    """What was tidied in each row where something was."""
    if isinstance(results, Results):
        return results.tidied
    return {row: result.tidied for row, result in enumerate(results) if result.tidied}


def _placed_tidied(spec: TableSpec, file: UploadedFile, row: int, tidied: Tidied) -> ImportTidied:
    column = file.upload.columns.get(tidied.field)
    letters = None if column is None else column_letters(column)
    label = spec.by_code[tidied.field].label
    return ImportTidied(file.numbers[row], letters, label, tidied.before, tidied.after)


def is_incomplete(outcome: str, findings: Sequence[Finding]) -> bool:
    """Whether a row is written although something required is missing in it."""
    return outcome in {"created", "changed"} and any(
        finding.severity is Severity.ERROR and finding.dimension is Dimension.COMPLETENESS
        for finding in findings
    )


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
    file: UploadedFile,
    found: Mapping[int, Sequence[Finding]],
    closed: frozenset[str],
) -> list[ImportFinding]:
    """The findings of all rows, each with its place; values of ``closed`` fields are not told."""
    return [
        _placed(spec, file, row, finding, finding.told(closed))
        for row, some in found.items()
        for finding in some
    ]


def _placed(
    spec: TableSpec, file: UploadedFile, row: int, finding: Finding, message: Message
) -> ImportFinding:
    field = spec.by_code.get(finding.field or "")
    column = file.upload.columns.get(finding.field or "")
    number = file.numbers[row]
    if field is not None:
        message = why_lost(file.upload, number, field) or message
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
    file: UploadedFile,
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


def _as_typed(file: UploadedFile, row: int) -> dict[str, object]:
    """The row's raw texts; what cannot be read is empty."""
    return {code: _shown(text) for code, text in file.cells.row(row, named=True).items()}


def _shown(text: str | None) -> str | None:
    return None if text is None or UNREADABLE in text else text
