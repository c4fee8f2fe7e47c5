"""How good the tables of a year are, for the board: from registers, without reading any row."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.roles import FINDING
from app.domain.finding import Severity
from app.domain.finding_state import OPEN_STATES
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import FinishAttempt, Submission
from app.reports.finding import FindingFilter, count_findings

# Table and department.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PlaceQuality:
    """What the registers know of a table of a department.

    ``filled`` is the share of the required cells that were filled in when it was last finished, in
    percent, None before that. The findings are those that somebody has to deal with.
    """

    filled: int | None = None
    errors: int = 0
    warnings: int = 0


UNKNOWN = PlaceQuality()


def board_quality(
    session: Session, store: Store, actor: Actor, cycle: Cycle
) -> Mapping[Place, PlaceQuality]:
    """Table and department → what is known; findings only for whoever may read them."""
    filled = _filled(session, cycle)
    counts: dict[tuple[Place, Severity], int] = {}
    if actor.may("read", FINDING):
        for each in count_findings(session, store, actor, cycle, FindingFilter()):
            if each.state in OPEN_STATES:
                key = ((each.table, each.department), each.severity)
                counts[key] = counts.get(key, 0) + each.count
    places = {*filled, *(place for place, _severity in counts)}
    return {
        place: PlaceQuality(
            filled.get(place),
            counts.get((place, Severity.ERROR), 0),
            counts.get((place, Severity.WARNING), 0),
        )
        for place in places
    }


def _filled(session: Session, cycle: Cycle) -> dict[Place, int]:
    last = (
        select(func.max(FinishAttempt.id))
        .join(Submission, Submission.id == FinishAttempt.submission_id)
        .where(Submission.cycle_id == cycle.id)
        .group_by(FinishAttempt.submission_id)
    )
    query = (
        select(
            Submission.table_identifier,
            Submission.department_code,
            FinishAttempt.filled_count,
            FinishAttempt.required_count,
        )
        .join(Submission, Submission.id == FinishAttempt.submission_id)
        .where(FinishAttempt.id.in_(last))
    )
    return {
        (table, department): filled * 100 // required
        for table, department, filled, required in session.execute(query)
        if required
    }
