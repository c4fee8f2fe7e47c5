"""What the rules say of a submission, rule by rule, and what stands in the way of its next step."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.access.person import Actor
from app.actions.explanation import FindingPlace
from app.domain.finding import Severity
from app.domain.finding_state import FindingState
from app.domain.message import Message
from app.domain.submission import Status
from app.models.base_table import Store, StoredTable
from app.models.submission import Submission
from app.reports.finding import FindingLine, PlaceFindings, told_to
from app.reports.finding_count import RuleCount, open_errors, open_warnings, total
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


def told_findings(
    store: Store, actor: Actor, stored: StoredTable, page: SubmissionPage
) -> PlaceFindings | None:
    """The findings as the reader may be told them, None where there is nothing to tell."""
    if page.registered is not None:
        return page.registered
    if page.judged is None:
        return None
    return told_to(store, actor, stored, page.line.submission.department_code, page.judged)


def finding_groups(
    store: Store, page: SubmissionPage, told: PlaceFindings | None
) -> list[FindingGroup]:
    """The findings rule by rule, what is urgent first, errors before warnings."""
    if told is None:
        return []
    by_rule: dict[str, list[FindingLine]] = {}
    for line in sorted(told.lines, key=lambda line: URGENCY.index(line.state)):
        by_rule.setdefault(line.rule, []).append(line)
    listed = [line for lines in by_rule.values() for line in lines[:LISTED]]
    shown: dict[str, list[ShownFinding]] = {}
    for each in _shown(page, listed):
        shown.setdefault(each.line.rule, []).append(each)
    counts: dict[str, list[RuleCount]] = {rule: [] for rule in by_rule}
    for count in told.counts:
        counts.setdefault(count.rule, []).append(count)
    groups = [
        _group(store, page, own, shown.get(rule, []), by_rule.get(rule, ()))
        for rule, own in counts.items()
    ]
    return sorted(
        groups, key=lambda group: (not group.is_urgent, group.severity is not Severity.ERROR)
    )


def _shown(page: SubmissionPage, lines: Sequence[FindingLine]) -> list[ShownFinding]:
    """The findings with what the page has read already."""
    table, names = page.line.spec.identifier, {page.line.department_code: page.line.department}
    if page.judged is None:
        return shown_findings(page.cycle, lines, names)
    known = page.judged.check.values_by_id({line.row_id for line in lines})
    rows = {(table, row_id): values for row_id, values in known.items()}
    return shown_findings(page.cycle, lines, names, rows)


def whole_rule(store: Store, actor: Actor, page: SubmissionPage, rule: str) -> WholeRule | None:
    """All open warnings of a rule as they are now; None where nothing is told."""
    submission = page.line.submission
    told = told_findings(store, actor, store.reported[submission.table_identifier], page)
    if told is None:
        return None
    lines = [line for line in told.lines if line.rule == rule]
    return _whole(submission, [each for each in told.counts if each.rule == rule], lines)


def _whole(
    submission: Submission, counts: Sequence[RuleCount], lines: Sequence[FindingLine]
) -> WholeRule:
    """None of them where only the first of very many are told: the list of findings has all."""
    place = FindingPlace(submission.table_identifier, submission.period, submission.department_code)
    is_open = [line for line in lines if line.state.is_open and line.severity is Severity.WARNING]
    marks = {line.mark: line.seen for line in is_open}
    return WholeRule(place, marks if len(is_open) == open_warnings(counts) else {})


def _group(
    store: Store,
    page: SubmissionPage,
    counts: Sequence[RuleCount],
    shown: Sequence[ShownFinding],
    lines: Sequence[FindingLine],
) -> FindingGroup:
    rule = counts[0].rule
    return FindingGroup(
        rule=rule,
        title=rule_title(store, page.line.spec.identifier, rule),
        severity=counts[0].severity,
        findings=shown,
        count=total(counts),
        states=[(state, count) for state in URGENCY if (count := total(counts, states={state}))],
        whole=_whole(page.line.submission, counts, lines),
    )


def what_blocks(page: SubmissionPage) -> list[Message]:
    """What the rules have against finishing or accepting the table as it stands now."""
    status = page.line.submission.status
    blocking: list[Message] = []
    if errors := open_errors(page.counts):
        count = {"count": errors}
        blocking.append(Message("%(count)s errors have to be mended, or the rule waived.", count))
    if status.is_editable and (warnings := open_warnings(page.counts)):
        count = {"count": warnings}
        blocking.append(Message("%(count)s warnings have to be mended or explained.", count))
    if status in {Status.SUBMITTED, Status.UNDER_QA_REVIEW}:
        blocking += _unsettled(page.counts)
    return blocking


def _unsettled(counts: Sequence[RuleCount]) -> list[Message]:
    """What of the explanations stands in the way of accepting."""
    pending = total(counts, states={FindingState.EXPLAINED})
    rejected = total(counts, states={FindingState.REJECTED})
    blocking = []
    if pending:
        count = {"count": pending}
        blocking.append(
            Message("%(count)s explanations have to be ruled on by the quality office.", count)
        )
    if rejected:
        count = {"count": rejected}
        blocking.append(
            Message(
                "%(count)s explanations were rejected; the table has to be sent back for them.",
                count,
            )
        )
    return blocking
