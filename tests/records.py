"""Settling teachers' records where a test or a story is about something else."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.record_effect import RecordRequest
from app.actions.teacher_record import take_record_steps
from app.domain.message import Refused
from app.domain.submission import Verb
from app.domain.teacher_record import MissingCause, RecordVerb
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.models.teacher_record import read_standings, unsettled

BASIS = "据本人交来的纸质登记表"


def settle_records(
    session: Session, store: Store, submission: Submission, verb: Verb, *, by: Actor, now: datetime
) -> None:
    """Take up every record before the table is finished, as far as the actor may.

    Who has no basic data is recorded as missing.
    """
    stored = store.tables.get(submission.table_identifier)
    if verb is not Verb.FINISH or stored is None or stored.spec.person_field is None:
        return
    cycle = session.get_one(Cycle, submission.cycle_id)
    standings = read_standings(session, stored, cycle, submission.department_code)
    session.rollback()
    needs_rows = stored.spec.is_about_himself
    open_ones = {each.person_number: each for each in unsettled(standings)}
    gone = {n: each.version for n, each in open_ones.items() if needs_rows and not each.rows}
    rest = {n: each.version for n, each in open_ones.items() if n not in gone}
    adopting = RecordRequest(RecordVerb.ADOPT, basis=BASIS)
    missing = RecordRequest(RecordVerb.MARK_MISSING, cause=MissingCause.UNREACHABLE)
    for seen, request in ((rest, adopting), (gone, missing)):
        # Whoever may not is refused the step itself, with the reason the test asks for.
        with suppress(Refused):
            if seen:
                take_record_steps(session, store, submission.id, seen, request, by=by, now=now)
