"""Who may look at feeds, define them and run them.

Three rights meet, and none of them brings another. The feed's own right (``edit`` on feeds) lets
one write definitions; what a definition names has to be open to its writer anyway (``list`` on the
source). Whoever runs a feed reads the source by his own right and scope and writes rows by the same
rights as in the grid. So a system administrator, who has no say over data, may switch feeds off but
neither looks into a source nor writes a row.
"""

from app.access.adopted_table import why_not_read_adopted
from app.access.masks import masked_by_roles, seen
from app.access.person import Actor
from app.access.policies import why_not_write
from app.access.roles import FEED
from app.access.scopes import RowScope, write_scope
from app.domain.message import Message
from app.models.adopted_table import LiveTable
from app.models.base_table import StoredTable

WRITES = ("add", "edit")


def why_not_read_feeds(actor: Actor) -> Message | None:
    """Why the actor may not see which feeds there are."""
    if actor.may("read", FEED):
        return None
    return Message(
        "You have no right to view data feeds. If you need them for your work, ask the quality"
        " office."
    )


def why_not_change_feeds(actor: Actor) -> Message | None:
    """Why the actor may not add feeds or switch them on and off."""
    if actor.may("edit", FEED):
        return None
    return Message("You have no right to set up data feeds. Ask the quality office.")


def why_not_define(actor: Actor, source: LiveTable) -> Message | None:
    """Why the actor may not say what is taken from this source."""
    return why_not_change_feeds(actor) or why_not_read_adopted(actor, source)


def why_not_run(actor: Actor, source: LiveTable, target: StoredTable) -> Message | None:
    """Why the actor may not run a feed between these tables for any department."""
    return why_not_run_into(actor, target) or why_not_read_adopted(actor, source)


def why_not_run_into(actor: Actor, target: StoredTable) -> Message | None:
    """Why the actor may not run any feed that writes this table, whatever its source."""
    refusal = why_not_read_feeds(actor)
    if refusal is not None:
        return refusal
    identifier, scope = target.spec.identifier, write_scope(actor, target, *WRITES)
    may_write = all(actor.may(action, identifier) for action in WRITES)
    if may_write and scope.departments:
        reached = any(_reaches_whole(scope, each) for each in scope.departments)
        return None if reached else _reaches_some_rows(target)
    return Message(
        "A feed is run by whoever adds and changes rows of table %(table)s for a department: its"
        " data steward.",
        {"table": target.spec.title},
    )


def why_not_feed(actor: Actor, target: StoredTable, department: str) -> Message | None:
    """Why the actor may not let rows of the department be written by a feed.

    A teacher writes rows about himself only, which no feed can be limited to; nor can it be to the
    rows that are set for somebody's roles (decision record 0020).
    """
    for action in WRITES:
        refusal = why_not_write(actor, target, action, department)
        if refusal is not None:
            return refusal
    scope = write_scope(actor, target, *WRITES)
    if not scope.covers_department(department):
        return Message("A feed writes rows of the whole department; only its data steward runs it.")
    return None if _reaches_whole(scope, department) else _reaches_some_rows(target)


def _reaches_whole(scope: RowScope, department: str) -> bool:
    """Whether all rows of the department are within what is set for the roles."""
    return all(each.covers_department(department) for each in scope.within)


def _reaches_some_rows(target: StoredTable) -> Message:
    return Message(
        "A feed reads and writes all rows of the department in table %(table)s, but your roles open"
        " only some of them to you. Let somebody run it whose roles open all rows, or ask the"
        " quality office.",
        {"table": target.spec.title},
    )


def hidden_targets(actor: Actor, target: StoredTable) -> frozenset[str]:
    """The fields of the target that are masked for the actor's roles: no feed of his meets them."""
    return masked_by_roles(actor, target, *WRITES)


def hidden_columns(actor: Actor, source: LiveTable) -> frozenset[str]:
    """The columns of the source that the actor does not see, or not whole: they feed nothing."""
    columns = seen(actor, source).spec.columns
    return frozenset(column.code for column in columns if column.masked or column.hidden)
