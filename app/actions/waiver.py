"""Waiving a rule that would block correct data, and ending that (第十二条)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.finding import why_not_waive, why_not_waive_any, why_not_waive_of
from app.access.person import Actor
from app.actions.audit_log import Deed, record, tidy_reason
from app.domain.message import Message, Reason, Refused, refuse
from app.models.assignment import Assignment
from app.models.base_table import Store
from app.models.base_table_rows import is_assigned
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.finding import Waiver
from app.rules.field_rules import is_rule_of
from app.rules.rule_book import rule_book


def waive(
    session: Session,
    store: Store,
    cycle_id: int,
    table: str,
    rule: str,
    department: str | None,
    reason: str | None,
    *,
    by: Actor,
    now: datetime,
) -> Waiver:
    """Hold a table to a rule no more in a year, in one department or, with None, in all.

    Raises Refused: no right, own data, no such table or department there, no reason, waived
    already.
    """
    tidy = tidy_reason(reason)
    with writing(session):
        # Locked, so that two clicks make one waiver.
        cycle = session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
        refuse(why_not_waive(by, cycle))
        if tidy is None:
            raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
        if cycle is None:  # pragma: no cover - the policy has refused it already
            raise Refused(Message("There is no collection year for this period yet."))
        _refuse_unknown(session, store, cycle, table, rule, department)
        refuse(why_not_waive_of(by, _concerned(session, cycle, table, department)))
        _refuse_waived(session, cycle, table, rule, department)
        waiver = _new(cycle.id, table, rule, department, tidy, by, now)
        session.add(waiver)
        session.flush()
        _record(session, "waive", waiver, tidy, by=by, now=now)
        session.commit()
    return waiver


def _new(
    cycle_id: int,
    table: str,
    rule: str,
    department: str | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> Waiver:
    return Waiver(
        cycle_id=cycle_id,
        table_identifier=table,
        rule=rule,
        department_code=department,
        reason=reason,
        waived_at=now,
        waived_by=by.number,
        waived_by_name=by.name,
    )


def end_waiver(
    session: Session, waiver_id: int, reason: str | None, *, by: Actor, now: datetime
) -> Waiver:
    """Hold the table to the rule again. Raises Refused."""
    tidy = tidy_reason(reason)
    refuse(why_not_waive_any(by))
    with writing(session):
        waiver = session.get(Waiver, waiver_id, with_for_update=True, populate_existing=True)
        if waiver is None:
            raise Refused(Message("There is no such waiver."), Reason.NOT_FOUND)
        refuse(why_not_waive(by, session.get(Cycle, waiver.cycle_id)))
        if tidy is None:
            raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
        if waiver.ended_at is not None:
            raise Refused(Message("The waiver has ended already."), Reason.CONFLICT)
        waiver.ended_at, waiver.ended_by = now, by.number
        _record(session, "end_waiver", waiver, tidy, by=by, now=now)
        session.commit()
    return waiver


def _refuse_unknown(
    session: Session, store: Store, cycle: Cycle, table: str, rule: str, department: str | None
) -> None:
    stored = store.reported.get(table)
    if stored is None:
        message = Message("There is no base table %(table)s.", {"table": table})
        raise Refused(message, Reason.NOT_FOUND)
    rules = {each.rule.identifier for each in rule_book(store.catalogue).of(table).compiled}
    if rule not in rules and not is_rule_of(stored.spec, rule):
        told = {"table": stored.spec.title, "rule": rule}
        raise Refused(Message("Table %(table)s has no rule %(rule)s.", told), Reason.INVALID)
    if department is not None and not is_assigned(session, cycle, table, department):
        raise Refused(
            Message(
                "This table is not assigned to the department in the collection year %(year)s.",
                {"year": cycle.academic_year},
            ),
            Reason.INVALID,
        )


def _concerned(session: Session, cycle: Cycle, table: str, department: str | None) -> set[str]:
    """The departments whose data are held to a rule no more."""
    if department is not None:
        return {department}
    query = select(Assignment.department_code, Assignment.kind).where(
        Assignment.cycle_id == cycle.id, Assignment.table_identifier == table
    )
    return {code for code, kind in session.execute(query) if kind.makes_submission}


def _refuse_waived(
    session: Session, cycle: Cycle, table: str, rule: str, department: str | None
) -> None:
    same = select(Waiver.id).where(
        Waiver.cycle_id == cycle.id,
        Waiver.table_identifier == table,
        Waiver.rule == rule,
        Waiver.ended_at.is_(None),
    )
    same = same.where(
        Waiver.department_code.is_(None)
        if department is None
        else Waiver.department_code == department
    )
    if session.scalar(same.limit(1)) is not None:
        raise Refused(Message("The rule is waived there already."), Reason.CONFLICT)


def _record(
    session: Session, verb: str, waiver: Waiver, reason: str, *, by: Actor, now: datetime
) -> None:
    deed = Deed(
        f"finding.{verb}",
        f"waiver:{waiver.id}",
        department=waiver.department_code,
        after=f"{waiver.table_identifier} {waiver.rule}",
        reason=reason,
    )
    record(session, deed, by=by, now=now)
