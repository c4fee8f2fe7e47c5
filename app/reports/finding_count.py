"""How many findings a place has, by rule and state, and as of when that is known."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.finding import Dimension, Severity
from app.domain.finding_state import OPEN_STATES, FindingState
from app.models.judged_place import PlaceFinding


@dataclass(frozen=True)
class RuleCount:
    """How many findings of one rule stand in one state at a place."""

    rule: str
    severity: Severity
    dimension: Dimension
    state: FindingState
    count: int


@dataclass(frozen=True)
class AsOf:
    """Up to when the register knows a place; ``looked_at`` is None before the first time.

    ``is_outdated`` where what the rules look at has changed since.
    """

    looked_at: datetime | None
    is_outdated: bool


def counts_of(found: Iterable[PlaceFinding]) -> list[RuleCount]:
    """The counts of what was judged, in the order in which rules are met."""
    kinds = Counter(
        (each.finding.rule, each.finding.severity, each.finding.dimension, each.state)
        for each in found
    )
    return [RuleCount(*kind, count) for kind, count in kinds.items()]


def total(
    counts: Sequence[RuleCount],
    severity: Severity | None = None,
    states: Collection[FindingState] = frozenset(FindingState),
) -> int:
    """How many of them are of the severity, if named, and in one of the states."""
    return sum(
        each.count for each in counts if each.state in states and severity in (None, each.severity)
    )


def open_errors(counts: Sequence[RuleCount]) -> int:
    """How many block finishing the table until they are mended or waived."""
    return total(counts, Severity.ERROR, OPEN_STATES)


def open_warnings(counts: Sequence[RuleCount]) -> int:
    """How many have to be mended or explained before the table is finished."""
    return total(counts, Severity.WARNING, OPEN_STATES)
