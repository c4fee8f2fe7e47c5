"""Opening a large year in the background: the whole of it in one transaction, or nothing."""

from sqlalchemy import func, select

from app.actions.cycle import CycleRequest, take_cycle_step
from app.actions.job import Made
from app.domain.cycle import CycleVerb
from app.domain.period import LOCAL_ZONE
from app.jobs.work import Work
from app.models.submission import Submission


def open_year_in_background(work: Work) -> Made:
    """Open the year as whoever asked saw it; a second attempt finds it open and is refused."""
    asked = work.request
    request = CycleRequest(CycleVerb.OPEN, asked["version"], revision=work.content or b"")
    cycle = take_cycle_step(
        work.session,
        work.store,
        asked["cycle"],
        request,
        by=work.by,
        # The day of the college decides who is in office.
        now=work.now.astimezone(LOCAL_ZONE),
        told=work.told,
    )
    query = select(func.count()).where(Submission.cycle_id == cycle.id)
    return Made({"submissions": work.session.scalar(query) or 0})
