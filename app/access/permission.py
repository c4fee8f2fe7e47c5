"""Who may change what roles may do (decision 12), and what no role may be given.

The administrator runs the platform and has no say over data (separation rule 3): his function's
role takes no right on base tables and no step of a submission, and nobody widens his own rights.
"""

from collections.abc import Collection, Iterable, Mapping

from app.access.adopted_table import ADOPTED_ACTIONS
from app.access.person import Actor
from app.access.roles import (
    CONSOLIDATION,
    PERMISSION,
    PLATFORM_RIGHTS,
    ROLE_BY_FUNCTION,
    SUBMISSION,
    TABLE_ACTIONS,
    Assigned,
    Pair,
    default_rights,
    platform_role,
)
from app.domain.message import Message
from app.domain.person import Function
from app.models.base_table import Store

# Without this right nobody could ever change a right again.
KEY_RIGHT: Pair = ("edit", PERMISSION)
# The parts of the platform behind which the data of departments stand.
ABOUT_DATA = frozenset({SUBMISSION, CONSOLIDATION})


def every_right(store: Store) -> frozenset[Pair]:
    """All rights there are here: on base tables, adopted tables and the platform's own pages."""
    tables = {(action, name) for name in store.tables for action in TABLE_ACTIONS}
    tables |= {(action, name) for name in store.adopted for action in ADOPTED_ACTIONS}
    return frozenset(tables) | frozenset(PLATFORM_RIGHTS)


def rights_by_default(store: Store, assigned: Iterable[Assigned]) -> Mapping[str, frozenset[Pair]]:
    """Role name → what the platform's own roles may do here before anybody changes them.

    Another system's table that is reported counts like a base table, as far as there are such
    rights on it: nothing is imported into it.
    """
    every = every_right(store)
    wanted = default_rights(store.reported, assigned)
    return {name: rights & every for name, rights in wanted.items()}


def why_not_read_roles(actor: Actor) -> Message | None:
    """Why the actor may not look at roles and their rights."""
    if actor.may("read", PERMISSION):
        return None
    return Message("You have no right to view roles and permissions. Ask a system administrator.")


def why_not_edit_roles(actor: Actor) -> Message | None:
    """Why the actor may not change roles at all."""
    if actor.may(*KEY_RIGHT):
        return None
    return Message("Only a system administrator changes what roles may do.")


def why_not_edit_role(actor: Actor, name: str, held: Collection[str]) -> Message | None:
    """Why the actor may not change this role; ``held`` are the names of the roles he has."""
    refusal = why_not_edit_roles(actor)
    if refusal is not None:
        return refusal
    if name in held and not is_for_administrators(name):
        return Message("You have this role yourself; another administrator has to change it.")
    return None


def why_not_give_right(name: str, right: Pair) -> Message | None:
    """Why the role may never have this right."""
    if is_for_administrators(name) and is_about_data(right):
        return Message(
            "The system administrator runs the platform and has no say over data;"
            " give the right to another role."
        )
    return None


def why_not_together(names: Collection[str], rights: Collection[Pair]) -> Message | None:
    """Why somebody with the roles ``names`` may not have these rights by a further role."""
    if any(map(is_for_administrators, names)) and any(map(is_about_data, rights)):
        return Message(
            "Somebody who is system administrator has no say over data, by no other role either."
        )
    return None


def is_about_data(right: Pair) -> bool:
    """Whether the right concerns what the departments report."""
    return right not in PLATFORM_RIGHTS or right[1] in ABOUT_DATA


def carries_data(function: Function) -> bool:
    """Whether the function brings rights on what the departments report."""
    spec = ROLE_BY_FUNCTION[function]
    on_tables = spec.table_actions + spec.assigned_actions + spec.guidance_actions
    return bool(on_tables) or any(map(is_about_data, spec.grants))


def is_for_administrators(name: str) -> bool:
    """Whether this is the role that the administrator's function brings."""
    found = platform_role(name)
    return found is not None and found[0].function is Function.ADMINISTRATOR
