"""Rows that leave the platform: who took them along, which ones, and for what (PIPL Art. 6, 51)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.domain.message import Message, Reason, Refused
from app.models.database import writing

TAG = "data.export"
LONGEST_PURPOSE = 200
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Export:
    """What goes out: ``subject`` is ``table:identifier`` or ``cycle:year``.

    ``rows`` is their number as counted beforehand, None where it is not known; ``chosen`` tells
    period, filter, columns and the kind of file.
    """

    subject: str
    rows: int | None
    is_masked: bool
    department: str | None = None
    purpose: str = ""
    chosen: Mapping[str, object] | None = None


def log_export(session: Session, export: Export, *, by: Actor, now: datetime) -> None:
    """Add an entry of its own transaction, before the first byte is sent.

    Raises Refused (invalid) where personal values would leave unmasked without a purpose.
    """
    purpose = tidy_purpose(export.purpose, is_needed=not export.is_masked)
    told = {
        "rows": UNKNOWN if export.rows is None else export.rows,
        "masked": export.is_masked,
        **({"purpose": purpose} if purpose else {}),
        **{name: value for name, value in (export.chosen or {}).items() if value},
    }
    deed = Deed(
        TAG,
        export.subject,
        export.department,
        after=str(told["rows"]),
        reason=json.dumps(told, ensure_ascii=False),
    )
    with writing(session):
        record(session, deed, by=by, now=now)
        session.commit()


def tidy_purpose(purpose: str, *, is_needed: bool) -> str:
    """The purpose as it is kept and printed. Raises Refused where it is needed and missing."""
    tidy = " ".join(purpose.split())
    if is_needed and not tidy:
        raise Refused(
            Message(
                "Say what the personal data is needed for; it is written into the file and into"
                " the log. Without a purpose the data leaves the platform masked only."
            ),
            Reason.INVALID,
        )
    if len(tidy) > LONGEST_PURPOSE:
        raise Refused(
            Message(
                "The purpose may have at most %(count)s characters; shorten it.",
                {"count": LONGEST_PURPOSE},
            ),
            Reason.INVALID,
        )
    return tidy
