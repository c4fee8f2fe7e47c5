"""What the findings of a table follow from, counted.

Numbers and times are given when a change begins, and one that began first may be committed last:
by the newest of them it would be overlooked. Counted it is one more, whenever it comes.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session

from app.domain.rule import RevisionState
from app.models.audit_log import ChangeSet
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.rule_revision import RuleRevision
from app.models.submission import Submission
from app.rules.rule_book import rule_book

# Table → how many changes of its rows, steps with it and revisions of its rules there were, and the
# sum of its submissions' ids: given from one department to another, it begins anew with as many
# steps as it had.
Counted = Mapping[str, list[int]]


def counted(session: Session, cycle: Cycle, tables: Collection[str] | None = None) -> Counted:
    """The counts of these tables, of all where None are named; steps are those of the year."""
    changes = select(ChangeSet.table_identifier, func.count())
    of_year = Submission.cycle_id == cycle.id
    steps = select(Submission.table_identifier, func.sum(Submission.version)).where(of_year)
    given = select(Submission.table_identifier, func.sum(Submission.id)).where(of_year)
    rules = select(RuleRevision.table_identifier, func.count()).where(
        RuleRevision.state != RevisionState.DRAFT
    )
    found: dict[str, list[int]] = {}
    queries: tuple[Select[str, int], ...] = (changes, steps, rules, given)
    for place, query in enumerate(queries):
        column = query.selected_columns[0]
        named = true() if tables is None else column.in_(sorted(tables))
        for table, count in session.execute(query.where(named).group_by(column)):
            found.setdefault(table, [0] * len(queries))[place] = int(count)
    return found


def tables_followed(store: Store) -> Mapping[str, frozenset[str]]:
    """Table → the tables whose rows its findings follow from, itself among them."""
    rules = rule_book(store.catalogue).in_force
    return {
        table: frozenset({table}.union(*(rule.tables for rule in rules.get(table, ()))))
        for table in store.reported
    }


def newest_change(session: Session) -> int:
    """The number of the newest change of rows; one with a lower number may be committed later."""
    return session.scalar(select(func.max(ChangeSet.id))) or 0
