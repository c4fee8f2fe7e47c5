"""Why somebody may or may not do something with a table: the server's own answers, told at length.

The person's actor is made as for a request of his, and every answer comes from the function that
the request would ask (S4); nothing here judges a second time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.adopted_table import (
    WRITES,
    adopted_row_scope,
    sought_departments,
    why_not_read_adopted,
    why_not_write_adopted,
)
from app.access.masks import hidden_fields, hidden_in_row, seen
from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.roles import TABLE_ACTIONS
from app.access.scopes import NOTHING, RowScope, read_scope, rows_of, write_scope
from app.domain.message import Message, Reason, Refused
from app.models.adopted_table import LiveTable
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import identity_in, identity_of, is_assigned
from app.models.permission import user
from app.models.person import Person
from app.reports.adopted_table import read_adopted_row
from app.reports.assignment import department_names
from app.reports.base_table import FoundRow, read_row
from app.reports.cycle import all_cycles
from app.reports.person import Grant, load_actor, load_grants
from app.reports.place import Place, find_cycle_of, find_place, rights_at, submission_at
from app.reports.reported_place import why_row_locked
from app.reports.table_access import UNSEEN, OpenedByRole, opened_by_roles

# What is asked about; that he reaches all departments is told with the rows.
ACTIONS = tuple(action for action in TABLE_ACTIONS if action != "list_all")
OF_A_ROW = frozenset({"list", "edit", "delete"})
BETWEEN = "、"
BY_ROLES = Message("the rows that the roles below open")


@dataclass(frozen=True)
class Asked:
    """What is asked about; ``period`` and ``department`` are codes, ``row`` an id as in addresses.

    None of them has to be named.
    """

    period: str | None = None
    department: str | None = None
    row: str | None = None


@dataclass(frozen=True)
class Answer:
    """Whether one action may be done: ``refusal`` is the reason against it, None where it may.

    ``grants`` are the roles that have the right to it, whatever else stands against it.
    """

    action: str
    refusal: Message | None
    grants: tuple[Grant, ...]


@dataclass(frozen=True)
class Explanation:
    """All answers about one person and one table.

    ``reads`` and ``writes`` tell which rows are his (``writes`` None where that is no other),
    ``masked`` names the fields of which he sees the ends only; ``place`` is None for tables that
    know no years. ``by_roles`` says what each role opens where one of them has been narrowed.
    """

    answers: tuple[Answer, ...]
    reads: Message
    writes: Message | None
    masked: tuple[str, ...]
    place: Place | None = None
    by_roles: tuple[OpenedByRole, ...] = ()


def find_actor(session: Session, name: str, today: date) -> Actor:
    """The actor behind a staff number or sign-in name. Raises Refused (invalid)."""
    username = session.scalar(select(Person.username).where(Person.number == name)) or name
    user_id = session.scalar(select(user.c.id).where(user.c.username == username))
    actor = None if user_id is None else load_actor(session, user_id, today)
    if actor is None:
        raise Refused(
            Message("Nobody with an open login is called %(name)s.", {"name": name}),
            Reason.INVALID,
        )
    return actor


def explain(session: Session, store: Store, actor: Actor, table: str, asked: Asked) -> Explanation:
    """What the actor may do with a base table or an adopted one. Raises Refused (invalid)."""
    by_roles = opened_by_roles(session, store, actor, table, asked.row)
    if table in store.adopted:
        live = seen(actor, store.adopted[table])
        return replace(
            _explain_adopted(session, live, actor, asked.row, by_roles), by_roles=by_roles
        )
    if table in store.tables:
        return replace(_explain_base(session, store, actor, table, asked), by_roles=by_roles)
    raise Refused(Message("There is no base table %(table)s.", {"table": table}), Reason.INVALID)


def _explain_adopted(
    session: Session,
    live: LiveTable,
    actor: Actor,
    row: str | None,
    by_roles: Sequence[OpenedByRole],
) -> Explanation:
    reasons = {
        action: why_not_write_adopted(actor, live, action)
        if action in WRITES
        else why_not_read_adopted(actor, live, action)
        for action in ACTIONS
        if action != "import"
    }
    if row is not None:
        try:
            found = read_adopted_row(session, live, actor, row)
        except Refused as refusal:
            _put_first(reasons, UNSEEN if by_roles else refusal.message)
        else:
            locked = why_row_locked(session, live, found.values)
            reasons |= {action: reasons[action] or locked for action in ("edit", "delete")}
    return Explanation(
        answers=_answers(session, actor, live.spec.identifier, reasons),
        reads=_adopted_rows(session, actor, live),
        writes=None,
        masked=tuple(column.label for column in live.spec.columns if column.masked),
    )


def _explain_base(
    session: Session, store: Store, actor: Actor, table: str, asked: Asked
) -> Explanation:
    stored = store.tables[table]
    found, row_refusal = _found_row(session, store, actor, table, asked.row)
    period = (found.period if found else None) or asked.period
    department = (found.row.department if found else None) or asked.department
    cycle = find_cycle_of(all_cycles(session), stored, period)
    refusal = None
    try:
        place = find_place(session, store, actor, table, period=period, department=department)
    except Refused as refused:
        if refused.reason is Reason.INVALID:
            raise
        refusal = refused.message
        place = Place(stored, cycle, stored.spec.period_in(cycle.year), department)
    reasons = _reasons(session, actor, place, refusal)
    if row_refusal is not None:
        narrowed = table in actor.access and actor.may("list", table)
        _put_first(reasons, UNSEEN if narrowed else row_refusal)
    if found is not None and not _changes_row(session, actor, place, found):
        outside = Message("This row is not among those that the person may change.")
        _put_first(reasons, outside, OF_A_ROW - {"list"})
    names = department_names(session)
    return Explanation(
        answers=_answers(session, actor, table, reasons),
        reads=_rows(read_scope(actor, stored), stored, names),
        writes=_rows(write_scope(actor, stored), stored, names),
        masked=_masked(actor, place, found),
        place=place,
    )


def _found_row(
    session: Session, store: Store, actor: Actor, table: str, row: str | None
) -> tuple[FoundRow | None, Message | None]:
    if row is None:
        return None, None
    try:
        return read_row(session, store, table, actor, row), None
    except Refused as refusal:
        return None, refusal.message


def _reasons(
    session: Session, actor: Actor, place: Place, refusal: Message | None
) -> dict[str, Message | None]:
    """The reason against each action; ``refusal`` is why the place does not open at all."""
    stored, department = place.stored, place.department
    table = stored.spec.identifier
    rights = rights_at(
        actor,
        stored,
        place.cycle,
        department,
        submission_at(session, place),
        is_assigned=department is not None and is_assigned(session, place.cycle, table, department),
    )
    reasons = {"list": refusal, **rights, "pick": why_not_read(actor, stored, "pick")}
    reasons["export"] = refusal or rights["export"]
    return {action: reasons[action] for action in ACTIONS}


def _changes_row(session: Session, actor: Actor, place: Place, found: FoundRow) -> bool:
    """Whether the row is among those that a change of the actor's would look for."""
    stored = place.stored
    query = rows_of(stored, write_scope(actor, stored, "edit"), place.period.code, place.department)
    identity = identity_of(stored, found.row.id)
    chosen = query.where(identity_in(stored, [identity]))
    return session.execute(chosen).first() is not None


