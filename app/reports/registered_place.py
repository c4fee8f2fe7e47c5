"""What the rules say of a place with very many rows, as the register of findings has it.

Judging all rows takes a page too long; the register is brought up to date in the background. The
answer says as of when it is, whether anything has changed since, and of which rows.
"""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.finding import why_not_explain, why_not_read_findings
from app.access.person import Actor
from app.domain.finding_state import FindingState
from app.domain.message import refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import standing_of
from app.models.cycle import Cycle
from app.models.finding import TableCheck
from app.models.judged_place import rules_across
from app.models.place_size import is_large
from app.models.registered_finding import changed_since
from app.reports.finding import (
    FindingFilter,
    PlaceFindings,
    chosen_findings,
    list_findings,
    place_findings,
)
from app.reports.finding_count import AsOf, RuleCount
from app.reports.finding_due import has_changed_since

# As many as people page through beside the rows; the list of findings has them all.
LISTED = 200


def told_of_place(
    session: Session,
    store: Store,
    actor: Actor,
    stored: StoredTable,
    cycle: Cycle,
    department: str,
    row_id: str | None = None,
) -> PlaceFindings:
    """What all rules say of a place: at this moment, or as the register has it. Raises Refused.

    Of a large place only what is said of the row, where one is named.
    """
    refuse(why_not_read_findings(actor, stored, department))
    period = stored.spec.period_in(cycle.year).code
    if not is_large(session, stored, period, department):
        return place_findings(session, store, actor, stored, cycle, department)
    told = registered_place(session, store, actor, stored, cycle, department, row_id)
    standing = standing_of(session, stored, period, department)
    refusal = why_not_explain(actor, stored, department, standing)
    return replace(told, why_not_explain=refusal)


def registered_place(
    session: Session,
    store: Store,
    actor: Actor,
    stored: StoredTable,
    cycle: Cycle,
    department: str,
    row_id: str | None = None,
) -> PlaceFindings:
    """The first findings of a place, or of a row, in the register, errors first, and all counts.

    However many rows and findings there are, so many statements and lines. Raises Refused.
    """
    table = stored.spec.identifier
    place = {"cycle_id": cycle.id, "table_identifier": table}
    note = session.scalar(select(TableCheck).filter_by(**place))
    wanted = FindingFilter(
        table=table, department=department, row_id=row_id, limit=LISTED, offset=0
    )
    lines = list_findings(session, store, actor, cycle, wanted)
    changed = changed_since(session, table, {line.row_id for line in lines}, note)
    across = {each.rule.identifier for each in rules_across(store, table)}
    is_outdated = has_changed_since(session, store, cycle, table, note)
    return PlaceFindings(
        lines=[
            replace(
                line,
                is_across=not line.row_id or line.rule in across,
                is_changed=line.row_id in changed,
            )
            for line in lines
        ],
        broken=[] if note is None else note.broken,
        row_count=None,
        counts=_counts(session, store, actor, cycle, wanted),
        as_of=AsOf(None if note is None else note.looked_at, is_outdated),
    )


def _counts(
    session: Session, store: Store, actor: Actor, cycle: Cycle, wanted: FindingFilter
) -> list[RuleCount]:
    """How many findings each rule has in each state."""
    chosen = chosen_findings(session, store, actor, cycle, wanted).subquery()
    kinds = (chosen.c.severity, chosen.c.rule, chosen.c.dimension, chosen.c.state)
    query = select(*kinds, func.count()).group_by(*kinds).order_by(*kinds)
    return [
        RuleCount(rule, severity, dimension, FindingState(state), count)
        for severity, rule, dimension, state, count in session.execute(query)
    ]
