"""Which places — a table of a department in a period — hold too many rows to be judged at a page.

Of such a place pages tell what the register of findings has; steps still judge every row.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.models.base_table import StoredTable
from app.models.reported_table import told_by_the_database
from app.models.stored_check import read_place

# Half a second of a processor and as many findings as a page can hold: a grid asks again whenever
# saving has been quiet, for everybody who has the table open. Few departments have as many rows.
MOST_LIVE = 5_000


def is_large(session: Session, stored: StoredTable, period: str, department: str) -> bool:
    """Whether the place has more rows than are judged at a page; no more than those are counted.

    Raises Refused where another system's table is gone or was altered.
    """
    beyond = select(stored.identity[0]).where(stored.in_place(period, department))
    with told_by_the_database(session, stored):
        return session.execute(beyond.offset(MOST_LIVE).limit(1)).first() is not None


def count_in_place(session: Session, stored: StoredTable, period: str, department: str) -> int:
    """How many rows the place holds.

    Raises Refused where another system's table is gone or was altered.
    """
    counting = select(func.count()).select_from(stored.table)
    with told_by_the_database(session, stored):
        return session.scalar(counting.where(stored.in_place(period, department))) or 0


def read_unless_large(
    session: Session, stored: StoredTable, period: str, department: str
) -> Sequence[RowMapping] | None:
    """All rows of a place in a stable order; None where they are more than are judged at a page.

    Raises Refused where another system's table is gone or was altered.
    """
    rows = read_place(session, stored, period, department, MOST_LIVE + 1)
    return None if len(rows) > MOST_LIVE else rows
