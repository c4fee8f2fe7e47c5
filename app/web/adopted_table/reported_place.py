"""Where in the reporting somebody looks at another system's table: period, department, state.

Only tables that are reported have such a place; what is shown of it is that of base tables.
"""

from app.access.adopted_table import WRITES, why_not_read_adopted, why_not_write_adopted
from app.domain.message import Message, Refused
from app.models.adopted_table import LiveTable
from app.reports.adopted_table import ShownPlace
from app.reports.assignment import department_names
from app.reports.cycle import all_cycles
from app.reports.place import find_place_in, only_one_reporting, submission_at, why_locked_at
from app.web.base_table.open_table import OpenTable
from app.web.current import current_actor, current_session, current_store

# Asks for the rows of all periods, those that belong to none among them.
EVERY_PERIOD = "all"


def open_reported(live: LiveTable, period: str | None, department: str | None) -> OpenTable | None:
    """The place that is asked for, or one's own; None where the table is shown as a whole.

    Raises Refused for a place that is asked for and is none, or out of reach.
    """
    session, actor = current_session(), current_actor()
    stored = current_store().of_others.get(live.spec.identifier)
    if stored is None or period == EVERY_PERIOD:
        return None
    try:
        found = find_place_in(session, actor, stored, period=period, department=department)
    except Refused:
        if period or department:
            raise
        # Whoever reads his own rows only, or before the first year: nothing is reported by him.
        return None
    place, reporting = only_one_reporting(session, actor, found)
    submission = submission_at(session, place)
    locked = why_locked_at(place, submission, is_assigned=place.department in reporting)
    rights: dict[str, Message | None] = {
        action: why_not_write_adopted(actor, live, action) or locked for action in WRITES
    }
    return OpenTable(
        place=place,
        names=department_names(session),
        reporting=reporting,
        periods=[stored.spec.period_in(cycle.year) for cycle in all_cycles(session)],
        submission=submission,
        rights=rights | {"export": why_not_read_adopted(actor, live, "export")},
    )


def shown_place(reported: OpenTable | None) -> ShownPlace | None:
    """What rows are asked for at the place."""
    if reported is None:
        return None
    return ShownPlace(reported.place.period.code, reported.department)
