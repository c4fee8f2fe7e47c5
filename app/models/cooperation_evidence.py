"""Reading what departments were asked by others in a year: evidence of co-operation (第十七条)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.evidence import Asked, AskedStep
from app.models.cooperation import Cooperation, CooperationEvent
from app.models.cycle import Cycle
from app.models.submission import Submission


def asked_departments(
    session: Session, cycle: Cycle, taken_at: datetime
) -> dict[str, Sequence[Asked]]:
    """Department → the requests that it was sent, with their steps up to ``taken_at``.

    Of all departments, whoever looks: whether the year has any requests decides what is counted.
    """
    query = (
        select(Cooperation.partner_code, Submission.department_code, CooperationEvent)
        .join(Cooperation, Cooperation.id == CooperationEvent.cooperation_id)
        .join(Submission, Submission.id == Cooperation.submission_id)
        .where(
            Cooperation.cycle_id == cycle.id,
            Cooperation.sent_at <= taken_at,
            CooperationEvent.at <= taken_at,
        )
        .order_by(CooperationEvent.cooperation_id, CooperationEvent.version)
    )
    steps: dict[tuple[str, str, int], list[AskedStep]] = {}
    for partner, lead, event in session.execute(query):
        step = AskedStep(event.verb, event.after, event.at, event.due_at, event.rating)
        steps.setdefault((partner, lead, event.cooperation_id), []).append(step)
    found: dict[str, list[Asked]] = {}
    for (partner, lead, number), taken in steps.items():
        found.setdefault(partner, []).append(Asked(number, lead, tuple(taken)))
    return dict(found)
