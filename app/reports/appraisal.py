"""What is read of the appraisal of a year: the panel, and why a score is what it is (第十七条)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.appraisal import (
    APPRAISABLE,
    overlooks_appraisals,
    own_departments,
    why_not_read_appraisals,
)
from app.access.person import Actor
from app.catalogue.appraisal import ItemSpec, Scheme, read_scheme
from app.domain.appraisal import AppraisalStatus
from app.domain.cycle import CycleStatus
from app.domain.measurement import Measurement, plain_number
from app.domain.message import Message, Reason, Refused
from app.domain.metric import METRICS
from app.domain.scoring import MissedGrade
from app.models.appraisal import (
    Appraisal,
    AppraisalResult,
    AppraisalScore,
    Standing,
    missed_in,
    standings,
)
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.evidence import Evidence, read_evidence, score_of


@dataclass(frozen=True)
class AppraisalYear:
    """A calendar year with the collection year it appraises; ``appraisal`` None before."""

    year: int
    cycle: Cycle
    appraisal: Appraisal | None


@dataclass(frozen=True)
class DepartmentLine:
    """One department on the panel; ``cells`` by item, in the order of the scheme."""

    result: AppraisalResult
    cells: Mapping[str, AppraisalScore]
    standing: Standing

    @property
    def code(self) -> str:
        """The code of the department."""
        return self.result.department_code


@dataclass(frozen=True)
class Panel:
    """Departments × items of a year as far as the reader may see them.

    ``is_preview`` says that nothing of it is stored: the automatic items as
    they stand now, shown to a department before anything is published;
    ``is_whole`` that all departments are there.
    """

    year: AppraisalYear
    scheme: Scheme
    lines: Sequence[DepartmentLine]
    is_preview: bool = False
    is_whole: bool = False

    @property
    def pending(self) -> int:
        """How many scores are still to be entered by hand."""
        return sum(line.standing.pending for line in self.lines)

    def line(self, department: str) -> DepartmentLine:
        """The line of a department; Refused as not found when it is out of sight."""
        found = next((line for line in self.lines if line.code == department), None)
        if found is None:
            raise Refused(Message("This department is not appraised."), Reason.NOT_FOUND)
        return found


@dataclass(frozen=True)
class Explanation:
    """Why an item has its automatic score: what was counted, and what that comes to now."""

    line: DepartmentLine
    item: ItemSpec
    cell: AppraisalScore
    what: Message | None
    measured: Measurement | None
    score: Decimal | None

    @property
    def agrees(self) -> bool:
        """Whether counting again gives what is stored."""
        return self.measured is None or self.score == self.cell.automatic_score


def appraisal_years(session: Session, actor: Actor) -> list[AppraisalYear]:
    """The years there are, the latest first; Refused for whoever has no such page."""
    refusal = why_not_read_appraisals(actor)
    if refusal is not None:
        raise Refused(refusal)
    query = (
        select(Cycle, Appraisal)
        .join(Appraisal, Appraisal.cycle_id == Cycle.id, isouter=True)
        .where(Cycle.status != CycleStatus.PREPARING, Cycle.is_history.is_(False))
        .order_by(Cycle.academic_year.desc())
    )
    return [
        AppraisalYear(cycle.year.start_year + 1, cycle, appraisal)
        for cycle, appraisal in session.execute(query)
    ]


def usual_year(years: Sequence[AppraisalYear]) -> AppraisalYear | None:
    """The year to show first: the latest that is closed, else the latest of all."""
    closed = [year for year in years if year.cycle.status in APPRAISABLE]
    return next(iter([*closed, *years]), None)


def find_year(years: Sequence[AppraisalYear], number: int) -> AppraisalYear:
    """The year of that number; Refused as not found when there is none."""
    found = next((year for year in years if year.year == number), None)
    if found is None:
        raise Refused(Message("There is no appraisal of this year."), Reason.NOT_FOUND)
    return found


def read_panel(
    session: Session, actor: Actor, year: AppraisalYear, scheme: Scheme, *, now: datetime
) -> Panel:
    """The panel as the actor may see it; ``scheme`` is that of a year not begun yet."""
    appraisal = year.appraisal
    if appraisal is not None:
        scheme = read_scheme(appraisal.scheme_content)
    if overlooks_appraisals(actor):
        lines = [] if appraisal is None else _stored_lines(session, appraisal, scheme, None)
        return Panel(year, scheme, lines, is_whole=True)
    own = sorted(own_departments(actor))
    if appraisal is not None and appraisal.status is AppraisalStatus.PUBLISHED:
        return Panel(year, scheme, _stored_lines(session, appraisal, scheme, own))
    return Panel(year, scheme, _preview(session, year, scheme, own, now), is_preview=True)


def read_panel_evidence(
    session: Session, panel: Panel, *, now: datetime, departments: Sequence[str] | None = None
) -> Evidence:
    """What the panel's automatic scores were counted from, of all its departments or of some."""
    appraisal = panel.year.appraisal
    is_stored = appraisal is not None and not panel.is_preview
    return read_evidence(
        session,
        panel.year.cycle,
        taken_at=appraisal.evidence_at if appraisal and is_stored else now,
        due_at=appraisal.due_at if appraisal and is_stored else panel.year.cycle.due_at,
        correction_days=panel.scheme.correction_days,
        departments=departments,
    )


