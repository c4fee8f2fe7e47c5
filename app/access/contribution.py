"""Rows that one department contributes to the table of another: who changes them (第十条第三款).

The department that was asked answers for its rows, so it alone changes them; the department that
reports the table sends the request back where something is wrong with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.access.person import Actor, Contribution
from app.access.scopes import RowScope, keeps_own_rows, read_scope, write_scope
from app.domain.message import Message
from app.domain.person import Function
from app.models.base_table import StoredTable
from app.models.contributed_row import Mark

NOT_YOURS = Message(
    "This row was not contributed by your department, so you cannot change it. You change the rows"
    " that your department has contributed."
)

SETTLED = Message(
    "Your department contributed this row on a co-operation request that is settled, so you cannot"
    " change it. Tell the department that reports the table what is wrong with it."
)


@dataclass(frozen=True)
class Contributed:
    """What a place holds of other departments, and the part of whoever changes rows there.

    ``contribution`` is None for those who do not change the place for another department.
    """

    contribution: Contribution | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)


def contribution_at(actor: Actor, table: str, period: str, department: str) -> Contribution | None:
    """The request on which the actor contributes there; None for the department's own steward."""
    if actor.holds(Function.DATA_STEWARD, department):
        return None
    parts = actor.contributed(table, is_open=True)
    return next((p for p in parts if (p.period, p.place) == (period, department)), None)


def contributes_only(actor: Actor, stored: StoredTable, department: str) -> bool:
    """Whether all that the actor reaches of the department is what his own has contributed."""
    parts = actor.contributed(stored.spec.identifier)
    if not any(part.place == department for part in parts):
        return False
    scope = read_scope(actor, stored)
    return not scope.covers_department(department) and not scope.rules


def why_not_contribute(
    actor: Actor, stored: StoredTable, period: str, department: str
) -> Message | None:
    """Why one who only contributes to the table may change no rows of the period."""
    parts = [part for part in actor.contributed(stored.spec.identifier) if part.place == department]
    if not parts or any(part.is_open and part.period == period for part in parts):
        return None
    scope = write_scope(actor, stored)
    if scope.covers_department(department) or keeps_own_rows(actor, stored, scope, department):
        return None
    return _over(stored)


def why_contribution_over(actor: Actor, stored: StoredTable, department: str) -> Message | None:
    """What to tell one who has contributed to the department's table and may not any more."""
    parts = actor.contributed(stored.spec.identifier)
    return _over(stored) if any(part.place == department for part in parts) else None


def _over(stored: StoredTable) -> Message:
    return Message(
        "Your department contributes to table %(table)s only while a co-operation request waits for"
        " it. If a row is wrong, ask the department that reports the table to send the request"
        " back.",
        {"table": stored.spec.title},
    )


def why_not_whole_only(actor: Actor, stored: StoredTable, department: str) -> Message | None:
    """Why one who only contributes may not do what concerns the whole table."""
    if not contributes_only(actor, stored, department):
        return None
    return Message(
        "Your department contributes single rows to table %(table)s. This is done by the data"
        " steward of the department that reports it.",
        {"table": stored.spec.title},
    )


def why_not_take_over(actor: Actor, stored: StoredTable, department: str) -> Message | None:
    """Why one who only contributes may not take over last year's rows, but those about himself."""
    if keeps_own_rows(actor, stored, write_scope(actor, stored, "add"), department):
        return None
    return why_not_whole_only(actor, stored, department)


def why_not_change_marked(mark: Mark | None, contribution: Contribution | None) -> Message | None:
    """Why a row with this mark may not be changed; ``contribution`` is the changer's, if any."""
    if contribution is not None:
        if mark is None or mark.contributor != contribution.contributor:
            return NOT_YOURS
        return None if mark.is_open else SETTLED
    if mark is None or not mark.is_answered_for:
        return None
    return Message(
        "This row was contributed by %(department)s, which answers for it. Send the co-operation"
        " request back with what is wrong; %(department)s then changes the row.",
        {"department": mark.name},
    )


def scope_of_contribution(
    actor: Actor, stored: StoredTable, scope: RowScope, contribution: Contribution | None
) -> RowScope:
    """What of a place is written by one who only contributes: his department's rows alone.

    Whoever teaches there as well keeps those about himself.
    """
    if contribution is None:
        return scope
    keeps_own = keeps_own_rows(actor, stored, scope, contribution.place)
    return replace(
        scope,
        departments=frozenset(),
        person=scope.person if keeps_own else None,
        rules=(),
        contributions=(contribution,),
    )
