"""What is read of feeds: which there are, how they ran, what they gave to cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from app.access.adopted_table import why_not_read_adopted
from app.access.feed import hidden_columns, why_not_define, why_not_read_feeds
from app.access.person import Actor
from app.access.policies import overlooks_college
from app.access.roles import FEED
from app.access.row_filter import fields_of, parse_filter
from app.catalogue.base_table import TableSpec
from app.catalogue.feed import DepartmentSource, FeedContent, read_content
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.models.adopted_table import LiveTable
from app.models.base_table import Store
from app.models.base_table_rows import in_batches, plain
from app.models.feed import Feed, FeedRow, FeedRun, FeedSchedule

MOST_RUNS = 50
MEMBERS = (Function.DATA_STEWARD, Function.HEAD)
# Parts of a definition besides its fields: no field's code begins so.
DEPARTMENT, PERIOD, FILTER = ("-department", "-period", "-filter")


@dataclass(frozen=True)
class FeedLine:
    """A feed with both its tables, None for one that is gone, its last run and one's schedule."""

    feed: Feed
    source: LiveTable | None
    target: TableSpec | None
    last_run: FeedRun | None
    schedule: FeedSchedule | None

    @property
    def source_title(self) -> str:
        """What people call the source."""
        return self.feed.source_identifier if self.source is None else self.source.spec.label

    @property
    def target_title(self) -> str:
        """What people call the base table."""
        return self.feed.target_identifier if self.target is None else self.target.title


@dataclass(frozen=True)
class ShownDefinition:
    """What somebody may know of a definition; without ``content`` nothing, ``refusal`` says why.

    ``left_out`` names what is left out of it: codes of target fields, ``DEPARTMENT``, ``PERIOD``
    and ``FILTER``.
    """

    content: FeedContent | None = None
    left_out: tuple[str, ...] = ()
    refusal: Message | None = None


@dataclass(frozen=True)
class Fed:
    """Where a cell's value comes from and since when."""

    source: str
    at: datetime


def find_feed(session: Session, actor: Actor, number: int) -> Feed:
    """The feed of this number. Raises Refused (forbidden, not found).

    Its definition is for the platform: of that people are told what ``shown_definition`` leaves.
    """
    refuse(why_not_read_feeds(actor))
    feed = session.get(Feed, number)
    if feed is None:
        raise Refused(Message("There is no such feed."), Reason.NOT_FOUND)
    return feed


def list_feeds(session: Session, store: Store, actor: Actor) -> list[FeedLine]:
    """Every feed by name. Raises Refused."""
    refuse(why_not_read_feeds(actor))
    feeds = session.scalars(select(Feed).order_by(Feed.name)).all()
    newest = select(func.max(FeedRun.id)).where(_seen_runs(actor)).group_by(FeedRun.feed_id)
    runs = session.scalars(select(FeedRun).where(FeedRun.id.in_(newest))).all()
    last = {run.feed_id: run for run in runs}
    own = session.scalars(select(FeedSchedule).where(FeedSchedule.username == actor.username))
    schedules = {each.feed_id: each for each in own}
    return [
        FeedLine(
            feed,
            store.adopted.get(feed.source_identifier),
            store.catalogue.tables.get(feed.target_identifier),
            last.get(feed.id),
            schedules.get(feed.id),
        )
        for feed in feeds
    ]


def feed_line(session: Session, store: Store, actor: Actor, number: int) -> FeedLine:
    """One feed. Raises Refused (forbidden, not found)."""
    find_feed(session, actor, number)
    return next(line for line in list_feeds(session, store, actor) if line.feed.id == number)


def shown_definition(actor: Actor, feed: Feed, source: LiveTable | None) -> ShownDefinition:
    """What the actor may know of what is taken from the source, None for one that is gone.

    Filters and translations quote values, so they are only told of columns he sees whole.
    """
    if source is None or why_not_read_adopted(actor, source) is not None:
        message = Message(
            "What this feed takes from where is shown only to those who may view its source."
        )
        return ShownDefinition(refusal=message)
    content, hidden = read_content(feed.content), hidden_columns(actor, source)
    fields = {code: each for code, each in content.fields.items() if each.column not in hidden}
    left_out = [code for code in content.fields if code not in fields]
    shown = replace(content, fields=fields)
    if content.department.column in hidden:
        left_out.append(DEPARTMENT)
        shown = replace(shown, department=DepartmentSource())
    if content.period is not None and content.period.column in hidden:
        left_out.append(PERIOD)
        shown = replace(shown, period=None)
    if content.filter is not None and fields_of(parse_filter(content.filter)) & hidden:
        left_out.append(FILTER)
        shown = replace(shown, filter=None)
    return ShownDefinition(shown, tuple(left_out))


def why_not_redefine(actor: Actor, feed: Feed, source: LiveTable) -> Message | None:
    """Why the actor may not define this feed differently: nobody replaces what he does not see."""
    refusal = why_not_define(actor, source)
    if refusal is None and shown_definition(actor, feed, source).left_out:
        return Message(
            "This feed uses columns of the source that are hidden from you or shown with their ends"
            " only. Let somebody change it who sees them whole."
        )
    return refusal


def runs_of(session: Session, actor: Actor, number: int) -> Sequence[FeedRun]:
    """The latest runs of a feed that concern the actor, the last one first."""
    query = select(FeedRun).where(FeedRun.feed_id == number, _seen_runs(actor))
    return session.scalars(query.order_by(FeedRun.id.desc()).limit(MOST_RUNS)).all()


def _seen_runs(actor: Actor) -> ColumnElement[bool]:
    """Runs that concern the actor: of his departments, or his own."""
    if overlooks_college(actor) or actor.may("edit", FEED):
        return true()
    own = sorted(actor.departments(*MEMBERS))
    return or_(FeedRun.department_code.in_(own), FeedRun.person_number == actor.number)


def fed_cells(
    session: Session, store: Store, table: str, values: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, Fed]]:
    """Row id → field code → where the value comes from, for cells that still hold what was given.

    ``values`` are the rows' stored values by id. One small statement for a table without feeds.
    """
    known = select(Feed.id, Feed.source_identifier).where(Feed.target_identifier == table)
    feeds = {row.id: row.source_identifier for row in session.execute(known)}
    found: dict[str, dict[str, Fed]] = {}
    for batch in in_batches(values if feeds else ()):
        query = select(FeedRow.feed_id, FeedRow.row_id, FeedRow.given).where(
            FeedRow.row_id.in_(batch), FeedRow.feed_id.in_(feeds)
        )
        for feed_id, row_id, given in session.execute(query):
            live = store.adopted.get(feeds[feed_id])
            label = feeds[feed_id] if live is None else live.spec.label
            found.setdefault(row_id, {}).update(_still(given, values[row_id], label))
    return found


def _still(
    given: Mapping[str, Sequence[object]], values: Mapping[str, object], label: str
) -> dict[str, Fed]:
    return {
        code: Fed(label, datetime.fromisoformat(str(at)))
        for code, (value, at) in given.items()
        if value is not None and plain(values.get(code)) == value
    }
