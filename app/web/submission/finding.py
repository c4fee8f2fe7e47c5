"""Findings as a page lists them: where, what, and a way there."""

from dataclasses import dataclass

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.domain.finding import Finding, Severity
from app.models.base_table import StoredTable
from app.models.submission import Submission
from app.reports.submission import SubmissionPage
from app.web.submission.addresses import row_path
from app.web.translation import translated

LISTED = 100


@dataclass(frozen=True)
class FindingLine:
    """One finding in words; ``row`` counts from 1 as the grid does, None for the table."""

    row: int | None
    field: str
    message: str
    severity: Severity
    path: str | None


def finding_lines(actor: Actor, stored: StoredTable, page: SubmissionPage) -> list[FindingLine]:
    """The first findings of the present rows, errors before warnings.

    One about a masked field does not quote its value.
    """
    if page.check is None:
        return []
    submission = page.line.submission
    hidden = hidden_fields(actor, stored, submission.department_code)
    ordered = sorted(page.check.findings, key=lambda f: f.severity is not Severity.ERROR)
    return [
        FindingLine(
            row=None if finding.row is None else finding.row + 1,
            field=stored.spec.by_code[finding.field].label if finding.field else "",
            message=_message(finding, hidden),
            severity=finding.severity,
            path=_path(stored, submission, page, finding),
        )
        for finding in ordered[:LISTED]
    ]


def _message(finding: Finding, hidden: frozenset[str]) -> str:
    return translated(finding.told(hidden))


def _path(
    stored: StoredTable, submission: Submission, page: SubmissionPage, finding: Finding
) -> str | None:
    if finding.row is None or page.check is None:
        return None
    return row_path(submission, stored.row_id(page.check.rows[finding.row]))
