"""The four points of the department's review, filled in beforehand from facts (第五条第二款).

The rules say what they can; the reviewer confirms or objects. Being late is an event and no error,
but the point of timeliness is not met by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.finding import REVIEW_POINTS, Dimension
from app.domain.finding_state import FindingState
from app.domain.period import LOCAL_ZONE
from app.reports.finding_count import RuleCount, open_errors, open_warnings, total
from app.reports.submission import SubmissionPage

# What has no point of its own belongs to whether the data are right.
POINT_OF: Mapping[Dimension, Dimension] = {
    Dimension.CREDIBILITY: Dimension.ACCURACY,
    Dimension.CONSISTENCY: Dimension.ACCURACY,
}


@dataclass(frozen=True)
class Filled:
    """How much is filled in, in cells or in rows: ``present`` of ``expected``."""

    present: int
    expected: int


@dataclass(frozen=True)
class Timing:
    """When the table was due and finished; ``days_late`` counts begun days, 0 in time."""

    due_at: datetime
    finished_at: datetime | None
    days_late: int


@dataclass(frozen=True)
class PointFacts:
    """What is known of one point, and whether it looks met; ``timing`` for timeliness only.

    ``cells`` and ``rows`` tell of completeness, None where nobody has counted.
    """

    point: Dimension
    errors: int = 0
    unexplained: int = 0
    explained: int = 0
    waiting: int = 0
    waived: int = 0
    timing: Timing | None = None
    cells: Filled | None = None
    rows: Filled | None = None

    @property
    def is_met(self) -> bool:
        """What the form has chosen before anybody looks."""
        if self.timing is not None and self.timing.days_late:
            return False
        return not self.errors and not self.unexplained and not self.lacks_rows

    @property
    def lacks_rows(self) -> bool:
        """Whether rows are missing that lists let expect."""
        return self.rows is not None and self.rows.present < self.rows.expected


def point_facts(
    page: SubmissionPage, *, now: datetime, cells: Filled | None = None, rows: Filled | None = None
) -> Mapping[Dimension, PointFacts]:
    """Point → its facts, in the order of the form."""
    facts = {}
    for point in REVIEW_POINTS:
        counts = _counts(page.counts, point)
        is_complete = point is Dimension.COMPLETENESS
        facts[point] = PointFacts(
            point,
            **counts,
            timing=_timing(page, now) if point is Dimension.TIMELINESS else None,
            cells=cells if is_complete else None,
            rows=rows if is_complete else None,
        )
    return facts


def _counts(counts: Sequence[RuleCount], point: Dimension) -> dict[str, int]:
    own = [each for each in counts if POINT_OF.get(each.dimension, each.dimension) is point]
    explained = {FindingState.EXPLAINED, FindingState.ADOPTED}
    return {
        "errors": open_errors(own),
        "unexplained": open_warnings(own),
        "explained": total(own, states=explained),
        "waiting": total(own, states={FindingState.WAITING}),
        "waived": total(own, states={FindingState.WAIVED}),
    }


def _timing(page: SubmissionPage, now: datetime) -> Timing:
    """By the first report once there is one: what was sent back later is late no more."""
    submission = page.line.submission
    due_at = submission.due_by(page.cycle.due_at)
    judged_at = submission.first_reported_at or submission.finished_at or now
    days = 0
    if judged_at > due_at:
        late = judged_at.astimezone(LOCAL_ZONE).date() - due_at.astimezone(LOCAL_ZONE).date()
        days = max(1, late.days)
    return Timing(due_at, submission.finished_at, days)
