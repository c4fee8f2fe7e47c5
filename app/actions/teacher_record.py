"""The steps of teachers' records: one function takes them all, with one or with many (第十条)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_collected
from app.access.teacher_record import (
    sees_records,
    why_impossible,
    why_not_record_step,
    why_not_take,
    why_records_closed,
)
from app.actions.audit_log import Deed, record_all, tidy_reason
from app.actions.record_effect import CHECKS, EFFECTS, RecordPlace, RecordRequest
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.teacher_record import (
    LONGEST_BASIS,
    MissingCause,
    RecordHolder,
    RecordStatus,
    RecordVerb,
    record_step_for,
    verbs_of,
)
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.record_error import errors_of
from app.models.submission import Submission
from app.models.teacher_record import (
    LONGEST_REASON,
    RecordStanding,
    TeacherRecord,
    other_fillers,
    read_standings,
)

# Steps after which what the teacher entered counts as good: nothing in it may be wrong.
HANDING_OVER = frozenset({RecordVerb.SUBMIT, RecordVerb.DECLARE, RecordVerb.ADOPT})


@dataclass(frozen=True)
class RecordTaken:
    """What became of the step with one teacher's record: its new status, or why not."""

    person_number: str
    person_name: str
    status: RecordStatus | None = None
    refusal: Refused | None = None


def take_record_step(
    session: Session,
    store: Store,
    submission_id: int,
    person: str,
    version: int,
    request: RecordRequest,
    *,
    by: Actor,
    now: datetime,
) -> RecordStatus:
    """Take one step with one teacher's record, or raise Refused with nothing changed."""
    [taken] = take_record_steps(
        session, store, submission_id, {person: version}, request, by=by, now=now
    )
    if taken.refusal is not None:
        raise taken.refusal
    if taken.status is None:  # pragma: no cover - it is either taken or refused
        raise Refused(Message("This step does not exist."))
    return taken.status


def take_record_steps(
    session: Session,
    store: Store,
    submission_id: int,
    seen: Mapping[str, int],
    request: RecordRequest,
    *,
    by: Actor,
    now: datetime,
) -> list[RecordTaken]:
    """Take the same step with many records, each for itself; ``seen``: number → version.

    A record that somebody has dealt with meanwhile is refused, the others go on. Raises Refused
    where nobody is named, the table is not the actor's, or words are missing that all need.
    """
    if not seen:
        raise Refused(Message("Choose the teachers first; nothing was changed."), Reason.INVALID)
    request = _tidy(request)
    with writing(session):
        submission, cycle = _enter(session, store, submission_id)
        stored = store.tables[submission.table_identifier]
        known = _known(session, stored, submission, cycle, by)
        refuse(why_not_take(by, submission.department_code, request.verb))
        place = _place(session, store, submission, cycle, seen, request, by, now)
        taken = _take_all(place, known, seen)
        session.commit()
    return taken


def _take_all(
    place: RecordPlace, known: Mapping[str, RecordStanding], seen: Mapping[str, int]
) -> list[RecordTaken]:
    """The step with each of them, recorded together; the caller commits."""
    taken: list[RecordTaken] = []
    moved: list[tuple[TeacherRecord, RecordStatus]] = []
    for number, version in seen.items():
        teacher = known.get(number)
        try:
            moved.append(_take(place, teacher, version))
        except Refused as refusal:
            name = number if teacher is None else teacher.person_name
            taken.append(RecordTaken(number, name, refusal=refusal))
        else:
            found, _source = moved[-1]
            taken.append(RecordTaken(number, found.person_name, found.status))
    place.session.flush()
    deeds = [_deed(place, found, source) for found, source in moved]
    record_all(place.session, deeds, by=place.by, now=place.now)
    return taken


def _tidy(request: RecordRequest) -> RecordRequest:
    """The request with tidy words. Raises Refused where words are missing."""
    reason = tidy_reason(request.reason, LONGEST_REASON)
    basis = tidy_reason(request.basis, LONGEST_BASIS)
    if request.verb is RecordVerb.MARK_MISSING:
        if request.cause is None or (request.cause is MissingCause.ELSE and reason is None):
            raise Refused(
                Message("Say why nothing comes from the teacher; nothing was changed."),
                Reason.INVALID,
            )
    elif request.verb in {RecordVerb.SEND_BACK, RecordVerb.OBJECT} and reason is None:
        raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
    return replace(request, reason=reason, basis=basis)


def _enter(session: Session, store: Store, submission_id: int) -> tuple[Submission, Cycle]:
    """The submission, locked as it is by whoever changes rows, and its year."""
    submission = session.get(
        Submission, submission_id, with_for_update=True, populate_existing=True
    )
    if submission is None or submission.table_identifier not in store.tables:
        raise _missing()
    refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
    if store.tables[submission.table_identifier].spec.person_field is None:
        raise Refused(Message("Teachers do not fill in this table."), Reason.NOT_FOUND)
    return submission, session.get_one(Cycle, submission.cycle_id, populate_existing=True)


