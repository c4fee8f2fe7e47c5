"""Where a row of another system's table stands in the reporting, and whether it is locked there."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.access.policies import why_locked
from app.domain.message import Message
from app.models.adopted_table import LiveTable
from app.models.base_table_rows import standing_in
from app.reports.cycle import all_cycles


def why_row_locked(
    session: Session, live: LiveTable, values: Mapping[str, object]
) -> Message | None:
    """Why a stored row may not change now; a row that belongs to no place is in nobody's report."""
    place = live.spec.place_of(values)
    if live.spec.report is None or place is None:
        return None
    period, department = place
    codes = {live.spec.report.period_in(c.year).code: c for c in all_cycles(session)}
    found = standing_in(session, codes.get(period), live.spec.identifier, department)
    return why_locked(found.cycle, found.submission, is_assigned=found.is_assigned)