def explain(evidence: Evidence, line: DepartmentLine, item: ItemSpec) -> Explanation:
    """Why the department has this score for the item."""
    measured = evidence.measure(line.code, item)
    spec = METRICS.get(item.metric) if item.metric is not None else None
    return Explanation(
        line=line,
        item=item,
        cell=line.cells[item.identifier],
        what=None if spec is None or measured is None else spec.what,
        measured=measured,
        score=None if measured is None else score_of(item, measured),
    )


def _stored_lines(
    session: Session, appraisal: Appraisal, scheme: Scheme, departments: Sequence[str] | None
) -> list[DepartmentLine]:
    of_results = select(AppraisalResult).where(AppraisalResult.appraisal_id == appraisal.id)
    of_scores = select(AppraisalScore).where(AppraisalScore.appraisal_id == appraisal.id)
    if departments is not None:
        of_scores = of_scores.where(AppraisalScore.department_code.in_(departments))
    # All of them: whether a tie cost somebody a grade is seen in the whole group only.
    every = session.scalars(of_results.order_by(AppraisalResult.department_code)).all()
    results = [one for one in every if departments is None or one.department_code in departments]
    scores = session.scalars(of_scores).all()
    found = standings(scheme, results, scores)
    if appraisal.status is AppraisalStatus.PUBLISHED:
        totals = {one.department_code: one.total for one in every if one.total is not None}
        missed = missed_in(scheme, every, totals)
        found = {one.department_code: _final(one, found, missed) for one in results}
    elif any(standing.pending for standing in found.values()):
        found = {code: _unplaced(standing) for code, standing in found.items()}
    return list(_lines(scheme, results, scores, found))


def _final(
    result: AppraisalResult, found: Mapping[str, Standing], missed: Mapping[str, MissedGrade]
) -> Standing:
    """What was published counts, not what arithmetic says today."""
    standing, tie = found[result.department_code], missed.get(result.department_code)
    if tie is not None and tie.grade == result.grade:
        tie = None
    return Standing(
        standing.sum, result.total, result.rank, result.grade, standing.pending, missed=tie
    )


def why_missed(standing: Standing) -> Message | None:
    """Why a department whose total reaches a grade has not got it, where a tie is the reason."""
    tie = standing.missed
    if tie is None:
        return None
    told = {
        "grade": tie.grade,
        "places": tie.places,
        "better": tie.better,
        "tied": tie.tied,
        "total": plain_number(tie.total),
    }
    if not tie.better:
        return Message(
            "The total reaches “%(grade)s”, but the group has %(places)s places for it and"
            " %(tied)s departments are equal at %(total)s points: none of them gets it.",
            told,
        )
    return Message(
        "The total reaches “%(grade)s”, but the group has %(places)s places for it. After"
        " %(better)s better ones, %(tied)s departments are equal at %(total)s points: none of them"
        " gets it.",
        told,
    )


def _unplaced(standing: Standing) -> Standing:
    """As long as scores are missing nobody has a rank or a grade yet."""
    return Standing(standing.sum, standing.total, None, None, pending=standing.pending)


def _lines(
    scheme: Scheme,
    results: Sequence[AppraisalResult],
    scores: Sequence[AppraisalScore],
    found: Mapping[str, Standing],
) -> Iterator[DepartmentLine]:
    """In the order of the groups, there by total, the best first."""
    cells = {(one.department_code, one.item): one for one in scores}
    groups = [group.name for group in scheme.groups]

    def order(result: AppraisalResult) -> tuple[int, Decimal, str]:
        total = found[result.department_code].total
        reached = Decimal(-1) if total is None else total
        return groups.index(result.group_name), -reached, result.department_code

    for result in sorted(results, key=order):
        code = result.department_code
        own = {name: cells[code, name] for name in scheme.items if (code, name) in cells}
        yield DepartmentLine(result, own, found[code])


def _preview(
    session: Session, year: AppraisalYear, scheme: Scheme, own: Sequence[str], now: datetime
) -> list[DepartmentLine]:
    """The automatic items of one's own departments by the formula that will be used."""
    evidence = read_panel_evidence(
        session, Panel(year, scheme, [], is_preview=True), now=now, departments=own
    )
    departments = session.scalars(
        select(Department).where(Department.code.in_(own)).order_by(Department.code)
    )
    results = [
        AppraisalResult(
            department_code=department.code,
            department_name=department.name,
            group_name=scheme.group_of(department.kind),
            bonus=Decimal(0),
            is_vetoed=False,
        )
        for department in departments
        if department.code in evidence.records
    ]
    scores = [
        _counted(result.department_code, item, evidence.measure(result.department_code, item))
        for result in results
        for item in scheme.items.values()
    ]
    # Open items count for nothing yet: the share of what is counted tells more.
    found = standings(scheme, results, [one for one in scores if not one.is_pending])
    open_ones = Counter(one.department_code for one in scores if one.is_pending)
    hidden = {
        code: Standing(one.sum, one.sum.total, None, None, pending=open_ones[code])
        for code, one in found.items()
    }
    return list(_lines(scheme, results, scores, hidden))


def _counted(department: str, item: ItemSpec, measured: Measurement | None) -> AppraisalScore:
    """A cell that is shown and never stored."""
    return AppraisalScore(
        department_code=department,
        item=item.identifier,
        version=0,
        is_counted=measured is not None,
        metric_value=None if measured is None else measured.value,
        automatic_score=None if measured is None else score_of(item, measured),
        evidence_count=0 if measured is None else len(measured.events),
        is_waived=False,
    )
