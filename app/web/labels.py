"""The words people read for the words the code uses."""

from collections.abc import Mapping
from enum import StrEnum

from app.access.person import Actor
from app.domain import labels
from app.web.translation import translated


def label(member: StrEnum) -> str:
    """The word of an enumeration's member, e.g. of ``Status.RETURNED``."""
    return translated(labels.label(member))


def appointments_of(actor: Actor, department_names: Mapping[str, str]) -> str:
    """What the person is appointed to, once each: ``department · function``."""
    parts = [
        f"{department_names.get(held.department, held.department)} · {label(held.function)}"
        for held in actor.appointments
    ]
    return "、".join(dict.fromkeys(parts))
