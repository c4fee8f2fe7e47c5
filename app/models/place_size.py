"""Which places — a table of a department in a period — hold too many rows to be judged at a page.

Of such a place pages tell what the register of findings has; steps still judge every row.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.domain.submission import Status
from app.models.base_table import Store, StoredTable
from app.models.reported_table import told_by_the_database
from app.models.stored_check import read_place
from app.models.submission import Submission

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


def rows_left(session: Session, store: Store, submission: Submission) -> Mapping[str, int]:
    """How many ``rows`` a table holds that is not owed any more; nothing of one that is.

    Raises Refused where another system's table is gone or was altered.
    """
    if submission.status is not Status.EXEMPT:
        return {}
    stored = store.reported[submission.table_identifier]
    in_place = stored.in_place(submission.period, submission.department_code)
    counting = select(func.count()).select_from(stored.table).where(in_place)
    with told_by_the_database(session, stored):
        return {"rows": session.scalar(counting) or 0}


def read_unless_large(
    session: Session, stored: StoredTable, period: str, department: str
) -> Sequence[RowMapping] | None:
    """All rows of a place in a stable order; None where they are more than are judged at a page.

    Raises Refused where another system's table is gone or was altered.
    """
    rows = read_place(session, stored, period, department, MOST_LIVE + 1)
    return None if len(rows) > MOST_LIVE else rows
