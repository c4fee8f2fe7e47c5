"""What is read of adopted tables: pages of rows, one row, how many there are.

Every select passes the scope of ``app.access.adopted_table``. A page never waits for a count, and
jumping deep into a table looks for keys first and for rows after (shared findings on MariaDB).
"""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.adopted_filter import adopted_condition, searched
from app.access.adopted_table import adopted_rows_of, why_not_read_adopted
from app.access.masks import seen
from app.access.person import Actor
from app.access.row_filter import Filter, refuse_hidden
from app.catalogue.adopted_table import AdoptedTable
from app.domain.message import Message, Reason, Refused, refuse
from app.models.adopted_order import UNORDERED, order_of, values_in_order
from app.models.adopted_row import AdoptedRow, key_condition, row_of, rows_read
from app.models.adopted_table import LiveTable
from app.models.base_table import Store
from app.models.base_table_rows import in_batches
from app.models.database import is_passing
from app.models.database_fault import fault_of, refusal_message
from app.models.reported_table import in_place
from app.models.row_order import Ordered
from app.models.time_limit import TooSlowError, time_limited
from app.reports.related_filter import named_with, related_to_adopted
from app.reports.row_cursor import RowCursor, Way, read_stretch

LARGEST_PAGE = 500
# A page that takes longer is refused with advice: a search through millions of rows, say.
READING_SECONDS = 10.0
# Keys in one condition, each of which may have several parts.
KEYS_AT_ONCE = 100
# From this offset on the keys of the page are looked for first.
DEEP = 1_000


@dataclass(frozen=True)
class ShownPlace:
    """A place of the reporting by the college's codes; ``department`` is None for all in scope."""

    period: str
    department: str | None = None


@dataclass(frozen=True)
class AdoptedRequest:
    """Which rows are wanted; ``sort`` are codes, a leading ``-`` for descending.

    They begin at the mark ``cursor``, else ``offset`` rows after the first. Of a table that is
    reported those of one ``place`` may be asked for.
    """

    search: str = ""
    filter: Filter | None = None
    sort: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 200
    cursor: RowCursor | None = None
    place: ShownPlace | None = None

    @property
    def is_searching(self) -> bool:
        """Whether the database may have to look at every row."""
        return bool(self.search.strip() or self.filter is not None or self.sort or self.place)


@dataclass(frozen=True)
class AdoptedPage:
    """A page of rows; how many there are beyond it is asked for apart (``adopted_count``).

    ``previous`` and ``next`` are the marks to read on from, None at either end.
    """

    rows: Sequence[AdoptedRow]
    offset: int
    previous: RowCursor | None = None
    next: RowCursor | None = None

    @property
    def has_more(self) -> bool:
        """Whether there are rows after these."""
        return self.next is not None

    @property
    def count(self) -> int:
        """How many rows there are at least; exactly where there is no further page."""
        return self.offset + len(self.rows) + self.has_more


def find_adopted(store: Store, table: str, actor: Actor) -> LiveTable:
    """The adopted table of this identifier as the actor sees it; Refused (not found) if none."""
    live = store.adopted.get(table)
    if live is None:
        raise Refused(
            Message("There is no base table %(table)s.", {"table": table}), Reason.NOT_FOUND
        )
    return seen(actor, live)


def list_adopted(store: Store, actor: Actor) -> list[AdoptedTable]:
    """The adopted tables the actor may read, by group and label."""
    found = [
        live.spec for live in store.adopted.values() if why_not_read_adopted(actor, live) is None
    ]
    return sorted(found, key=lambda spec: (spec.group, spec.label))


def read_adopted_rows(
    session: Session, live: LiveTable, actor: Actor, wanted: AdoptedRequest
) -> AdoptedPage:
    """A page of the rows the actor may see. Raises Refused."""
    live = seen(actor, live)
    chosen = adopted_query(live, actor, wanted)
    dialect = _dialect(session)
    order = _order(live, wanted.sort)
    kept = values_in_order(live, order, dialect)
    columns = [*live.selected(dialect), *kept.added]
    may_be_slow = wanted.is_searching or not live.identity

    def read(
        order: Sequence[Ordered], condition: ColumnElement[bool], offset: int, limit: int
    ) -> list[dict[str, object]]:
        page = chosen.where(condition).add_columns(*columns).limit(limit)
        page = page.order_by(*(each.sql for each in order))
        found = _jump(live, page, order, offset) if offset else page
        return _run(session, live, found, may_be_slow=may_be_slow)

    way = Way(order, dialect, read, kept.of)
    cursor = wanted.cursor or RowCursor(wanted.offset)
    found = read_stretch(cursor, max(1, min(wanted.limit, LARGEST_PAGE)), way)
    rows = [row_of(live, row) for row in found.rows]
    return AdoptedPage(rows, found.offset, found.previous, found.next)


