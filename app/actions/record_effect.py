"""What each step of a teacher's record checks and changes, inside the step (第十条, 第十一条)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.record_rows import confirm_unchanged, refuse_open_items, refuse_waiting
from app.domain.message import Message, Reason, Refused
from app.domain.teacher_record import (
    Declaration,
    MissingCause,
    RecordStatus,
    RecordVerb,
    declaration_of,
    is_delegated,
)
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.models.teacher_record import RecordStanding, TeacherRecord


@dataclass(frozen=True)
class RecordRequest:
    """What is to be done, and what is said about it.

    ``reason`` is why it goes back or is objected to, ``cause`` why nothing comes from somebody,
    ``basis`` by what somebody is answered for who has not handed anything over himself.
    ``declaration`` is what a teacher saw that he declares; without it the rows decide.
    """

    verb: RecordVerb
    reason: str | None = None
    cause: MissingCause | None = None
    basis: str | None = None
    declaration: Declaration | None = None


@dataclass(frozen=True)
class RecordPlace:
    """Everything that a step knows, read once for all the records it is taken with."""

    session: Session
    store: Store
    stored: StoredTable
    submission: Submission
    cycle: Cycle
    errors: Mapping[str, int]
    fillers: Mapping[str, str]
    request: RecordRequest
    by: Actor
    now: datetime


def _check_submitting(place: RecordPlace, teacher: RecordStanding) -> None:
    if not teacher.rows:
        raise Refused(
            Message("There is nothing to hand over. Declare that there is nothing this year."),
            Reason.INVALID,
        )
    refuse_waiting(place.session, place.stored, place.submission, teacher.person_number)
    refuse_open_items(place.session, place.submission, teacher.person_number)


def _check_declaring(place: RecordPlace, teacher: RecordStanding) -> None:
    """Nothing is declared where there is something, no change where something was changed."""
    if place.request.declaration not in (None, declaration_of(has_rows=bool(teacher.rows))):
        raise Refused(
            Message(
                "Rows have come or gone since the page was shown, so that this cannot be declared"
                " any more. Look at them once more."
            ),
            Reason.CONFLICT,
        )
    refuse_open_items(place.session, place.submission, teacher.person_number)
    if teacher.rows:
        confirm_unchanged(
            place.session,
            place.stored,
            place.submission,
            teacher.person_number,
            by=place.by,
            now=place.now,
        )


def _check_adopting(place: RecordPlace, teacher: RecordStanding) -> None:
    """Whoever answers for somebody else says by what."""
    kept = teacher.record.basis if teacher.record else None
    if is_delegated(teacher.status) and not (place.request.basis or kept):
        raise Refused(
            Message(
                "%(name)s has not handed this over himself. Say by what basis it is taken up on"
                " his behalf.",
                {"name": teacher.person_name},
            ),
            Reason.INVALID,
        )


Check = Callable[[RecordPlace, RecordStanding], None]
CHECKS: Mapping[RecordVerb, Check] = {
    RecordVerb.SUBMIT: _check_submitting,
    RecordVerb.DECLARE: _check_declaring,
    RecordVerb.ADOPT: _check_adopting,
}


def _submit(
    place: RecordPlace, teacher: RecordStanding, found: TeacherRecord, _source: RecordStatus
) -> None:
    found.forget()
    found.submitted_at = place.now
    found.delegated_at = found.objected_at = None
    found.delegated_rows, found.entered_by, found.basis = 0, "", None
    if place.request.verb is RecordVerb.DECLARE:
        found.declaration = declaration_of(has_rows=bool(teacher.rows))


def _withdraw(
    _place: RecordPlace, _teacher: RecordStanding, found: TeacherRecord, _source: RecordStatus
) -> None:
    found.forget()


def _adopt(
    place: RecordPlace, teacher: RecordStanding, found: TeacherRecord, source: RecordStatus
) -> None:
    declared, handed_over = found.declaration, found.submitted_at
    found.forget()
    _settle(place, found)
    if is_delegated(source):
        _stand_for(place, teacher, found)
        found.basis = place.request.basis or found.basis
    else:
        found.declaration, found.submitted_at = declared, handed_over


def _mark_missing(
    place: RecordPlace, teacher: RecordStanding, found: TeacherRecord, _source: RecordStatus
) -> None:
    found.forget()
    _settle(place, found)
    _stand_for(place, teacher, found)
    found.missing_cause, found.reason, found.basis = place.request.cause, place.request.reason, None


def _return(
    place: RecordPlace, _teacher: RecordStanding, found: TeacherRecord, _source: RecordStatus
) -> None:
    found.forget()
    found.reason = place.request.reason
    if place.request.verb is RecordVerb.OBJECT:
        found.objected_at = place.now


def _confirm(
    place: RecordPlace, _teacher: RecordStanding, found: TeacherRecord, _source: RecordStatus
) -> None:
    found.confirmed_at = place.now


def _stand_for(place: RecordPlace, teacher: RecordStanding, found: TeacherRecord) -> None:
    """Note who entered the rows of somebody who has not handed them over himself."""
    found.delegated_at, found.objected_at = place.now, None
    found.entered_by = place.fillers.get(teacher.person_number, "")
    found.delegated_rows = teacher.rows if found.entered_by else 0


def _settle(place: RecordPlace, found: TeacherRecord) -> None:
    found.settled_at, found.settled_by = place.now, place.by.number
    found.settled_by_name = place.by.name


Effect = Callable[[RecordPlace, RecordStanding, TeacherRecord, RecordStatus], None]
EFFECTS: Mapping[RecordVerb, Effect] = {
    RecordVerb.SUBMIT: _submit,
    RecordVerb.DECLARE: _submit,
    RecordVerb.WITHDRAW: _withdraw,
    RecordVerb.ADOPT: _adopt,
    RecordVerb.SEND_BACK: _return,
    RecordVerb.MARK_MISSING: _mark_missing,
    RecordVerb.CONFIRM: _confirm,
    RecordVerb.OBJECT: _return,
}
