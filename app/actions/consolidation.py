"""Deciding whether leaders see data of a year that nobody has reviewed yet (第十二条)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.consolidation import why_not_show_unreviewed
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.domain.message import Message, Reason, Refused, refuse
from app.models.cycle import Cycle
from app.models.database import writing

SHOWN, HIDDEN = "shown", "hidden"


def show_unreviewed(
    session: Session, cycle_id: int, *, shown: bool, by: Actor, now: datetime
) -> Cycle:
    """Let leaders see such data of the year from now on, or no longer. Raises Refused."""
    with writing(session):
        cycle = session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
        if cycle is None:
            raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
        refuse(why_not_show_unreviewed(by, cycle))
        if cycle.shows_unreviewed != shown:
            before, after = (HIDDEN, SHOWN) if shown else (SHOWN, HIDDEN)
            cycle.shows_unreviewed = shown
            deed = Deed("consolidation.unreviewed", f"cycle:{cycle.id}", None, before, after)
            record(session, deed, by=by, now=now)
        session.commit()
    return cycle
