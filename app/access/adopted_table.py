"""Who may do what with the rows of an adopted table, and which rows are his.

Without a mapping the table is served whole to whoever holds the permission; where a column plays
department or person, everybody reaches his own rows only, unless he holds ``list_all``. Rows that
an administrator has set for a role take the place of both for what that role opens.
"""

from collections.abc import Collection
from functools import reduce

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from app.access.masks import why_not_key
from app.access.person import ANSWERING, Actor, RoleAccess, masks_any
from app.access.row_rule import rule_condition
from app.access.scopes import EVERYTHING, NOTHING, RowScope, opens_all, scope_of_role
from app.catalogue.adopted_table import VerdictReason
from app.domain.message import Message
from app.models.adopted_table import LiveTable
from app.rules.adopted_value import UnfitError, compared_value

ADOPTED_ACTIONS = ("list", "list_all", "add", "edit", "delete", "export", "pick")
WRITES = ("add", "edit", "delete")
# What the database account has to be granted for an action.
STATEMENTS = {"add": "INSERT", "edit": "UPDATE", "delete": "DELETE"}
BY_GRANT = frozenset({VerdictReason.NONE, VerdictReason.NO_GRANT})
OUT_OF_REACH = Message(
    "The row would not be among those that your roles let you change any more. Nothing was saved."
)
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
        return why_not_key(actor, live, "list", action)
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
    untyped = [
        column.label
        for column in live.spec.columns
        if column.required and (column.masked or column.hidden or not column.editable)
    ]
    if action == "add" and untyped:
        return Message(
            "New rows need a value in %(label)s, which cannot be typed here. They are added by the"
            " program this table belongs to.",
            {"label": untyped[0]},
        )
    if not actor.may(action, live.spec.identifier):
        return Message("You have no right to change table %(table)s.", {"table": live.spec.title})
    masked = why_not_key(actor, live, "list", action)
    if masked is not None or live.spec.transactional:
        return masked
    return _why_not_for_good(actor, live, action)


def _why_not_for_good(actor: Actor, live: LiveTable, action: str) -> Message | None:
    """Why nothing is written to a table that takes nothing back.

    What only the written row would tell, whether it is in reach and where it stands, came too late.
    """
    if asks_database(actor, live, action):
        return Message(
            "Table %(table)s is kept without transactions: a row that came out of the reach of your"
            " roles could not be taken back. Its rows are changed by those whose roles open all of"
            " them.",
            {"table": live.spec.title},
        )
    told = {live.spec.mapping.period, live.spec.mapping.department}
    worked_out = [c.label for c in live.spec.columns if c.generated and c.code in told]
    if live.spec.report is None or action == "delete" or not worked_out:
        return None
    return Message(
        "Table %(table)s is kept without transactions, and the database works out %(label)s only"
        " when a row is saved: a row that came to a locked place could not be taken back. Rows are"
        " added and changed by the program this table belongs to.",
        {"table": live.spec.title, "label": worked_out[0]},
    )


def adopted_rows_of(actor: Actor, live: LiveTable, *actions: str) -> Select[tuple[object, ...]]:
    """A select over the rows the actor reads and may do ``actions`` with, nothing chosen yet."""
    scopes = [adopted_scope(actor, live)]
    if live.spec.identifier in actor.access:
        scopes += [adopted_scope(actor, live, action) for action in actions]
    # SQLite counts a whole table at once, unless it is told of a condition that always holds.
    narrowing = [scope for scope in scopes if scope is not true()]
    rows = select().select_from(live.table)
    return rows.where(*narrowing) if narrowing else rows


def adopted_scope(actor: Actor, live: LiveTable, action: str = "list") -> ColumnElement[bool]:
    """The rows on which the actor has the right to an action, as a condition."""
    return scope_condition(adopted_row_scope(actor, live, action), live)


def adopted_pick_scope(actor: Actor, live: LiveTable) -> ColumnElement[bool]:
    """The rows whose key and label are offered: all, unless rows are set for the roles."""
    picking = actor.opening("pick", live.spec.identifier)
    if actor.may("pick", live.spec.identifier) and (
        not picking or any(each.rows is None for each in picking)
    ):
        return true()
    return adopted_scope(actor, live, "pick")


