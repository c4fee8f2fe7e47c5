"""Telling people what was done, in the transaction of the deed, and noting what they have read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.domain.message import Message
from app.domain.notice import LONGEST_KEY, RULES_BY_TAG, NoticeKind, rules_for
from app.domain.period import LOCAL_ZONE
from app.models.database import writing
from app.models.notice import Notice
from app.models.notice_facts import subject_of
from app.models.notice_recipient import Addressees

MOST_AT_ONCE = 500
# Things of which only the latest deed is news.
OVERTAKEN = frozenset({"submission", "request", "question", "cooperation", "teacher_record"})


@dataclass(frozen=True)
class News:
    """What somebody is told; ``key`` tells it from everything else he was ever told.

    ``subject`` is the thing that it is news of, as the audit log names it.
    """

    kind: NoticeKind
    key: str
    text: Message
    path: str
    subject: str | None = None


def tell_of(
    session: Session,
    tag: str,
    subject: str,
    *,
    by: Actor,
    now: datetime,
    told: Mapping[str, object] | None = None,
    moved: bool = True,
) -> None:
    """Tell everybody whom the deed concerns by ``NOTICE_RULES``; the caller commits.

    ``told`` are facts that only the action knows; ``moved`` says that the thing stands elsewhere
    now: what leaves it where it was makes no earlier news old. Nobody is told what he did himself,
    and nobody twice of one deed: the first rule of the table that concerns him counts.
    """
    thing = subject.partition(":")[0]
    # A deed to something else may be noted at the thing too, such as a spot check.
    if thing in OVERTAKEN and moved and tag.partition(".")[0] == thing:
        _overtake(session, subject, now)
    if tag not in RULES_BY_TAG:
        return
    session.flush()
    found = subject_of(session, subject)
    if found is None:
        return
    facts = {**found.facts, **(told or {})}
    addressees = Addressees(session, now.astimezone(LOCAL_ZONE).date())
    # A number may be given again once what had it is gone; then the moment tells them apart.
    key = f"{subject} {tag} {found.version} {now:%y%m%d%H%M%S%f}"
    seen = {by.number}
    for rule in rules_for(tag, facts):
        text = Message(rule.text.msgid, facts)
        news = News(rule.kind, key[:LONGEST_KEY], text, rule.path % facts, subject)
        numbers = {n for each in rule.concerned for n in addressees.of(each, found)}
        tell(session, news, numbers - seen, now=now, by=by)
        seen |= numbers


def _overtake(session: Session, subject: str, now: datetime) -> None:
    """What was told of the thing before is no news any more once the next deed is done."""
    session.execute(
        update(Notice)
        .where(Notice.subject == subject, Notice.read_at.is_(None))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )


def tell(
    session: Session, news: News, numbers: Iterable[str], *, now: datetime, by: Actor | None = None
) -> dict[str, Notice]:
    """Tell these people; whoever was told it already is left out. The caller commits."""
    wanted = set(numbers)
    if not wanted:
        return {}
    told = session.scalars(select(Notice.recipient_number).where(Notice.key == news.key))
    facts: dict[str, Any] = dict(news.text.parameters)
    made = {
        number: Notice(
            recipient_number=number,
            kind=news.kind,
            key=news.key,
            subject=news.subject,
            msgid=news.text.msgid,
            facts=facts,
            path=news.path,
            by_name=None if by is None else by.name,
            made_at=now,
        )
        for number in sorted(wanted - set(told))
    }
    session.add_all(made.values())
    session.flush()
    return made


def mark_read(
    session: Session, numbers: Collection[int] | None, *, by: Actor, now: datetime
) -> int:
    """Note that the person has read these of his notices, all of them for None; how many.

    What was read before keeps its time. Notices of others are as if they were not there.
    """
    own = update(Notice).where(Notice.recipient_number == by.number, Notice.read_at.is_(None))
    if numbers is not None:
        own = own.where(Notice.id.in_(sorted(numbers)[:MOST_AT_ONCE]))
    with writing(session):
        found = session.execute(own.values(read_at=now))
        session.commit()
    return int(found.rowcount)  # type: ignore[attr-defined]
