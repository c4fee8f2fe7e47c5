"""How many rows of an adopted table there are: exactly where that is quick, else honestly not.

Asked for apart from the page, so that no page waits for it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select, text
from sqlalchemy.orm import Session

from app.access.adopted_table import reaches_all
from app.access.person import Actor
from app.models.adopted_table import MYSQL, LiveTable
from app.models.time_limit import TooSlowError, time_limited
from app.reports.adopted_table import AdoptedRequest, adopted_query

# Rows are counted one by one for so long, then up to so many for as long again.
COUNTING_SECONDS = 1.0
COUNTED = 10_000
MYSQL_ESTIMATE = text(
    "SELECT table_rows FROM information_schema.tables"
    " WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_name = :name"
)
POSTGRESQL_ESTIMATE = text(
    "SELECT c.reltuples::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = COALESCE(:schema, current_schema()) AND c.relname = :name"
)


@dataclass(frozen=True)
class AdoptedCount:
    """A number of rows; not ``exact``, it is what the database estimates or a lower bound."""

    value: int
    exact: bool


def adopted_count(
    session: Session, live: LiveTable, actor: Actor, wanted: AdoptedRequest
) -> AdoptedCount:
    """How many rows fit, in about two seconds at most. Raises Refused."""
    everything = adopted_query(live, actor, wanted)
    # Databases have a shorter way to the number of all rows than through a list of them.
    exact = _counted(session, everything.add_columns(func.count()))
    if exact is not None:
        return AdoptedCount(exact, exact=True)
    if not wanted.is_searching and reaches_all(actor, live):
        estimate = _estimate(session, live)
        if estimate > COUNTED:
            return AdoptedCount(estimate, exact=False)
    some = everything.add_columns(literal(1)).limit(COUNTED).subquery()
    at_least = _counted(session, select(func.count()).select_from(some))
    return AdoptedCount(at_least or 0, exact=False)


def _counted(session: Session, counting: Select[Any]) -> int | None:
    try:
        with time_limited(session, COUNTING_SECONDS):
            return session.scalar(counting) or 0
    except TooSlowError:
        return None


def _estimate(session: Session, live: LiveTable) -> int:
    """What the database itself believes; 0 where it keeps no such number."""
    dialect = session.get_bind().dialect.name
    statement = MYSQL_ESTIMATE if dialect in MYSQL else POSTGRESQL_ESTIMATE
    if dialect == "sqlite":
        return 0
    place = {"schema": live.spec.schema, "name": live.spec.name}
    return int(session.scalar(statement, place) or 0)
