"""Where a row stands in the list of its place, for links that lead to one cell."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.models.base_table import Store
from app.models.base_table_rows import identity_of
from app.reports.base_table import RowsRequest, chosen_rows


def place_of_row(
    session: Session, store: Store, table: str, actor: Actor, wanted: RowsRequest, row_id: str
) -> int | None:
    """How many of the wanted rows come before the row; None where it is none of them.

    In the order without ``sort``, that of the rows' identity. Raises Refused.
    """
    stored = store.tables[table]
    query = chosen_rows(store, table, actor, wanted)
    identity = identity_of(stored, row_id)
    if identity is None or len(identity) != 1:
        return None
    [column], [value] = stored.identity, identity
    count = select(func.count())
    if not session.scalar(count.select_from(query.where(column == value).subquery())):
        return None
    return session.scalar(count.select_from(query.where(column < value).subquery())) or 0
