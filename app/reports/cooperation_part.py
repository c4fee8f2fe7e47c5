"""Who was asked for a part of whose table: for assignments and sheets of responsibilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.cooperation import why_not_read_cooperation
from app.access.person import Actor
from app.domain.cooperation import CooperationStatus
from app.models.base_table import Store
from app.models.cooperation import Cooperation
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import Submission

_LEAD, _PARTNER = aliased(Department), aliased(Department)


@dataclass(frozen=True)
class Part:
    """One department's part in a table that ``lead`` reports, without what was said about it."""

    table: str
    title: str
    lead_code: str
    lead: str
    partner: str
    status: CooperationStatus
    due_at: datetime


def parts_of_year(
    session: Session, store: Store, actor: Actor, cycle: Cycle, department: str | None = None
) -> list[Part]:
    """The parts in the year's tables, of one department — as lead or asked — if named.

    Those that were taken back are left out; nothing for who reads no co-operation requests.
    """
    if why_not_read_cooperation(actor) is not None:
        return []
    query = _query().where(Cooperation.cycle_id == cycle.id)
    if department is not None:
        is_lead = Submission.department_code == department
        query = query.where(or_(is_lead, Cooperation.partner_code == department))
    known = store.catalogue.reported
    return [
        Part(
            submission.table_identifier,
            known[submission.table_identifier].title,
            submission.department_code,
            lead,
            partner,
            request.status,
            request.due_at,
        )
        for request, submission, lead, partner in session.execute(query)
        if submission.table_identifier in known
    ]


def partners_by_table(parts: Sequence[Part]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Table → pairs of the department that reports it and one that was asked, each once."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for part in parts:
        found.setdefault(part.table, {})[part.lead, part.partner] = None
    return {table: list(pairs) for table, pairs in found.items()}


def _query() -> Select[Cooperation, Submission, str, str]:
    return (
        select(Cooperation, Submission, _LEAD.name, _PARTNER.name)
        .join(Submission, Submission.id == Cooperation.submission_id)
        .join(_LEAD, _LEAD.code == Submission.department_code)
        .join(_PARTNER, _PARTNER.code == Cooperation.partner_code)
        .where(Cooperation.sent_at.is_not(None), Cooperation.status != CooperationStatus.WITHDRAWN)
        .order_by(Submission.table_identifier, Cooperation.partner_code, Cooperation.id)
    )
