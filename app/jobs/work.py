"""What a job is carried out with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.base_table import Told
from app.domain.message import Message
from app.models.base_table import Store

Translate = Callable[[Message], str]


@dataclass(frozen=True)
class Work:
    """What a job is carried out with; ``told`` is called with progress and may raise.

    ``by`` is whoever asked, with the rights he has now; the operator for what nobody asked for.
    """

    session: Session
    store: Store
    request: Mapping[str, Any]
    content: bytes | None
    by: Actor
    now: datetime
    told: Told
    translate: Translate