def adopted_row_scope(actor: Actor, live: LiveTable, action: str = "list") -> RowScope:
    """The rows on which the actor has the right to an action; ``NOTHING`` without it."""
    identifier = live.spec.identifier
    if not actor.may(action, identifier):
        return NOTHING
    if identifier not in actor.access:
        return _by_rights(actor, live, holds_all=actor.may("list_all", identifier))
    if masks_any(actor, identifier, live.spec.key, action):
        return NOTHING
    opened = (scope for _role, scope in adopted_role_scopes(actor, live, action))
    return reduce(RowScope.united, opened, NOTHING)


def adopted_role_scopes(
    actor: Actor, live: LiveTable, action: str = "list"
) -> list[tuple[RoleAccess, RowScope]]:
    """The roles that grant the action on a narrowed table, each with the rows it opens."""
    identifier = live.spec.identifier
    by_rights = _by_rights(actor, live, holds_all=opens_all(actor, identifier))
    has_person = live.spec.mapping.person is not None
    return [
        (each, scope_of_role(actor, each, by_rights, has_person=has_person))
        for each in actor.opening(action, identifier)
    ]


def reaches_all(actor: Actor, live: LiveTable) -> bool:
    """Whether no row is kept from whoever may list the table."""
    if live.spec.identifier in actor.access:
        return adopted_row_scope(actor, live) == EVERYTHING
    mapping = live.spec.mapping
    limited = mapping.department or mapping.person
    return not limited or actor.may("list_all", live.spec.identifier)


def is_narrowed(actor: Actor, live: LiveTable) -> bool:
    """Whether something is set about the table for one of the actor's roles."""
    return live.spec.identifier in actor.access


def asks_database(actor: Actor, live: LiveTable, action: str) -> bool:
    """Whether only the database can tell if a row that is written stays in the actor's reach."""
    if not is_narrowed(actor, live):
        return False
    return any(adopted_row_scope(actor, live, each) != EVERYTHING for each in ("list", action))


def _by_rights(actor: Actor, live: LiveTable, *, holds_all: bool) -> RowScope:
    mapping = live.spec.mapping
    if holds_all or not (mapping.department or mapping.person):
        return EVERYTHING
    departments = actor.departments(*ANSWERING) if mapping.department else frozenset[str]()
    return RowScope(departments, actor.number if mapping.person else None)


def scope_condition(scope: RowScope, live: LiveTable) -> ColumnElement[bool]:
    """The scope as a condition over the columns that play department and person."""
    if scope.departments is None:
        return true()
    mapping = live.spec.mapping
    parts: list[ColumnElement[bool]] = [false()]
    if mapping.department and scope.departments:
        own = sought_departments(live, scope.departments)
        parts.append(live.columns[mapping.department].in_(own))
    if mapping.person and scope.person is not None:
        own = _typed(live, mapping.person, [scope.person])
        parts.append(live.columns[mapping.person].in_(own))
    parts += [rule_condition(live, rule) for rule in scope.rules]
    return or_(*parts)


def sought_departments(live: LiveTable, codes: Collection[str]) -> list[object]:
    """The values of the department column by which rows of these departments are looked for."""
    column = live.spec.mapping.department
    return [] if column is None else _typed(live, column, live.spec.own_departments(codes))


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


def _plain(value: object) -> str:
    """A value as codes are written: columns of fixed length fill theirs up with blanks."""
    return str(value).rstrip()


def why_not_keep(actor: Actor, live: LiveTable, values: dict[str, object]) -> Message | None:
    """Why a row with these values would be out of the actor's own reach.

    Of a narrowed table that is asked of the database, once the row is written (``OUT_OF_REACH``).
    """
    mapping = live.spec.mapping
    if is_narrowed(actor, live) or reaches_all(actor, live):
        return None
    departments = actor.departments(*ANSWERING)
    written = values.get(mapping.department or "")
    if mapping.department and live.spec.department_of(written) in departments:
        return None
    if mapping.person and _plain(values.get(mapping.person)) == actor.number:
        return None
    return Message("A row has to belong to your own department or to yourself.")
