"""What to tell about rows that left as a workbook and came back, beside what was changed (I11)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.actions.row_change import UPDATE, RowResult
from app.catalogue.base_table import FieldSpec, TableSpec
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.exchange.mask import masked
from app.exchange.returned_row import NOTHING_RETURNED, Returned
from app.rules.reading import text_of

# The rule of findings about a row as such, and what it is called of a row that came back.
ROW = "ROW"
RETURNED = "RETURNED"
CONFLICT = "CONFLICT"
GONE = "GONE"
MISSING = "MISSING"
NOTHING = Message("(empty)")


def results_of_all(
    spec: TableSpec,
    numbers: Sequence[int],
    returned: Returned,
    results: Sequence[RowResult],
) -> Sequence[RowResult]:
    """A result for each Excel row; ``results`` are those of the rows that were touched.

    A conflict is told cell by cell, and that an untouched row was deleted meanwhile.
    """
    if returned is NOTHING_RETURNED:
        return results
    touched = iter(results)
    return tuple(
        _untouched(number, returned)
        if number in returned.untouched
        else _told(spec, next(touched), number, returned)
        for number in numbers
    )


def _untouched(number: int, returned: Returned) -> RowResult:
    mark = returned.marks[number]
    findings: tuple[Finding, ...] = ()
    if number in returned.gone:
        findings = (_finding(GONE, None, Severity.WARNING, _STAYS_DELETED),)
    return RowResult(UPDATE, "unchanged", mark.id, mark.version, findings=findings)


_STAYS_DELETED = Message(
    "This row was deleted on the platform after the file was made, and nothing was changed in it"
    " here. It stays deleted; to bring it back, import the file once more and choose to add rows"
    " only."
)
_WAS_DELETED = Message(
    "This row was deleted on the platform after the file was made, so what you changed in it"
    " cannot be saved. Copy it to an empty line below the others to add it again, or delete it"
    " from the file."
)


def _told(spec: TableSpec, result: RowResult, number: int, returned: Returned) -> RowResult:
    findings = list(result.findings)
    if number in returned.marks:
        findings = [_of_known_row(f, is_gone=number in returned.gone) for f in findings]
    findings += _conflicts(spec, result)
    return replace(result, findings=tuple(findings))


def _of_known_row(finding: Finding, *, is_gone: bool) -> Finding:
    """What is wrong with a row as such has nothing to do with its key, which did not name it."""
    if finding.rule != ROW:
        return finding
    if is_gone:
        return replace(finding, rule=GONE, message=_WAS_DELETED)
    return replace(finding, rule=RETURNED)


def _conflicts(spec: TableSpec, result: RowResult) -> Iterator[Finding]:
    """Both values of every cell that was changed in the file and on the platform."""
    for code, (mine, theirs) in result.conflict.items():
        field = spec.by_code[code]
        told: Mapping[str, object] = {
            "label": field.label,
            "mine": _shown(field, mine),
            "theirs": _shown(field, theirs),
            "person": result.latest.person_name if result.latest else "?",
        }
        message = Message(
            "%(label)s: “%(mine)s” in your file, but %(person)s changed it to “%(theirs)s” after"
            " the file was made. Type “%(theirs)s” here to keep that, or change the cell in the"
            " table itself.",
            told,
        )
        yield _finding(CONFLICT, code, Severity.ERROR, message)


def _shown(field: FieldSpec, value: object) -> object:
    text = masked(value) if field.mask else text_of(value)
    return NOTHING if text is None else text


def _finding(rule: str, code: str | None, severity: Severity, message: Message) -> Finding:
    return Finding(rule, None, code, severity, Dimension.ACCURACY, message)


def missing_message(returned: Returned) -> Message | None:
    """That rows which went out are not in the file; None where all are."""
    if not returned.missing:
        return None
    return Message(
        "%(count)s rows that the file went out with are not in it any more. They stay as they are"
        " on the platform; what is to be deleted is deleted in the table itself.",
        {"count": returned.missing},
    )