def _missing() -> Refused:
    return Refused(Message("There is no such submission."), Reason.NOT_FOUND)


def _known(
    session: Session, stored: StoredTable, submission: Submission, cycle: Cycle, by: Actor
) -> dict[str, RecordStanding]:
    """The records that exist for the actor: of his department's teachers, or his own."""
    department = submission.department_code
    teachers = {
        each.person_number: each for each in read_standings(session, stored, cycle, department)
    }
    if sees_records(by, submission):
        return teachers
    own = {by.number: teachers[by.number]} if by.number in teachers else {}
    if not own:
        raise _missing()
    return own


def _place(
    session: Session,
    store: Store,
    submission: Submission,
    cycle: Cycle,
    numbers: Mapping[str, int],
    request: RecordRequest,
    by: Actor,
    now: datetime,
) -> RecordPlace:
    """Everything that the step needs to know, read once for all records."""
    stored, department = store.tables[submission.table_identifier], submission.department_code
    errors: Mapping[str, int] = {}
    fillers: Mapping[str, str] = {}
    if request.verb in HANDING_OVER:
        errors = errors_of(session, store, stored, cycle, department, numbers)
    if request.verb in verbs_of(RecordHolder.STEWARD):
        fillers = other_fillers(session, stored, submission.period, department)
    return RecordPlace(session, store, stored, submission, cycle, errors, fillers, request, by, now)


def _take(
    place: RecordPlace, teacher: RecordStanding | None, version: int
) -> tuple[TeacherRecord, RecordStatus]:
    """The record after the step, and where it stood; Refused with nothing of it changed."""
    if teacher is None:
        raise Refused(
            Message("This person has no record in the table any more. Reload the page."),
            Reason.NOT_FOUND,
        )
    if teacher.version != version:
        raise Refused(
            Message("This record has changed since the page was shown. See where it stands now."),
            Reason.CONFLICT,
        )
    verb, source = place.request.verb, teacher.status
    refusal = why_not_record_step(place.by, place.submission, place.cycle, teacher, verb)
    if refusal is not None:
        raise Refused(refusal, _why_kind(place, teacher, refusal))
    step = record_step_for(source, verb)
    if step is None:  # pragma: no cover - the policy has refused it already
        raise Refused(Message("This step does not exist."))
    if verb in HANDING_OVER:
        _refuse_faulty(place, teacher)
    before = CHECKS.get(verb)
    if before is not None:
        before(place, teacher)
    found = teacher.record or _new(place, teacher)
    EFFECTS[verb](place, teacher, found, source)
    found.step_to(step.target, place.by.number, place.by.name, place.now)
    place.session.add(found)
    return found, source


def _why_kind(place: RecordPlace, teacher: RecordStanding, refusal: Message) -> Reason:
    """Whether the record stands elsewhere, the table stands still, or it is not the actor's."""
    verb = place.request.verb
    if refusal == why_impossible(teacher, verb):
        return Reason.CONFLICT
    if refusal == why_records_closed(place.submission, place.cycle, verb):
        return Reason.LOCKED
    return Reason.FORBIDDEN


def _new(place: RecordPlace, teacher: RecordStanding) -> TeacherRecord:
    return TeacherRecord(
        cycle_id=place.cycle.id,
        table_identifier=place.submission.table_identifier,
        department_code=place.submission.department_code,
        person_number=teacher.person_number,
        person_name=teacher.person_name,
        version=0,
    )


def _deed(place: RecordPlace, found: TeacherRecord, source: RecordStatus) -> Deed:
    request = place.request
    return Deed(
        tag=f"teacher_record.{request.verb}",
        subject=f"teacher_record:{found.id}",
        department=found.department_code,
        before=source,
        after=found.status,
        reason=request.reason or (found.basis if request.verb is RecordVerb.ADOPT else None),
    )


def _refuse_faulty(place: RecordPlace, teacher: RecordStanding) -> None:
    """Nothing that is wrong is handed over or taken up; nobody is without basic data."""
    errors = place.errors.get(teacher.person_number, 0)
    if errors:
        raise Refused(
            Message("%(count)s errors in the rows have to be mended first.", {"count": errors}),
            Reason.INVALID,
        )
    if not teacher.rows and place.stored.spec.is_about_himself:
        raise Refused(
            Message(
                "Basic data of %(name)s are not entered yet. Enter them first.",
                {"name": teacher.person_name},
            ),
            Reason.INVALID,
        )


def changed(taken: Sequence[RecordTaken]) -> int:
    """With how many of the records the step was taken."""
    return sum(each.refusal is None for each in taken)
