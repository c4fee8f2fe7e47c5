"""The audit log as people read it, and its chain (第六条)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true
from sqlalchemy.orm import Session

from app.access.audit_log import LogScope, log_scope, why_not_read_log, why_not_verify_log
from app.access.person import Actor
from app.domain.audit_log import LoggedEntry, Verified, verify
from app.domain.message import refuse
from app.models.audit_log import AuditEntry
from app.models.base_table_rows import in_batches
from app.models.submission import Submission

# Entries of one page, and how many are read at once while the chain is followed.
PAGE = 50
AT_ONCE = 5_000
# Called with how many of how many entries are through; may raise, which ends the work.
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class LogFilter:
    """What is looked for; empty words look for everything. ``before`` is an entry's number."""

    department: str = ""
    about: str = ""
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0


@dataclass(frozen=True)
class LogPage:
    """Entries, the latest first; ``next_before`` leads to the older ones, 0 where there are none.

    ``may_verify`` says whether the reader may have the chain verified.
    """

    entries: Sequence[AuditEntry]
    next_before: int
    may_verify: bool


def read_log(session: Session, actor: Actor, wanted: LogFilter) -> LogPage:
    """A page of the entries that the actor reads. Raises Refused."""
    refuse(why_not_read_log(actor))
    query = select(AuditEntry).where(_in_scope(log_scope(actor)), *_wanted(wanted))
    found = session.scalars(query.order_by(AuditEntry.id.desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    next_before = shown[-1].id if len(found) > PAGE else 0
    return LogPage(shown, next_before, why_not_verify_log(actor) is None)


def _in_scope(scope: LogScope) -> ColumnElement[bool]:
    if scope.is_whole:
        return true()
    hidden = [AuditEntry.tag.startswith(f"{each}.", autoescape=True) for each in scope.hidden]
    return or_(
        AuditEntry.person_number == scope.person,
        and_(
            AuditEntry.department_code.in_(sorted(scope.departments)),
            *(not_(each) for each in hidden),
        ),
        *(AuditEntry.tag.startswith(f"{each}.", autoescape=True) for each in scope.objects),
    )


def _wanted(wanted: LogFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.department:
        yield AuditEntry.department_code == wanted.department
    if wanted.about:
        yield AuditEntry.tag.startswith(f"{wanted.about}.", autoescape=True)
    if wanted.person:
        named = AuditEntry.person_name == wanted.person
        yield or_(named, AuditEntry.person_number == wanted.person)
    if wanted.since is not None:
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.at < wanted.until
    if wanted.before:
        yield AuditEntry.id < wanted.before


def tables_of(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """Id of each of the submissions → its table."""
    query = select(Submission.id, Submission.table_identifier).where(Submission.id.in_(numbers))
    return {row.id: row.table_identifier for row in session.execute(query)}


def verify_log(session: Session, actor: Actor, told: Told = lambda _done, _total: None) -> Verified:
    """Follow the whole chain for somebody who may. Raises Refused."""
    refuse(why_not_verify_log(actor))
    return follow_chain(session, told)


def count_entries(session: Session) -> int:
    """How many entries the log has."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def follow_chain(session: Session, told: Told = lambda _done, _total: None) -> Verified:
    """Whether the chain holds, over every entry; some seconds for a hundred thousand."""

    def existing(wanted: Collection[str]) -> set[str]:
        query = select(AuditEntry.fingerprint)
        found: set[str] = set()
        for batch in in_batches(wanted):
            rows = session.scalars(query.where(AuditEntry.fingerprint.in_(batch)))
            found |= {each for each in rows if each is not None}
        return found

    return verify(_entries(session, told), existing)


def last_fingerprint(session: Session) -> str | None:
    """The fingerprint of the latest entry, to be kept elsewhere; None before there is any."""
    query = select(AuditEntry.fingerprint).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalar(query)


def _entries(session: Session, told: Told) -> Iterator[LoggedEntry]:
    """All entries in their order, a bounded number of them in memory."""
    last, done, total = 0, 0, count_entries(session)
    while True:
        # The last word is the worker's, and entries may be added meanwhile.
        told(min(done, max(total - 1, 0)), total)
        query = select(AuditEntry).where(AuditEntry.id > last).order_by(AuditEntry.id)
        found = session.scalars(query.limit(AT_ONCE)).all()
        if not found:
            return
        for each in found:
            yield LoggedEntry(each.id, each.deed, each.previous, each.fingerprint)
        last, done = found[-1].id, done + len(found)
        for each in found:
            session.expunge(each)
