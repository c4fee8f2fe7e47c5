"""Who acknowledges notes, and what waits until they are read (第九条)."""

from app.access.person import Actor
from app.access.roles import GUIDANCE
from app.catalogue.base_table import TableSpec
from app.domain.message import Message


def concerns(actor: Actor, spec: TableSpec) -> bool:
    """Whether the table is one that the actor fills in or heads, not one he only looks at."""
    table = spec.identifier
    if not actor.may("acknowledge", GUIDANCE):
        return False
    return actor.may("edit", table) or (
        actor.may("list", table) and not actor.may("list_all", table)
    )


def why_not_read_notes(actor: Actor) -> Message | None:
    """Why the actor may not see the notes of the chapters by themselves."""
    if actor.may("read", GUIDANCE):
        return None
    return Message("You have no right to view the notes of the tables.")


def why_not_acknowledge(actor: Actor) -> Message | None:
    """Why the actor may not acknowledge notes."""
    if actor.may("acknowledge", GUIDANCE):
        return None
    return Message("Those who fill in tables or head a department acknowledge their notes.")


def why_unread(chapter: str, *, is_read: bool) -> Message | None:
    """Why a table of the chapter cannot be finished by somebody: he has to read its notes.

    Keeping rows is never held up by it.
    """
    if is_read:
        return None
    return Message(
        "Read the notes of chapter %(chapter)s first and acknowledge them; only then the table can"
        " be handed to review.",
        {"chapter": chapter},
    )