def _put_first(
    reasons: dict[str, Message | None], refusal: Message, actions: frozenset[str] = OF_A_ROW
) -> None:
    """A row that is out of reach is neither seen nor changed, whatever else may be done."""
    for action in actions:
        reasons[action] = reasons[action] or refusal


def _answers(
    session: Session, actor: Actor, table: str, reasons: Mapping[str, Message | None]
) -> tuple[Answer, ...]:
    grants = load_grants(session, actor)
    return tuple(
        Answer(
            action,
            refusal,
            tuple(sorted(grants.get((action, table), ()), key=lambda grant: grant.role)),
        )
        for action, refusal in reasons.items()
    )


def _rows(scope: RowScope, stored: StoredTable, names: Mapping[str, str]) -> Message:
    if scope.rules:
        return BY_ROLES
    if scope == NOTHING:
        return Message("no rows")
    if scope.departments is None or stored.department is None:
        return Message("all rows, of every department")
    return _some_rows(scope.departments, names, is_about_himself=scope.person is not None)


def _adopted_rows(session: Session, actor: Actor, live: LiveTable) -> Message:
    mapping = live.spec.mapping
    scope = adopted_row_scope(actor, live)
    if scope.rules:
        return BY_ROLES
    if not actor.may("list", live.spec.identifier):
        return Message("no rows")
    if scope.departments is None:
        return Message("all rows, of every department")
    departments = scope.departments if mapping.department else frozenset[str]()
    is_about_himself = bool(mapping.person) and scope.person is not None
    rows = _some_rows(departments, department_names(session), is_about_himself=is_about_himself)
    return _by_value(live, departments, rows) if departments else rows


def _by_value(live: LiveTable, departments: frozenset[str], rows: Message) -> Message:
    """``rows`` with the values that are looked for: the codes need not be those of the college."""
    column = live.spec.by_code[live.spec.mapping.department or ""].label
    values = sought_departments(live, departments)
    if values:
        return Message(
            "%(rows)s (in which the department column “%(column)s” is %(values)s)",
            {"rows": rows, "column": column, "values": BETWEEN.join(map(str, values))},
        )
    return Message(
        "%(rows)s (but none is found: no value of the department column “%(column)s” is known to"
        " stand for these departments; add it under departments in overrides.yaml)",
        {"rows": rows, "column": column},
    )


def _some_rows(
    departments: frozenset[str], names: Mapping[str, str], *, is_about_himself: bool
) -> Message:
    told = {"departments": BETWEEN.join(names.get(code, code) for code in sorted(departments))}
    if departments and is_about_himself:
        return Message("rows of %(departments)s, and rows about the person", told)
    if departments:
        return Message("rows of %(departments)s", told)
    return Message("only rows about the person") if is_about_himself else Message("no rows")


def _masked(actor: Actor, place: Place, found: FoundRow | None) -> tuple[str, ...]:
    if found is None:
        codes = hidden_fields(actor, place.stored, place.department)
    else:
        codes = hidden_in_row(actor, place.stored, found.row.department, found.row.values)
    return tuple(field.label for field in place.stored.spec.fields if field.code in codes)
