"""How many errors the rules find in the rows of single teachers."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import in_batches
from app.models.cycle import Cycle
from app.models.judged_place import judge_rows


def errors_of(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    department: str,
    numbers: Collection[str],
) -> dict[str, int]:
    """Number of a teacher → errors in the rows about him, each row looked at by itself.

    What rules say across rows and tables is judged when the whole table is finished.
    """
    period, person = stored.spec.period_in(cycle.year).code, stored.person
    if person is None:  # pragma: no cover - tables of teachers have one
        return {}
    counts: Counter[str] = Counter()
    for batch in in_batches(sorted(numbers)):
        query = select(stored.table).where(stored.in_place(period, department), person.in_(batch))
        rows = session.execute(query).mappings().all()
        judged = judge_rows(session, store, stored, cycle, department, rows)
        counts.update(
            str(rows[each.finding.row][person])
            for each in judged.open_errors
            if each.finding.row is not None
        )
    return dict(counts)
