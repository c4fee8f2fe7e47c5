"""What the findings of a table follow from, counted.

Numbers and times are given when a change begins, and one that began first may be committed last:
by the newest of them it would be overlooked. Counted it is one more, whenever it comes.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from app.domain.rule import RevisionState
from app.models.audit_log import ChangeSet
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.rule_revision import RuleRevision
from app.models.submission import Submission
from app.rules.rule_book import rule_book

# Table → how many changes of its rows and steps with it there were, the sum of its submissions'
# ids, and how many revisions of its rules. Given from one department to another it begins anew,
# with as many steps as it may have had: the ids tell.
Counted = Mapping[str, list[int]]


def counted(session: Session, cycle: Cycle, tables: Collection[str] | None = None) -> Counted:
    """The counts of these tables, of all where None are named; steps are those of the year."""
    changes = select(ChangeSet.table_identifier, func.count())
    steps = select(
        Submission.table_identifier, func.sum(Submission.version), func.sum(Submission.id)
    ).where(Submission.cycle_id == cycle.id)
    rules = select(RuleRevision.table_identifier, func.count()).where(
        RuleRevision.state != RevisionState.DRAFT
    )
    found: dict[str, list[int]] = {}
    queries: tuple[Any, ...] = (changes, steps, rules)
    width = sum(len(query.selected_columns) - 1 for query in queries)
    first = 0
    for query in queries:
        column = query.selected_columns[0]
        named = true() if tables is None else column.in_(sorted(tables))
        for table, *counts in session.execute(query.where(named).group_by(column)):
            kept = found.setdefault(table, [0] * width)
            kept[first : first + len(counts)] = map(int, counts)
        first += len(query.selected_columns) - 1
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
