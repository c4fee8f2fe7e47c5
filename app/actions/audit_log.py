"""Writing the audit log: always in the transaction of what it records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.notice import tell_of
from app.domain.audit_log import LoggedDeed, fingerprint
from app.domain.message import Message, Reason, Refused
from app.models.audit_log import LONGEST_REASON, AuditEntry, ChangeSet


@dataclass(frozen=True)
class Deed:
    """What was done to what: ``tag`` is ``object.verb``, ``subject`` ``object:id``.

    ``told`` are facts for the notices of the deed that its subject does not know; not logged.
    """

    tag: str
    subject: str
    department: str | None = None
    before: str | None = None
    after: str | None = None
    reason: str | None = None
    content_hash: str | None = None
    told: Mapping[str, object] | None = None


def record(session: Session, deed: Deed, *, by: Actor, now: datetime) -> None:
    """Add an entry; the caller commits it together with the change."""
    record_all(session, (deed,), by=by, now=now)


def record_all(session: Session, deeds: Iterable[Deed], *, by: Actor, now: datetime) -> None:
    """Add an entry for each of many things done in one transaction, and tell whom they concern.

    Each entry is chained to the latest that can be seen: nobody waits for another transaction, so
    that two written at once may follow the same one.
    """
    deeds = tuple(deeds)
    latest = select(AuditEntry.fingerprint).order_by(AuditEntry.id.desc()).limit(1)
    previous = session.scalar(latest)
    for deed in deeds:
        said = LoggedDeed(
            at=now,
            person_number=by.number,
            person_name=by.name,
            tag=deed.tag,
            subject=deed.subject,
            department_code=deed.department,
            before=deed.before,
            after=deed.after,
            reason=deed.reason,
            content_hash=deed.content_hash,
        )
        chained = fingerprint(previous, said)
        session.add(AuditEntry(**vars(said), previous=previous, fingerprint=chained))
        previous = chained
    session.flush()
    for deed in deeds:
        moved = deed.before != deed.after
        tell_of(session, deed.tag, deed.subject, by=by, now=now, told=deed.told, moved=moved)


@dataclass(frozen=True)
class RowsTouched:
    """Which rows were changed together, in which ``way``; how many."""

    table: str
    period: str
    department: str
    way: str
    count: int


def begin_change_set(
    session: Session, rows: RowsTouched, *, by: Actor, now: datetime, reason: str | None
) -> int:
    """Add a set of changes; returns its id for the entries of the single rows."""
    change_set = ChangeSet(
        at=now,
        person_number=by.number,
        person_name=by.name,
        way=rows.way,
        reason=reason,
        table_identifier=rows.table,
        period=rows.period,
        department_code=rows.department,
        row_count=rows.count,
    )
    session.add(change_set)
    session.flush()
    return change_set.id


def tidy_reason(reason: str | None, longest: int = LONGEST_REASON) -> str | None:
    """The reason as it is kept: trimmed, None when it is empty; too long a one is refused."""
    # Databases differ in whether they keep a NUL; in JSON one may come.
    tidy = (reason or "").replace("\x00", "").strip()
    if len(tidy) > longest:
        message = Message(
            "The reason may have at most %(count)s characters; shorten it.", {"count": longest}
        )
        raise Refused(message, Reason.INVALID)
    return tidy or None
