"""Row scopes: which rows of a base table a person reaches.

Every select on a base table is built here, so that pages, JSON, pickers and
exports pass the same point. What an administrator has set for a role and a
table narrows what that role opens; the roles of one person add up.
"""

from dataclasses import dataclass, replace
from functools import reduce

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from app.access.person import ANSWERING, Actor, Contribution, RoleAccess, masks_any
from app.access.row_filter import Filter
from app.access.row_rule import NEVER, rule_condition
from app.catalogue.base_table import FilledBy
from app.domain.person import Function
from app.domain.table_access import RowReach
from app.models.base_table import StoredTable
from app.models.contributed_row import is_contributed


@dataclass(frozen=True)
class RowScope:
    """Rows of ``departments`` (None: of all) and, besides, about ``person`` and by ``rules``.

    ``contributions`` add the rows that the actor's department has contributed to tables of others.
    Of these only the ones that every scope of ``within`` holds too.
    """

    departments: frozenset[str] | None
    person: str | None = None
    rules: tuple[Filter, ...] = ()
    within: tuple["RowScope", ...] = ()
    contributions: tuple[Contribution, ...] = ()

    def covers_department(self, department: str) -> bool:
        """Whether all rows of the department are in scope."""
        return self.departments is None or department in self.departments

    def enters_department(self, department: str) -> bool:
        """Whether rows of the department may be looked for: a rule or a mark says which."""
        contributes = any(each.place == department for each in self.contributions)
        return self.covers_department(department) or bool(self.rules) or contributes

    @property
    def is_open(self) -> bool:
        """Whether any row may be in scope."""
        some = self.departments or self.person or self.rules or self.contributions
        return self.departments is None or bool(some)

    def united(self, other: "RowScope") -> "RowScope":
        """The rows of both; scopes that stand ``within`` others are never united."""
        if self.departments is None or other.departments is None:
            return EVERYTHING
        departments = self.departments | other.departments
        return RowScope(
            departments,
            self.person or other.person,
            self.rules + other.rules,
            contributions=tuple(dict.fromkeys((*self.contributions, *other.contributions))),
        )


NOTHING = RowScope(frozenset())
EVERYTHING = RowScope(None)


def read_scope(actor: Actor, stored: StoredTable, action: str = "list") -> RowScope:
    """The rows the actor may read (or export, …); ``NOTHING`` without the permission."""
    identifier = stored.spec.identifier
    if not actor.may(action, identifier):
        return NOTHING
    part = contributed_scope(actor.contributed(identifier))
    if identifier not in actor.access:
        by_rights = _by_rights(actor, stored, reaches_all=actor.may("list_all", identifier))
        return by_rights.united(part)
    if masks_any(actor, identifier, stored.key_codes, action):
        return NOTHING
    opened = (scope for _role, scope in role_scopes(actor, stored, action))
    return reduce(RowScope.united, opened, part)


def contributed_scope(contributions: tuple[Contribution, ...]) -> RowScope:
    """The rows that the departments of these have contributed; by nothing, nothing."""
    return RowScope(frozenset(), contributions=contributions)


def role_scopes(
    actor: Actor, stored: StoredTable, action: str = "list"
) -> list[tuple[RoleAccess, RowScope]]:
    """The roles that grant the action on a narrowed table, each with the rows it opens."""
    identifier = stored.spec.identifier
    by_rights = _by_rights(actor, stored, reaches_all=opens_all(actor, identifier))
    has_person = stored.spec.person_field is not None
    return [
        (each, scope_of_role(actor, each, by_rights, has_person=has_person))
        for each in actor.opening(action, identifier)
    ]


def opens_all(actor: Actor, table: str) -> bool:
    """Whether a role without rows of its own opens all departments of a narrowed table."""
    return any(each.rows is None for each in actor.opening("list_all", table))


def scope_of_role(
    actor: Actor, access: RoleAccess, by_rights: RowScope, *, has_person: bool
) -> RowScope:
    """What one role opens; ``by_rights`` is what it does where no rows are set for it."""
    match access.rows:
        case None:
            return by_rights
        case RowReach.ALL:
            return EVERYTHING
        case RowReach.DEPARTMENT:
            return RowScope(actor.departments(*ANSWERING))
        case RowReach.PERSON:
            return RowScope(frozenset(), actor.number if has_person else None)
        case RowReach.RULE:
            return RowScope(frozenset(), None, (access.rule or NEVER,))


def write_scope(actor: Actor, stored: StoredTable, *actions: str) -> RowScope:
    """The rows the actor may change by ``actions``; permissions per verb are asked apart.

    Of a narrowed table only rows that he reads and that every one of the actions opens.
    """
    scope = RowScope(actor.departments(Function.DATA_STEWARD), _own_rows(actor, stored))
    scope = scope.united(contributed_scope(actor.contributed(stored.spec.identifier, is_open=True)))
    if stored.spec.identifier not in actor.access:
        return scope
    opened = (read_scope(actor, stored, action) for action in dict.fromkeys(("list", *actions)))
    return replace(scope, within=tuple(each for each in opened if each != EVERYTHING))


def pick_scope(actor: Actor, stored: StoredTable) -> RowScope:
    """The rows whose key and label the actor is offered: of all departments, unless by a rule.

    Only where every role that lets him pick does so by a rule it narrows the list.
    """
    identifier = stored.spec.identifier
    if not actor.may("pick", identifier):
        return NOTHING
    picking = actor.opening("pick", identifier)
    if not picking or any(each.rows is not RowReach.RULE for each in picking):
        return EVERYTHING
    return read_scope(actor, stored, "pick")


def _by_rights(actor: Actor, stored: StoredTable, *, reaches_all: bool) -> RowScope:
    if reaches_all:
        return EVERYTHING
    return RowScope(actor.departments(*ANSWERING), _own_rows(actor, stored))


def _own_rows(actor: Actor, stored: StoredTable) -> str | None:
    """The number under which a teacher of the table's kinds has rows of his own (第十条第二款)."""
    fills_himself = stored.spec.filled_by is FilledBy.TEACHER and stored.person is not None
    is_meant = actor.teaches(stored.spec.teacher_kinds)
    return actor.number if fills_himself and is_meant else None


def keeps_own_rows(actor: Actor, stored: StoredTable, scope: RowScope, department: str) -> bool:
    """Whether he teaches there, so that rows about himself are his whatever else he may change."""
    return scope.person is not None and actor.teaches(stored.spec.teacher_kinds, department)


def condition(scope: RowScope, stored: StoredTable) -> ColumnElement[bool]:
    """The scope as a condition; a table without department is served whole."""
    inside = [condition(each, stored) for each in scope.within]
    return and_(_united(scope, stored), *inside)


def _united(scope: RowScope, stored: StoredTable) -> ColumnElement[bool]:
    if scope.departments is None or (stored.department is None and not scope.rules):
        return true() if scope.is_open else false()
    parts: list[ColumnElement[bool]] = []
    if scope.departments and stored.department is not None:
        parts.append(stored.of_departments(scope.departments))
    if scope.person is not None and stored.person is not None:
        parts.append(stored.person == scope.person)
    parts += [rule_condition(stored, rule) for rule in scope.rules]
    if scope.contributions:
        contributors = {each.contributor for each in scope.contributions}
        parts.append(is_contributed(stored, contributors))
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
