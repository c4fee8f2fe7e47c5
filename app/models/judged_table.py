"""What the rules say of whole tables, remembered while one step is taken with many submissions.

Twenty departments report the same table, and a rule with terms reads all of them each time. What
was read once holds as long as no row it reads was changed: every change of rows is a change set.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.audit_log import ChangeSet
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.judged_place import JudgedTable, judge_table, rules_across

# How many change sets there are of the tables that are read, and the number of the last one: one
# that was begun early may be committed late.
Changes = tuple[int, int]


class JudgedTables:
    """Asks the rules of a table again only after a change; for one request, never kept longer."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[object, Changes, JudgedTable]] = {}

    def of(self, session: Session, store: Store, table: str, cycle: Cycle) -> JudgedTable:
        """What the rules say of the table now, as ``judge_table`` does."""
        rules = rules_across(store, table)
        tables = {table}.union(*(each.rule.tables for each in rules))
        # Before it is judged: what changes meanwhile is found the next time.
        changes = _changes(session, tables)
        known = self._known.get((table, cycle.id))
        if known is not None and known[0] is rules and known[1] == changes:
            return known[2]
        judged = judge_table(session, store, table, cycle)
        self._known[table, cycle.id] = (rules, changes, judged)
        return judged


def _changes(session: Session, tables: set[str]) -> Changes:
    query = select(func.count(), func.max(ChangeSet.id)).where(
        ChangeSet.table_identifier.in_(sorted(tables))
    )
    count, last = session.execute(query).one()
    return count, last or 0
