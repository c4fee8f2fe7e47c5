"""Who says something about a row or a table, and who reads what was said about a whole table."""

from app.access.person import Actor
from app.access.policies import why_not_write
from app.access.scopes import read_scope
from app.domain.message import Message
from app.domain.person import Function
from app.models.base_table import StoredTable


def why_not_comment(actor: Actor, stored: StoredTable, department: str) -> Message | None:
    """Why the actor, who reads the place, may not write comments there.

    Whoever changes its rows may, whatever state the table is in, and whoever reviews it.
    """
    reviews = actor.holds(Function.QA_OFFICE) or department in actor.departments(
        Function.DATA_STEWARD, Function.HEAD
    )
    if reviews or why_not_write(actor, stored, "edit", department) is None:
        return None
    return Message(
        "Only those who fill in or review table %(table)s write comments on it.",
        {"table": stored.spec.title},
    )


def why_not_read_whole(actor: Actor, stored: StoredTable, department: str) -> Message | None:
    """Why the actor may not read what is said about all of a department's rows together."""
    if read_scope(actor, stored).covers_department(department):
        return None
    return Message(
        "What is said about the whole of table %(table)s is read by those who see all rows of"
        " the department. Look at the comments on your own rows.",
        {"table": stored.spec.title},
    )
