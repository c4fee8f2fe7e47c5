"""What the rules say of a submission, rule by rule, and what stands in the way of its next step."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.access.person import Actor
from app.domain.finding import Severity
from app.domain.finding_state import FindingState
from app.domain.message import Message
from app.domain.submission import Status
from app.models.base_table import Store, StoredTable
from app.models.judged_place import JudgedPlace
from app.reports.finding import FindingLine, told_to
from app.reports.submission import SubmissionPage
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
    told = told_to(store, actor, stored, submission.department_code, page.judged)
    by_rule: dict[str, list[FindingLine]] = {}
    for line in sorted(told.lines, key=lambda line: URGENCY.index(line.state)):
        by_rule.setdefault(line.rule, []).append(line)
    groups = [_group(store, page, rule, lines) for rule, lines in by_rule.items()]
    return sorted(
        groups, key=lambda group: (not group.is_urgent, group.severity is not Severity.ERROR)
    )


def _group(
    store: Store, page: SubmissionPage, rule: str, lines: Sequence[FindingLine]
) -> FindingGroup:
    states = [line.state for line in lines]
    return FindingGroup(
        rule=rule,
        title=rule_title(store, lines[0].table, rule),
        severity=lines[0].severity,
        findings=shown_findings(page.cycle, lines[:LISTED]),
        count=len(lines),
        states=[(state, states.count(state)) for state in URGENCY if state in states],
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
