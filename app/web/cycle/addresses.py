"""Which collection year an address means."""

from collections.abc import Sequence

from flask import request

from app.domain.message import Message, Reason, Refused
from app.models.cycle import Cycle
from app.reports.cycle import current_cycle


def wanted_cycle(cycles: Sequence[Cycle]) -> Cycle | None:
    """The year that was asked for, or the present one; None when there is none yet."""
    year = request.values.get("cycle")
    if not year:
        return current_cycle(cycles)
    found = next((cycle for cycle in cycles if cycle.academic_year == year), None)
    if found is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    return found
