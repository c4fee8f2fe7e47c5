"""What was changed together in a table: the list, one set cell by cell (第六条: 留痕)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.access.change_set import seen_change_sets
from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.scopes import read_scope
from app.domain.message import Message, Reason, Refused, refuse
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table import StoredTable
from app.models.base_table_rows import present_rows
from app.reports.place import Place

PAGE_SIZE = 25
MOST_ROWS = 200


@dataclass(frozen=True)
class ChangeSetPage:
    """One page of the sets of a place, the newest first."""

    sets: Sequence[ChangeSet]
    has_more: bool
    undoing: "Undoing"


@dataclass(frozen=True)
class Undoing:
    """Set → the set that it takes back, and set → those that took it back, the first one first."""

    takes_back: Mapping[int, ChangeSet]
    taken_back_by: Mapping[int, Sequence[ChangeSet]]


@dataclass(frozen=True)
class ChangedRow:
    """One row of a set: what differed, and ``values``, all that is known, to name it by."""

    operation: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    values: Mapping[str, object]


@dataclass(frozen=True)
class OneChangeSet:
    """A set with its first rows; ``hidden`` are the fields that are masked for the actor."""

    set: ChangeSet
    rows: Sequence[ChangedRow]
    hidden: frozenset[str]
    undoing: Undoing


def list_change_sets(session: Session, place: Place, actor: Actor, page: int = 1) -> ChangeSetPage:
    """The sets of the place that the actor may look at; pages count from 1. Raises Refused."""
    query = _visible(place.stored, actor).where(ChangeSet.period == place.period.code)
    if place.department is not None:
        query = query.where(ChangeSet.department_code == place.department)
    query = query.order_by(ChangeSet.id.desc()).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)
    found = session.scalars(query).all()
    sets = found[:PAGE_SIZE]
    return ChangeSetPage(sets, len(found) > PAGE_SIZE, _undoing(session, sets))


def read_change_set(
    session: Session, stored: StoredTable, actor: Actor, number: int
) -> OneChangeSet:
    """One set with its first rows. Raises Refused (not found) for one of another's rows."""
    found = session.scalar(_visible(stored, actor).where(ChangeSet.id == number))
    if found is None:
        raise Refused(Message("There is no such set of changes in your scope."), Reason.NOT_FOUND)
    query = select(RowChange).where(RowChange.change_set_id == number).order_by(RowChange.id)
    hidden = hidden_fields(actor, stored, found.department_code)
    logged = session.scalars(query.limit(MOST_ROWS)).all()
    present = present_rows(session, stored, [row.row_id for row in logged])
    rows = []
    for row in logged:
        before, after = row.before or {}, row.after or {}
        stands = stored.values_of(present[row.row_id]) if row.row_id in present else {}
        rows.append(ChangedRow(row.operation, before, after, {**before, **after, **stands}))
    return OneChangeSet(found, rows, hidden, _undoing(session, [found]))


def _undoing(session: Session, sets: Sequence[ChangeSet]) -> Undoing:
    """What the sets take back and what took them back: sets of the same place, seen alike."""
    named = {each.id: each.takes_back_id for each in sets if each.takes_back_id is not None}
    query = select(ChangeSet).where(
        or_(
            ChangeSet.id.in_(list(named.values())),
            ChangeSet.takes_back_id.in_([each.id for each in sets]),
        )
    )
    found = {each.id: each for each in session.scalars(query.order_by(ChangeSet.id))}
    taken_back_by: dict[int, list[ChangeSet]] = {}
    for each in found.values():
        if each.takes_back_id is not None:
            taken_back_by.setdefault(each.takes_back_id, []).append(each)
    takes_back = {number: found[other] for number, other in named.items() if other in found}
    return Undoing(takes_back, taken_back_by)


def _visible(stored: StoredTable, actor: Actor) -> Select[ChangeSet]:
    """The sets of whole departments in the actor's reach: a set has rows of several people."""
    refuse(why_not_read(actor, stored))
    query = select(ChangeSet).where(ChangeSet.table_identifier == stored.spec.identifier)
    return query.where(seen_change_sets(read_scope(actor, stored)))
