"""What the appraisal would come to under simple assumptions, by the scheme's own arithmetic.

The reporting is assumed; everything that is not about reporting counts in full.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from app.catalogue.appraisal import ItemSpec, Scheme
from app.domain.appraisal import Metric
from app.domain.evidence import Records
from app.domain.metric import METRICS
from app.domain.rehearsal import Scenario, late_places, reported_as_assumed
from app.domain.scoring import BY_HAND, to_cents
from app.models.appraisal import AppraisalResult, AppraisalScore, standings
from app.models.department import Department
from app.models.evidence import score_of

# What the assumptions are about: when tables are reported and confirmed, and what comes back.
ASSUMED = frozenset({Metric.FIRST_REPORT_DELAY, Metric.CONFIRMATION_LAG, Metric.CORRECTION_IN_TIME})
# Long after the due date everything is reported in every scenario.
AFTERWARDS = timedelta(days=60)


@dataclass(frozen=True)
class Spread:
    """How the totals of the departments lie; ``grades`` count the departments that are ranked."""

    scenario: Scenario
    late: int
    lowest: Decimal
    median: Decimal
    highest: Decimal
    grades: Mapping[str, int]


def spreads_of(
    scheme: Scheme,
    departments: Mapping[str, Department],
    owed: Mapping[str, Mapping[str, datetime]],
    opened_at: datetime,
) -> list[Spread]:
    """The spread of each scenario; none where nobody owes anything. ``owed``: table → due."""
    if not owed:
        return []
    return [_spread(scheme, scenario, departments, owed, opened_at) for scenario in Scenario]


def _spread(
    scheme: Scheme,
    scenario: Scenario,
    departments: Mapping[str, Department],
    owed: Mapping[str, Mapping[str, datetime]],
    opened_at: datetime,
) -> Spread:
    late = late_places(scenario, {code: list(tables) for code, tables in owed.items()})
    results, scores = [], []
    for code, tables in owed.items():
        records = _records(scheme, opened_at, code, tables, late)
        results.append(_result(scheme, departments[code]))
        scores += [_cell(code, item, records) for item in scheme.items.values()]
    found = standings(scheme, results, scores)
    totals = [each.total for each in found.values() if each.total is not None]
    counted = Counter(each.grade for each in found.values())
    return Spread(
        scenario=scenario,
        late=len(late),
        lowest=min(totals),
        median=to_cents(Decimal(median(totals))),
        highest=max(totals),
        grades={rule.name: counted[rule.name] for rule in scheme.grades},
    )


def _records(
    scheme: Scheme,
    opened_at: datetime,
    department: str,
    tables: Mapping[str, datetime],
    late: frozenset[tuple[str, str]],
) -> Records:
    last = max(tables.values())
    return Records(
        opened_at=opened_at,
        taken_at=last + AFTERWARDS,
        due_at=last,
        correction_days=scheme.correction_days,
        tables=[
            reported_as_assumed(0, table, due_at, is_late=(department, table) in late)
            for table, due_at in tables.items()
        ],
    )


def _result(scheme: Scheme, department: Department) -> AppraisalResult:
    """A line that belongs to no session."""
    return AppraisalResult(
        department_code=department.code,
        department_name=department.name,
        group_name=scheme.group_of(department.kind),
        bonus=Decimal(0),
        is_vetoed=False,
    )


def _cell(department: str, item: ItemSpec, records: Records) -> AppraisalScore:
    """A score that belongs to no session: counted where the assumptions say something, else full.

    What a person settles counts in full too.
    """
    points: Decimal | None = item.weight
    metric = None if item.scoring.kind in BY_HAND else item.metric
    if metric in ASSUMED and metric is not None:
        points = score_of(item, METRICS[metric].measure(records))
    return AppraisalScore(
        department_code=department,
        item=item.identifier,
        is_counted=True,
        automatic_score=points,
        is_waived=False,
    )
