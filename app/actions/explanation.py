"""Explaining warnings and ruling on explanations (第五条, 第十二条)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.finding import (
    why_no_step,
    why_not_explain,
    why_not_read_findings,
    why_not_rule,
    why_not_rule_on,
)
from app.access.person import Actor
from app.actions.audit_log import Deed, record, tidy_reason
from app.actions.finding_register import hold_register, keep_findings
from app.domain.finding_state import FindingVerb, Ruling
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import standing_of
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.finding import LONGEST_EXPLANATION, Explanation
from app.models.judged_place import PlaceFinding, judge_place
from app.models.place_size import is_large
from app.models.registered_finding import registered_findings
from app.rules.reading import read_identifier

MOST_AT_ONCE = 5000
RULINGS: Mapping[bool, tuple[FindingVerb, Ruling]] = {
    True: (FindingVerb.ADOPT, Ruling.ADOPTED),
    False: (FindingVerb.REJECT, Ruling.REJECTED),
}


@dataclass(frozen=True)
class FindingPlace:
    """A table of a department in a period."""

    table: str
    period: str
    department: str


def explain(
    session: Session,
    store: Store,
    place: FindingPlace,
    marks: Mapping[str, str | None],
    text: str | None,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Say why the values that rules warn of are right: one text for one or many findings.

    ``marks`` names the findings, each with the digest of the values as the person saw them or
    None. Returns how many were explained. Raises Refused: all of them are explained or none.
    """
    tidy = tidy_reason(text, LONGEST_EXPLANATION)
    # What stands for an empty cell says nothing here either.
    if tidy is None or read_identifier(tidy).value is None:
        raise Refused(Message("Say why the values are right; nothing was saved."), Reason.INVALID)
    with writing(session):
        stored = _stored(store, place)
        standing = standing_of(session, stored, place.period, place.department, for_update=True)
        refuse(why_not_read_findings(by, stored, place.department))
        refuse(why_not_explain(by, stored, place.department, standing))
        cycle = _cycle_of(standing.cycle)
        chosen = _chosen(session, store, place, cycle, marks, FindingVerb.EXPLAIN, now)
        for each in chosen:
            explanation = each.explanation or _new(session, place, cycle, each)
            explanation.text, explanation.ruling = tidy, Ruling.PENDING
            explanation.explained_at, explanation.explained_by = now, by.number
            explanation.explained_by_name = by.name
            explanation.ruled_at = explanation.ruled_by = None
            explanation.ruled_by_name = explanation.ruling_reason = None
        _record(session, "explain", place, len(chosen), tidy, by=by, now=now)
        session.commit()
    return len(chosen)


def rule_on(
    session: Session,
    store: Store,
    place: FindingPlace,
    marks: Collection[str],
    reason: str | None,
    *,
    adopts: bool,
    by: Actor,
    now: datetime,
) -> int:
    """Adopt explanations, or reject them with a reason; then the warnings are open again.

    Returns how many were ruled on. Raises Refused: all of them are ruled on or none.
    """
    tidy = tidy_reason(reason)
    verb, ruling = RULINGS[adopts]
    if not adopts and tidy is None:
        raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
    with writing(session):
        stored = _stored(store, place)
        standing = standing_of(session, stored, place.period, place.department, for_update=True)
        refuse(why_not_read_findings(by, stored, place.department))
        refuse(why_not_rule(by, standing.cycle, place.department))
        cycle = _cycle_of(standing.cycle)
        chosen = _chosen(session, store, place, cycle, dict.fromkeys(marks), verb, now)
        for each in chosen:
            explanation = each.explanation
            if explanation is None:  # pragma: no cover - only what is explained has such a step
                raise Refused(Message("Nobody has explained this."), Reason.CONFLICT)
            refuse(why_not_rule_on(by, explanation))
            explanation.ruling, explanation.ruling_reason = ruling, tidy
            explanation.ruled_at, explanation.ruled_by = now, by.number
            explanation.ruled_by_name = by.name
        _record(session, verb.value, place, len(chosen), tidy, by=by, now=now)
        session.commit()
    return len(chosen)


def _stored(store: Store, place: FindingPlace) -> StoredTable:
    stored = store.reported.get(place.table)
    if stored is None:
        message = Message("There is no base table %(table)s.", {"table": place.table})
        raise Refused(message, Reason.NOT_FOUND)
    return stored


def _cycle_of(cycle: Cycle | None) -> Cycle:
    if cycle is None:  # pragma: no cover - the policies have refused it already
        raise Refused(Message("There is no collection year for this period yet."))
    return cycle


def _chosen(
    session: Session,
    store: Store,
    place: FindingPlace,
    cycle: Cycle,
    marks: Mapping[str, str | None],
    verb: FindingVerb,
    now: datetime,
) -> Sequence[PlaceFinding]:
    """The findings as they are now, kept in the register. Raises Refused for any other.

    Those of a large place are taken from the register, except of rows that changed since.
    """
    if not marks or len(marks) > MOST_AT_ONCE:
        raise Refused(
            Message("Choose between 1 and %(count)s findings.", {"count": MOST_AT_ONCE}),
            Reason.INVALID,
        )
    hold_register(session, cycle, place.table)
    present = _present(session, store, place, cycle, marks)
    for mark, seen in marks.items():
        found = present.get(mark)
        if found is None or seen not in (None, found.values_digest):
            raise Refused(
                Message(
                    "The values have changed meanwhile, and with them what the rules say. Reload"
                    " and look again; nothing was saved."
                ),
                Reason.CONFLICT,
            )
        refuse(why_no_step(found.state, verb, found.finding.severity), Reason.INVALID)
    chosen = [present[mark] for mark in marks]
    # Of a large place they are in the register, where only whoever judges the rows changes them.
    if not _is_large(session, store, place):
        keep_findings(session, (cycle.id, place.table, place.department), chosen, now=now)
    return chosen


def _present(
    session: Session,
    store: Store,
    place: FindingPlace,
    cycle: Cycle,
    marks: Collection[str],
) -> Mapping[str, PlaceFinding]:
    """Mark → the finding as it is now, those of a large place as the register has them."""
    key = (place.table, cycle, place.department)
    if _is_large(session, store, place):
        return registered_findings(session, store, *key, marks)
    return {each.mark: each for each in judge_place(session, store, *key).found}


def _is_large(session: Session, store: Store, place: FindingPlace) -> bool:
    return is_large(session, _stored(store, place), place.period, place.department)


def _new(session: Session, place: FindingPlace, cycle: Cycle, found: PlaceFinding) -> Explanation:
    explanation = Explanation(
        mark=found.mark,
        values_digest=found.values_digest,
        cycle_id=cycle.id,
        table_identifier=place.table,
        department_code=place.department,
    )
    session.add(explanation)
    return explanation


def _record(
    session: Session,
    verb: str,
    place: FindingPlace,
    count: int,
    reason: str | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    deed = Deed(
        f"finding.{verb}",
        f"findings:{place.table}:{place.period}:{place.department}",
        department=place.department,
        after=str(count),
        reason=reason,
    )
    record(session, deed, by=by, now=now)
