"""Findings as people read them: of one place as it is now, and of the whole year by the register.

The register is as new as the last time it was brought up to date (``last_looked``); a place is
judged at the moment it is asked for, unless it is large (``registered_place``).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, String, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.access.finding import hidden_in_findings, why_not_explain, why_not_read_findings
from app.access.masks import hidden_fields, hidden_figures
from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.roles import FINDING
from app.access.scopes import read_scope
from app.domain.finding import Dimension, Severity, is_of_figures, told
from app.domain.finding_state import OPEN_STATES, FindingState, Ruling
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import standing_of
from app.models.cycle import Cycle
from app.models.finding import (
    Explanation,
    RegisteredFinding,
    TableCheck,
    Waiver,
    unpack_message,
)
from app.models.judged_place import JudgedPlace, PlaceFinding, judge_place, secret_rules
from app.reports.finding_count import AsOf, RuleCount, counts_of

LARGEST_PAGE = 500
# How people read them: what blocks first, and of one place together.
ORDER = ("severity", "table_identifier", "department_code", "rule", "row_id")


@dataclass(frozen=True)
class ExplanationLine:
    """What was said about a finding, and what the quality office says of that."""

    text: str
    by: str
    at: datetime
    ruling: Ruling
    ruled_by: str | None = None
    ruled_at: datetime | None = None
    ruling_reason: str | None = None


@dataclass(frozen=True)
class FindingLine:
    """One finding as it is shown; the ``message`` tells no value that is masked for the reader.

    ``row`` counts from 1 as the grid of the place does, None for the whole table and in lists over
    many places. ``seen`` stands for the values that it was judged by and goes back with an
    explanation; None where some of them, or of those they are compared with, are masked.
    ``waits_for`` are tables by identifier.
    ``is_across`` says that its rule looks beyond the row, so that no change of the row tells it;
    ``is_changed`` that the row has changed since the register looked at it.
    """

    mark: str
    table: str
    department: str
    row_id: str
    row: int | None
    field: str | None
    rule: str
    severity: Severity
    dimension: Dimension
    message: Message
    state: FindingState
    seen: str | None = None
    explanation: ExplanationLine | None = None
    waived_because: str | None = None
    waits_for: tuple[str, ...] = ()
    is_across: bool = False
    number: int = 0
    found_at: datetime | None = None
    is_changed: bool = False


@dataclass(frozen=True)
class PlaceFindings:
    """All findings of a place now; ``broken`` are the rules that failed themselves.

    ``why_not_explain`` is the reason against explaining warnings there, None for who may. Told
    from the register — ``as_of`` says since when — ``lines`` are the first ones, ``counts`` of all,
    and nobody has counted the rows.
    """

    lines: Sequence[FindingLine]
    broken: Sequence[str]
    row_count: int | None
    counts: Sequence[RuleCount]
    why_not_explain: Message | None = None
    as_of: AsOf | None = None


@dataclass(frozen=True)
class FindingFilter:
    """Which findings of a year are wanted; None for all. Mended ones only where asked for.

    ``after`` is the number of the last one that was read. With an ``offset`` they come errors first
    by table, department and rule instead of by their number, so many left out at the beginning.
    ``row_id`` names a row of the table.
    """

    table: str | None = None
    department: str | None = None
    dimension: Dimension | None = None
    severity: Severity | None = None
    state: FindingState | None = None
    rule: str | None = None
    row_id: str | None = None
    after: int = 0
    limit: int = 100
    offset: int | None = None


@dataclass(frozen=True)
class FindingCount:
    """How many findings of one kind a table of a department has."""

    table: str
    department: str
    dimension: Dimension
    severity: Severity
    state: FindingState
    count: int


def place_findings(
    session: Session, store: Store, actor: Actor, stored: StoredTable, cycle: Cycle, department: str
) -> PlaceFindings:
    """What all rules say of a place at this moment. Raises Refused."""
    refuse(why_not_read_findings(actor, stored, department))
    judged = judge_place(session, store, stored.spec.identifier, cycle, department)
    standing = standing_of(session, stored, stored.spec.period_in(cycle.year).code, department)
    refusal = why_not_explain(actor, stored, department, standing)
    told = told_to(store, actor, stored, department, judged)
    return replace(told, why_not_explain=refusal)


def told_to(
    store: Store, actor: Actor, stored: StoredTable, department: str, judged: JudgedPlace
) -> PlaceFindings:
    """What was judged already, as the actor may be told it."""
    hidden = hidden_in_findings(store, actor, stored, department, judged)
    lines = [_live_line(stored, department, each, hidden) for each in judged.found]
    broken = sorted({each.rule for each in judged.broken})
    return PlaceFindings(lines, broken, len(judged.check.rows), counts_of(judged.found))


def list_findings(
    session: Session, store: Store, actor: Actor, cycle: Cycle, wanted: FindingFilter
) -> list[FindingLine]:
    """The registered findings that the actor may read, by their number or as ``offset`` says."""
    chosen = chosen_findings(session, store, actor, cycle, wanted)
    order = [] if wanted.offset is None else [getattr(RegisteredFinding, name) for name in ORDER]
    query = (
        chosen.where(RegisteredFinding.id > wanted.after)
        .order_by(*order, RegisteredFinding.id)
        .offset(wanted.offset)
        .limit(min(wanted.limit, LARGEST_PAGE))
    )
    hidden: dict[tuple[str, ...], frozenset[str]] = {}
    secret: dict[str, frozenset[str]] = {}
    lines = []
    for row in session.execute(query).all():
        found, explanation, reason, state = row
        place = (found.table_identifier, found.department_code)
        if place not in hidden:
            hidden[place] = hidden_fields(actor, store.reported[place[0]], place[1])
            secret[place[0]] = secret_rules(store, place[0])
        others = tuple(filter(is_of_figures, found.about))
        if (*place, *others) not in hidden:
            figures = hidden_figures(actor, store, place[1], others)
            hidden[(*place, *others)] = hidden[place] | figures
        kept = hidden[(*place, *others)]
        told_with = explanation, reason, FindingState(state), kept, secret[place[0]]
        lines.append(_line(found, *told_with))
    return lines


def open_of_rule(
    session: Session, store: Store, actor: Actor, cycle: Cycle, wanted: FindingFilter
) -> dict[str, str | None]:
    """The open warnings of the one rule and place that are wanted: mark → ``seen`` of its line.

    As many as ``wanted`` says, any of them where there are more.
    """
    table, department = wanted.table or "", wanted.department or ""
    hidden = hidden_fields(actor, store.reported[table], department)
    is_secret = bool(hidden) or wanted.rule in secret_rules(store, table)
    chosen = chosen_findings(
        session, store, actor, cycle, replace(wanted, severity=Severity.WARNING)
    ).subquery()
    query = select(chosen.c.mark, chosen.c.values_digest).where(
        chosen.c.state.in_(sorted(OPEN_STATES))
    )
    found = session.execute(query.limit(wanted.limit))
    return {mark: None if is_secret else digest for mark, digest in found}


def count_findings(
    session: Session, store: Store, actor: Actor, cycle: Cycle, wanted: FindingFilter
) -> list[FindingCount]:
    """How many there are per table, department, dimension, severity and state."""
    chosen = chosen_findings(session, store, actor, cycle, wanted).subquery()
    kinds = (
        chosen.c.table_identifier,
        chosen.c.department_code,
        chosen.c.dimension,
        chosen.c.severity,
        chosen.c.state,
    )
    query = select(*kinds, func.count()).group_by(*kinds).order_by(*kinds)
    return [
        FindingCount(table, department, dimension, severity, FindingState(state), count)
        for table, department, dimension, severity, state, count in session.execute(query)
    ]


def last_looked(session: Session, cycle: Cycle) -> datetime | None:
    """Up to when the register knows every table it knows; None before the first time."""
    query = select(func.min(TableCheck.looked_at)).where(TableCheck.cycle_id == cycle.id)
    return session.scalar(query)


def broken_rules(session: Session, cycle: Cycle) -> list[str]:
    """The rules that failed themselves when the register was brought up to date."""
    notes = session.scalars(select(TableCheck.broken).where(TableCheck.cycle_id == cycle.id))
    return sorted({rule for rules in notes for rule in rules})


def chosen_findings(
    session: Session, store: Store, actor: Actor, cycle: Cycle, wanted: FindingFilter
) -> Select[RegisteredFinding, Explanation, str | None, str]:
    """The findings with what was explained, why they are waived, and where they stand."""
    if not actor.may("read", FINDING):
        raise Refused(Message("You have no right to view findings."), Reason.FORBIDDEN)
    waived = _waived_because()
    state = _state(waived)
    same = and_(
        Explanation.mark == RegisteredFinding.mark,
        Explanation.values_digest == RegisteredFinding.values_digest,
    )
    query = (
        select(RegisteredFinding, Explanation, waived.label("waived"), state.label("state"))
        .outerjoin(Explanation, same)
        .where(RegisteredFinding.cycle_id == cycle.id, _reached(store, actor))
    )
    asked: tuple[tuple[ColumnElement[object], object | None], ...] = (
        (RegisteredFinding.table_identifier, wanted.table),  # type: ignore[assignment]
        (RegisteredFinding.department_code, wanted.department),
        (RegisteredFinding.dimension, wanted.dimension),
        (RegisteredFinding.severity, wanted.severity),
        (RegisteredFinding.rule, wanted.rule),
        (RegisteredFinding.row_id, wanted.row_id),
    )
    for column, value in asked:
        if value is not None:
            query = query.where(column == value)
    if wanted.state is None:
        return query.where(RegisteredFinding.mended_at.is_(None))
    return query.where(state == wanted.state.value)


def _waived_because() -> ColumnElement[str | None]:
    """The reason of a waiver that counts for the finding, None where there is none."""
    query = select(func.min(Waiver.reason)).where(
        Waiver.cycle_id == RegisteredFinding.cycle_id,
        Waiver.table_identifier == RegisteredFinding.table_identifier,
        Waiver.rule == RegisteredFinding.rule,
        Waiver.ended_at.is_(None),
        or_(
            Waiver.department_code.is_(None),
            Waiver.department_code == RegisteredFinding.department_code,
        ),
    )
    return query.correlate(RegisteredFinding).scalar_subquery()


def _state(waived: ColumnElement[str | None]) -> ColumnElement[str]:
    """Where a finding stands, as ``state_of`` says it."""
    is_warning = RegisteredFinding.severity == Severity.WARNING
    states = (
        (RegisteredFinding.mended_at.is_not(None), FindingState.MENDED),
        (waived.is_not(None), FindingState.WAIVED),
        (and_(is_warning, Explanation.ruling == Ruling.PENDING), FindingState.EXPLAINED),
        (and_(is_warning, Explanation.ruling == Ruling.ADOPTED), FindingState.ADOPTED),
        (RegisteredFinding.is_waiting, FindingState.WAITING),
        (and_(is_warning, Explanation.ruling == Ruling.REJECTED), FindingState.REJECTED),
    )
    named = [(condition, literal(state.value, String(32))) for condition, state in states]
    return case(*named, else_=literal(FindingState.OPEN.value, String(32)))


def _reached(store: Store, actor: Actor) -> ColumnElement[bool]:
    """Findings of tables and departments of which the actor reads all rows."""
    by_departments: dict[frozenset[str] | None, list[str]] = {}
    for identifier, stored in store.reported.items():
        if why_not_read(actor, stored) is None:
            scope = read_scope(actor, stored)
            by_departments.setdefault(scope.departments, []).append(identifier)
    parts: list[ColumnElement[bool]] = [false()]
    for departments, tables in by_departments.items():
        part: ColumnElement[bool] = RegisteredFinding.table_identifier.in_(tables)
        if departments is not None:
            part = and_(part, RegisteredFinding.department_code.in_(sorted(departments)))
        parts.append(part)
    return or_(*parts)


def _live_line(
    stored: StoredTable, department: str, each: PlaceFinding, hidden: Collection[str]
) -> FindingLine:
    finding, waiver = each.finding, each.waiver
    return FindingLine(
        mark=each.mark,
        table=stored.spec.identifier,
        department=department,
        row_id=each.row_id,
        row=None if finding.row is None else finding.row + 1,
        field=finding.field,
        rule=finding.rule,
        severity=finding.severity,
        dimension=finding.dimension,
        message=finding.told(hidden),
        state=each.state,
        seen=None if each.is_secret or _hides(hidden, finding.taken_from) else each.values_digest,
        explanation=_explanation_line(each.explanation),
        waived_because=None if waiver is None else waiver.reason,
        waits_for=each.waits_for,
        is_across=each.is_across,
    )


def _line(
    found: RegisteredFinding,
    explanation: Explanation | None,
    waived_because: str | None,
    state: FindingState,
    hidden: Collection[str],
    secret: Collection[str],
) -> FindingLine:
    tells = {found.field_code, *found.about}
    return FindingLine(
        mark=found.mark,
        table=found.table_identifier,
        department=found.department_code,
        row_id=found.row_id,
        row=None,
        field=found.field_code or None,
        rule=found.rule,
        severity=found.severity,
        dimension=found.dimension,
        message=told(unpack_message(found.message), tells, hidden),
        state=state,
        seen=None if found.rule in secret or _hides(hidden, tells) else found.values_digest,
        explanation=_explanation_line(explanation),
        waived_because=waived_because,
        number=found.id,
        found_at=found.found_at,
    )


def _hides(hidden: Collection[str], tells: Collection[str]) -> bool:
    """Whether the digest is kept back with the values: one of few possible values tells them."""
    return not all(map(is_of_figures, hidden)) or any(name in hidden for name in tells)


def _explanation_line(explanation: Explanation | None) -> ExplanationLine | None:
    if explanation is None:
        return None
    return ExplanationLine(
        explanation.text,
        explanation.explained_by_name,
        explanation.explained_at,
        explanation.ruling,
        explanation.ruled_by_name,
        explanation.ruled_at,
        explanation.ruling_reason,
    )
