"""A person's notices as he reads them, and what became of those that were sent outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.domain.message import Message
from app.domain.notice import NoticeKind
from app.domain.period import LOCAL_ZONE, AcademicYear
from app.models.base_table import Store
from app.models.department import Department
from app.models.notice import Notice

# More tables than these are counted only.
MOST_NAMED = 3
LARGEST_PAGE = 50


@dataclass(frozen=True)
class NoticeFilter:
    """Which notices are wanted, from which place on."""

    kind: NoticeKind | None = None
    unread: bool = False
    offset: int = 0
    limit: int = LARGEST_PAGE


@dataclass(frozen=True)
class NoticeLine:
    """A notice with its text; what it names is called as it is called now."""

    notice: Notice
    text: Message


@dataclass(frozen=True)
class NoticeList:
    """The wanted notices, how many there are of them in all, and how many are unread at all."""

    lines: Sequence[NoticeLine]
    count: int
    unread: int


EVERY = NoticeFilter()


def list_notices(
    session: Session, store: Store, actor: Actor, wanted: NoticeFilter = EVERY
) -> NoticeList:
    """The person's own notices: unread ones first, then the latest."""
    query = _narrowed(select(Notice), actor, wanted)
    query = query.order_by(Notice.read_at.is_not(None), Notice.id.desc())
    query = query.offset(wanted.offset).limit(min(wanted.limit, LARGEST_PAGE))
    count = session.scalar(_narrowed(select(func.count()), actor, wanted)) or 0
    unread = NoticeFilter(unread=True)
    waiting = session.scalar(_narrowed(select(func.count()), actor, unread)) or 0
    found = session.scalars(query).all()
    return NoticeList(told(session, store, found), count, waiting)


def latest_unread(session: Session, store: Store, actor: Actor, most: int) -> list[NoticeLine]:
    """The latest notices that the person has not read."""
    query = _narrowed(select(Notice), actor, NoticeFilter(unread=True))
    found = session.scalars(query.order_by(Notice.id.desc()).limit(most)).all()
    return told(session, store, found)


def find_notice(session: Session, actor: Actor, number: int) -> Notice | None:
    """One of the person's own notices."""
    found = session.get(Notice, number)
    return found if found is not None and found.recipient_number == actor.number else None


def told(session: Session, store: Store, notices: Sequence[Notice]) -> list[NoticeLine]:
    """The notices in words; departments are read only where one is named."""
    names: Mapping[str, str] = {}
    if any("department" in each.facts for each in notices):
        names = dict(session.execute(select(Department.code, Department.name)).all())
    return [NoticeLine(each, text_of(each, store, names)) for each in notices]


def text_of(notice: Notice, store: Store, names: Mapping[str, str]) -> Message:
    """The text with tables, departments, years and times as people call them."""
    shown = {name: _shown(name, value, store, names) for name, value in notice.facts.items()}
    return Message(notice.msgid, shown)


def _shown(name: str, value: object, store: Store, names: Mapping[str, str]) -> object:
    """What one fact is called; what is no code stands as it is."""
    text = str(value)
    if name == "tables" and isinstance(value, list):
        return _titles(store, value)
    words: Mapping[str, Callable[[], object]] = {
        "table": lambda: _title(store, text),
        "department": lambda: names.get(text, text),
        "year": lambda: _year(text),
        "request": lambda: Message(text),
        "due_at": lambda: _moment(text),
        "until": lambda: _moment(text),
    }
    return words[name]() if name in words else value


def _titles(store: Store, tables: Sequence[str]) -> object:
    """The first few tables; the text tells how many there are."""
    titles = "、".join(_title(store, each) for each in tables[:MOST_NAMED])
    if len(tables) <= MOST_NAMED:
        return titles
    return Message("%(titles)s and others", {"titles": titles})


def _year(code: str) -> Message:
    first = AcademicYear.parse(code).start_year
    return Message("Academic year %(first)s to %(second)s", {"first": first, "second": first + 1})


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"


def _title(store: Store, table: str) -> str:
    spec = store.catalogue.reported.get(table)
    return table if spec is None else spec.title


def _narrowed(query: Select, actor: Actor, wanted: NoticeFilter) -> Select:  # type: ignore[type-arg]
    query = query.where(Notice.recipient_number == actor.number)
    if wanted.kind is not None:
        query = query.where(Notice.kind == wanted.kind)
    if wanted.unread:
        query = query.where(Notice.read_at.is_(None))
    return query