def read_adopted_row(session: Session, live: LiveTable, actor: Actor, row_id: str) -> AdoptedRow:
    """One row in the actor's scope. Raises Refused (not found) for any other."""
    refuse(why_not_read_adopted(actor, live))
    missing = Refused(Message("There is no such row in your scope."), Reason.NOT_FOUND)
    key = key_condition(live, row_id)
    if key is None:
        raise missing
    query = adopted_rows_of(actor, live).add_columns(*live.selected(_dialect(session))).where(key)
    read = _run(session, live, query)
    if not read:
        raise missing
    return row_of(live, read[0])


def iterate_adopted(
    session: Session, live: LiveTable, actor: Actor, wanted: AdoptedRequest
) -> Iterator[AdoptedRow]:
    """All rows the actor may export, streamed by the driver in the order of the page."""
    refuse(why_not_read_adopted(actor, live, "export"))
    live = seen(actor, live, "list", "export")
    query = adopted_query(live, actor, wanted, "export")
    query = query.add_columns(*live.selected(_dialect(session)))
    order = _order(live, wanted.sort)
    ordered = query.order_by(*(each.sql for each in order)).execution_options(yield_per=1000)
    try:
        result = session.execute(ordered)
        keys = list(result.keys())
        for row in result:
            yield row_of(live, dict(zip(keys, row, strict=True)))
    except DBAPIError as error:
        raise refusal_of(session, live, error) from error


def read_adopted_by_ids(
    session: Session, live: LiveTable, actor: Actor, ids: Sequence[str]
) -> list[AdoptedRow]:
    """Those of the rows that the actor reaches; ids of none are passed over."""
    keys = [key for row_id in ids if (key := key_condition(live, row_id)) is not None]
    query = adopted_query(live, actor, AdoptedRequest())
    columns = live.selected(_dialect(session))
    found: list[AdoptedRow] = []
    for some in in_batches(keys, KEYS_AT_ONCE):
        chosen = query.add_columns(*columns).where(or_(*some))
        found += [row_of(live, row) for row in _run(session, live, chosen)]
    return found


def adopted_query(
    live: LiveTable, actor: Actor, wanted: AdoptedRequest, *actions: str
) -> Select[tuple[object, ...]]:
    """The select behind pages, counts and exports: scope, filter and search; no columns yet.

    ``actions`` are what the rows are wanted for, besides being read.
    """
    refuse(why_not_read_adopted(actor, live))
    live = seen(actor, live, "list", *actions)
    masked = {column.code: column.label for column in live.spec.columns if column.masked}
    refuse_hidden(masked, wanted.sort, wanted.filter)
    query = adopted_rows_of(actor, live, *actions)
    if wanted.place is not None and live.spec.report is not None:
        place = wanted.place
        query = query.where(in_place(live, live.spec.report, place.period, place.department))
    if wanted.filter is not None:
        query = query.where(adopted_condition(live, wanted.filter, related_to_adopted(actor, live)))
    if wanted.search.strip():
        text = wanted.search.strip()
        query = query.where(or_(searched(live, text), *named_with(actor, live, text)))
    return query


def _jump(
    live: LiveTable, page: Select[tuple[object, ...]], order: Sequence[Ordered], offset: int
) -> Select[tuple[object, ...]]:
    """The page ``offset`` rows further on: far down, its keys are looked for before its rows."""
    if offset < DEEP or not live.identity:
        return page.offset(offset)
    found = page.with_only_columns(*live.identity).offset(offset).subquery("page")
    same = and_(*(column == found.c[column.key] for column in live.identity))
    joined = select(*page.selected_columns).select_from(live.table.join(found, same))
    return joined.order_by(*(each.sql for each in order))


def _run(
    session: Session,
    live: LiveTable,
    query: Select[tuple[object, ...]],
    *,
    may_be_slow: bool = False,
) -> list[dict[str, object]]:
    """The rows; a table that is gone or was altered, or a view that fails, is told in words."""
    try:
        with time_limited(session, READING_SECONDS) if may_be_slow else nullcontext():
            return rows_read(session.execute(query))
    except TooSlowError as error:
        raise Refused(
            Message(
                "Searching table %(table)s takes too long. Choose fewer rows by a filter on a"
                " column that has an index, such as a number or a date.",
                {"table": live.spec.title},
            ),
            Reason.BUSY,
        ) from error
    except DBAPIError as error:
        raise refusal_of(session, live, error) from error


def refusal_of(session: Session, live: LiveTable, error: DBAPIError) -> Exception:
    """The fault in words; what passes by itself goes up as it is, to be tried again."""
    if is_passing(error):
        return error
    session.rollback()
    return Refused(refusal_message(live.spec, fault_of(error), error), Reason.BUSY)


def _order(live: LiveTable, sort: Sequence[str]) -> list[Ordered]:
    """The wanted columns and always the key, so that pages are stable. Raises Refused."""
    for word in sort:
        column = live.spec.by_code.get(word.removeprefix("-"))
        if column is None or column.kind in UNORDERED:
            raise Refused(
                Message("There is no field %(field)s to sort by.", {"field": word}), Reason.INVALID
            )
    return order_of(live, sort)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
