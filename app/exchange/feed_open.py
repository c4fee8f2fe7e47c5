"""Opening a feed for a run: its definition as it stands, the period, whose rows it may write."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.feed import (
    hidden_columns,
    hidden_targets,
    why_not_feed,
    why_not_run,
    why_not_run_into,
)
from app.access.person import Actor
from app.actions.feed_write import FeedPlace, note_refused_run
from app.catalogue.feed import FeedContent, content_faults, read_content
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import Period
from app.models.adopted_table import LiveTable
from app.models.base_table import Store, StoredTable
from app.models.feed import Feed
from app.reports.assignment import department_names, departments_of_table
from app.reports.cycle import all_cycles
from app.reports.feed import find_feed
from app.reports.place import find_cycle_of

Translate = Callable[[Message], str]
# What a refused run teaches nobody anything about.
NOT_NOTED = frozenset({Reason.FORBIDDEN, Reason.NOT_FOUND})


@dataclass(frozen=True)
class OpenFeed:
    """A feed that can be run now, for ``departments`` in ``period``.

    ``known_departments`` are all of the college; ``label_field`` the code of the field by which
    people call a row. ``hidden`` are the fields of the target that are masked for the person:
    ``content`` gives them nothing.
    """

    feed_id: int
    name: str
    version: int
    content: FeedContent
    live: LiveTable
    target: StoredTable
    period: Period
    departments: tuple[str, ...]
    known_departments: frozenset[str]
    label_field: str
    hidden: frozenset[str] = frozenset()


def open_feed(
    session: Session,
    store: Store,
    number: int,
    *,
    by: Actor,
    period: str | None = None,
    department: str | None = None,
) -> OpenFeed:
    """The feed, ready to be run by the person for one department or all of his.

    Raises Refused: not his to run (forbidden), switched off or of a source that is gone (conflict),
    a definition that does not fit any more (invalid, with every fault).
    """
    feed = find_feed(session, by, number)
    live, target = tables_of(store, feed, by, department)
    if not feed.is_active:
        raise Refused(
            Message("The feed %(feed)s is switched off.", {"feed": feed.name}), Reason.CONFLICT
        )
    hidden = hidden_targets(by, target)
    content = _without(checked_content(feed.content, live, target, by), hidden)
    cycle = find_cycle_of(all_cycles(session), target, period)
    reporting = departments_of_table(session, cycle, target.spec.identifier)
    return OpenFeed(
        feed.id,
        feed.name,
        feed.version,
        content,
        live,
        target,
        target.spec.period_in(cycle.year),
        _departments(by, target, content, reporting, department),
        frozenset(department_names(session)),
        store.catalogue.label_field(target.spec.identifier).code,
        hidden,
    )


def _without(content: FeedContent, hidden: frozenset[str]) -> FeedContent:
    """The definition for somebody who neither sees nor writes the ``hidden`` fields."""
    shown = {code: each for code, each in content.fields.items() if code not in hidden}
    return replace(content, fields=shown)


def tables_of(
    store: Store, feed: Feed, by: Actor, department: str | None
) -> tuple[LiveTable, StoredTable]:
    """The source and the target, for whoever may run the feed for the department, or for any.

    Raises Refused: not his to run (forbidden), a table that is gone (conflict).
    """
    live = store.adopted.get(feed.source_identifier)
    target = store.tables.get(feed.target_identifier)
    if target is not None:
        refuse(why_not_run_into(by, target))
        if department is not None:
            refuse(why_not_feed(by, target, department))
    if live is None or target is None:
        gone = feed.source_identifier if live is None else feed.target_identifier
        raise Refused(
            Message(
                "Table %(table)s, which the feed %(feed)s needs, is no longer there. Whoever looks"
                " after the platform adopts it again, or the feed is switched off.",
                {"table": gone, "feed": feed.name},
            ),
            Reason.CONFLICT,
        )
    refuse(why_not_run(by, live, target))
    return live, target


def checked_content(data: object, live: LiveTable, target: StoredTable, by: Actor) -> FeedContent:
    """The definition where it fits both tables; Refused (invalid) with every fault."""
    content = read_content(data)
    faults = content_faults(content, target.spec, live.spec, hidden_columns(by, live))
    if faults:
        raise Refused(
            Message("The definition of the feed does not fit the tables; correct it first."),
            Reason.INVALID,
            tuple(faults),
        )
    return content


def writable_departments(
    actor: Actor, target: StoredTable, reporting: list[str]
) -> tuple[str, ...]:
    """Those of the reporting departments whose rows the actor may let a feed write."""
    return tuple(code for code in reporting if why_not_feed(actor, target, code) is None)


def _departments(
    by: Actor,
    target: StoredTable,
    content: FeedContent,
    reporting: list[str],
    department: str | None,
) -> tuple[str, ...]:
    fixed = content.department.value
    if department is not None:
        chosen: tuple[str, ...] = (department,)
    else:
        chosen = writable_departments(by, target, reporting)
    found = tuple(code for code in chosen if fixed in (None, code))
    if not found:
        raise Refused(
            Message(
                "There is no department here whose rows of table %(table)s you may let the feed"
                " write in this period.",
                {"table": target.spec.title},
            )
        )
    return found


def note_refusal(
    session: Session,
    number: int,
    refusal: Refused,
    *,
    by: Actor,
    now: datetime,
    translate: Translate,
    department: str | None = None,
    is_scheduled: bool = False,
) -> None:
    """Keep that the feed was to run and why it did not, in words; of strangers nothing is kept."""
    if refusal.reason in NOT_NOTED and not is_scheduled:
        return
    text = "\n".join(translate(line) for line in (refusal.message, *refusal.details))
    place = FeedPlace(number, None, department, is_scheduled)
    note_refused_run(session, place, text, by=by, now=now)
