"""Explaining warnings and adopting explanations where a test or a story is about something else."""

from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.explanation import FindingPlace, explain, rule_on
from app.domain.finding import Severity
from app.domain.finding_state import FindingState
from app.domain.message import Refused
from app.domain.submission import Verb
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.judged_place import judge_place
from app.models.permission import user
from app.models.submission import Submission
from app.reports.person import load_actor
from tests.records import settle_records

BEFORE = {Verb.FINISH: FindingState.OPEN, Verb.ACCEPT: FindingState.EXPLAINED}
REASON = "已核实，数据属实。"


def settle_findings(
    session: Session, store: Store, submission: Submission, verb: Verb, *, by: Actor, now: datetime
) -> None:
    """Do what has to be done with warnings before the step, as far as the actor may."""
    if verb not in BEFORE or submission.table_identifier not in store.tables:
        return
    table, department = submission.table_identifier, submission.department_code
    cycle = session.get_one(Cycle, submission.cycle_id)
    judged = judge_place(session, store, table, cycle, department)
    marks = [
        each.mark
        for each in judged.in_state(BEFORE[verb])
        if each.finding.severity is Severity.WARNING
    ]
    session.rollback()
    if not marks:
        return
    place = FindingPlace(table, submission.period, department)
    # Whoever may not is refused the step itself, with the reason the test asks for.
    with suppress(Refused):
        if verb is Verb.FINISH:
            explain(session, store, place, dict.fromkeys(marks), REASON, by=by, now=now)
        else:
            rule_on(session, store, place, marks, None, adopts=True, by=by, now=now)


def settle_findings_of(
    engine: Engine, store: Store, submission: Submission, verb: Verb, username: str
) -> None:
    """Settle findings and teachers' records in the name of somebody of the demo college, now."""
    now = datetime.now(UTC)
    with Session(engine, expire_on_commit=False) as session:
        user_id = session.scalar(select(user.c.id).where(user.c.username == username))
        actor = load_actor(session, user_id or 0, now.date())
        if actor is not None:
            settle_findings(session, store, submission, verb, by=actor, now=now)
            settle_records(session, store, submission, verb, by=actor, now=now)
