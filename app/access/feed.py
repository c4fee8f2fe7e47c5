"""Who may look at feeds, define them and run them.

Three rights meet, and none of them brings another. The feed's own right (``edit`` on feeds) lets
one write definitions; what a definition names has to be open to its writer anyway (``list`` on the
source). Whoever runs a feed reads the source by his own right and scope and writes rows by the same
rights as in the grid. So a system administrator, who has no say over data, may switch feeds off but
neither looks into a source nor writes a row.
"""

from app.access.adopted_table import why_not_read_adopted
from app.access.masks import seen
from app.access.person import Actor
from app.access.policies import why_not_write
from app.access.roles import FEED
from app.access.scopes import write_scope
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
    identifier, scope = target.spec.identifier, write_scope(actor, target)
    may_write = all(actor.may(action, identifier) for action in WRITES)
    if may_write and (scope.departments is None or scope.departments):
        return None
    return Message(
        "A feed is run by whoever adds and changes rows of table %(table)s for a department: its"
        " data steward.",
        {"table": target.spec.title},
    )


def why_not_feed(actor: Actor, target: StoredTable, department: str) -> Message | None:
    """Why the actor may not let rows of the department be written by a feed.

    A teacher writes rows about himself only, which no feed can be limited to.
    """
    for action in WRITES:
        refusal = why_not_write(actor, target, action, department)
        if refusal is not None:
            return refusal
    if write_scope(actor, target).covers_department(department):
        return None
    return Message("A feed writes rows of the whole department; only its data steward runs it.")


def hidden_columns(actor: Actor, source: LiveTable) -> frozenset[str]:
    """The columns of the source that the actor does not see, or not whole: they feed nothing."""
    columns = seen(actor, source).spec.columns
    return frozenset(column.code for column in columns if column.masked or column.hidden)
