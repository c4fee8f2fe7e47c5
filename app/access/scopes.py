"""Row scopes: which rows of a base table a person reaches.

Every select on a base table is built here, so that pages, JSON, pickers and
exports pass the same point.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from app.access.person import Actor
from app.catalogue.base_table import FilledBy
from app.domain.person import Function
from app.models.base_table import StoredTable


@dataclass(frozen=True)
class RowScope:
    """Rows of ``departments`` (None: of all) and, besides, rows about ``person``."""

    departments: frozenset[str] | None
    person: str | None = None

    def covers_department(self, department: str) -> bool:
        """Whether all rows of the department are in scope."""
        return self.departments is None or department in self.departments


NOTHING = RowScope(frozenset())
EVERYTHING = RowScope(None)


def read_scope(actor: Actor, stored: StoredTable) -> RowScope:
    """The rows the actor may read; ``NOTHING`` without the permission."""
    identifier = stored.spec.identifier
    if not actor.may("list", identifier):
        return NOTHING
    if actor.may("list_all", identifier):
        return EVERYTHING
    departments = actor.departments(Function.DATA_STEWARD, Function.HEAD)
    return RowScope(departments, _own_rows(actor, stored))


def write_scope(actor: Actor, stored: StoredTable) -> RowScope:
    """The rows the actor may change; permissions per verb are asked apart."""
    return RowScope(actor.departments(Function.DATA_STEWARD), _own_rows(actor, stored))


def _own_rows(actor: Actor, stored: StoredTable) -> str | None:
    """The number under which a teacher of the table's kinds has rows of his own (第十条第二款)."""
    fills_himself = stored.spec.filled_by is FilledBy.TEACHER and stored.person is not None
    is_meant = actor.teaches(stored.spec.teacher_kinds)
    return actor.number if fills_himself and is_meant else None


def condition(scope: RowScope, stored: StoredTable) -> ColumnElement[bool]:
    """The scope as a condition; a table without department is served whole."""
    if scope.departments is None or stored.department is None:
        return true() if scope != NOTHING else false()
    parts: list[ColumnElement[bool]] = []
    if scope.departments:
        parts.append(stored.of_departments(scope.departments))
    if scope.person is not None and stored.person is not None:
        parts.append(stored.person == scope.person)
    return or_(*parts) if parts else false()


def rows_of(
    stored: StoredTable,
    scope: RowScope,
    period: str,
    department: str | None = None,
) -> Select[tuple[object, ...]]:
    """All columns of the rows in scope, of one period and, if named, department."""
    query = select(stored.table).where(condition(scope, stored))
    return query.where(stored.in_place(period, department))
