"""What the rules say of a submission, rule by rule, and what stands in the way of its next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.access.person import Actor
from app.actions.explanation import FindingPlace
from app.domain.finding import Severity
from app.domain.finding_state import FindingState
from app.domain.message import Message
from app.domain.submission import Status
from app.models.base_table import Store, StoredTable
from app.models.judged_place import JudgedPlace
from app.models.submission import Submission
from app.reports.finding import FindingLine, told_to
from app.reports.submission import SubmissionPage
from app.web.finding.acts import WholeRule
from app.web.finding.line import ShownFinding, shown_findings
from app.web.finding.rule_title import rule_title

# Of one rule; the list of findings has them all.
LISTED = 100
# What somebody has to do something about comes first.
URGENCY = (
    FindingState.OPEN,
    FindingState.REJECTED,
    FindingState.EXPLAINED,
    FindingState.WAITING,
    FindingState.ADOPTED,
    FindingState.WAIVED,
    FindingState.MENDED,
)


@dataclass(frozen=True)
class FindingGroup:
    """The findings of one rule: the first ones as they are shown, and how many there are."""

    rule: str
    title: str
    severity: Severity
    findings: Sequence[ShownFinding]
    count: int
    states: Sequence[tuple[FindingState, int]]
    whole: WholeRule

    @property
    def is_urgent(self) -> bool:
        """Whether something has to be done about any of them."""
        return any(state.is_open for state, _count in self.states)

    @property
    def may_explain(self) -> bool:
        """Whether the reader may explain any that is shown."""
        return any(each.may_explain for each in self.findings)

    @property
    def may_rule(self) -> bool:
        """Whether the reader may rule on any that is shown."""
        return any(each.may_rule for each in self.findings)


def finding_groups(
    store: Store, actor: Actor, stored: StoredTable, page: SubmissionPage
) -> list[FindingGroup]:
    """The findings as they are now, what is urgent first, errors before warnings."""
    if page.judged is None:
        return []
    submission = page.line.submission
    told = told_to(actor, stored, submission.department_code, page.judged)
    by_rule: dict[str, list[FindingLine]] = {}
    for line in sorted(told.lines, key=lambda line: URGENCY.index(line.state)):
        by_rule.setdefault(line.rule, []).append(line)
    listed = [line for lines in by_rule.values() for line in lines[:LISTED]]
    shown: dict[str, list[ShownFinding]] = {}
    for each in _shown(page, page.judged, listed):
        shown.setdefault(each.line.rule, []).append(each)
    place = _place_of(submission)
    groups = [_group(store, place, lines, shown[rule]) for rule, lines in by_rule.items()]
    return sorted(
        groups, key=lambda group: (not group.is_urgent, group.severity is not Severity.ERROR)
    )


def _shown(
    page: SubmissionPage, judged: JudgedPlace, lines: Sequence[FindingLine]
) -> list[ShownFinding]:
    """The findings with what the page has read already."""
    table, names = page.line.spec.identifier, {page.line.department_code: page.line.department}
    known = judged.check.values_by_id({line.row_id for line in lines})
    rows = {(table, row_id): values for row_id, values in known.items()}
    return shown_findings(page.cycle, lines, names, rows)


def whole_rule(
    actor: Actor, tables: Mapping[str, StoredTable], page: SubmissionPage, rule: str
) -> WholeRule | None:
    """All open warnings of a rule as they are now; None where nothing is judged."""
    submission = page.line.submission
    if page.judged is None:
        return None
    stored = tables[submission.table_identifier]
    told = told_to(actor, stored, submission.department_code, page.judged)
    return _whole(_place_of(submission), [line for line in told.lines if line.rule == rule])


def _whole(place: FindingPlace, lines: Sequence[FindingLine]) -> WholeRule:
    is_open = (line for line in lines if line.state.is_open and line.severity is Severity.WARNING)
    return WholeRule(place, {line.mark: line.seen for line in is_open})


def _place_of(submission: Submission) -> FindingPlace:
    return FindingPlace(submission.table_identifier, submission.period, submission.department_code)


def _group(
    store: Store,
    place: FindingPlace,
    lines: Sequence[FindingLine],
    shown: Sequence[ShownFinding],
) -> FindingGroup:
    states = [line.state for line in lines]
    first = lines[0]
    return FindingGroup(
        rule=first.rule,
        title=rule_title(store, first.table, first.rule),
        severity=first.severity,
        findings=shown,
        count=len(lines),
        states=[(state, states.count(state)) for state in URGENCY if state in states],
        whole=_whole(place, lines),
    )


def what_blocks(page: SubmissionPage) -> list[Message]:
    """What the rules have against finishing or accepting the table as it stands now."""
    judged, status = page.judged, page.line.submission.status
    if judged is None:
        return []
    blocking: list[Message] = []
    if judged.open_errors:
        count = {"count": len(judged.open_errors)}
        blocking.append(Message("%(count)s errors have to be mended, or the rule waived.", count))
    if status.is_editable and judged.open_warnings:
        count = {"count": len(judged.open_warnings)}
        blocking.append(Message("%(count)s warnings have to be mended or explained.", count))
    if status in {Status.SUBMITTED, Status.UNDER_QA_REVIEW}:
        blocking += _unsettled(judged)
    return blocking


def _unsettled(judged: JudgedPlace) -> list[Message]:
    """What of the explanations stands in the way of accepting."""
    pending = judged.in_state(FindingState.EXPLAINED)
    rejected = judged.in_state(FindingState.REJECTED)
    blocking = []
    if pending:
        count = {"count": len(pending)}
        blocking.append(
            Message("%(count)s explanations have to be ruled on by the quality office.", count)
        )
    if rejected:
        count = {"count": len(rejected)}
        blocking.append(
            Message(
                "%(count)s explanations were rejected; the table has to be sent back for them.",
                count,
            )
        )
    return blocking
