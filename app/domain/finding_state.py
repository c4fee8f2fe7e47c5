"""What becomes of a finding: mended, explained and ruled on, or waived (第五条第二款, 第十二条).

``FINDING_STEPS`` is the single table from which policies, the diagram in the docs and the
exhaustive test are made. Nothing of it is stored as a state: it follows from what is there now,
so that changed values are open again by themselves.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.finding import Severity
from app.domain.submission import Holder


class FindingState(StrEnum):
    """Where a finding stands.

    One that is ``rejected`` is open again. One that is ``waiting`` compares with a table that
    another department has not finished yet and is in nobody's way until then.
    """

    OPEN = "open"
    WAITING = "waiting"
    EXPLAINED = "explained"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    WAIVED = "waived"
    MENDED = "mended"

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do something about it before the table is finished."""
        return self in OPEN_STATES


OPEN_STATES = frozenset({FindingState.OPEN, FindingState.REJECTED})


class Ruling(StrEnum):
    """What the quality office says of an explanation."""

    PENDING = "pending"
    ADOPTED = "adopted"
    REJECTED = "rejected"


class FindingVerb(StrEnum):
    """What can happen to a finding; people do the first five."""

    EXPLAIN = "explain"
    ADOPT = "adopt"
    REJECT = "reject"
    WAIVE = "waive"
    END_WAIVER = "end_waiver"
    MEND = "mend"
    CHANGE = "change"
    FIND = "find"


BOTH = frozenset(Severity)
WARNINGS = frozenset({Severity.WARNING})


@dataclass(frozen=True)
class FindingStep:
    """One change of state, of findings of these ``severities``; ``holder`` nobody: by itself."""

    source: FindingState
    verb: FindingVerb
    target: FindingState
    holder: Holder
    article: int
    severities: frozenset[Severity] = BOTH
    needs_reason: bool = False


def _explanations() -> tuple[FindingStep, ...]:
    """Only warnings are explained; an explanation may be given or ruled on once more."""
    s, v = FindingState, FindingVerb
    by_department = Holder.FILLER
    explained = tuple(
        FindingStep(source, v.EXPLAIN, s.EXPLAINED, by_department, 5, WARNINGS, True)
        for source in (s.OPEN, s.WAITING, s.REJECTED, s.EXPLAINED)
    )
    ruled = tuple(
        FindingStep(source, verb, target, Holder.QA_OFFICE, 12, WARNINGS, verb is v.REJECT)
        for source, verb, target in (
            (s.EXPLAINED, v.ADOPT, s.ADOPTED),
            (s.EXPLAINED, v.REJECT, s.REJECTED),
            (s.ADOPTED, v.REJECT, s.REJECTED),
            (s.REJECTED, v.ADOPT, s.ADOPTED),
        )
    )
    return explained + ruled


def _waivers() -> tuple[FindingStep, ...]:
    s, office = FindingState, Holder.QA_OFFICE
    waived = tuple(
        FindingStep(source, FindingVerb.WAIVE, s.WAIVED, office, 12, BOTH, True)
        for source in (s.OPEN, s.WAITING, s.EXPLAINED, s.ADOPTED, s.REJECTED)
    )
    ended = FindingStep(s.WAIVED, FindingVerb.END_WAIVER, s.OPEN, office, 12, BOTH, True)
    return (*waived, ended)


def _by_itself() -> tuple[FindingStep, ...]:
    s, v, nobody = FindingState, FindingVerb, Holder.NOBODY
    present = (s.OPEN, s.WAITING, s.EXPLAINED, s.ADOPTED, s.REJECTED, s.WAIVED)
    mended = tuple(FindingStep(source, v.MEND, s.MENDED, nobody, 11) for source in present)
    changed = tuple(
        FindingStep(source, v.CHANGE, s.OPEN, nobody, 11, WARNINGS)
        for source in (s.EXPLAINED, s.ADOPTED, s.REJECTED)
    )
    return (*mended, *changed, FindingStep(s.MENDED, v.FIND, s.OPEN, nobody, 5))


FINDING_STEPS: tuple[FindingStep, ...] = (*_explanations(), *_waivers(), *_by_itself())


def finding_step_for(
    source: FindingState, verb: FindingVerb, severity: Severity
) -> FindingStep | None:
    """The step of a finding of this severity; None when there is none."""
    for step in FINDING_STEPS:
        if (step.source, step.verb) == (source, verb) and severity in step.severities:
            return step
    return None


def state_of(
    severity: Severity, ruling: Ruling | None, *, is_waived: bool, is_waiting: bool
) -> FindingState:
    """Where a finding that is there now stands.

    ``ruling`` is that on the explanation of exactly the present values, None without one.
    """
    if is_waived:
        return FindingState.WAIVED
    if severity is Severity.WARNING and ruling is Ruling.PENDING:
        return FindingState.EXPLAINED
    if severity is Severity.WARNING and ruling is Ruling.ADOPTED:
        return FindingState.ADOPTED
    if is_waiting:
        return FindingState.WAITING
    if severity is Severity.WARNING and ruling is Ruling.REJECTED:
        return FindingState.REJECTED
    return FindingState.OPEN
