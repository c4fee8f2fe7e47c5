"""Which collection year an address means."""

from collections.abc import Sequence

from flask import request

from app.models.cycle import Cycle
from app.reports.cycle import current_cycle, cycle_named


def wanted_cycle(cycles: Sequence[Cycle]) -> Cycle | None:
    """The year that was asked for, or the present one; None when there is none yet."""
    year = request.values.get("cycle")
    return cycle_named(cycles, year) if year else current_cycle(cycles)
