"""Who may do what with the rows of an adopted table, and which rows are his.

Without a mapping the table is served whole to whoever holds the permission; where a column plays
department or person, everybody reaches his own rows only, unless he holds ``list_all``.
"""

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from app.access.person import Actor
from app.catalogue.adopted_table import Verdict, VerdictReason
from app.domain.message import Message
from app.domain.person import Function
from app.models.adopted_table import LiveTable

ADOPTED_ACTIONS = ("list", "list_all", "add", "edit", "delete", "export", "pick")
WRITES = ("add", "edit", "delete")
ANSWERING = (Function.DATA_STEWARD, Function.HEAD)
ALLOWED = {
    Verdict.EDITABLE: frozenset(WRITES),
    Verdict.INSERT_ONLY: frozenset({"add"}),
    Verdict.READ_ONLY: frozenset[str](),
}
LIMITED = {
    VerdictReason.VIEW: Message("This is a view of the database; it can be read only."),
    VerdictReason.NO_KEY: Message(
        "This table has no primary key, so that rows cannot be told apart; it can be read only."
    ),
    VerdictReason.KEY_UNREADABLE: Message(
        "The primary key of this table is neither text nor number; it can be read only."
    ),
    VerdictReason.NO_GRANT: Message(
        "The database account of the platform has no right to do this with the table. Ask whoever"
        " looks after the database to grant it."
    ),
}


def why_not_read_adopted(actor: Actor, live: LiveTable, action: str = "list") -> Message | None:
    """Why the actor may not list, export or pick from the table."""
    if actor.may(action, live.spec.identifier):
        return None
    return Message(
        "You have no right to view table %(table)s. If you need it for your work,"
        " ask the quality office to grant it.",
        {"table": live.spec.title},
    )


def why_not_write_adopted(actor: Actor, live: LiveTable, action: str) -> Message | None:
    """Why the actor may not add, edit or delete rows."""
    if action not in ALLOWED[live.spec.verdict]:
        return LIMITED[live.spec.why_limited]
    if actor.may(action, live.spec.identifier):
        return None
    return Message("You have no right to change table %(table)s.", {"table": live.spec.title})


def adopted_rows_of(actor: Actor, live: LiveTable) -> Select[tuple[object, ...]]:
    """A select over the rows the actor reaches, nothing chosen of them yet."""
    return select().select_from(live.table).where(adopted_scope(actor, live))


def reaches_all(actor: Actor, live: LiveTable) -> bool:
    """Whether no row is kept from whoever may list the table."""
    mapping = live.spec.mapping
    limited = mapping.department or mapping.person
    return not limited or actor.may("list_all", live.spec.identifier)


def adopted_scope(actor: Actor, live: LiveTable) -> ColumnElement[bool]:
    """The rows the actor reaches, as a condition."""
    identifier, mapping = live.spec.identifier, live.spec.mapping
    if not actor.may("list", identifier):
        return false()
    if reaches_all(actor, live):
        return true()
    parts: list[ColumnElement[bool]] = [false()]
    if mapping.department:
        departments = sorted(actor.departments(*ANSWERING))
        parts.append(live.columns[mapping.department].in_(departments))
    if mapping.person:
        parts.append(live.columns[mapping.person] == actor.number)
    return or_(*parts)


def why_not_keep(actor: Actor, live: LiveTable, values: dict[str, object]) -> Message | None:
    """Why a row with these values would be out of the actor's own reach."""
    mapping = live.spec.mapping
    if reaches_all(actor, live):
        return None
    if mapping.department and values.get(mapping.department) in actor.departments(*ANSWERING):
        return None
    if mapping.person and values.get(mapping.person) == actor.number:
        return None
    return Message("A row has to belong to your own department or to yourself.")
