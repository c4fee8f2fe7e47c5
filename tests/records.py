"""Settling teachers' records where a test or a story is about something else."""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.record_effect import RecordRequest
from app.actions.row_change import INSERT, Change, Outcome
from app.actions.teacher_record import take_record_step, take_record_steps
from app.domain.message import Refused
from app.domain.submission import Verb
from app.domain.teacher_record import MissingCause, RecordStatus, RecordVerb
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.models.teacher_record import RecordStanding, read_standings, unsettled

if TYPE_CHECKING:
    from tests.college import College

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


TABLE, PLACE = "full_time_publication", "C01"
TEACHER = "10021"


def written(college: "College", number: int = 1, *, by: Actor, **values: object) -> Outcome:
    """A good row about the teacher of the story, or about whom ``staff_no`` names."""
    row = college.row(TABLE, number, **{"staff_no": TEACHER, "published_on": "2026-05", **values})
    return college.change(TABLE, Change(INSERT, row), by=by, department=PLACE)


def standing_of(college: "College", number: str = TEACHER, table: str = TABLE) -> RecordStanding:
    """Where somebody stands in the table of C01 now."""
    with college.open_session() as session:
        found = read_standings(session, college.store.tables[table], college.cycle, PLACE)
    return next(each for each in found if each.person_number == number)


def act(
    college: "College",
    verb: RecordVerb,
    *,
    by: Actor,
    number: str = TEACHER,
    version: int | None = None,
    **said: Any,
) -> RecordStatus:
    """Take a step with a record of C01 as it stands now, or as ``version`` saw it."""
    seen = standing_of(college, number).version if version is None else version
    place = (college.session, college.store, college.submission(TABLE, PLACE).id, number, seen)
    return take_record_step(*place, RecordRequest(verb, **said), by=by, now=college.now)


def introduced(college: "College", number: str = TEACHER) -> None:
    """The teacher's basic data, which his other tables refer to, entered by the data steward."""
    row = college.row("full_time_teacher", staff_no=number, major_code=None)
    by = college.founded.people.chen_gang
    outcome = college.change("full_time_teacher", Change(INSERT, row), by=by, department=PLACE)
    assert outcome.written, [f.message.english() for r in outcome.results for f in r.findings]
