"""The history of a submission as a page tells it."""

from dataclasses import dataclass

from app.models.audit_log import AuditEntry
from app.web.formats import moment_text
from app.web.submission.labels import deed_text, status_text

HASH_SHOWN = 8


@dataclass(frozen=True)
class HistoryLine:
    """One step: when, by whom, what, from where to where, why, with which content."""

    at: str
    person: str
    deed: str
    before: str
    after: str
    reason: str
    content: str


def history_line(entry: AuditEntry) -> HistoryLine:
    """The entry in words, on the clock of the college."""
    moved = entry.before != entry.after
    deed, reason = deed_text(entry.tag, entry.reason)
    return HistoryLine(
        at=moment_text(entry.at),
        person=entry.person_name,
        deed=deed,
        before=status_text(entry.before) if moved else "",
        after=status_text(entry.after),
        reason=reason,
        content=(entry.content_hash or "")[:HASH_SHOWN],
    )
