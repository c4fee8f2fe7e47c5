"""Who may do what with the rows of an adopted table, and which rows are his.

Without a mapping the table is served whole to whoever holds the permission; where a column plays
department or person, everybody reaches his own rows only, unless he holds ``list_all``.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from app.access.person import Actor
from app.catalogue.adopted_table import VerdictReason
from app.domain.message import Message
from app.domain.person import Function
from app.models.adopted_table import LiveTable
from app.rules.adopted_value import UnfitError, compared_value

ADOPTED_ACTIONS = ("list", "list_all", "add", "edit", "delete", "export", "pick")
WRITES = ("add", "edit", "delete")
ANSWERING = (Function.DATA_STEWARD, Function.HEAD)
# What the database account has to be granted for an action.
STATEMENTS = {"add": "INSERT", "edit": "UPDATE", "delete": "DELETE"}
BY_GRANT = frozenset({VerdictReason.NONE, VerdictReason.NO_GRANT})
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
    if live.spec.why_limited not in BY_GRANT:
        return LIMITED[live.spec.why_limited]
    if STATEMENTS[action] not in live.spec.granted:
        return LIMITED[VerdictReason.NO_GRANT]
    untyped = [c.label for c in live.spec.columns if c.required and not c.editable]
    if action == "add" and untyped:
        return Message(
            "New rows need a value in %(label)s, which cannot be typed here. They are added by the"
            " program this table belongs to.",
            {"label": untyped[0]},
        )
    if actor.may(action, live.spec.identifier):
        return None
    return Message("You have no right to change table %(table)s.", {"table": live.spec.title})


def adopted_rows_of(actor: Actor, live: LiveTable) -> Select[tuple[object, ...]]:
    """A select over the rows the actor reaches, nothing chosen of them yet."""
    rows = select().select_from(live.table)
    scope = adopted_scope(actor, live)
    # SQLite counts a whole table at once, unless it is told of a condition that always holds.
    return rows if scope is true() else rows.where(scope)


def _plain(value: object) -> str:
    """A value as codes are written: columns of fixed length fill theirs up with blanks."""
    return str(value).rstrip()


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
        own = _typed(live, mapping.department, actor.departments(*ANSWERING))
        parts.append(live.columns[mapping.department].in_(own))
    if mapping.person:
        own = _typed(live, mapping.person, [actor.number])
        parts.append(live.columns[mapping.person].in_(own))
    return or_(*parts)


def _typed(live: LiveTable, code: str, values: Collection[str]) -> list[object]:
    """The values as the column keeps them; one that it cannot hold belongs to no row.

    Untyped, MySQL would find the text of a code in every number 0.
    """
    typed = []
    for value in sorted(values):
        try:
            typed.append(compared_value(live.spec.by_code[code], value))
        except UnfitError:
            continue
    return typed


def why_not_keep(actor: Actor, live: LiveTable, values: dict[str, object]) -> Message | None:
    """Why a row with these values would be out of the actor's own reach."""
    mapping = live.spec.mapping
    if reaches_all(actor, live):
        return None
    departments = actor.departments(*ANSWERING)
    if mapping.department and _plain(values.get(mapping.department)) in departments:
        return None
    if mapping.person and _plain(values.get(mapping.person)) == actor.number:
        return None
    return Message("A row has to belong to your own department or to yourself.")
