"""The records of a department's teachers in one table, as its data steward goes through them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_collected
from app.access.teacher_record import (
    sees_records,
    why_closed_to_teacher,
    why_not_record_step,
    writes_own_rows,
)
from app.catalogue.base_table import TableSpec
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.teacher_record import (
    RecordHolder,
    RecordStatus,
    RecordVerb,
    record_step_for,
    verbs_of,
)
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import Submission
from app.models.teacher_record import (
    RecordStanding,
    other_fillers,
    read_standings,
    records_of,
)
from app.reports.place import WRITES, Place, rights_at

STEWARDS = verbs_of(RecordHolder.STEWARD)


@dataclass(frozen=True)
class RecordLine:
    """One teacher: where he stands, who else entered rows about him, what may be done now."""

    teacher: RecordStanding
    entered_by: str
    permitted: tuple[RecordVerb, ...]

    @property
    def is_entered_for_him(self) -> bool:
        """Whether somebody else entered rows he has not handed over himself."""
        record = self.teacher.record
        if record is not None and record.is_his_word:
            return bool(record.is_delegated)
        return bool(self.entered_by) or bool(record and record.is_delegated)


@dataclass(frozen=True)
class RecordsPage:
    """All teachers of one submission, by number."""

    submission: Submission
    cycle: Cycle
    spec: TableSpec
    department: str
    lines: Sequence[RecordLine]

    @cached_property
    def counts(self) -> Mapping[RecordStatus, int]:
        """How many stand where, in the order of the statuses; no zeros."""
        counted = Counter(line.teacher.status for line in self.lines)
        return {status: counted[status] for status in RecordStatus if counted[status]}

    @property
    def waiting(self) -> int:
        """How many the department still has to settle."""
        return sum(not line.teacher.status.is_settled for line in self.lines)

    @cached_property
    def possible(self) -> tuple[RecordVerb, ...]:
        """What may be done with at least one of them now."""
        found = {verb for line in self.lines for verb in line.permitted}
        return tuple(verb for verb in STEWARDS if verb in found)


def read_records(session: Session, store: Store, actor: Actor, submission_id: int) -> RecordsPage:
    """The teachers of a submission; Refused as not found for whoever may not see it.

    Tables that teachers do not fill in have no such page either.
    """
    missing = Refused(Message("There is no such submission."), Reason.NOT_FOUND)
    submission = session.get(Submission, submission_id)
    if submission is None or not sees_records(actor, submission):
        raise missing
    refuse(why_not_collected(store, submission), Reason.NOT_FOUND)
    stored = store.reported[submission.table_identifier]
    if stored.spec.person_field is None:
        raise Refused(Message("Teachers do not fill in this table."), Reason.NOT_FOUND)
    cycle = session.get_one(Cycle, submission.cycle_id)
    department = session.get_one(Department, submission.department_code)
    fillers = other_fillers(session, stored, submission.period, department.code)
    lines = [
        RecordLine(
            teacher,
            _entered_by(teacher, fillers),
            _permitted(actor, submission, cycle, teacher),
        )
        for teacher in read_standings(session, stored, cycle, department.code)
    ]
    return RecordsPage(submission, cycle, stored.spec, department.name, lines)


def _entered_by(teacher: RecordStanding, fillers: Mapping[str, str]) -> str:
    """Who entered rows on his behalf: as it was when that was taken up, else as it is now."""
    record = teacher.record
    if record is not None and record.status.is_settled:
        return record.entered_by
    return fillers.get(teacher.person_number, "")


def _permitted(
    actor: Actor, submission: Submission, cycle: Cycle, teacher: RecordStanding
) -> tuple[RecordVerb, ...]:
    possible = (verb for verb in STEWARDS if record_step_for(teacher.status, verb))
    place = (actor, submission, cycle, teacher)
    return tuple(verb for verb in possible if why_not_record_step(*place, verb) is None)


def rights_in(
    session: Session,
    actor: Actor,
    place: Place,
    submission: Submission | None,
    *,
    is_assigned: bool,
) -> Mapping[str, Message | None]:
    """What may be done at a place: for a teacher as far as his own record there is open."""
    at = (place.stored, place.cycle, place.department, submission)
    rights = rights_at(actor, *at, is_assigned=is_assigned)
    department = place.department
    if department is None or not writes_own_rows(actor, place.stored, department):
        return rights
    own = (place.cycle.id, place.stored.spec.identifier, department, [actor.number])
    closed = why_closed_to_teacher(records_of(session, *own).get(actor.number))
    return {name: why or (closed if name in WRITES else None) for name, why in rights.items()}
